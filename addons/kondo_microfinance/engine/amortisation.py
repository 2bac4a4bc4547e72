"""Principal and interest of each instalment, in whole numbers throughout. Pure Python.

A rate is a whole number over a common denominator, a level instalment a quotient of two whole numbers, and each franc
is rounded once (`rounding.round_div`): exact as fractions are, and some ten times as fast.
"""

from typing import NamedTuple

from .instalment_amounts import flat_interest, level_instalment, principal_shares, rounded_level
from .rounding import round_div

CORRECTIONS = 3


class Part(NamedTuple):
    """What one instalment brings, in francs: principal, interest, the balance after it; what its period earned."""

    principal: int
    interest: int
    balance: int
    earned: int


def amortise(made):
    """The Parts of a Grid, in order: their principal sums to the amount, the last balance is 0, nothing is below 0.

    500 000 F at 18 % in 3 months: 1.5 % of it is 7 500; the level instalment 500 000 x 1.5 % / (1 - 1.015^-3) = 171 691.

    >>> from datetime import date
    >>> from .loan_grid import grid
    >>> from .loan_terms import LoanTerms
    >>> parts = amortise(grid(LoanTerms(500000, 18, 3, date(2024, 1, 15))))
    >>> [(part.principal, part.interest, part.balance) for part in parts]
    [(164191, 7500, 335809), (166654, 5037, 169155), (169155, 2537, 0)]
    """
    terms = made.terms
    flat = flat_interest(made) if terms.method == "flat" else None
    if not terms.level or flat is not None and (terms.rounded == "parts" or terms.interest_spread):
        return walk(made, shares=principal_shares(made), flat=flat)
    above, below = level_instalment(made, flat)
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
        accrues = round_div(earned, scale, 1, even) if flat is None else flat[index]
        carried += accrues
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
        parts.append(Part(principal, interest, balance, accrues))
    return parts


def _level_parts(made, flat, above, below):
    """Level instalments rounded to the franc and to the multiple, corrected as the terms say."""
    terms = made.terms
    levels = [rounded_level(terms, above * weight, below) for weight in made.growth]
    parts = walk(made, levels, flat=flat)
    if terms.refine and flat is None and terms.amortization == "equal_installments" and not terms.level_amount:
        levels, parts = _refine(made, levels, parts)
    if terms.absorbs == "first":
        parts = _first_absorbs(made, levels, parts, flat)
    return parts


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
        corrected = rounded_level(terms, level + share, 1)
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
