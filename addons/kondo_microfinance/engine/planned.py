"""Planned savings: what is due when, what was missed, whether the bonus is earned. Pure Python.

Deposits pay the oldest instalment first, whatever was meant: so what is missed and what is paid are always together
what is due. An instalment is missed when it is not paid in full by its due date and the days of grace, even if it is
paid later.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from .checks import make_exact, require, whole
from .periods import add_months
from .rounding import half_up

EVERY = {"weekly": 7, "fortnightly": 14, "monthly": 1, "quarterly": 3, "half_yearly": 6, "annual": 12}
_IN_DAYS = ("weekly", "fortnightly")


@dataclass(frozen=True)
class SavingsPlan:
    """`count` deposits of `amount` francs, the first on `start`, then one `every` week, fourteen days, month…

    `grace_days`: how late a deposit may be and still not count as missed.
    """

    start: date
    amount: int
    count: int
    every: str = "monthly"
    grace_days: int = 0

    def __post_init__(self):
        require(
            self,
            amount=whole(self.amount, least=1),
            count=whole(self.count, least=1),
            every=self.every in EVERY,
            grace_days=whole(self.grace_days),
        )


class Instalment(NamedTuple):
    """`paid` of `amount` francs so far, in full on `paid_on` (None when it is not); `missed` when it came too late."""

    number: int
    due: date
    amount: int
    paid: int
    paid_on: date | None
    missed: bool

    @property
    def left(self):
        return self.amount - self.paid


class PlanState(NamedTuple):
    """A plan on a day. `due` = `paid_of_due` + `arrears`; `ahead` francs were paid beyond what is due.

    `missed`: instalments missed until then; `days_late` of the oldest one that is not paid; `next_due` the first
    instalment not paid in full, None when all are; `complete` when everything is paid.
    """

    instalments: list[Instalment]
    due: int
    paid: int
    paid_of_due: int
    arrears: int
    ahead: int
    missed: int
    days_late: int
    next_due: Instalment | None
    complete: bool


def due_dates(plan):
    """The days of a plan's deposits; months do not drift.

    >>> [str(day) for day in due_dates(SavingsPlan(date(2024, 1, 31), 5000, 3))]
    ['2024-01-31', '2024-02-29', '2024-03-31']
    >>> [str(day) for day in due_dates(SavingsPlan(date(2024, 1, 31), 500, 3, "weekly"))]
    ['2024-01-31', '2024-02-07', '2024-02-14']
    """
    step = EVERY[plan.every]
    if plan.every in _IN_DAYS:
        return [plan.start + timedelta(days=step * index) for index in range(plan.count)]
    return [add_months(plan.start, step * index) for index in range(plan.count)]


def plan_state(plan, deposits, on):
    """Where a plan stands at the end of a day.

    :param deposits: (date, francs) of what was paid into it, in order; those after `on` are left out
    :return: PlanState

    5 000 F a month from 1 January; 5 000 on 1 January, 7 000 on 10 March:

    >>> plan = SavingsPlan(date(2024, 1, 1), 5000, 12)
    >>> state = plan_state(plan, [(date(2024, 1, 1), 5000), (date(2024, 3, 10), 7000)], date(2024, 3, 31))
    >>> state.due, state.paid_of_due, state.arrears, state.missed, state.days_late
    (15000, 12000, 3000, 2, 30)
    >>> [(row.number, row.paid, str(row.paid_on), row.missed) for row in state.instalments[:3]]
    [(1, 5000, '2024-01-01', False), (2, 5000, '2024-03-10', True), (3, 2000, 'None', True)]
    """
    counted = [(day, amount) for day, amount in deposits if day <= on]
    paid = sum(amount for _day, amount in counted)
    reached = list(_running(counted))
    rows = []
    for index, day in enumerate(due_dates(plan)):
        so_far = min(max(paid - plan.amount * index, 0), plan.amount)
        full_on = _reached_on(reached, plan.amount * (index + 1))
        limit = day + timedelta(days=plan.grace_days)
        missed = full_on > limit if full_on else on > limit
        rows.append(Instalment(index + 1, day, plan.amount, so_far, full_on, missed))
    due = [row for row in rows if row.due <= on]
    paid_of_due = sum(row.paid for row in due)
    owed = [row for row in due if row.left]
    return PlanState(
        instalments=rows,
        due=sum(row.amount for row in due),
        paid=paid,
        paid_of_due=paid_of_due,
        arrears=sum(row.left for row in owed),
        ahead=paid - paid_of_due,
        missed=sum(row.missed for row in rows),
        days_late=(on - owed[0].due).days if owed else 0,
        next_due=next((row for row in rows if row.left), None),
        complete=not any(row.left for row in rows),
    )


def _running(deposits):
    total = 0
    for day, amount in deposits:
        total += amount
        yield day, total


def _reached_on(running, total):
    """The day from which a total stays reached (a withdrawal may undo a deposit), None when it is not."""
    reached = None
    for day, so_far in running:
        reached = (reached or day) if so_far >= total else None
    return reached


@dataclass(frozen=True)
class BonusRule:
    """What a kept plan earns on top: `percent` of the deposits or of the interest (`base`), and `fixed` francs.

    `tolerated`: how many missed deposits do not lose it.
    """

    percent: Fraction = Fraction(0)
    base: str = "deposits"
    fixed: int = 0
    tolerated: int = 0

    def __post_init__(self):
        make_exact(self, "percent")
        require(
            self,
            percent=self.percent >= 0,
            base=self.base in ("deposits", "interest"),
            fixed=whole(self.fixed),
            tolerated=whole(self.tolerated),
        )


class Bonus(NamedTuple):
    """`amount` francs earned (0 when not), `lost` francs it would have been, `reason`: "", "missed" or "incomplete"."""

    amount: int
    lost: int
    reason: str


def plan_bonus(rule, plan, state, interest=0):
    """The bonus of a plan at its end.

    :param state: PlanState at the end; :param interest: francs of interest the plan earned
    :return: Bonus; all deposits have to be there, and no more of them missed than tolerated

    >>> plan = SavingsPlan(date(2024, 1, 1), 5000, 2)
    >>> kept = plan_state(plan, [(date(2024, 1, 1), 5000), (date(2024, 2, 1), 5000)], date(2024, 3, 1))
    >>> plan_bonus(BonusRule(percent=3, fixed=100), plan, kept)
    Bonus(amount=400, lost=0, reason='')
    >>> late = plan_state(plan, [(date(2024, 1, 1), 5000), (date(2024, 2, 2), 5000)], date(2024, 3, 1))
    >>> plan_bonus(BonusRule(percent=3), plan, late), plan_bonus(BonusRule(percent=3, tolerated=1), plan, late).amount
    (Bonus(amount=0, lost=300, reason='missed'), 300)
    """
    base = plan.amount * plan.count if rule.base == "deposits" else interest
    bonus = half_up(base * rule.percent / 100) + rule.fixed
    if not state.complete:
        return Bonus(0, bonus, "incomplete")
    if state.missed > rule.tolerated:
        return Bonus(0, bonus, "missed")
    return Bonus(bonus, 0, "")
