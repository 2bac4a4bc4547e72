"""Arithmetic of a campaign. Pure Python, imports nothing of Odoo."""

from collections import defaultdict


def months_of_campaign(start, due):
    """Whole months, at least 1, from the first franc paid out to the due date, rounded to the nearest.

    >>> from datetime import date
    >>> months_of_campaign(date(2026, 5, 15), date(2027, 1, 31)), months_of_campaign(date(2026, 5, 15), date(2026, 5, 20))
    (9, 1)
    """
    months = 12 * (due.year - start.year) + due.month - start.month
    return max(1, months + round((due.day - start.day) / 30))


def merged_tranches(start, parts):
    """What is paid out on one day is one tranche, what is paid out with the start is none: it belongs to the first part.

    :param parts: (day, francs) of what was and is to be paid out
    :return: [(day, francs)], days rising and after the start

    >>> from datetime import date
    >>> one, two = date(2026, 5, 1), date(2026, 6, 1)
    >>> merged_tranches(one, [(two, 5), (one, 7), (two, 4)]) == [(two, 9)]
    True
    """
    days = defaultdict(int)
    for day, amount in parts:
        if day > start:
            days[day] += amount
    return sorted(days.items())
