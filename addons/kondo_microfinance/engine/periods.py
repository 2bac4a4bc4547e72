"""Periods in which interest is measured, compounded and posted; due dates without drift. Pure Python.

A period is [start, end): `end` is the first day of the next one. Codes:

* ``daily``, ``fortnightly`` (from the 1st and from the 16th), ``monthly``;
* ``quarterly``, ``half_yearly``, ``annual``, counted from the first month of the financial year (`year_start`, 1 to 12);
* ``anniversary``: years counted from `anchor`, the day the account was opened. Dates are counted from the anchor
  itself, so an account of 29 February has its years from 28 February and from 29 February again in a leap year.
"""

import calendar
from datetime import date, timedelta

MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "annual": 12}
PERIODS = ("daily", "fortnightly", *MONTHS, "anniversary")
DAY = timedelta(days=1)


def add_months(day, months):
    """The same day `months` later (or earlier, when negative), the last of a month that has no such day.

    Count from the first date and nothing drifts: 31 January + 1, + 2 months.

    >>> [str(add_months(date(2024, 1, 31), n)) for n in (1, 2, 13, -2)]
    ['2024-02-29', '2024-03-31', '2025-02-28', '2023-11-30']
    """
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(start, end):
    """Whole months gone from `start` to `end`; 0 when `end` is not after `start`.

    >>> months_between(date(2024, 1, 31), date(2024, 2, 29)), months_between(date(2024, 1, 15), date(2024, 3, 14))
    (1, 1)
    >>> months_between(date(2024, 2, 1), date(2024, 1, 1))
    0
    """
    months = 12 * (end.year - start.year) + end.month - start.month
    return max(0, months if add_months(start, months) <= end else months - 1)


def period_of(code, day, year_start=1, anchor=None):
    """The period (start, end) that holds `day`. ValueError on an unknown code or an anniversary without its anchor.

    >>> [str(d) for d in period_of("fortnightly", date(2024, 2, 16))]
    ['2024-02-16', '2024-03-01']
    >>> [str(d) for d in period_of("quarterly", date(2024, 5, 20))]
    ['2024-04-01', '2024-07-01']
    >>> [str(d) for d in period_of("annual", date(2014, 3, 31), year_start=4)]
    ['2013-04-01', '2014-04-01']
    >>> [str(d) for d in period_of("anniversary", date(2025, 2, 28), anchor=date(2024, 2, 29))]
    ['2025-02-28', '2026-02-28']
    """
    if code == "daily":
        return day, day + DAY
    if code == "fortnightly":
        if day.day < 16:
            return day.replace(day=1), day.replace(day=16)
        return day.replace(day=16), add_months(day.replace(day=1), 1)
    if code == "anniversary":
        if anchor is None:
            raise ValueError("an anniversary needs the day the account was opened")
        years = day.year - anchor.year
        years = years if add_months(anchor, 12 * years) <= day else years - 1
        return add_months(anchor, 12 * years), add_months(anchor, 12 * (years + 1))
    if code not in MONTHS:
        raise ValueError(f"unknown period: {code!r}")
    start = add_months(day.replace(day=1), -((day.month - year_start) % MONTHS[code]))
    return start, add_months(start, MONTHS[code])


def periods_between(code, start, end, year_start=1, anchor=None):
    """The periods of [start, end) as (start, end), the first and the last cut to the span; empty when start >= end.

    >>> [(str(a), str(b)) for a, b in periods_between("monthly", date(2024, 1, 20), date(2024, 3, 5))]
    [('2024-01-20', '2024-02-01'), ('2024-02-01', '2024-03-01'), ('2024-03-01', '2024-03-05')]
    """
    while start < end:
        stop = min(period_of(code, start, year_start, anchor)[1], end)
        yield start, stop
        start = stop


def is_period_end(code, end, year_start=1, anchor=None):
    """Whether a period ends with the day before `end`, so that the next begins on `end`.

    >>> is_period_end("monthly", date(2024, 5, 1)), is_period_end("monthly", date(2024, 5, 2))
    (True, False)
    """
    return period_of(code, end, year_start, anchor)[0] == end


def next_ends(code, day, count, year_start=1, anchor=None):
    """The last days of the period that holds `day` and of the following ones, `count` dates.

    >>> [str(d) for d in next_ends("monthly", date(2024, 1, 31), 3)]
    ['2024-01-31', '2024-02-29', '2024-03-31']
    """
    ends = []
    for _ in range(count):
        day = period_of(code, day, year_start, anchor)[1]
        ends.append(day - DAY)
    return ends
