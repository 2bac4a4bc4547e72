"""What instalments should bring: a level amount, shares of principal, flat interest. Pure Python.

All of it before the balance has its say (`amortisation`).
"""

from fractions import Fraction

from .loan_terms import DAYS, MONTHS
from .rounding import round_div


def level_instalment(made, flat):
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


def rounded_level(terms, above, below):
    even = terms.rounding == "half_even"
    francs = round_div(above, below, 1, even)
    if terms.multiple == 1:
        return francs
    return round_div(francs, 1, terms.multiple, even) or (terms.multiple if francs else 0)


def flat_interest(made):
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


def principal_shares(made):
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
