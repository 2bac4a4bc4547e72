"""The due dates of a loan and the part of a year between them, in whole numbers. Pure Python."""

import calendar
from datetime import date
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from .day_count import year_length
from .loan_terms import DAYS, MONTHS
from .periods import DAY, add_months, months_between


class Period(NamedTuple):
    """From one due date to the next.

    `months` lie between their nominal dates, None when they are counted by days; interest by days runs over
    [counts_from, counts_to). `nominal` is the due date before a holiday moved it.
    """

    start: date
    due: date
    months: int | Fraction | None
    counts_from: date
    counts_to: date
    nominal: date


def due_periods(terms):
    """The Periods of a loan in order; the first starts with the loan.

    >>> from .loan_terms import LoanTerms
    >>> def dues(**settings):
    ...     terms = LoanTerms(1000, 0, 3, date(2025, 1, 31), **settings)
    ...     return [f"{period.due:%d/%m} {period.months}" for period in due_periods(terms)]
    >>> dues(), dues(month_end="roll")
    (['28/02 1', '31/03 1', '30/04 1'], ['01/03 1', '31/03 1', '01/05 1'])
    >>> dues(first_due=date(2025, 3, 15), every=2)
    ['15/03 46/31', '15/05 2', '15/07 2']
    >>> dues(unit="weeks", closed_weekdays=frozenset({4}), shift="next")
    ['08/02 None', '15/02 None', '22/02 None']

    Two that would meet on one working day take one each, so that a daily loan is paid every working day:

    >>> dues(unit="days", closed_weekdays=frozenset({5, 6}), shift="next")
    ['03/02 None', '04/02 None', '05/02 None']
    """
    nominal = terms.due_dates or _nominal(terms)
    by_months = terms.unit in MONTHS
    step = MONTHS[terms.unit] * terms.every if by_months else None
    regular_first = not terms.due_dates and _starts_regularly(terms, nominal)
    periods, before, start = [], terms.start, terms.start
    moves, counted = terms.shift != "none", terms.shifted_days_count
    for number, day in enumerate(nominal):
        due = _working_day(terms, day) if moves else day
        if due <= start:  # the one before was moved here: the working day after it
            due = _working_day(terms, start + DAY, "next")
        if terms.due_dates or not number and not regular_first:
            months = months_and_days(before, day) if by_months else None
        else:
            months = step
        span = (start, due) if counted else (before, day)
        periods.append(Period(start, due, months, *span, day))
        before, start = day, due
    return periods


def _starts_regularly(terms, nominal):
    """Whether the first period is as long as the others."""
    if terms.anchor:
        return terms.start == (_nth(terms, terms.anchor, terms.passed) if terms.passed else terms.anchor)
    return nominal[0] == _nth(terms, terms.start, 1)


def _nominal(terms):
    count, first = terms.count, terms.first_due
    if terms.anchor:
        return [_nth(terms, terms.anchor, terms.passed + number) for number in range(1, count + 1)]
    if first is None or first == _nth(terms, terms.start, 1):
        return [_nth(terms, terms.start, number) for number in range(1, count + 1)]
    return [first, *(_nth(terms, first, number) for number in range(1, count))]


def _nth(terms, anchor, number):
    """The due date `number` periods after an anchor, counted from it so that nothing drifts."""
    if terms.unit in DAYS:
        return anchor + number * terms.every * DAYS[terms.unit] * DAY
    year, month = divmod(12 * anchor.year + anchor.month - 1 + number * terms.every * MONTHS[terms.unit], 12)
    day = terms.due_day or anchor.day
    if day > 28:
        last = calendar.monthrange(year, month + 1)[1]
        if day > last:
            return date(year, month + 1, last) + (DAY if terms.month_end == "roll" else 0 * DAY)
    return date(year, month + 1, day)


def months_and_days(start, end):
    """Whole months from one day to another and the days left, these as part of the month they lie in.

    >>> months_and_days(date(2024, 1, 15), date(2024, 3, 15)), months_and_days(date(2024, 1, 31), date(2024, 2, 15))
    (2, Fraction(15, 29))
    """
    months = months_between(start, end)
    gone = add_months(start, months)
    rest = (end - gone).days
    return months + Fraction(rest, (add_months(start, months + 1) - gone).days) if rest else months


def _working_day(terms, day, shift=None):
    shift = shift or terms.shift
    step = -DAY if shift == "previous" else DAY
    moved = day
    while moved in terms.closed_days or moved.weekday() in terms.closed_weekdays:
        moved += step
        if shift == "next_in_month" and moved.month != day.month:
            moved, step = day, -DAY
    return moved


def year_parts(terms, periods):
    """The part of a year of each period as whole numbers over a common denominator: ([numerators], denominator).

    >>> from .loan_terms import LoanTerms
    >>> terms = LoanTerms(1000, 0, 3, date(2023, 12, 12), interest_by="days", days_in_year="actual")
    >>> numerators, denominator = year_parts(terms, due_periods(terms))
    >>> [Fraction(number, denominator) for number in numerators] == [
    ...     Fraction(19, 365) + Fraction(12, 366), Fraction(31, 366), Fraction(29, 366)
    ... ]
    True
    >>> monthly = LoanTerms(1000, 0, 3, date(2023, 12, 12))
    >>> year_parts(monthly, due_periods(monthly))
    ([1, 1, 1], 12)
    """
    parts = [_year_part(terms, period) for period in periods]
    common = lcm(*{denominator for _numerator, denominator in parts})
    return [number * (common // denominator) for number, denominator in parts], common


def _year_part(terms, period):
    """(numerator, denominator) of a year.

    Months of 30 days in a year of real days cannot be split: a period over 31 December counts its days.
    """
    _start, _due, months, start, due, _nominal = period
    splits = terms.days_in_year == "actual" and terms.leap_rule == "split" and start.year != due.year
    if splits and terms.interest_by == "days":
        return _split(start, due)
    if months is not None and (terms.interest_by == "periods" or terms.days_in_month == "30"):
        if type(months) is Fraction:
            months, below = months.numerator, months.denominator
        else:
            below = 1
        if terms.interest_by == "periods":
            return months, 12 * below
        return 30 * months, _days_of_year(terms, start, due) * below
    if terms.interest_by == "periods" and terms.unit == "weeks":
        return (due - start).days, 7 * 52
    if splits:
        return _split(start, due)
    return (due - start).days, _days_of_year(terms, start, due)


def _days_of_year(terms, start, due):
    if terms.days_in_year != "actual":
        return int(terms.days_in_year)
    if terms.leap_rule == "start_year":
        return year_length(terms.start.year)
    length = year_length(start.year)
    if terms.leap_rule == "feb29" and length == 366 and not start < date(start.year, 2, 29) <= due:
        return 365
    return length


def _split(start, due):
    """Days up to 31 December in the year they belong to; that day opens the next year (`day_count.year_fraction`)."""
    days = {365: 0, 366: 0}
    for year in range(start.year, due.year + 1):
        stop = min(date(year, 12, 31), due)
        days[year_length(year)] += (stop - start).days
        start = stop
    return days[365] * 366 + days[366] * 365, 365 * 366
