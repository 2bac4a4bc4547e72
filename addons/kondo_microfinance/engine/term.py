"""A term deposit (dépôt à terme): its interest, when it is paid, what an early break leaves of it. Pure Python.

As for accounts: exact fractions, 12 decimals at the end of each compounding period, whole francs half up when interest
is paid. Each payment is rounded by itself; several payments may sum to some francs more or less than one.

Time is counted in whole months, twelfths of the annual rate, and days left over (`counting="months"`, as caisses
quote a DAT of 6 months at 5 % a year), or in real days (`counting="days"`).
"""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .checks import make_exact, require, whole
from .day_count import DAYS_IN_YEAR, year_fraction
from .interest import CARRIED_DECIMALS
from .periods import add_months, months_between
from .rates import tier_for
from .rounding import exact, half_up

PAYMENTS = ("maturity", "periodic", "up_front")
BREAK_INTERESTS = ("contract", "held", "reduced", "none")


@dataclass(frozen=True)
class TermDeposit:
    """A contract: `principal` francs from `start` for `months`, at `annual_rate` percent a year.

    * payment: ``maturity``, ``periodic`` (every `every_months`, counted from the start) or ``up_front``
    * compounding_months: interest not yet paid is added every so many months; 0 for simple interest
    * withholding_rate: percent of each payment kept for the tax office
    """

    principal: int
    start: date
    months: int
    annual_rate: Fraction
    payment: str = "maturity"
    every_months: int = 1
    compounding_months: int = 0
    counting: str = "months"
    days_in_year: str = "360"
    withholding_rate: Fraction = Fraction(0)

    def __post_init__(self):
        make_exact(self, "annual_rate", "withholding_rate")
        require(
            self,
            principal=whole(self.principal, least=1),
            months=whole(self.months, least=1),
            annual_rate=self.annual_rate >= 0,
            payment=self.payment in PAYMENTS,
            every_months=whole(self.every_months, least=1),
            compounding_months=whole(self.compounding_months),
            counting=self.counting in ("months", "days"),
            days_in_year=self.days_in_year in DAYS_IN_YEAR,
            withholding_rate=0 <= self.withholding_rate <= 100,
        )

    @property
    def maturity(self):
        return add_months(self.start, self.months)


class TermRow(NamedTuple):
    """A payment of interest for [start, end): `interest` francs, of which `withholding` are kept."""

    due: date
    start: date
    end: date
    interest: int
    withholding: int


@dataclass(frozen=True)
class BreakRule:
    """What a deposit broken early still earns.

    * interest: ``contract`` rate for the time held; ``held``: the chart's rate for the time held, never above the
      contract's; ``reduced``: `reduced_rate` for the time held; ``none``
    * points: percent a year taken off, over the time ``held`` or over the whole ``term``
    * fixed: francs, at most what interest is left
    * recover_paid: interest paid periodically beyond what is earned comes out of the principal. What was paid up
      front always does
    """

    interest: str = "contract"
    reduced_rate: Fraction = Fraction(0)
    points: Fraction = Fraction(0)
    points_over: str = "held"
    fixed: int = 0
    recover_paid: bool = False

    def __post_init__(self):
        make_exact(self, "reduced_rate", "points")
        require(
            self,
            interest=self.interest in BREAK_INTERESTS,
            reduced_rate=self.reduced_rate >= 0,
            points=self.points >= 0,
            points_over=self.points_over in ("held", "term"),
            fixed=whole(self.fixed),
        )


class TermBreak(NamedTuple):
    """The account of a break, in francs.

    `interest` earned in all under the rule; `paid` of it before; `interest_now` the difference, below 0 when interest
    is taken back; `withholding_now` likewise; `penalty` the fixed penalty charged;
    `payout` = principal + interest_now - withholding_now - penalty.
    """

    interest: int
    paid: int
    interest_now: int
    withholding_now: int
    penalty: int
    payout: int
    annual_rate: Fraction


