"""Rates that depend on the amount and on how long it is held: tiers of an account, chart of a term deposit."""

from fractions import Fraction
from typing import NamedTuple

from .rounding import exact


class Tier(NamedTuple):
    """`rate` percent a year from `amount` francs and `months` whole months on."""

    amount: int
    rate: Fraction
    months: int = 0


def tier_for(tiers, amount, months=0):
    """The tier that an amount held for so many months has reached, or None.

    Of several the one of the longest duration, and among these the one of the highest amount.

    >>> chart = (Tier(0, 3, 3), Tier(500000, 4, 3), Tier(500000, 6, 12))
    >>> tier_for(chart, 600000, 12).rate, tier_for(chart, 600000, 6).rate, tier_for(chart, 100000, 12).rate
    (6, 4, 3)
    >>> tier_for(chart, 600000, 2) is None
    True
    """
    reached = [tier for tier in tiers if tier.amount <= amount and tier.months <= months]
    return max(reached, key=lambda tier: (tier.months, tier.amount), default=None)


def rate_for(tiers, base_rate, amount, months=0):
    """Percent a year on an amount: its tier's, or `base_rate` when it has reached none.

    >>> rate_for((Tier(100000, 4),), 3, 99999), rate_for((Tier(100000, 4),), 3, 100000)
    (Fraction(3, 1), Fraction(4, 1))
    """
    tier = tier_for(tiers, amount, months)
    return exact(tier.rate if tier else base_rate)


def weigh(tiers, base_rate, amount, months=0, marginal=False):
    """Sum of francs x percent on a balance, and the percent that one franc more of unposted interest earns.

    Whole balance: all of it has the rate of its tier. Marginal: each slice has the rate of the tier it lies in.

    >>> tiers = (Tier(100000, 4), Tier(500000, 5))
    >>> weigh(tiers, 3, 600000)
    (Fraction(3000000, 1), Fraction(5, 1))
    >>> weigh(tiers, 3, 600000, marginal=True)  # 100 000 x 3 + 400 000 x 4 + 100 000 x 5
    (Fraction(2400000, 1), Fraction(5, 1))
    """
    top = rate_for(tiers, base_rate, amount, months)
    if not marginal:
        return amount * top, top
    total, floor, rate = Fraction(0), 0, rate_for(tiers, base_rate, 0, months)
    for threshold in sorted({tier.amount for tier in tiers if 0 < tier.amount <= amount and tier.months <= months}):
        total += (threshold - floor) * rate
        floor, rate = threshold, rate_for(tiers, base_rate, threshold, months)
    return total + (amount - floor) * rate, top
