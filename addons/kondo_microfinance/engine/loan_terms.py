"""The terms of a loan: everything its schedule follows from. Pure Python.

A few independent settings serve every convention: how time is measured (`interest_by`, `days_in_year`,
`days_in_month`, `leap_rule`), what is rounded and to what (`rounded`, `rounding`, `multiple`), who absorbs the
difference (`absorbs`, `refine`), how the level instalment is found (`level_rates`), how flat interest is shared out
(`interest_spread`), and when interest is collected. The families of published schedules are three sets of them,
CONVENTIONS.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .checks import make_exact, require, whole
from .day_count import DAYS_IN_MONTH, DAYS_IN_YEAR
from .rounding import exact

METHODS = ("declining", "flat")
AMORTIZATIONS = ("equal_installments", "equal_principal", "in_fine", "step_up", "irregular")
MONTHS = {"months": 1, "quarters": 3, "years": 12}
DAYS = {"days": 1, "weeks": 7}
COLLECTIONS = ("instalment", "first", "last", "disbursement")
SHIFTS = ("none", "next", "previous", "next_in_month")
CHARGE_BASES = (
    "amount",
    "principal",
    "instalment_principal",
    "instalment_interest",
    "instalment",
    "balance",
    "interest",
)
CHARGE_MOMENTS = ("disbursement", "instalment", "date")
CHARGE_KINDS = ("fee", "insurance", "guarantee")
# Progressive and cumulative: the two engines of Apache Fineract; theoretical: ADbanking (`domain/features.md` C).
CONVENTIONS = {
    "progressive": {"rounded": "instalment", "level_rates": "exact", "interest_spread": False, "refine": 100},
    "cumulative": {"rounded": "instalment", "level_rates": "even", "interest_spread": True, "refine": 0},
    "theoretical": {"rounded": "parts", "level_rates": "exact", "interest_spread": True, "refine": 0},
}


class Tranche(NamedTuple):
    """`amount` francs paid out on a day after the first disbursement."""

    on: date
    amount: int


@dataclass(frozen=True)
class Charge:
    """What a loan costs beside interest, or what is saved with it.

    * value: francs when `base` is ``amount``, otherwise percent of the base
    * base: ``amount``; ``principal`` lent; ``instalment_principal``, ``instalment_interest`` or both (``instalment``)
      of the instalment; ``balance`` owed before it; all ``interest`` of the loan. Those of an instalment are charged
      with instalments only
    * when: at ``disbursement`` (each tranche: its part), with each ``instalment``, or on a ``date`` (`due_on`)
    * kind: ``fee``, ``insurance``, or ``guarantee`` (savings built up and blocked, the member's own money)
    * minimum, maximum: francs of one charge; no maximum when None
    """

    value: Fraction
    base: str = "amount"
    when: str = "disbursement"
    kind: str = "fee"
    due_on: date | None = None
    minimum: int = 0
    maximum: int | None = None
    name: str = ""

    def __post_init__(self):
        make_exact(self, "value")
        require(
            self,
            value=self.value >= 0,
            base=self.base in CHARGE_BASES
            and (self.when == "instalment" or self.base in ("amount", "principal", "interest")),
            when=self.when in CHARGE_MOMENTS,
            kind=self.kind in CHARGE_KINDS,
            due_on=(self.due_on is not None) == (self.when == "date"),
            minimum=whole(self.minimum),
            maximum=self.maximum is None or whole(self.maximum, self.minimum),
        )


@dataclass(frozen=True)
class LoanTerms:
    """`amount` francs from `start` at `annual_rate` percent a year, repaid in `instalments`.

    How much when:

    * method: interest on the ``declining`` balance, or ``flat`` on what was lent
    * amortization: ``equal_installments`` (level, principal and interest together), ``equal_principal``, ``in_fine``
      (principal with the last), ``step_up`` (level, growing by `step_percent` every `step_every` instalments) or
      ``irregular`` (`principals`: typed, one for each instalment, summing to the amount)
    * principal_every: principal with every so many instalments only, and with the last
    * level_amount: francs of the level instalment when it is agreed beforehand; the last takes what is left
    * tranches: `Tranche`s after the first; the first disbursement is the amount less these
    * charges: `Charge`s

    Dates:

    * every, unit: ``days``, ``weeks``, ``months``, ``quarters`` or ``years`` between due dates
    * first_due: when not one period after the start; the other dates count from it
    * due_day: day of the month of all due dates after `first_due`, or of all; due_dates: typed, instead of all this
    * anchor, passed: of a loan that goes on after a change: the day its due dates have always counted from, and how many
      of them are over
    * month_end: in a month that has no such day ``clamp`` to its last, or ``roll`` to the first of the next
    * closed_days, closed_weekdays (0 is Monday), shift: a due date that falls on one is moved to the ``next`` or
      ``previous`` working day, or next unless that is another month (``next_in_month``); the following dates are not
      moved by it. shifted_days_count: whether interest by days runs to the date as moved

    Grace, in instalments from the first: grace_principal (interest only; grace_adds: they come on top of
    `instalments`), grace_interest (what is earned is collected with the first instalment after), interest_free.

    Interest:

    * interest_by: ``periods`` (a month is a twelfth of a year, a week a 52nd) or ``days``
    * days_in_year, days_in_month: as in `day_count`; leap_rule for years of ``actual`` days: ``split`` at 31 December,
      ``feb29`` (366 for a period that runs over the 29 February of the year it begins in), ``start_year`` (the year
      of the disbursement, for the whole loan)
    * interest_collection: with each ``instalment``, all with the ``first`` or ``last``, or kept at ``disbursement``
    * interest_every: collected with every so many instalments only, and with the last

    Rounding, by the conventions of CONVENTIONS or freely:

    * rounding: ``half_up`` or ``half_even``; multiple: of what instalments are multiples, in francs
    * rounded: the level ``instalment``, of which principal is what interest leaves; or the ``parts``, principal and
      interest each by itself
    * level_rates: the level instalment from the ``exact`` rate of each period, or from ``even`` periods (30-day
      months)
    * interest_spread: flat interest of the whole term shared out equally over the instalments that pay interest, beside
      equal shares of principal, instead of by the length of each period
    * absorbs: ``first`` or ``last`` instalment
    * refine: 0, or how many hundredths of the currency the smallest unit is: level instalments are then corrected, up
      to three times, by the n-th part of the last one's difference while that is more than n/2 hundredths
    """

    amount: int
    annual_rate: Fraction
    instalments: int
    start: date
    method: str = "declining"
    amortization: str = "equal_installments"
    every: int = 1
    unit: str = "months"
    first_due: date | None = None
    due_day: int | None = None
    due_dates: tuple[date, ...] = ()
    anchor: date | None = None
    passed: int = 0
    month_end: str = "clamp"
    principals: tuple[int, ...] = ()
    step_percent: Fraction = Fraction(0)
    step_every: int = 1
    principal_every: int = 1
    level_amount: int | None = None
    grace_principal: int = 0
    grace_interest: int = 0
    interest_free: int = 0
    grace_adds: bool = False
    interest_by: str = "periods"
    days_in_year: str = "360"
    days_in_month: str = "actual"
    leap_rule: str = "split"
    interest_collection: str = "instalment"
    interest_every: int = 1
    rounding: str = "half_up"
    multiple: int = 1
    rounded: str = "instalment"
    level_rates: str = "exact"
    interest_spread: bool = False
    absorbs: str = "last"
    refine: int = 0
    closed_days: frozenset[date] = frozenset()
    closed_weekdays: frozenset[int] = frozenset()
    shift: str = "none"
    shifted_days_count: bool = True
    tranches: tuple[Tranche, ...] = ()
    charges: tuple[Charge, ...] = ()
    count: int = field(init=False, repr=False)

    def __post_init__(self):
        make_exact(self, "annual_rate", "step_percent")
        require(
            self,
            amount=whole(self.amount, 1),
            annual_rate=self.annual_rate >= 0,
            instalments=whole(self.instalments, 1),
            method=self.method in METHODS,
            amortization=self.amortization in AMORTIZATIONS,
            every=whole(self.every, 1),
            unit=self.unit in MONTHS or self.unit in DAYS,
            first_due=self.first_due is None or self.first_due > self.start,
            due_day=self.due_day is None or self.unit in MONTHS and self.due_day in range(1, 32),
            anchor=self.anchor is None or self.first_due is None,
            passed=whole(self.passed) and (self.anchor is not None or not self.passed),
            month_end=self.month_end in ("clamp", "roll"),
            step_percent=self.step_percent > -100,
            step_every=whole(self.step_every, 1),
            principal_every=whole(self.principal_every, 1),
            level_amount=self.level_amount is None or whole(self.level_amount, 1),
            grace_principal=whole(self.grace_principal),
            grace_interest=whole(self.grace_interest),
            interest_free=whole(self.interest_free),
            interest_by=self.interest_by in ("periods", "days"),
            days_in_year=self.days_in_year in DAYS_IN_YEAR,
            days_in_month=self.days_in_month in DAYS_IN_MONTH,
            leap_rule=self.leap_rule in ("split", "feb29", "start_year"),
            interest_collection=self.interest_collection in COLLECTIONS,
            interest_every=whole(self.interest_every, 1),
            rounding=self.rounding in ("half_up", "half_even"),
            multiple=whole(self.multiple, 1),
            rounded=self.rounded in ("instalment", "parts"),
            level_rates=self.level_rates in ("exact", "even"),
            absorbs=self.absorbs in ("first", "last"),
            refine=whole(self.refine),
            shift=self.shift in SHIFTS,
            closed_weekdays=len(self.closed_weekdays) < 7,
        )
        count = self.instalments + (self.grace_principal if self.grace_adds else 0)
        object.__setattr__(self, "count", count)
        require(
            self,
            grace_principal=self.grace_principal < count,
            grace_interest=self.grace_interest < count,
            interest_free=self.interest_free <= count,
        )
        if self.due_dates:
            require(self, due_dates=len(self.due_dates) == count and _rising((self.start, *self.due_dates)))
        if self.principals or self.amortization == "irregular":
            require(
                self,
                principals=self.amortization == "irregular"
                and len(self.principals) == count
                and all(map(whole, self.principals))
                and sum(self.principals) == self.amount,
            )
        if self.tranches:
            require(
                self,
                tranches=all(whole(tranche.amount, 1) for tranche in self.tranches)
                and _rising((self.start, *(tranche.on for tranche in self.tranches)))
                and sum(tranche.amount for tranche in self.tranches) < self.amount
                and self.amortization != "irregular",
            )

    @property
    def first_tranche(self):
        return self.amount - sum(tranche.amount for tranche in self.tranches)

    @property
    def level(self):
        """Whether instalments are level: principal is what interest leaves of them."""
        return self.amortization in ("equal_installments", "step_up")


def _rising(days):
    return all(day < after for day, after in zip(days, days[1:], strict=False))


def periods_a_year(terms):
    """How many periods of the loan's frequency make a year, exact: weeks 52, days by the days of the year.

    >>> periods_a_year(LoanTerms(1, 0, 1, date(2024, 1, 1), every=2)), periods_a_year(
    ...     LoanTerms(1, 0, 1, date(2024, 1, 1), unit="weeks")
    ... )
    (Fraction(6, 1), Fraction(52, 1))
    """
    if terms.unit in MONTHS:
        return Fraction(12, MONTHS[terms.unit] * terms.every)
    if terms.unit == "weeks":
        return Fraction(52, terms.every)
    return Fraction(365 if terms.days_in_year == "actual" else exact(terms.days_in_year), terms.every)
