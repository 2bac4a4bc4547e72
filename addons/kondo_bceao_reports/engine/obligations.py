"""Periods that are reported on, and the day by which each is filed. Pure Python."""

from datetime import date, timedelta

from odoo.addons.kondo_microfinance.engine.periods import add_months

LENGTHS = {"month": 1, "quarter": 3, "year": 12}


def period_start(end, frequency):
    """First day of the period that ends on `end`; ValueError when no period of that length ends then.

    >>> period_start(date(2026, 6, 30), "quarter")
    datetime.date(2026, 4, 1)
    >>> period_start(date(2026, 5, 31), "quarter")
    Traceback (most recent call last):
    ...
    ValueError: no quarter ends on 2026-05-31
    """
    after = end + timedelta(days=1)
    if after.day != 1 or (after.month - 1) % LENGTHS[frequency]:
        raise ValueError(f"no {frequency} ends on {end}")
    return add_months(after, -LENGTHS[frequency])


def periods(frequency, first, last):
    """[(first day, last day)] of the periods that end from `first` to `last`, in order.

    >>> [str(end) for _start, end in periods("quarter", date(2026, 3, 31), date(2026, 9, 29))]
    ['2026-03-31', '2026-06-30']
    """
    length, found = LENGTHS[frequency], []
    start = date(first.year, (first.month - 1) // length * length + 1, 1)
    while (end := add_months(start, length) - timedelta(days=1)) <= last:
        if end >= first:
            found.append((start, end))
        start = add_months(start, length)
    return found


def due_date(end, months=0, days=0):
    """The last day for filing: whole months after the end of the period, then days.

    >>> str(due_date(date(2025, 12, 31), months=6)), str(due_date(date(2026, 1, 31), days=30))
    ('2026-06-30', '2026-03-02')
    >>> str(due_date(date(2026, 6, 30), months=6))
    '2026-12-31'
    """
    day = end + timedelta(days=1)
    return add_months(day, months) - timedelta(days=1) + timedelta(days=days)
