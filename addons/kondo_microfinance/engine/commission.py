"""What a round of collection costs and pays. Pure Python.

Two bases are in use at the daily collectors ("tontine") of West Africa: a percentage of what was collected, and one
day's stake out of each month, whatever the number of days a member has paid.
"""

from typing import NamedTuple

from .checks import make_exact, require
from .rounding import half_up

BASES = ("percent", "stake")


class Commission(NamedTuple):
    """Francs charged to the member (or to the house for him) for one period."""

    due: int
    taken: int

    @property
    def short(self):
        return self.due - self.taken


def commission_due(base, rate, collected, stake):
    """Francs due on what one member has paid to the collector in a period; nothing on nothing.

    :param base: ``percent`` of `collected` at `rate` percent, or ``stake``: one usual stake, never more than collected
    :param collected, stake: francs

    >>> commission_due("percent", "2.5", 13_100, 500), commission_due("percent", "2.5", 13_020, 500)
    (328, 326)
    >>> commission_due("stake", 0, 13_000, 500), commission_due("stake", 0, 300, 500), commission_due("stake", 0, 0, 500)
    (500, 300, 0)
    """
    if base == "stake":
        return min(collected, stake) if collected > 0 else 0
    if base != "percent":
        raise ValueError(f"unknown base: {base!r}")
    terms = _Terms(rate)
    return half_up(collected * terms.rate / 100)


def collector_pay(total, share):
    """Francs of a commission of `total` francs that are the collector's, `share` in percent, half up.

    >>> collector_pay(12_500, 60), collector_pay(12_501, 50), collector_pay(12_500, 0)
    (7500, 6251, 0)
    """
    terms = _Terms(share)
    return half_up(total * terms.rate / 100)


def taken_from(due, free):
    """What of `due` francs an account with `free` francs can give.

    >>> taken_from(500, 10_000), taken_from(500, 200).short, taken_from(500, -300).taken
    (Commission(due=500, taken=500), 300, 0)
    """
    return Commission(due, max(0, min(due, free)))


class _Terms:
    """A percentage read exactly; RuleError when it is negative or above 100."""

    def __init__(self, rate):
        self.rate = rate
        make_exact(self, "rate")
        require(self, rate=0 <= self.rate <= 100)
