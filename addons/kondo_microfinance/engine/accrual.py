"""Interest earned day by day: what a loan has earned by a day and has not been paid. Pure Python; its twin is SQL."""

from typing import NamedTuple


class Earning(NamedTuple):
    """One instalment: the period that earns, what the whole period earns, what was paid of its interest."""

    start: object
    due: object
    accrues: int
    paid: int


def earned(earning, day):
    """Francs that a period has earned by the morning of `day`, by its days, to the nearest franc.

    >>> from datetime import date
    >>> period = Earning(date(2026, 1, 1), date(2026, 1, 31), 1000, 0)
    >>> [earned(period, date(2026, 1, day)) for day in (1, 2, 16, 31)]
    [0, 33, 500, 1000]
    """
    if day >= earning.due:
        return earning.accrues
    if day <= earning.start:
        return 0
    span = (earning.due - earning.start).days
    return (2 * earning.accrues * (day - earning.start).days + span) // (2 * span)


def accrued(earnings, day, up_front=0):
    """What stands as accrued interest on the morning of `day`: earned, less what was paid or kept up front; never below 0."""
    return max(0, sum(earned(earning, day) - earning.paid for earning in earnings) - up_front)