def chart_rate(chart, months, amount):
    """Percent a year for an amount over a term of whole months, or None when the chart has no line for it.

    :param chart: `Tier`s; of those reached, the longest term and then the highest amount

    >>> from .rates import Tier
    >>> chart = (Tier(50000, exact("3.5"), 3), Tier(50000, exact(5), 6), Tier(1000000, exact("5.5"), 6))
    >>> chart_rate(chart, 6, 200000), chart_rate(chart, 9, 1000000), chart_rate(chart, 2, 200000)
    (Fraction(5, 1), Fraction(11, 2), None)
    """
    tier = tier_for(chart, amount, months)
    return exact(tier.rate) if tier else None


def term_fraction(start, end, counting="months", days_in_year="360"):
    """The part of a year in [start, end): whole months as twelfths and days left over, or days.

    >>> term_fraction(date(2024, 8, 31), date(2025, 2, 28)), term_fraction(date(2024, 1, 1), date(2024, 2, 16))
    (Fraction(1, 2), Fraction(1, 8))
    >>> term_fraction(date(2024, 1, 1), date(2024, 2, 1), "days", "365")
    Fraction(31, 365)
    """
    if counting == "days":
        return year_fraction(start, end, days_in_year)
    months = months_between(start, end)
    return Fraction(months, 12) + year_fraction(add_months(start, months), end, days_in_year)


def earned(deposit, on, start=None):
    """Interest at the contract's rate from `start` (the deposit's by default) to the day before `on`, unrounded.

    Simple, or compounded every `compounding_months` from `start`. `on` after the maturity counts as the maturity.

    100 x (1 + 0.05 x 6/12)^2 = 105.0625:

    >>> half_year = TermDeposit(1000000, date(2024, 1, 1), 12, 5, compounding_months=6)
    >>> earned(half_year, date(2025, 1, 1))
    Fraction(50625, 1)
    """
    start = start or deposit.start
    on = min(on, deposit.maturity)
    rate, carried, since, count = deposit.annual_rate / 100, Fraction(0), start, 0
    while since < on:
        count += 1
        stop = min(add_months(start, count * deposit.compounding_months), on) if deposit.compounding_months else on
        part = term_fraction(since, stop, deposit.counting, deposit.days_in_year)
        carried = half_up(carried + (deposit.principal + carried) * rate * part, CARRIED_DECIMALS)
        since = stop
    return carried


def term_schedule(deposit):
    """The payments of interest of a deposit, in order, as TermRows.

    >>> [(str(row.due), row.interest) for row in term_schedule(TermDeposit(500000, date(2024, 1, 31), 3, 6))]
    [('2024-04-30', 7500)]
    >>> monthly = TermDeposit(500000, date(2024, 1, 31), 3, 6, payment="periodic", withholding_rate=10)
    >>> [(str(row.due), row.interest, row.withholding) for row in term_schedule(monthly)]
    [('2024-02-29', 2500, 250), ('2024-03-31', 2500, 250), ('2024-04-30', 2500, 250)]
    >>> [str(row.due) for row in term_schedule(TermDeposit(500000, date(2024, 1, 31), 3, 6, payment="up_front"))]
    ['2024-01-31']
    """
    if deposit.payment != "periodic":
        interest = half_up(earned(deposit, deposit.maturity))
        due = deposit.start if deposit.payment == "up_front" else deposit.maturity
        return [_row(deposit, due, deposit.start, deposit.maturity, interest)]
    rows, since, count = [], deposit.start, 0
    while since < deposit.maturity:
        count += 1
        stop = min(add_months(deposit.start, count * deposit.every_months), deposit.maturity)
        rows.append(_row(deposit, stop, since, stop, half_up(_earned_between(deposit, since, stop))))
        since = stop
    return rows


def _earned_between(deposit, since, on):
    """Interest of one payment's span: compounded from its beginning, or the part of the simple interest of the whole."""
    if deposit.compounding_months:
        return earned(deposit, on, since)
    return earned(deposit, on) - earned(deposit, since)


def _row(deposit, due, start, end, interest):
    return TermRow(due, start, end, interest, half_up(interest * deposit.withholding_rate / 100))


