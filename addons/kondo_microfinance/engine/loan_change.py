"""What a change of a running loan takes from its schedule into the next one. Pure Python."""

from datetime import timedelta

from .periods import add_months

CARRIED = ("interest", "fee", "tax", "insurance", "guarantee")


def carry_over(rows, carried):
    """What each row of a new schedule asks for beside its own, of what was left open by the schedule before.

    What is owed comes with the first row, and nothing runs on it. What was paid beforehand (below 0) is taken off the
    rows, the first ones first, as far as they go.

    :param rows: [{component: francs}] of the new schedule, in order
    :param carried: {component: francs}, below 0 for what was paid beforehand
    :return: [{component: francs}], one dict for each row

    >>> carry_over([{"interest": 300}, {"interest": 200}], {"interest": 120, "fee": 50})
    [{'interest': 120, 'fee': 50}, {}]
    >>> carry_over([{"interest": 300}, {"interest": 200}], {"interest": -400})
    [{'interest': -300}, {'interest': -100}]
    >>> carry_over([{"interest": 300}], {"interest": -400, "fee": -10})
    [{'interest': -300}]
    """
    more = [{} for _row in rows]
    for component, francs in carried.items():
        if francs > 0:
            more[0][component] = francs
            continue
        for row, change in zip(rows, more, strict=True):
            taken = min(-francs, row.get(component, 0))
            if taken:
                change[component] = -taken
                francs += taken
    return more


def postponed(dues, on, months):
    """[(due date, principal)] of what is unpaid, so many months later, the earliest on the day after `on`.

    Due dates that ask for interest only stay due dates; what was late comes together on one day.

    :param dues: engine `Due`s not paid yet, oldest first

    >>> from datetime import date
    >>> from .allocation import Due
    >>> dues = [Due(1, date(2024, 1, 31), principal=100), Due(2, date(2024, 3, 31), interest=5),
    ...     Due(3, date(2024, 11, 30), principal=200)]
    >>> [(str(day), francs) for day, francs in postponed(dues, date(2024, 3, 15), 1)]
    [('2024-03-16', 100), ('2024-04-30', 0), ('2024-12-30', 200)]
    """
    rows = {}
    for due in dues:
        if due.principal or due.due > on:
            day = max(add_months(due.due, months), on + timedelta(days=1))
            rows[day] = rows.get(day, 0) + due.principal
    days = sorted(rows)
    while days and not rows[days[-1]]:
        days.pop()
    return [(day, rows[day]) for day in days]
