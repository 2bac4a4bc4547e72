"""When what is owed falls due, seen from the day of a return. Pure Python."""

from dateutil.relativedelta import relativedelta

BOUNDS = (1, 3, 6, 12, 24, 36, 60, 120)  # months; what is longer, or never falls due, stands under None
FIRST = BOUNDS[0]


def band_on(due, day):
    """The band in which what falls due on a day stands, seen from another; what is late stands in the first.

    >>> from datetime import date
    >>> day = date(2025, 12, 31)
    >>> [band_on(due, day) for due in (date(2025, 6, 1), date(2026, 1, 31), date(2026, 2, 1), date(2036, 1, 1))]
    [1, 1, 3, None]
    """
    return next((bound for bound in BOUNDS if due <= day + relativedelta(months=bound)), None)


def from_the_end(left, rows):
    """What is left of a debt by due date: payments settle the oldest first, so the last rows are what is left.

    :param rows: [(due, francs)]

    >>> from_the_end(70, [("a", 50), ("b", 50), ("c", 10)])
    {'c': 10, 'b': 50, 'a': 10}
    """
    found = {}
    for due, amount in sorted(rows, reverse=True):
        part = min(left, amount)
        if part > 0:
            found[due] = found.get(due, 0) + part
            left -= part
    return found
