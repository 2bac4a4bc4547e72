"""Interest of a savings account: what it earns, what an overdraft costs, when it is posted. Pure Python.

Two rules make this module and its twin in SQL agree to the franc:

1. Within a compounding period interest is simple and exact: sum(balance x days) x rate / (100 x days in the year), one
   fraction. At the end of each compounding period (a posting ends one, and so does the end of the calculation) the
   interest not yet posted is rounded half up to 12 decimals, and from there on it earns like the balance.
2. Only a posting rounds to the franc, half up. What the rounding leaves is not carried into the next period.

The rest of what has to be the same in both:

* A day earns on the balance at its end, by value date. A value date before the posting period of its booking, or
  before the opening of the account, counts from there: a posted period is never calculated again.
* Posted interest, less what is withheld, counts from the first day after its period, whatever the value-date rule.
* The minimum balance and the tiers are tested on the balance in the book alone, once for each basis period. Unposted
  interest earns the rate of the tier reached (marginal tiers: the top one), and nothing where the basis is below the
  minimum.
* A basis period is cut where a compounding or posting period ends, and where the calculation begins and ends.
* For interest a balance below zero is 0, in an average too; each of its days, by the balance at its end, costs the
  overdraft rate when it is at least the minimum overdraft. Agios are carried and compounded apart from interest.
* The months held, for tiers by duration, are whole months from `held_since` to the first day of the basis period.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .balances import Step, average, clip, daily_steps, lowest, lowest_steps, value_date
from .checks import make_exact, require, whole
from .day_count import DAYS_IN_MONTH, DAYS_IN_YEAR, year_fraction
from .periods import DAY, PERIODS, add_months, is_period_end, months_between, period_of, periods_between
from .rates import Tier, weigh
from .rounding import exact, half_up

CARRIED_DECIMALS = 12

# Basis of interest: the period over which it is measured; None stands for the compounding period.
BASES = {
    "daily_balance": "daily",
    "quinzaine": "daily",
    "average_daily_balance": None,
    "lowest_of_day": "daily",
    "lowest_of_fortnight": "fortnightly",
    "lowest_of_month": "monthly",
    "lowest_of_quarter": "quarterly",
    "lowest_of_half_year": "half_yearly",
    "lowest_of_period": None,
    "balance_at_month_end": "monthly",
    "balance_at_period_end": None,
}


@dataclass(frozen=True)
class InterestRule:
    """How an account earns. Rates in percent a year (int, Decimal, Fraction or decimal text), money in francs.

    * annual_rate: below the first tier, or without tiers
    * balance_basis: a key of BASES. ``quinzaine`` is the daily balance under the value dates of the fortnights
    * compounding, posting: codes of `periods.PERIODS`; a compounding period longer than the posting is cut by it
    * year_start: first month of the financial year, for quarters, half-years and years
    * minimum_balance: a basis below it earns nothing
    * tiers, tier_mode: ``whole`` balance at the rate reached, or ``marginal``, slice by slice
    * overdraft_rate, minimum_overdraft: agios, on overdrafts of at least that many francs
    * credit_days, debit_days: value-date days of deposits (later) and withdrawals (earlier)
    * withholding_rate: percent of the interest kept for the tax office; the caller takes it from the dated parameter
    * posting_at_period_end: whether a posting bears the last day of its period, or the first day after it
    """

    annual_rate: Fraction = Fraction(0)
    balance_basis: str = "daily_balance"
    compounding: str = "annual"
    posting: str = "annual"
    days_in_year: str = "365"
    days_in_month: str = "actual"
    year_start: int = 1
    minimum_balance: int = 0
    tiers: tuple[Tier, ...] = ()
    tier_mode: str = "whole"
    overdraft_rate: Fraction = Fraction(0)
    minimum_overdraft: int = 0
    credit_days: int = 0
    debit_days: int = 0
    withholding_rate: Fraction = Fraction(0)
    posting_at_period_end: bool = True

    def __post_init__(self):
        make_exact(self, "annual_rate", "overdraft_rate", "withholding_rate")
        object.__setattr__(self, "tiers", tuple(tier._replace(rate=exact(tier.rate)) for tier in self.tiers))
        require(
            self,
            annual_rate=self.annual_rate >= 0,
            balance_basis=self.balance_basis in BASES,
            compounding=self.compounding in PERIODS,
            posting=self.posting in PERIODS,
            days_in_year=self.days_in_year in DAYS_IN_YEAR,
            days_in_month=self.days_in_month in DAYS_IN_MONTH,
            year_start=self.year_start in range(1, 13),
            minimum_balance=whole(self.minimum_balance),
            tiers=all(tier.rate >= 0 and whole(tier.amount) and whole(tier.months) for tier in self.tiers),
            tier_mode=self.tier_mode in ("whole", "marginal"),
            overdraft_rate=self.overdraft_rate >= 0,
            minimum_overdraft=whole(self.minimum_overdraft),
            credit_days=whole(self.credit_days),
            debit_days=whole(self.debit_days),
            withholding_rate=0 <= self.withholding_rate <= 100,
        )


class InterestRow(NamedTuple):
    """One posting: `amount` whole francs, always above 0; `withholding` of them are kept for the tax office.

    `type` is ``interest`` (credited) or ``overdraft_interest`` (debited, never withheld on). The period is
    [start, end). `basis` is the average over the days of the period of what was measured for interest, also where it
    stayed below the minimum, or of the overdrafts charged; `exact` is the interest before its
    rounding to the franc, 12 decimals.
    """

    posted_on: date
    type: str
    start: date
    end: date
    basis: Fraction
    exact: Fraction
    amount: int
    withholding: int = 0

    @property
    def net(self):
        """What the balance moves by: positive for interest, negative for agios."""
        return self.amount - self.withholding if self.type == "interest" else -self.amount


class InterestResult(NamedTuple):
    """`rows` posted; interest and agios since the last posting, 12 decimals; the balance by value date, postings included.

    `basis` is the average of what was measured since the last posting. A movement whose value date is not reached yet is
    not in `balance`.
    """

    rows: list[InterestRow]
    accrued: Fraction
    accrued_overdraft: Fraction
    balance: int
    basis: Fraction = Fraction(0)


def account_interest(rule, movements, start, end, opening=0, opened_on=None, held_since=None, close=False):
    """What an account earns over [start, end) and when it is posted.

    :param movements: `Movement`s in the order they were booked; those with a value date before `start` make up the
        balance it begins with, so all movements of an account may be given at any time
    :param start: the account's opening, or the first day not yet posted (the end of the last posted period)
    :param end: first day not calculated; a period that ends there is posted
    :param opening: francs before the first of `movements`
    :param opened_on: anchor of anniversaries, `start` by default
    :param held_since: where tiers by duration count from, `opened_on` by default
    :param close: post also what the last period holds when it is cut by `end` (closing of the account), dated `end`
    :return: InterestResult

    10 000 F at 10 % on 1 February, posted monthly: 28 days, 10 000 x 10 x 28 / 36 500 = 76.7123.

    >>> from .balances import Movement
    >>> rule = InterestRule(annual_rate=10, posting="monthly")
    >>> result = account_interest(rule, [Movement(date(2025, 2, 1), 10000)], date(2025, 2, 1), date(2025, 3, 1))
    >>> [(str(row.posted_on), row.type, row.amount, row.basis) for row in result.rows], result.balance
    ([('2025-02-28', 'interest', 77, Fraction(10000, 1))], 10077)
    >>> half_up(result.rows[0].exact, 4) == exact("76.7123")
    True
    """
    opened_on = opened_on or start
    held_since = held_since or opened_on
    dated = value_dated(rule, movements, opened_on)
    rows, carried, basis, balance = [], (Fraction(0), Fraction(0)), Fraction(0), opening
    balance += sum(amount for day, amount in dated if day < start)
    dated = [move for move in dated if start <= move[0] < end]
    for first, stop in periods_between(rule.posting, start, end, rule.year_start, opened_on):
        inside, dated = _part(dated, stop)
        steps = daily_steps(balance, inside, first, stop)
        lows = lowest_steps(balance, inside, first, stop) if rule.balance_basis == "lowest_of_day" else steps
        *carried, basis, overdrawn = _accrue(rule, steps, lows, opened_on, held_since)
        balance = steps[-1].balance
        ended = is_period_end(rule.posting, stop, rule.year_start, opened_on)
        if ended or close:
            posted_on = stop - DAY if ended and rule.posting_at_period_end else stop
            posted = _post(rule, posted_on, first, stop, carried, (basis, overdrawn))
            balance += sum(row.net for row in posted)
            rows += posted
            carried, basis = (Fraction(0), Fraction(0)), Fraction(0)
    return InterestResult(rows, *carried, balance, basis)


def value_dated(rule, movements, opened_on):
    """(value date, amount) of movements in the order of these dates, as the rule counts them.

    >>> from .balances import Movement
    >>> rule = InterestRule(debit_days=2, posting="monthly")
    >>> [(str(day), amount) for day, amount in value_dated(rule, [Movement(date(2024, 4, 2), -5)], date(2024, 1, 1))]
    [('2024-04-01', -5)]
    """
    fortnight = rule.balance_basis == "quinzaine"
    dated = []
    for move in movements:
        day = value_date(move, rule.credit_days, rule.debit_days, fortnight)
        if not move.value_on and day < move.booked_on:
            floor = period_of(rule.posting, move.booked_on, rule.year_start, opened_on)[0]
            day = max(day, floor, min(opened_on, move.booked_on))
        dated.append((day, move.amount))
    return sorted(dated, key=lambda move: move[0])


def _part(dated, stop):
    """Movements before a day, and the others."""
    index = bisect_right(dated, stop - DAY, key=lambda move: move[0])
    return dated[:index], dated[index:]


def _accrue(rule, steps, lows, opened_on, held_since, carried=(Fraction(0), Fraction(0))):
    """Interest and agios of (a part of) one posting period with 12 decimals, and the average basis of each."""
    start, end = steps[0].start, steps[-1].end
    credit, debit = carried
    credit_days = debit_days = Fraction(0)
    for first, stop in periods_between(rule.compounding, start, end, rule.year_start, opened_on):
        earned = lent = more = owed = Fraction(0)
        for piece in _basis_pieces(rule, clip(lows, first, stop), held_since, opened_on):
            credit_days += piece.balance * piece.days
            if piece.balance >= rule.minimum_balance:
                months = months_between(held_since, piece.start)
                weighed, top = weigh(rule.tiers, rule.annual_rate, piece.balance, months, rule.tier_mode == "marginal")
                part = _year_part(rule, piece)
                earned += weighed * part / 100
                more += top * part / 100
        for piece in clip(steps, first, stop):
            if rule.overdraft_rate and piece.balance < 0 and -piece.balance >= rule.minimum_overdraft:
                part = _year_part(rule, piece) * rule.overdraft_rate / 100
                lent -= piece.balance * part
                owed += part
                debit_days -= piece.balance * piece.days
        credit = half_up(credit + earned + credit * more, CARRIED_DECIMALS)
        debit = half_up(debit + lent + debit * owed, CARRIED_DECIMALS)
    days = (end - start).days
    return credit, debit, Fraction(credit_days, days), Fraction(debit_days, days)


def _year_part(rule, piece):
    return year_fraction(piece.start, piece.end, rule.days_in_year, rule.days_in_month)


def _basis_pieces(rule, steps, held_since, opened_on):
    """What earns in one compounding period: Steps with the basis instead of the balance, never below zero."""
    steps = [step._replace(balance=max(step.balance, 0)) for step in steps]
    over = BASES[rule.balance_basis]
    if over == "daily":
        borders = {add_months(held_since, tier.months) for tier in rule.tiers if tier.months}
        return _split(steps, sorted(borders)) if borders else steps
    start, end = steps[0].start, steps[-1].end
    spans = periods_between(over, start, end, rule.year_start, opened_on) if over else [(start, end)]
    measure = _measure(rule.balance_basis)
    return [Step(first, stop, measure(clip(steps, first, stop))) for first, stop in spans]


def _measure(basis):
    if basis == "average_daily_balance":
        return average
    return lowest if basis.startswith("lowest") else lambda steps: steps[-1].balance


def _split(steps, borders):
    for border in borders:
        steps = [part for step in steps for part in _halves(step, border)]
    return steps


def _halves(step, border):
    if step.start < border < step.end:
        return step._replace(end=border), step._replace(start=border)
    return (step,)


def _post(rule, posted_on, start, end, carried, bases):
    rows = []
    for kind, amount, basis in zip(("overdraft_interest", "interest"), reversed(carried), reversed(bases), strict=True):
        francs = half_up(amount)
        if francs:
            withheld = half_up(francs * rule.withholding_rate / 100) if kind == "interest" else 0
            rows.append(InterestRow(posted_on, kind, start, end, basis, amount, francs, withheld))
    return rows
