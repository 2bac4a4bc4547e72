"""Days between two dates and the part of a year they are. Pure Python.

A span is written [start, end): its first day counts, its end does not. A span of one day is (day, day + 1).

* `days_in_year`: ``"360"``, ``"364"``, ``"365"``, or ``"actual"``: 365 or 366, each day with its own year.
* `days_in_month`: ``"actual"`` counts real days; ``"30"`` gives every month 30 days (30E/360), so that with a year of
  360 a whole month is a twelfth of the annual rate.
"""

from datetime import date
from fractions import Fraction

DAYS_IN_YEAR = ("360", "364", "365", "actual")
DAYS_IN_MONTH = ("actual", "30")


def year_length(year):
    """Days of a calendar year.

    >>> year_length(2023), year_length(2024), year_length(2100)
    (365, 366, 365)
    """
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def days_between(start, end, days_in_month="actual"):
    """Days of the span [start, end); with months of 30 days the 31st counts for nothing and February is filled up.

    Both ways add up: the days of two adjoining spans are the days of the whole.

    >>> days_between(date(2024, 1, 31), date(2024, 3, 1)), days_between(date(2024, 1, 31), date(2024, 3, 1), "30")
    (30, 31)
    >>> days_between(date(2024, 2, 1), date(2024, 3, 1), "30")
    30
    """
    if days_in_month == "actual":
        return (end - start).days
    return _thirty(end) - _thirty(start)


def _thirty(day):
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def year_fraction(start, end, days_in_year="365", days_in_month="actual", last_day_opens=False):
    """The part of a year in [start, end), exact.

    With ``"actual"`` each day counts in its own year, as suits interest on the balance at the end of each day.
    `last_day_opens` splits at 31 December instead, which then belongs to the year it precedes: loan schedules do so,
    where the day of disbursement does not count and the due date does (Apache Fineract, `domain/features.md` C).

    >>> year_fraction(date(2024, 4, 1), date(2024, 5, 1), "360")
    Fraction(1, 12)
    >>> year_fraction(date(2023, 12, 13), date(2024, 1, 13), "actual") == Fraction(19, 365) + Fraction(12, 366)
    True
    >>> loan = year_fraction(date(2023, 12, 13), date(2024, 1, 13), "actual", last_day_opens=True)
    >>> loan == Fraction(18, 365) + Fraction(13, 366)
    True
    >>> year_fraction(date(2024, 2, 1), date(2024, 3, 1), "360", "30")
    Fraction(1, 12)
    """
    if days_in_year != "actual":
        return Fraction(days_between(start, end, days_in_month), int(days_in_year))
    total = Fraction(0)
    year = start.year
    while start < end:
        border = date(year, 12, 31) if last_day_opens else date(year + 1, 1, 1)
        stop = min(border, end)
        total += Fraction(days_between(start, stop, days_in_month), year_length(year))
        start, year = stop, year + 1
    return total
