"""What each person of a collection sheet owes, and what a sheet adds up to. Pure Python, francs are integers."""

from typing import NamedTuple

from odoo.addons.kondo_microfinance.engine.sharing import share_out


class Part(NamedTuple):
    """What somebody owes: `other` is fees, insurance, penalties and guarantee savings; `late` is how much of it is late."""

    principal: int = 0
    interest: int = 0
    other: int = 0
    late: int = 0

    @property
    def total(self):
        return self.principal + self.interest + self.other


def parts_of_due(dues, day, horizon, weights):
    """What is unpaid of a loan until `horizon`, shared out in proportion to `weights`.

    :param dues: engine `Due`s of the loan, in francs
    :param day: what was due before it is late
    :param horizon: last due date asked for
    :param weights: francs granted to each person; a loan of one person has one weight
    :return: list of Part, one for each weight; together they are what is due, to the franc

    >>> from datetime import date
    >>> from odoo.addons.kondo_microfinance.engine.allocation import Due
    >>> dues = [Due(1, date(2026, 1, 31), interest=100, principal=1000), Due(2, date(2026, 2, 28), principal=1000)]
    >>> parts_of_due(dues, date(2026, 2, 10), date(2026, 2, 28), [1, 3])
    [Part(principal=500, interest=25, other=0, late=275), Part(principal=1500, interest=75, other=0, late=825)]
    >>> parts_of_due(dues, date(2026, 1, 1), date(2026, 1, 10), [1])
    [Part(principal=0, interest=0, other=0, late=0)]
    """
    late = _shared([due for due in dues if due.due < day], weights)
    coming = _shared([due for due in dues if day <= due.due <= horizon], weights)
    return [
        Part(*(before[name] + after[name] for name in ("principal", "interest", "other")), late=sum(before.values()))
        for before, after in zip(late, coming, strict=True)
    ]


def _shared(dues, weights):
    """[{component: francs}] of each weight."""
    if not any(weights):
        weights = [1] * len(weights)
    totals = {
        "principal": sum(due.principal for due in dues),
        "interest": sum(due.interest for due in dues),
        "other": sum(due.total - due.principal - due.interest for due in dues),
    }
    columns = {name: share_out(total, weights) for name, total in totals.items()}
    return [{name: column[rank] for name, column in columns.items()} for rank in range(len(weights))]


def difference(counted, total):
    """How a count differs from the sheet: ``None`` when it does not, else (``missing`` or ``extra``, francs).

    >>> difference(12_000, 12_500), difference(12_600, 12_500), difference(12_500, 12_500)
    (('missing', 500), ('extra', 100), None)
    """
    if counted == total:
        return None
    return ("missing", total - counted) if counted < total else ("extra", counted - total)
