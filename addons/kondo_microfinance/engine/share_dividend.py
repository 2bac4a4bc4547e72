"""Dividend on shares by the days they were held. Pure Python."""

from datetime import timedelta

from .rounding import exact, half_up


def franc_days(changes, date_from, date_to, unit=1):
    """Sum, over the days from `date_from` to `date_to` included, of the paid-up francs at the end of the day.

    :param changes: [(day, change in francs)] in the order of days
    :param unit: only whole multiples count: the nominal value when unfinished shares earn nothing, 1 otherwise

    >>> from datetime import date
    >>> changes = [(date(2025, 1, 1), 10000), (date(2025, 1, 3), -4000)]
    >>> franc_days(changes, date(2025, 1, 1), date(2025, 1, 4))  # 2 x 10 000 + 2 x 6 000
    32000
    >>> franc_days(changes, date(2025, 1, 1), date(2025, 1, 4), 5000)  # 2 x 10 000 + 2 x 5 000
    30000
    """
    end = date_to + timedelta(days=1)
    balance, since, total = 0, date_from, 0
    for day, change in changes:
        start = min(max(day, date_from), end)
        total += balance // unit * unit * (start - since).days
        balance, since = balance + change, start
    return total + balance // unit * unit * (end - since).days


def dividend(franc_days, rate, days):
    """Francs of a dividend of `rate` percent for the period of `days`, half up.

    >>> dividend(20000 * 365, 5, 365)
    1000
    >>> dividend(10000 * 181, exact("7.5"), 365)  # 10 000 x 7,5 % x 181 / 365 = 371,92
    372
    """
    return half_up(exact(franc_days) * rate / (100 * days))
