"""Parts sociales: the dividend of a financial year, by paid-up francs and days held. Pure Python.

A holder's dividend is paid-up francs x days held x rate / (100 x days of the year), each holder's half up to the
franc. The dividend to pay is the sum of these rounded amounts: what rounding takes or gives stays in the result of the
year (account of the surplus carried forward), never with a holder. Where the general assembly votes an amount instead
of a rate, `share_out` divides exactly that amount.

A year is [start, end); shares paid on a day count that day, shares refunded on a day no longer do.
"""

from fractions import Fraction
from typing import NamedTuple

from .balances import daily_steps
from .rounding import exact, half_up


class Dividend(NamedTuple):
    """`francs_days`: sum of paid-up francs x days; `exact` francs unrounded; `amount` whole francs; `withholding` of it."""

    francs_days: int
    exact: Fraction
    amount: int
    withholding: int = 0


def francs_days(movements, start, end, opening=0):
    """Paid-up francs x days of a holding over [start, end).

    :param movements: `Movement`s of paid-up francs in order; those before `start` are part of its opening
    :param opening: francs paid up before the first of `movements`

    >>> from datetime import date
    >>> from .balances import Movement
    >>> francs_days([Movement(date(2024, 12, 30), 5000)], date(2024, 1, 1), date(2025, 1, 1), opening=10000)
    3670000
    """
    dated = sorted(((move.value_on or move.booked_on, move.amount) for move in movements), key=lambda move: move[0])
    return sum(step.balance * step.days for step in daily_steps(opening, dated, start, end))


def dividend(held, rate, start, end, withholding_rate=0):
    """The dividend of one holder for the financial year [start, end).

    :param held: paid-up francs x days (`francs_days`); :param rate: percent a year
    :param withholding_rate: percent kept for the tax office

    10 000 F held all year at 6 %: 600 F, in a leap year too. Paid up on 1 July 2023: 184 days of 365, 302.47.

    >>> from datetime import date
    >>> dividend(10000 * 366, 6, date(2024, 1, 1), date(2025, 1, 1)).amount
    600
    >>> dividend(10000 * 184, 6, date(2023, 1, 1), date(2024, 1, 1), withholding_rate=10)
    Dividend(francs_days=1840000, exact=Fraction(22080, 73), amount=302, withholding=30)
    """
    unrounded = Fraction(held * exact(rate), 100 * (end - start).days)
    amount = half_up(unrounded)
    return Dividend(held, unrounded, amount, half_up(amount * exact(withholding_rate) / 100))


def share_out(total, weights):
    """Whole francs for each weight, that sum to exactly `total`: the largest remainders get the francs left over.

    :param weights: numbers of 0 or more, such as `francs_days`; of equal remainders the first is served
    :raises ValueError: no weight above 0

    >>> share_out(100, [1, 1, 1]), share_out(100, [2, 0, 1]), share_out(0, [1])
    ([34, 33, 33], [67, 0, 33], [0])
    """
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("nothing to share by")
    parts = [divmod(total * weight, whole) for weight in weights]
    amounts = [amount for amount, _rest in parts]
    order = sorted(range(len(parts)), key=lambda index: -parts[index][1])
    for index in order[: total - sum(amounts)]:
        amounts[index] += 1
    return amounts
