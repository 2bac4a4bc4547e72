"""Principal and interest of each instalment, in whole numbers throughout. Pure Python.

A rate is a whole number over a common denominator, a level instalment a quotient of two whole numbers, and each franc
is rounded once (`rounding.round_div`): exact as fractions are, and some ten times as fast.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from .due_dates import due_periods, year_parts
from .loan_terms import DAYS, MONTHS
from .rounding import round_div

CORRECTIONS = 3


class Part(NamedTuple):
    """What one instalment brings: francs of principal and of interest, the balance after it, interest carried on."""

    principal: int
    interest: int
    balance: int
    carried: int


@dataclass
class Grid:
    """A loan cut into its periods, ready to be amortised. One entry a period in every list.

    * rates: interest of a period on one franc, over `scale`
    * paid_out: the (francs, rate of the rest of the period) of the disbursements in it
    * amortises, pays: whether its instalment brings principal, and collects interest
    * growth: weight of its level instalment (1, or growing by steps)
    """

    terms: object
    periods: list
    rates: list
    scale: int
    paid_out: list
    amortises: list
    pays: list
    growth: list

    @property
    def last(self):
        return len(self.periods) - 1


def grid(terms):
    """The Grid of a loan.

    >>> from datetime import date
    >>> from .loan_terms import LoanTerms
    >>> made = grid(LoanTerms(1000000, 18, 4, date(2024, 1, 15), grace_principal=1, principal_every=2))
    >>> made.rates, made.scale, made.amortises
    ([3, 3, 3, 3], 200, [False, False, True, True])
    """
    periods = due_periods(terms)
    parts, base = year_parts(terms, periods)
    rate = terms.annual_rate
    rates = [number * rate.numerator for number in parts]
    scale = base * 100 * rate.denominator
    common = gcd(scale, *rates)
    rates, scale = [number // common for number in rates], scale // common
    free, last = terms.interest_free, len(periods) - 1
    if free:
        rates[:free] = [0] * free
    paid_out = [((terms.first_tranche, rates[0]),), *[()] * last]
    if terms.tranches:
        rates, scale, paid_out = _pay_out_tranches(terms, periods, rates, scale)
    grace, every = terms.grace_principal, terms.principal_every
    if terms.amortization == "in_fine":
        amortises = [False] * last + [True]
    elif grace or every > 1:
        amortises = [index >= grace and (index + 1 - grace) % every == 0 for index in range(last)] + [True]
    else:
        amortises = [True] * (last + 1)
    grace, every = terms.grace_interest, terms.interest_every
    if grace or every > 1:
        pays = [index >= grace and (index + 1 - grace) % every == 0 for index in range(last)] + [True]
    else:
        pays = [True] * (last + 1)
    return Grid(terms, periods, rates, scale, paid_out, amortises, pays, _growth(terms, amortises))


def _pay_out_tranches(terms, periods, rates, scale):
    """Each tranche earns from its day: the part of the period's rate by the days that are left of it."""
    days = [(period.counts_to - period.counts_from).days for period in periods]
    widen = lcm(*(max(1, count) for count in days))
    rates, scale = [number * widen for number in rates], scale * widen
    paid_out = [[] for _period in periods]
    paid_out[0].append((terms.first_tranche, rates[0]))
    for tranche in terms.tranches:
        index = next((i for i, period in enumerate(periods) if tranche.on < period.due), None)
        if index is None:
            raise ValueError(f"the tranche of {tranche.on} comes after the last due date")
        left = min(days[index], max(0, (periods[index].counts_to - tranche.on).days))
        part = rates[index] * left // days[index] if days[index] else 0
        paid_out[index].append((tranche.amount, part))
    return rates, scale, paid_out


