"""Interest that the institution owes on what it has borrowed: simple, by the days each franc was there. Pure Python."""

from fractions import Fraction

from .day_count import year_fraction
from .rounding import exact, half_up


def interest_owed(movements, rate, day, days_in_year="360"):
    """Francs of interest from the first movement to the morning of `day`, half up.

    :param movements: [(day, francs)], received positive, given back negative
    :param rate: percent a year

    >>> from datetime import date
    >>> interest_owed([(date(2026, 1, 1), 1_000_000), (date(2026, 3, 2), -400_000)], 6, date(2026, 4, 1))
    13000
    >>> interest_owed([(date(2026, 5, 1), 1_000_000)], 6, date(2026, 4, 1))
    0
    """
    total = sum(
        (amount * year_fraction(since, day, days_in_year) for since, amount in movements if since < day), Fraction(0)
    )
    return half_up(total * exact(rate) / 100)
