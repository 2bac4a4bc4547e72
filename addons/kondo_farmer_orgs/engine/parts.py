"""A contract shared out among the people behind it: what each owes when, and whose money a payment is.

Francs are integers everywhere. Nothing is lost or made: the dues of the people add up to the dues of the contract,
instalment by instalment, and what they paid to what the contract received.
"""

from datetime import date
from typing import NamedTuple


class Standing(NamedTuple):
    """Where one part stands on a day, in francs: asked over the whole life, due by today and late of it, left to pay."""

    asked: int = 0
    paid: int = 0
    due: int = 0
    late: int = 0
    left: int = 0
    since: date | None = None


def largest_remainder(amount, weights):
    """Share `amount` francs in proportion to `weights`; the francs that do not divide go to the largest remainders.

    Equal remainders: the first in the list. With an amount no larger than the sum of the weights, no part is larger
    than its weight.

    :raises ValueError: a negative amount or weight, or nothing to share it over

    >>> largest_remainder(100, [1, 1, 1])
    [34, 33, 33]
    >>> largest_remainder(10, [5, 3, 1])
    [6, 3, 1]
    >>> largest_remainder(0, [0, 0])
    [0, 0]
    """
    total = sum(weights)
    if amount < 0 or any(weight < 0 for weight in weights) or (amount and not total):
        raise ValueError("cannot be shared out")
    if not amount:
        return [0] * len(weights)
    parts = [amount * weight // total for weight in weights]
    rest = amount - sum(parts)
    if rest:
        order = sorted(range(len(weights)), key=lambda place: (-(amount * weights[place] % total), place))
        for place in order[:rest]:
            parts[place] += 1
    return parts


def _share(amount, *choices):
    """`largest_remainder` over the first weights that are not all nothing; equal parts when all are."""
    weights = next((weights for weights in choices if any(weights)), [1] * len(choices[0]))
    return largest_remainder(amount, weights)


def dues_of_parts(granted, before, totals):
    """What each part owes of each instalment of the schedule in force.

    :param granted: francs granted to each
    :param before: francs each paid on earlier schedules: who paid more then owes less now
    :param totals: francs of each instalment in force, oldest first
    :return: a list of lists, [instalment][part]; each row adds up to its instalment

    >>> dues_of_parts([50, 30, 20], [0, 0, 0], [55, 55])
    [[28, 16, 11], [27, 17, 11]]
    >>> dues_of_parts([50, 50], [40, 0], [60])
    [[10, 50]]
    """
    asked = sum(totals)
    shares = _share(sum(before) + asked, granted)
    left = _share(asked, [max(0, share - paid) for share, paid in zip(shares, before, strict=True)], granted)
    rows = []
    for total in totals:
        row = _share(total, left) if total else [0] * len(granted)
        left = [rest - due for rest, due in zip(left, row, strict=True)]
        rows.append(row)
    return rows


def standings(granted, before, paid, instalments, day, tolerance=0):
    """The `Standing` of each part at the opening of a day.

    :param paid: francs each paid on the schedule in force
    :param instalments: [(due date, francs)] in force, oldest first
    :param tolerance: so many unpaid francs do not make a part late

    >>> rows = [(date(2026, 1, 31), 60), (date(2026, 2, 28), 60)]
    >>> one, other = standings([50, 50], [0, 0], [30, 10], rows, date(2026, 2, 10))
    >>> one.late, one.left, other.late, other.left, other.since
    (0, 30, 20, 50, datetime.date(2026, 1, 31))
    """
    dues = dues_of_parts(granted, before, [total for _due, total in instalments])
    result = []
    for place in range(len(granted)):
        running, due_now, late, since = 0, 0, 0, None
        for (due, _total), row in zip(instalments, dues, strict=True):
            running += row[place]
            unpaid = max(0, running - paid[place])
            if due <= day:
                due_now = unpaid
            if due < day:
                late = unpaid
                if since is None and row[place] and unpaid > tolerance:
                    since = due
        result.append(
            Standing(
                asked=before[place] + running,
                paid=before[place] + paid[place],
                due=due_now,
                late=late,
                left=max(0, running - paid[place]),
                since=since,
            )
        )
    return result


def whose_money(amount, parts, listed, granted):
    """Whose money a payment is: what the list says, and what it says nothing of by what is due of each.

    Where the contract takes less than the list brings, it is taken from those who brought more than was due of them,
    in proportion to what they brought more; then from everybody's.

    :param amount: francs that the contract received
    :param parts: the `Standing` of each part before the payment
    :param listed: francs that the list names for each; zeros when there is none
    :param granted: francs granted to each: the last resort when nothing is due or left of anybody
    :return: francs of each, which add up to `amount`

    >>> parts = [Standing(due=10, left=50), Standing(due=15, left=50), Standing(due=0, left=35)]
    >>> whose_money(25, parts, [0, 0, 0], [50, 50, 50])
    [10, 15, 0]
    >>> whose_money(25, parts, [10, 20, 0], [50, 50, 50])
    [10, 15, 0]
    >>> whose_money(10, parts, [0, 0, 7], [50, 50, 50])
    [1, 2, 7]
    """
    result = list(listed)
    over = sum(result) - amount
    if over > 0:
        beyond = [max(0, own - part.due) for own, part in zip(result, parts, strict=True)]
        first = largest_remainder(min(over, sum(beyond)), beyond)
        result = [own - cut for own, cut in zip(result, first, strict=True)]
        rest = over - sum(first)
        result = [own - cut for own, cut in zip(result, largest_remainder(rest, result), strict=True)]
    for name in ("due", "left"):
        rest = amount - sum(result)
        open_ = [max(0, getattr(part, name) - own) for part, own in zip(parts, result, strict=True)]
        more = largest_remainder(min(rest, sum(open_)), open_)
        result = [own + part for own, part in zip(result, more, strict=True)]
    rest = amount - sum(result)
    return [own + part for own, part in zip(result, _share(rest, granted), strict=True)]