def accrued(deposit, on):
    """Interest earned before the day `on` and not yet due, unrounded: what the accrued account (2526) holds.

    Below 0 for a deposit paid up front: interest paid that is not earned yet.

    >>> accrued(TermDeposit(600000, date(2024, 1, 1), 12, 6), date(2024, 4, 1))
    Fraction(9000, 1)
    >>> accrued(TermDeposit(600000, date(2024, 1, 1), 12, 6, payment="up_front"), date(2024, 4, 1))
    Fraction(-27000, 1)
    >>> accrued(TermDeposit(600000, date(2024, 1, 1), 12, 6, payment="periodic"), date(2024, 4, 16))
    Fraction(1500, 1)
    """
    if on >= deposit.maturity:
        return Fraction(0)
    if deposit.payment == "periodic":
        since = max(row.start for row in term_schedule(deposit) if row.start <= max(on, deposit.start))
        return _earned_between(deposit, since, on)
    return earned(deposit, on) - sum(row.interest for row in term_schedule(deposit) if row.due <= on)


def term_break(deposit, on, rule, chart=(), paid=0, withheld=0):
    """What a deposit broken on a day before its maturity pays.

    :param chart: `Tier`s by months and amount, for a rule of the rate of the time held; no line for that time: no
        interest
    :param paid: francs of interest already paid, gross
    :param withheld: francs kept of them
    :return: TermBreak
    :raises ValueError: `on` lies before the deposit, or at its maturity or later

    500 000 F for 12 months at 6 %, broken after 5 months; the chart gives 3 % from 3 months on:
    500 000 x 3 % x 5 / 12 = 6 250.

    >>> from .rates import Tier
    >>> deposit = TermDeposit(500000, date(2024, 1, 1), 12, 6)
    >>> chart = (Tier(0, 3, 3), Tier(0, 6, 12))
    >>> term_break(deposit, date(2024, 6, 1), BreakRule("held"), chart).payout
    506250
    >>> term_break(deposit, date(2024, 6, 1), BreakRule(points=2), chart).payout  # 500 000 x (6 - 2) % x 5 / 12
    508333
    >>> term_break(deposit, date(2024, 6, 1), BreakRule(points=2, points_over="term")).payout  # 12 500 - 10 000
    502500
    >>> up_front = TermDeposit(500000, date(2024, 1, 1), 12, 6, payment="up_front")
    >>> term_break(up_front, date(2024, 6, 1), BreakRule("none"), paid=30000).payout
    470000
    """
    if not deposit.start <= on < deposit.maturity:
        raise ValueError(f"a deposit is broken before its maturity, not on {on}")
    rate = _break_rate(deposit, on, rule, chart)
    kept = sum(row.interest for row in term_schedule(deposit))
    unrounded = earned(replace(deposit, annual_rate=rate), on)
    if rule.points_over == "term":
        part = term_fraction(deposit.start, deposit.maturity, deposit.counting, deposit.days_in_year)
        unrounded -= deposit.principal * rule.points * part / 100
    interest = min(max(half_up(unrounded), 0), kept)
    recover = deposit.payment == "up_front" or rule.recover_paid
    if not recover:
        interest = max(interest, paid)
    withholding = half_up(interest * deposit.withholding_rate / 100) - withheld
    withholding = withholding if recover else max(withholding, 0)
    left = interest - withholding - (withheld if recover else paid)
    penalty = min(rule.fixed, max(left, 0))
    now = interest - paid
    return TermBreak(interest, paid, now, withholding, penalty, deposit.principal + now - withholding - penalty, rate)


def _break_rate(deposit, on, rule, chart):
    """The rate for the time held, less the points that count over that time."""
    if rule.interest == "none":
        return Fraction(0)
    rate = deposit.annual_rate
    if rule.interest == "reduced":
        rate = min(rule.reduced_rate, rate)
    elif rule.interest == "held":
        rate = min(chart_rate(chart, months_between(deposit.start, on), deposit.principal) or Fraction(0), rate)
    return max(rate - rule.points, Fraction(0)) if rule.points_over == "held" else rate
