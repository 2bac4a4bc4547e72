"""Counting notes and coins of the BCEAO. Pure Python.

A count is a mapping from a denomination's key to a number of pieces. Keys say note or coin and value, because
500 francs exist as both: ``n10000 … n500`` for notes, ``c500 … c5`` for coins.
"""

NOTES = (10000, 5000, 2000, 1000, 500)
COINS = (500, 250, 200, 100, 50, 25, 10, 5, 1)
DENOMINATIONS = {**{f"n{value}": value for value in NOTES}, **{f"c{value}": value for value in COINS}}


class CountError(ValueError):
    """A count that names no denomination or no number of pieces; `key` says where."""

    def __init__(self, key):
        super().__init__(key)
        self.key = key


def count_total(counts):
    """Francs in a count; CountError on an unknown denomination or a number of pieces that is none.

    >>> count_total({"n10000": 2, "n500": 1, "c500": 1, "c25": 3})
    21075
    >>> count_total({})
    0
    >>> count_total({"n10000": -1})  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    CountError: n10000
    """
    total = 0
    for key, pieces in counts.items():
        if key not in DENOMINATIONS or type(pieces) is not int or pieces < 0:
            raise CountError(key)
        total += DENOMINATIONS[key] * pieces
    return total


def make_up(amount):
    """The fewest notes and coins that make an amount of francs, as a count.

    >>> make_up(21075)
    {'n10000': 2, 'n1000': 1, 'c50': 1, 'c25': 1}
    """
    counts = {}
    for key, value in DENOMINATIONS.items():
        pieces, amount = divmod(amount, value)
        if pieces:
            counts[key] = pieces
    return counts
