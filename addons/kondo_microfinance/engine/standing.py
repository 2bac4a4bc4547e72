"""Standing orders: on which days one falls due, and how much it takes. Pure Python.

Frequencies: ``daily`` (every business day), ``weekly``, ``fortnightly`` (counted from the first day), ``monthly`` and
``quarterly`` (on a day of the month; a month that is shorter takes its last day).
"""

from datetime import date, timedelta

from .checks import whole
from .periods import add_months

DAYS = {"daily": 1, "weekly": 7, "fortnightly": 14}
MONTHS = {"monthly": 1, "quarterly": 3}
AMOUNTS = ("fixed", "up_to", "above")


def _in_month(month_start: date, day: int) -> date:
    """The `day` of a month given by its first date, its last one when the month is shorter."""
    return min(month_start + timedelta(days=day - 1), add_months(month_start, 1) - timedelta(days=1))


def first_due(frequency, start, day=None):
    """The first due date of an order that begins on `start`; `day` is the day of the month, 1 to 31.

    >>> str(first_due("weekly", date(2026, 11, 20)))
    '2026-11-20'
    >>> str(first_due("monthly", date(2026, 11, 20), 5)), str(first_due("monthly", date(2027, 2, 1), 31))
    ('2026-12-05', '2027-02-28')
    """
    if frequency in DAYS:
        return start
    if frequency not in MONTHS or not whole(day, least=1) or day > 31:
        raise ValueError(f"no such frequency: {frequency!r}, {day!r}")
    month = start.replace(day=1)
    due = _in_month(month, day)
    return due if due >= start else _in_month(add_months(month, 1), day)


def next_due(frequency, due, day=None):
    """The due date that follows `due`.

    >>> str(next_due("fortnightly", date(2026, 11, 20)))
    '2026-12-04'
    >>> str(next_due("monthly", date(2027, 1, 31), 31)), str(next_due("monthly", date(2027, 2, 28), 31))
    ('2027-02-28', '2027-03-31')
    >>> str(next_due("quarterly", date(2026, 11, 5), 5))
    '2027-02-05'
    """
    if frequency in DAYS:
        return due + timedelta(days=DAYS[frequency])
    if frequency not in MONTHS or not whole(day, least=1) or day > 31:
        raise ValueError(f"no such frequency: {frequency!r}, {day!r}")
    return _in_month(add_months(due.replace(day=1), MONTHS[frequency]), day)


def order_amount(kind, amount, balance, available):
    """Francs that an order takes now; 0 when there is nothing to take.

    :param kind: ``fixed``: exactly `amount`, whatever the account holds (the ledger refuses what it cannot give);
        ``up_to``: what there is, at most `amount`; ``above``: everything that stands above `amount`
    :param balance: francs on the account
    :param available: francs that may leave it without an overdraft: holds and the product's minimum stay

    >>> [order_amount("fixed", 5000, balance, 0) for balance in (0, 9000)]
    [5000, 5000]
    >>> [order_amount("up_to", 5000, balance, max(0, balance - 1000)) for balance in (500, 4000, 9000)]
    [0, 3000, 5000]
    >>> order_amount("above", 50000, 62500, 61500), order_amount("above", 50000, 62500, 2000)
    (12500, 2000)
    >>> order_amount("above", 50000, 40000, 39000)
    0
    """
    if kind not in AMOUNTS:
        raise ValueError(f"no such order: {kind!r}")
    if kind == "fixed":
        return amount
    wanted = amount if kind == "up_to" else balance - amount
    return max(0, min(wanted, available))
