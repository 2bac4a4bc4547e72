"""What a stock in warehouse receipts lends and lets go: whole kilos, whole francs. Pure Python."""

from fractions import Fraction


def lendable(value, share):
    """Francs that a stock worth `value` francs lends at most; `share` is a Fraction of its value, rounded down.

    :raises ValueError: a share that is none

    >>> lendable(1_000_000, Fraction(80, 100))
    800000
    >>> lendable(999, Fraction(1, 2))
    499
    """
    _check_share(share)
    return int(value * share)


def coverage(value, outstanding):
    """Value of the stock for 100 francs owed, as a Fraction; None when nothing is owed.

    >>> coverage(550_000, 500_000)
    Fraction(110, 1)
    >>> coverage(550_000, 0) is None
    True
    """
    return Fraction(100 * value, outstanding) if outstanding > 0 else None


def tenths(percent):
    """A coverage as a screen shows it, with one decimal, rounded down: what is under 110 never reads as 110.

    >>> tenths(Fraction(10_999, 100)), tenths(None)
    (109.9, 0.0)
    """
    return (10 * percent.numerator // percent.denominator) / 10 if percent else 0.0


def releasable_kg(kg, price, value, share, outstanding):
    """Kilos of a lot that may leave the store while what stays still carries the debt.

    :param kg: kilos of the lot in store
    :param price: francs a kilo
    :param value: francs of all lots pledged for the same debt, this one among them
    :param share: Fraction of the value that is lent
    :param outstanding: francs owed

    The rest is worth enough: 10 000 kg at 250 F with 1 000 000 F owed at 80 % need a stock of 1 250 000 F.

    >>> releasable_kg(10_000, 250, 2_500_000, Fraction(80, 100), 1_000_000)
    5000
    >>> releasable_kg(10_000, 100, 1_000_000, Fraction(80, 100), 1_000_000)
    0
    >>> releasable_kg(10_000, 100, 1_000_000, Fraction(80, 100), 0)
    10000
    """
    _check_share(share)
    if outstanding <= 0:
        return kg
    needed = -(-outstanding * share.denominator // share.numerator)
    return max(0, min(kg, (value - needed) // price)) if price > 0 else 0


def bags_of(kg, kg_left, bags_left):
    """Whole bags in so many kilos of a lot; all of them when the lot leaves whole.

    >>> bags_of(5_000, 10_000, 101)
    50
    >>> bags_of(10_000, 10_000, 101)
    101
    """
    return bags_left * kg // kg_left if kg_left else 0


def _check_share(share):
    if not 0 < share <= 1:
        raise ValueError("a share of a value is above 0 and at most 1")
