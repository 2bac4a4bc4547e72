"""How late a loan is, and what lateness costs. Pure Python.

A loan is as many days late as its oldest unpaid instalment: from its due date, which counts for nothing, to the day asked.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from .allocation import COMPONENTS
from .checks import make_exact, require, whole
from .day_count import DAYS_IN_YEAR, year_fraction
from .periods import months_between
from .rounding import half_up

COUNTED = ("fee", "insurance", "interest", "principal")


class Arrears(NamedTuple):
    """`days` past due since the due date `since` (None when nothing is late), `instalments` late, francs late.

    `amounts` by component, penalties too; `bucket` as `bucket_of`.
    """

    days: int
    since: date | None
    instalments: int
    amounts: dict[str, int]
    bucket: int

    @property
    def total(self):
        return sum(self.amounts.values())


def bucket_of(days, bounds):
    """The place of so many days past due between bounds: 0 up to the first of them, both ends in days.

    >>> [bucket_of(days, (0, 30, 90, 180)) for days in (0, 1, 30, 31, 180, 181)]
    [0, 1, 1, 2, 3, 4]
    """
    return sum(bound < days for bound in bounds)


def bucket_label(bucket, bounds):
    """What a bucket holds, in days.

    >>> [bucket_label(bucket, (0, 30, 90)) for bucket in range(4)]
    ['0', '1-30', '31-90', '> 90']
    """
    if bucket == len(bounds):
        return f"> {bounds[-1]}" if bounds else "0"
    first = bounds[bucket - 1] + 1 if bucket else 0
    return f"{first}-{bounds[bucket]}" if bounds[bucket] > first else str(bounds[bucket])


def arrears(dues, on, tolerance=0, bounds=(), counted=COUNTED):
    """The Arrears of a loan on a day.

    :param dues: unpaid `Due`s in the order of their dates
    :param tolerance: francs: small rests count for nothing until together, from the oldest on, they are more
    :param bounds: days that close the buckets, rising, for instance (0, 30, 90, 180)
    :param counted: components that make a loan late; penalties and savings of guarantee alone do not

    >>> from .allocation import Due
    >>> dues = [Due(1, date(2024, 2, 1), principal=40), Due(2, date(2024, 3, 1), interest=900, principal=9100)]
    >>> late = arrears(dues, date(2024, 3, 11), bounds=(0, 30, 90))
    >>> late.days, late.instalments, late.total, bucket_label(late.bucket, (0, 30, 90))
    (39, 2, 10040, '31-90')
    >>> late = arrears(dues, date(2024, 3, 11), tolerance=100, bounds=(0, 30, 90))
    >>> late.days, str(late.since), late.instalments, late.amounts["principal"]
    (10, '2024-03-01', 1, 9140)
    >>> arrears(dues, date(2024, 3, 1), tolerance=100).days
    0
    """
    amounts, since, instalments, summed = dict.fromkeys(COMPONENTS, 0), None, 0, 0
    for due in dues:
        if due.due >= on:
            continue
        for component in COMPONENTS:
            amounts[component] += getattr(due, component)
        unpaid = sum(getattr(due, component) for component in counted)
        summed += unpaid
        if unpaid and summed > tolerance:
            since = since or due.due
            instalments += 1
    days = (on - since).days if since else 0
    return Arrears(days, since, instalments, amounts, bucket_of(days, bounds))


PENALTY_BASES = ("principal", "interest", "principal_interest", "instalment", "balance")
PENALTY_RATES = ("year", "month", "day", "once")


@dataclass(frozen=True)
class PenaltyRule:
    """What lateness costs.

    * rate, per: percent of the base a ``year`` (by days), a begun ``month``, a ``day``, or ``once``
    * fixed: francs per day or begun month (by `per`; once for a ``year``), beside the rate
    * base: unpaid ``principal``, ``interest`` or both of the instalment, all of the ``instalment`` but penalties, or
      the ``balance`` of principal of the loan
    * grace_days: an instalment paid by then costs nothing; from_due: one paid later costs from its due date on
    * cap_percent of the base, cap francs, max_days: what one instalment costs at most; None for no limit
    """

    rate: Fraction = Fraction(0)
    per: str = "year"
    fixed: int = 0
    base: str = "principal_interest"
    grace_days: int = 0
    from_due: bool = True
    cap_percent: Fraction | None = None
    cap: int | None = None
    max_days: int | None = None
    days_in_year: str = "360"

    def __post_init__(self):
        make_exact(self, "rate", *(["cap_percent"] if self.cap_percent is not None else []))
        require(
            self,
            rate=self.rate >= 0,
            per=self.per in PENALTY_RATES,
            fixed=whole(self.fixed),
            base=self.base in PENALTY_BASES,
            grace_days=whole(self.grace_days),
            cap_percent=self.cap_percent is None or self.cap_percent >= 0,
            cap=self.cap is None or whole(self.cap),
            max_days=self.max_days is None or whole(self.max_days),
            days_in_year=self.days_in_year in DAYS_IN_YEAR,
        )


def penalty_base(rule, due, balance=0):
    """Francs a penalty is counted on.

    >>> from .allocation import Due
    >>> due = Due(1, date(2024, 2, 1), penalty=50, fee=100, interest=900, principal=9000)
    >>> [penalty_base(PenaltyRule(base=base), due, 50000) for base in PENALTY_BASES]
    [9000, 900, 9900, 10000, 50000]
    """
    return {
        "principal": due.principal,
        "interest": due.interest,
        "principal_interest": due.principal + due.interest,
        "instalment": due.total - due.penalty - due.guarantee,
        "balance": balance,
    }[rule.base]


def penalty(rule, due, on, since=None, charged=0, balance=0):
    """Francs of penalty that one late instalment costs over [since, on), half up.

    Its unpaid amounts are taken as they are since `since`: call it before each payment, or each day, so that every
    amount costs for its own days.

    :param since: where the last call ended; None for the first time
    :param charged: francs of penalty this instalment cost before, paid or not: the caps hold for all of it
    :param balance: principal of the loan outstanding, for that base

    10 000 F, 2 % a month, 40 days late: two months begun. Within the days of grace nothing, later from the due date on.

    >>> from .allocation import Due
    >>> due = Due(1, date(2024, 2, 1), interest=1000, principal=9000)
    >>> monthly = PenaltyRule(2, "month", grace_days=5)
    >>> [penalty(monthly, due, day) for day in (date(2024, 2, 6), date(2024, 3, 1), date(2024, 3, 2), date(2024, 3, 12))]
    [0, 200, 400, 400]
    >>> penalty(PenaltyRule(36, "year", cap_percent=3), due, date(2024, 2, 11))  # 10 000 x 36 % x 10 / 360
    100
    >>> penalty(PenaltyRule(36, "year", cap_percent=3), due, date(2024, 5, 1), charged=250)
    50
    >>> penalty(PenaltyRule(fixed=25, per="day", grace_days=3, from_due=False), due, date(2024, 2, 11))
    175
    """
    first = due.due if rule.from_due else due.due + timedelta(days=rule.grace_days)
    if on <= due.due + timedelta(days=rule.grace_days):
        return 0
    last = on if rule.max_days is None else min(on, first + timedelta(days=rule.max_days))
    base = penalty_base(rule, due, balance)
    start = first if since is None or since <= due.due + timedelta(days=rule.grace_days) else max(first, since)
    if start >= last or not due.total - due.penalty:
        return 0
    amount = base * rule.rate / 100 * _times(rule, first, start, last) + rule.fixed * _units(rule, first, start, last)
    caps = [cap for cap in (rule.cap, _percent_cap(rule, base)) if cap is not None]
    return max(0, min([half_up(amount), *(cap - charged for cap in caps)]))


def _times(rule, first, start, last):
    """How many times the rate is due: parts of a year, or months or days begun."""
    if rule.per == "year":
        return year_fraction(start, last, rule.days_in_year)
    return _units(rule, first, start, last)


def _units(rule, first, start, last):
    if rule.per == "day":
        return (last - start).days
    if rule.per == "month":
        return _begun(first, last) - _begun(first, start)
    return int(start == first)


def _begun(first, day):
    """Months begun from a first day to the one before `day`."""
    return months_between(first, day - timedelta(days=1)) + 1 if day > first else 0


def _percent_cap(rule, base):
    return None if rule.cap_percent is None else half_up(base * rule.cap_percent / 100)
