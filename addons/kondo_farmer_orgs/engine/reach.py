"""Whom money reached: people counted once, by sex and by age on the day of their first loan."""

from datetime import date
from typing import NamedTuple

from odoo.addons.kondo_microfinance.engine.ages import is_young


class Reached(NamedTuple):
    """A person in a loan that was paid out.

    :ivar row: what opens the person in a list
    :ivar key: the same for the same person, whether he borrowed himself or through an organisation
    :ivar sex: "female", "male" or None when it is not known
    :ivar day: of the disbursement
    """

    row: int
    key: int
    loan: int
    sex: str | None
    born: date | None
    day: date


def count_people(reached, age_from, age_to):
    """{"people", "women", "men", "young_women", "young_men", "young": rows of the people, each once}.

    Each person counts with the first of his loans, on whose day his age is read.

    >>> awa = Reached(1, 7, 1, "female", date(2000, 1, 1), date(2026, 5, 1))
    >>> again = awa._replace(row=2, loan=2, day=date(2026, 9, 1))
    >>> {name: len(rows) for name, rows in count_people([again, awa], 15, 35).items() if rows}
    {'people': 1, 'women': 1, 'young_women': 1, 'young': 1}
    """
    first = {}
    for one in sorted(reached, key=lambda one: (one.day, one.loan, one.row)):
        first.setdefault(one.key, one)
    found = {name: [] for name in ("people", "women", "men", "young_women", "young_men", "young")}
    for one in first.values():
        names = ["people"]
        young = is_young(one.born, one.day, age_from, age_to)
        kind = {"female": "women", "male": "men"}.get(one.sex)
        if kind:
            names.append(kind)
        if young:
            names.append("young")
            if kind:
                names.append(f"young_{kind}")
        for name in names:
            found[name].append(one.row)
    return found
