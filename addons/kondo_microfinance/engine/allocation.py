"""How a payment is shared out over the instalments of a loan. Pure Python.

No franc is lost: what is allocated and what is returned sum to the payment, and what was due less what is allocated is
what stays due, component by component.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from .checks import require, whole

COMPONENTS = ("penalty", "fee", "insurance", "interest", "principal", "guarantee")
BY = ("instalment", "component")


class Due(NamedTuple):
    """What is unpaid of one instalment, in francs; or what a payment brings to it."""

    number: int
    due: date
    penalty: int = 0
    fee: int = 0
    insurance: int = 0
    interest: int = 0
    principal: int = 0
    guarantee: int = 0

    @property
    def total(self):
        return self.penalty + self.fee + self.insurance + self.interest + self.principal + self.guarantee


@dataclass(frozen=True)
class AllocationRule:
    """How a payment goes over what is due.

    * order: the COMPONENTS in the order they are paid
    * by: the oldest ``instalment`` first, each in that order; or one ``component`` after the other over all that is due
    * ahead_days: an instalment can be paid so many days before its due date; None for any time. Those that are not due
      yet come after all that are, instalment by instalment
    * tolerance: an instalment that lacks no more francs counts as settled; they stay due
    """

    order: tuple[str, ...] = COMPONENTS
    by: str = "instalment"
    ahead_days: int | None = 0
    tolerance: int = 0

    def __post_init__(self):
        require(
            self,
            order=sorted(self.order) == sorted(COMPONENTS),
            by=self.by in BY,
            ahead_days=self.ahead_days is None or whole(self.ahead_days),
            tolerance=whole(self.tolerance),
        )


class Allocation(NamedTuple):
    """`paid` and `left` as Dues, the instalments that got nothing left out of `paid`, those fully paid out of `left`.

    `returned` francs found nothing to pay: they go to the member's account. `settled`: numbers of the instalments of
    `paid` that lack no more than the tolerance.
    """

    paid: tuple[Due, ...]
    left: tuple[Due, ...]
    returned: int
    settled: tuple[int, ...]

    def total(self, component):
        """Francs paid of a component."""
        return sum(getattr(due, component) for due in self.paid)


def dues_of(rows):
    """The Dues of the rows of a schedule of which nothing is paid.

    >>> from .loan_schedule import loan_schedule
    >>> from .loan_terms import LoanTerms
    >>> dues = dues_of(loan_schedule(LoanTerms(100000, 12, 2, date(2024, 1, 1))).rows)
    >>> dues[0].number, dues[0].interest, dues[0].principal, dues[0].total
    (1, 1000, 49751, 50751)
    """
    return [
        Due(row.number, row.due, 0, row.fees, row.insurance, row.interest, row.principal, row.guarantee) for row in rows
    ]


def allocate(rule, dues, amount, on):
    """The Allocation of a payment of `amount` francs on a day.

    :param dues: `Due`s of the loan in the order of their dates, those not due yet too
    :raises ValueError: the amount is no whole number above 0

    Two instalments late, 40 000 F paid: all of the first, then of the second the penalty, interest and what is left.

    >>> dues = [
    ...     Due(1, date(2024, 2, 1), penalty=500, interest=3000, principal=20000),
    ...     Due(2, date(2024, 3, 1), penalty=200, interest=2700, principal=20300),
    ...     Due(3, date(2024, 4, 1), interest=2400, principal=20600),
    ... ]
    >>> given = allocate(AllocationRule(), dues, 40000, date(2024, 3, 10))
    >>> [(due.penalty, due.interest, due.principal) for due in given.paid], given.left[0].principal
    ([(500, 3000, 20000), (200, 2700, 13600)], 6700)
    >>> last = COMPONENTS[1:] + COMPONENTS[:1]
    >>> given = allocate(AllocationRule(last, by="component"), dues, 40000, date(2024, 3, 10))
    >>> [(due.penalty, due.interest, due.principal) for due in given.paid]
    [(0, 3000, 20000), (0, 2700, 14300)]

    50 000 F: what is not due yet is not paid ahead unless the product says so.

    >>> allocate(AllocationRule(), dues, 50000, date(2024, 3, 10)).returned
    3300
    >>> given = allocate(AllocationRule(ahead_days=None), dues, 50000, date(2024, 3, 10))
    >>> given.returned, given.paid[2].interest, given.paid[2].principal
    (0, 2400, 900)
    >>> allocate(AllocationRule(tolerance=100), dues, 23450, date(2024, 2, 1)).settled
    (1,)
    """
    if not whole(amount, 1):
        raise ValueError(f"a payment is a whole number of francs above 0, not {amount!r}")
    last = date.max if rule.ahead_days is None else on + timedelta(days=rule.ahead_days)
    now = [index for index, due in enumerate(dues) if due.due <= on]
    ahead = [index for index, due in enumerate(dues) if on < due.due <= last]
    steps = []
    if rule.by == "component":
        steps += [(index, component) for component in rule.order for index in now]
        now = []
    steps += [(index, component) for index in now + ahead for component in rule.order]
    paid, rest = {}, amount
    for index, component in steps:
        if not rest:
            break
        part = min(rest, getattr(dues[index], component))
        if part > 0:
            paid.setdefault(index, {})[component] = part
            rest -= part
    lines, left, settled = [], [], []
    for index, due in enumerate(dues):
        parts = paid.get(index)
        if parts:
            lines.append(Due(due.number, due.due, **parts))
            due = due._replace(**{name: getattr(due, name) - part for name, part in parts.items()})
            if due.total <= rule.tolerance:
                settled.append(due.number)
        if due.total:
            left.append(due)
    return Allocation(tuple(lines), tuple(left), rest, tuple(settled))
