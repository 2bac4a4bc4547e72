"""What a service costs. Pure Python: integers of francs, exact rates, one rounding half-up to the franc.

A tariff is flat, or a percentage of a base with a floor and a ceiling. Account keeping is shared by days over its
period. A tax may come on top.
"""

from dataclasses import dataclass
from fractions import Fraction

from .checks import make_exact, require
from .periods import period_of
from .rounding import exact, half_up


@dataclass(frozen=True)
class Tariff:
    """The price of one service; RuleError or NotExact on one that cannot be.

    :ivar amount: francs, when it is flat
    :ivar rate: percent of the base (Fraction), when it is not
    :ivar floor: least francs of a percentage
    :ivar ceiling: most francs of a percentage, 0 for none
    """

    amount: int = 0
    percent: bool = False
    rate: Fraction = Fraction(0)
    floor: int = 0
    ceiling: int = 0

    def __post_init__(self):
        make_exact(self, "rate")
        require(
            self,
            amount=self.amount >= 0,
            rate=self.rate >= 0,
            floor=self.floor >= 0,
            ceiling=self.ceiling == 0 or self.ceiling >= self.floor,
        )

    def cost(self, base):
        """Francs for a service on `base` francs before any rounding (Fraction)."""
        if not self.percent:
            return Fraction(self.amount)
        cost = max(Fraction(self.floor), base * self.rate / 100)
        return min(cost, Fraction(self.ceiling)) if self.ceiling else cost


def fee(tariff, base=0):
    """Francs owed for a service on `base` francs, 0 or more; ValueError on less.

    1 % of 12 550 F is 125,5 F, rounded to 126; of 2 000 F it is 20 F, below the floor of 100; of a million it is
    10 000 F, above the ceiling of 5 000.

    >>> one = Tariff(percent=True, rate="1", floor=100, ceiling=5000)
    >>> fee(one, 12550), fee(one, 2000), fee(one, 1000000)
    (126, 100, 5000)
    >>> fee(Tariff(amount=250), 12550)
    250
    """
    if base < 0:
        raise ValueError(f"no fee is computed on {base} F")
    return half_up(tariff.cost(base))


def tax_on(amount, rate):
    """Francs of tax on a fee of `amount` francs, at `rate` percent.

    15 % of 250 F is 37,5 F, rounded to 38; of 126 F it is 18,9 F.

    >>> tax_on(250, "15"), tax_on(126, "15"), tax_on(126, 0)
    (38, 19, 0)
    """
    return half_up(amount * exact(rate) / 100)


def keeping_fee(tariff, base, days, period_days):
    """Francs of account keeping for `days` of a period of `period_days`; ValueError when there are more.

    300 F a month, an account opened on the 21st of a month of 30 days: 10 days, 100 F. 500 F for 11 days of 31 is
    177,4 F.

    >>> keeping_fee(Tariff(amount=300), 0, 10, 30), keeping_fee(Tariff(amount=500), 0, 11, 31)
    (100, 177)
    >>> keeping_fee(Tariff(amount=300), 0, 30, 30), keeping_fee(Tariff(amount=300), 0, 0, 30)
    (300, 0)
    """
    if not 0 <= days <= period_days:
        raise ValueError(f"{days} days of {period_days}")
    return half_up(tariff.cost(base) * Fraction(days, period_days))


def periods_ended(code, day, next_day):
    """The periods [start, end) of `code` (see periods.py) whose last day is from `day` to the eve of `next_day`.

    A caisse that passes from 28 November to 4 January ends two months.

    >>> from datetime import date
    >>> [str(end) for _start, end in periods_ended("monthly", date(2026, 11, 28), date(2027, 1, 4))]
    ['2026-12-01', '2027-01-01']
    >>> periods_ended("monthly", date(2026, 11, 28), date(2026, 11, 30))
    []
    """
    ended = []
    start, end = period_of(code, day)
    while end <= next_day:
        ended.append((start, end))
        start, end = period_of(code, end)
    return ended
