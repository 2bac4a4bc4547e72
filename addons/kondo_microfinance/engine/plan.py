"""Savings plans: the days on which a member promised to pay in, which of them he kept, what he earns for it. Pure Python."""

from datetime import date, timedelta
from typing import NamedTuple

from .periods import add_months
from .rounding import exact, half_up

FREQUENCIES = ("week", "month", "days")


class Due(NamedTuple):
    """One promised payment. `covered_on`: the day on which deposits reached it, None while they have not.

    `state`: ``waiting`` (its day and the days of grace are not over), ``paid``, ``late`` (paid after them) or
    ``missed`` (not paid after them).
    """

    day: date
    amount: int
    paid: int
    covered_on: date | None
    state: str


def due_dates(first, frequency, count, every_days=7):
    """The days of a plan of `count` payments from `first` on: every week, month, or market week of `every_days`.

    >>> [str(day) for day in due_dates(date(2026, 1, 31), "month", 3)]
    ['2026-01-31', '2026-02-28', '2026-03-31']
    >>> [str(day) for day in due_dates(date(2026, 1, 1), "days", 3, every_days=5)]
    ['2026-01-01', '2026-01-06', '2026-01-11']
    """
    if frequency not in FREQUENCIES:
        raise ValueError(f"unknown frequency: {frequency!r}")
    if frequency == "month":
        return [add_months(first, number) for number in range(count)]
    step = timedelta(days=7 if frequency == "week" else every_days)
    return [first + number * step for number in range(count)]


def count_until(first, frequency, end, every_days=7):
    """How many payments a plan has from `first` to `end`, both included; 0 when `end` lies before.

    >>> count_until(date(2026, 1, 31), "month", date(2026, 12, 31)), count_until(date(2026, 1, 5), "week", date(2026, 1, 4))
    (12, 0)
    """
    if end < first:
        return 0
    number = 12 * (end.year - first.year) + end.month - first.month + 2
    if frequency != "month":
        number = (end - first).days + 1
    return sum(day <= end for day in due_dates(first, frequency, number, every_days))


def match(days, amount, deposits, today, grace=0):
    """Deposits matched to the promised days, the oldest first.

    :param days: promised days, ascending
    :param amount: francs promised for each
    :param deposits: (day, francs) paid in, any order
    :param today: the day of the look
    :param grace: days of delay that still keep the promise
    :return: [Due]

    Two payments of 5 000; the second came on time only in part:

    >>> plan = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    >>> paid = [(date(2026, 1, 1), 5_000), (date(2026, 1, 20), 3_000)]
    >>> [(due.paid, due.state) for due in match(plan, 5_000, paid, date(2026, 2, 10), grace=5)]
    [(5000, 'paid'), (3000, 'missed'), (0, 'waiting')]
    >>> [due.state for due in match(plan, 5_000, [*paid, (date(2026, 2, 20), 7_000)], date(2026, 3, 1), grace=5)]
    ['paid', 'late', 'paid']
    """
    running, reached = 0, []  # [(francs paid in so far, day)]
    for day, francs in sorted(deposits):
        running += francs
        reached.append((running, day))
    dues = []
    for number, day in enumerate(days):
        needed = amount * (number + 1)
        covered_on = next((when for total, when in reached if total >= needed), None)
        last = day + timedelta(days=grace)
        if covered_on:
            state = "paid" if covered_on <= last else "late"
        else:
            state = "waiting" if today <= last else "missed"
        dues.append(Due(day, amount, min(amount, max(0, running - amount * number)), covered_on, state))
    return dues


def plan_bonus(dues, tolerance, rate=0, amount=0, reduced=False):
    """Francs a plan has earned: percent of what was saved as promised plus a fixed amount.

    :param dues: `Due`s of the plan at its end
    :param tolerance: late or missed payments that are forgiven
    :param reduced: beyond them the bonus shrinks with the promises kept, instead of being lost

    Twelve payments of 10 000, one missed; 5 % of 110 000 is 5 500, 11/12 of it 5 042:

    >>> day = date(2026, 1, 1)
    >>> dues = [Due(day, 10_000, 10_000, day, "paid")] * 11 + [Due(day, 10_000, 0, None, "missed")]
    >>> [plan_bonus(dues, 1, rate=5), plan_bonus(dues, 0, rate=5), plan_bonus(dues, 0, rate=5, reduced=True)]
    [5500, 0, 5042]
    """
    kept = sum(due.state == "paid" for due in dues)
    if not dues or (len(dues) - kept > tolerance and not reduced):
        return 0
    full = sum(due.paid for due in dues) * exact(rate) / 100 + amount
    return half_up(full if len(dues) - kept <= tolerance else full * kept / len(dues))
