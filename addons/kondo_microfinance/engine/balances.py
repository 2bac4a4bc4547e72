"""The balance of an account day by day, from its movements and their value dates. Pure Python.

A balance holds from a day's end: a deposit of a day counts that day, a withdrawal of a day no longer does. A history
is a list of `Step`s that cover a span without a hole, each a span of days with one balance.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from .periods import DAY, period_of


class Movement(NamedTuple):
    """`amount` francs, signed (deposit positive), booked on a day; `value_on` overrules the value-date rule.

    Interest that was posted is a movement with `value_on` = the first day after its period.
    """

    booked_on: date
    amount: int
    value_on: date | None = None


class Step(NamedTuple):
    """The balance at the end of every day of [start, end)."""

    start: date
    end: date
    balance: int

    @property
    def days(self):
        return (self.end - self.start).days


def value_date(movement, credit_days=0, debit_days=0, fortnight=False):
    """The day from which a movement counts.

    A deposit counts `credit_days` calendar days later, a withdrawal `debit_days` earlier. With `fortnight` (règle
    des quinzaines, as French passbooks have it: code monétaire et financier, R221-4) a deposit counts from the first
    1st or 16th *after* that day, a withdrawal from the 1st or 16th that opens its fortnight.

    >>> str(value_date(Movement(date(2024, 4, 1), 500), fortnight=True))
    '2024-04-16'
    >>> str(value_date(Movement(date(2024, 4, 20), 500), fortnight=True))
    '2024-05-01'
    >>> str(value_date(Movement(date(2024, 4, 20), -500), fortnight=True))
    '2024-04-16'
    >>> str(value_date(Movement(date(2024, 4, 1), 500), 2, 1)), str(value_date(Movement(date(2024, 4, 1), -500), 2, 1))
    ('2024-04-03', '2024-03-31')
    """
    if movement.value_on:
        return movement.value_on
    deposit = movement.amount >= 0
    day = movement.booked_on + timedelta(days=credit_days if deposit else -debit_days)
    if fortnight:
        return period_of("fortnightly", day)[1 if deposit else 0]
    return day


def daily_steps(opening, dated, start, end):
    """The history of [start, end) by the balance at the end of each day.

    :param opening: balance before the first of `dated`
    :param dated: (value date, amount) in the order of their dates; those before `start` make up its opening balance,
        those from `end` on are left out
    :return: list of Step, empty when start >= end

    >>> history = daily_steps(1000, [(date(2024, 4, 11), -600), (date(2024, 4, 21), 50)], date(2024, 4, 1), date(2024, 5, 1))
    >>> [(step.days, step.balance) for step in history]
    [(10, 1000), (10, 400), (10, 450)]
    """
    steps, balance, since = [], opening, start
    for day, amount in dated:
        if day >= end:
            break
        if day > since:
            steps.append(Step(since, day, balance))
            since = day
        balance += amount
    if since < end:
        steps.append(Step(since, end, balance))
    return steps


def lowest_steps(opening, dated, start, end):
    """The history of [start, end) by the lowest balance of each day, from what the day began with.

    Arguments and result as `daily_steps`; the order within a day is the order given.

    >>> history = lowest_steps(1000, [(date(2024, 4, 11), -700), (date(2024, 4, 11), 500)], date(2024, 4, 1), date(2024, 5, 1))
    >>> [(step.days, step.balance) for step in history]
    [(10, 1000), (1, 300), (19, 800)]
    >>> history = lowest_steps(0, [(date(2024, 4, 1), 700)], date(2024, 4, 1), date(2024, 5, 1))
    >>> [(step.days, step.balance) for step in history]
    [(1, 0), (29, 700)]
    """
    steps, balance, low, since = [], opening, opening, start
    for day, amount in dated:
        if day >= end:
            break
        if day > since:
            _extend(steps, since, since + DAY, low)
            _extend(steps, since + DAY, day, balance)
            since, low = day, balance
        balance += amount
        low = min(low, balance) if day >= start else balance
    if since < end:
        _extend(steps, since, since + DAY, low)
        _extend(steps, since + DAY, end, balance)
    return steps


def _extend(steps, start, end, balance):
    if start >= end:
        return
    if steps and steps[-1].balance == balance:
        steps[-1] = steps[-1]._replace(end=end)
    else:
        steps.append(Step(start, end, balance))


def clip(steps, start, end):
    """The part of a history that lies in [start, end).

    >>> [tuple(map(str, step)) for step in clip([Step(date(2024, 4, 1), date(2024, 5, 1), 9)], date(2024, 4, 30), date(2024, 6, 1))]
    [('2024-04-30', '2024-05-01', '9')]
    """
    return [
        Step(max(step.start, start), min(step.end, end), step.balance)
        for step in steps
        if step.start < end and step.end > start
    ]


def lowest(steps):
    """The lowest balance of a history in francs; ValueError on an empty one.

    >>> lowest([Step(date(2024, 4, 1), date(2024, 4, 2), 7), Step(date(2024, 4, 2), date(2024, 4, 9), 5)])
    5
    """
    return min(step.balance for step in steps)


def highest(steps):
    """The highest balance of a history in francs; ValueError on an empty one.

    >>> highest([Step(date(2024, 4, 1), date(2024, 4, 2), 7), Step(date(2024, 4, 2), date(2024, 4, 9), 5)])
    7
    """
    return max(step.balance for step in steps)


def average(steps):
    """The average of the daily balances of a history, exact; ZeroDivisionError on an empty one.

    >>> average([Step(date(2024, 4, 1), date(2024, 4, 2), 7), Step(date(2024, 4, 2), date(2024, 4, 4), 5)])
    Fraction(17, 3)
    """
    return Fraction(sum(step.balance * step.days for step in steps), sum(step.days for step in steps))