def _growth(terms, amortises):
    if terms.amortization != "step_up":
        return [1] * len(amortises)
    grows, below = (100 + terms.step_percent).as_integer_ratio()
    below *= 100
    steps = [index // terms.step_every for index in range(sum(amortises))]
    weights = iter([grows**step * below ** (steps[-1] - step) for step in steps])
    return [next(weights) if does else 0 for does in amortises]


def amortise(made):
    """The Parts of a Grid, in order: their principal sums to the amount, the last balance is 0, nothing is below 0.

    500 000 F at 18 % in 3 months: 1.5 % of it is 7 500; the level instalment 500 000 x 1.5 % / (1 - 1.015^-3) = 171 691.

    >>> from datetime import date
    >>> from .loan_terms import LoanTerms
    >>> parts = amortise(grid(LoanTerms(500000, 18, 3, date(2024, 1, 15))))
    >>> [(part.principal, part.interest, part.balance) for part in parts]
    [(164191, 7500, 335809), (166654, 5037, 169155), (169155, 2537, 0)]
    """
    terms = made.terms
    flat = _flat_interest(made) if terms.method == "flat" else None
    if not terms.level or flat is not None and (terms.rounded == "parts" or terms.interest_spread):
        return walk(made, shares=_shares(made), flat=flat)
    above, below = _level(made, flat)
    if terms.level_amount:
        above, below = terms.level_amount, made.growth[made.amortises.index(True)]
    if terms.rounded == "parts":
        return walk(made, exact_level=(above, below))
    return _level_parts(made, flat, above, below)


def walk(made, levels=None, shares=None, exact_level=None, flat=None):
    """The Parts under a rule for principal: `levels` francs each, `shares` of principal, or an unrounded level.

    Interest that a level instalment cannot hold is carried to the next one; it earns nothing.
    """
    terms, scale, rates, last = made.terms, made.scale, made.rates, made.last
    even, multiple = terms.rounding == "half_even", terms.multiple
    whole_total = multiple > 1 and terms.interest_collection == "instalment"
    parts, balance, carried = [], 0, 0
    for index, paid_out in enumerate(made.paid_out):
        earned = balance * rates[index]
        for amount, part in paid_out:
            earned += amount * part
            balance += amount
        if flat is None:
            carried += round_div(earned, scale, 1, even)
        else:
            carried += flat[index]
        interest = carried if made.pays[index] or index == last else 0
        if index == last:
            principal = balance
        elif not made.amortises[index]:
            principal = 0
        elif levels is not None:
            interest = min(interest, levels[index])
            principal = levels[index] - interest
        elif shares is not None:
            principal = shares[index]
            if whole_total and principal:
                principal = round_div(principal, 1, multiple, even) + round_div(interest, 1, multiple, even) - interest
        else:
            above, below = exact_level
            above *= made.growth[index]
            principal = round_div(above * scale - earned * below, below * scale, 1, even)
            if whole_total:
                principal = round_div(principal + interest, 1, multiple, even) - interest
        principal = min(max(principal, 0), balance)
        balance -= principal
        carried -= interest
        parts.append(Part(principal, interest, balance, carried))
    return parts


# --- the level instalment


def _level(made, flat):
    """The level instalment as (above, below): francs of a growth of 1, unrounded."""
    if flat is not None:
        return _flat_level(made, flat)
    if made.terms.level_rates == "even":
        return _even_level(made)
    owed, paid, scale = 0, 0, 1  # over powers of the scale, which cancel
    unit = made.scale
    for rate, paid_out, amortises, weight in zip(made.rates, made.paid_out, made.amortises, made.growth, strict=True):
        if amortises:
            owed *= unit + rate
            for amount, part in paid_out:
                owed += scale * amount * (unit + part)
            scale *= unit
            paid = paid * (unit + rate) + weight * scale
        else:
            owed += scale * sum(amount for amount, _part in paid_out)
    return owed, paid


def _even_level(made):
    """By the formula of the annuity for periods that are all alike."""
    terms = made.terms
    if terms.interest_by == "periods" and terms.unit in MONTHS:
        year_part = Fraction(terms.every * MONTHS[terms.unit], 12)
    elif terms.interest_by == "periods" and terms.unit == "weeks":
        year_part = Fraction(terms.every, 52)
    else:
        days = 30 * MONTHS[terms.unit] if terms.unit in MONTHS else DAYS[terms.unit]
        year = 365 if terms.days_in_year == "actual" else int(terms.days_in_year)
        year_part = Fraction(terms.every * days, year)
    rate = terms.annual_rate / 100 * year_part
    unit, grown = rate.denominator, rate.denominator + rate.numerator
    weights = [weight for weight, amortises in zip(made.growth, made.amortises, strict=True) if amortises]
    owed, paid, scale = terms.amount, 0, 1
    for weight in weights:
        owed *= grown
        scale *= unit
        paid = paid * grown + weight * scale
    return owed, paid


def _flat_level(made, flat):
    """Principal and the interest that amortising instalments collect, over their weights."""
    collected, carried = 0, 0
    for interest, amortises, pays in zip(flat, made.amortises, made.pays, strict=True):
        carried += interest
        if not amortises and pays:
            carried = 0
        elif amortises:
            collected, carried = collected + carried, 0
    return made.terms.amount + collected, sum(made.growth)


def _level_parts(made, flat, above, below):
    """Level instalments rounded to the franc and to the multiple, corrected as the terms say."""
    terms = made.terms
    levels = [_rounded_level(terms, above * weight, below) for weight in made.growth]
    parts = walk(made, levels, flat=flat)
    if terms.refine and flat is None and terms.amortization == "equal_installments" and not terms.level_amount:
        levels, parts = _refine(made, levels, parts)
    if terms.absorbs == "first":
        parts = _first_absorbs(made, levels, parts, flat)
    return parts


def _rounded_level(terms, above, below):
    even = terms.rounding == "half_even"
    francs = round_div(above, below, 1, even)
    if terms.multiple == 1:
        return francs
    return round_div(francs, 1, terms.multiple, even) or (terms.multiple if francs else 0)


def _refine(made, levels, parts):
    """Shift the n-th part of the last instalment's difference to all of them, while that makes it smaller."""
    terms, count, level = made.terms, sum(made.amortises), levels[-1]
    if count < 2:
        return levels, parts
    for _turn in range(CORRECTIONS):
        apart = parts[-1].principal + parts[-1].interest - level
        if terms.refine * abs(apart) <= count // 2:
            break
        share = round_div(apart, count, 1, terms.rounding == "half_even")
        corrected = _rounded_level(terms, level + share, 1)
        if corrected == level or corrected < 1:
            break
        tried = [corrected] * len(levels)
        result = walk(made, tried)
        if abs(result[-1].principal + result[-1].interest - corrected) >= abs(apart):
            break
        level, levels, parts = corrected, tried, result
    return levels, parts


def _first_absorbs(made, levels, parts, flat):
    """The first amortising instalment takes what the last one would differ by, brought back to its date.

    Interest being rounded each time, a franc or two may stay on the last.
    """
    first, best = made.amortises.index(True), parts
    if first == made.last:
        return parts
    grows, unit = 1, 1
    if flat is None:
        for rate, amortises in zip(made.rates[first + 1 :], made.amortises[first + 1 :], strict=True):
            if amortises:
                grows, unit = grows * (made.scale + rate), unit * made.scale
    levels = list(levels)
    for _turn in range(CORRECTIONS):
        apart = parts[-1].principal + parts[-1].interest - levels[-1]
        levels[first] += round_div(apart * unit, grows)
        if not apart or levels[first] < parts[first].interest:
            break
        parts = walk(made, levels, flat=flat)
        if abs(parts[-1].principal + parts[-1].interest - levels[-1]) < abs(
            best[-1].principal + best[-1].interest - levels[-1]
        ):
            best = parts
    return best


# --- flat interest and shares of principal


def _flat_interest(made):
    """Francs of flat interest of each period: on what was paid out by then, or the whole shared out equally."""
    terms, even = made.terms, made.terms.rounding == "half_even"
    exact, lent = [], 0
    for rate, paid_out in zip(made.rates, made.paid_out, strict=True):
        exact.append(lent * rate + sum(amount * part for amount, part in paid_out))
        lent += sum(amount for amount, _part in paid_out)
    if not terms.interest_spread:
        return [round_div(number, made.scale, 1, even) for number in exact]
    bears = [pays and index >= terms.interest_free for index, pays in enumerate(made.pays)]
    bears[-1] = True
    share = round_div(sum(exact), made.scale * sum(bears), 1, even)
    total = round_div(sum(exact), made.scale, 1, even)
    return share_out(total, [share if bear else 0 for bear in bears], bears, terms.absorbs)


def _shares(made):
    """Francs of principal each instalment should bring, before the balance and a multiple have their say."""
    terms, even = made.terms, made.terms.rounding == "half_even"
    if terms.principals:
        return list(terms.principals)
    if terms.amortization == "step_up":
        total = sum(made.growth)
        shares = [round_div(terms.amount * weight, total, 1, even) for weight in made.growth]
    else:
        left, above, below, shares = sum(made.amortises), 0, 1, []
        for paid_out, amortises in zip(made.paid_out, made.amortises, strict=True):
            amount = sum(amount for amount, _part in paid_out)
            if amount:
                above, below = above * left + amount * below, below * left
            shares.append((terms.level_amount or round_div(above, below, 1, even)) if amortises else 0)
            left -= amortises
    if terms.tranches or terms.multiple > 1:
        if terms.absorbs == "first" and not terms.tranches:
            shares = [round_div(share, 1, terms.multiple, even) for share in shares]
        else:
            return shares
    return share_out(terms.amount, shares, made.amortises, terms.absorbs)


def share_out(total, shares, bears, absorbs="last"):
    """Shares that sum to a total: the first or last that bears one takes the difference, and none is below 0.

    >>> share_out(100, [33, 33, 33], [True] * 3), share_out(100, [33, 33, 33], [True] * 3, "first")
    ([33, 33, 34], [34, 33, 33])
    >>> share_out(3, [1, 1, 0, 1, 1], [True, True, False, True, True])
    [1, 1, 0, 1, 0]
    """
    order = [index for index, bear in enumerate(bears) if bear]
    if absorbs == "first":
        order.reverse()
    result, left = [0] * len(shares), total
    for index in order[:-1]:
        result[index] = min(shares[index], left)
        left -= result[index]
    result[order[-1]] = left
    return result
