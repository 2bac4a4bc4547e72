"""Repaying a loan before its time: what it takes on a day, and how the loan goes on after a part of it. Pure Python."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from statistics import mode
from typing import NamedTuple

from .allocation import Due
from .checks import make_exact, require, whole
from .due_dates import due_periods
from .loan_schedule import loan_schedule
from .rounding import half_up, round_div

INTERESTS = ("date", "instalment", "term")


@dataclass(frozen=True)
class EarlyRule:
    """What an early repayment costs.

    * interest: earned to the ``date``, to the end of the current ``instalment``, or all of the ``term``
    * fee_percent, fee_fixed: of the principal repaid before it is due, and francs; none when nothing is early
    """

    interest: str = "date"
    fee_percent: Fraction = Fraction(0)
    fee_fixed: int = 0

    def __post_init__(self):
        make_exact(self, "fee_percent")
        require(
            self,
            interest=self.interest in INTERESTS,
            fee_percent=self.fee_percent >= 0,
            fee_fixed=whole(self.fee_fixed),
        )

    def fee(self, principal):
        """Francs for so much principal repaid early.

        >>> EarlyRule(fee_percent="1.5", fee_fixed=500).fee(100000)
        2000
        """
        return half_up(principal * self.fee_percent / 100) + self.fee_fixed if principal else 0


class Payoff(NamedTuple):
    """What clears a loan on a day, in francs.

    `late` of `principal` is due by then; `fee` is for the early part; `unearned` is interest paid beforehand that will
    not be earned (the product says whether it is given back; it is not taken off `total`); `saved` is interest that is
    not asked any more.
    """

    on: date
    principal: int
    late: int
    interest: int
    penalties: int
    fees: int
    insurance: int
    fee: int
    unearned: int
    saved: int

    @property
    def total(self):
        return self.principal + self.interest + self.penalties + self.fees + self.insurance + self.fee


def earned_interest(rows, on):
    """Francs of interest earned from the start of a loan to a day by its schedule, half up; days within a period.

    Less what has come due it is the interest accrued and not due (accounts 20227, 2037).

    >>> from .loan_terms import LoanTerms
    >>> rows = loan_schedule(LoanTerms(500000, 18, 3, date(2024, 1, 15))).rows
    >>> earned_interest(rows, date(2024, 2, 15)), earned_interest(rows, date(2024, 3, 1))  # 7 500 + 5 037 x 15 / 29
    (7500, 10105)
    """
    earned = 0
    for row in rows:
        if on >= row.due:
            earned += row.accrues
        elif on > row.start:
            earned += round_div(row.accrues * (on - row.start).days, row.days)
    return earned


def payoff(schedule, dues, on, rule):
    """The Payoff of a loan on a day.

    :param schedule: the LoanSchedule in force
    :param dues: `Due`s not paid yet of all its instalments
    :raises ValueError: the day lies before the loan

    1 500 F of interest for 10 of 31 days is 484 F; 1 % for the early repayment:

    >>> from .allocation import dues_of
    >>> from .loan_terms import LoanTerms
    >>> schedule = loan_schedule(LoanTerms(100000, 18, 3, date(2024, 1, 15)))
    >>> quote = payoff(schedule, dues_of(schedule.rows), date(2024, 1, 25), EarlyRule(fee_percent=1))
    >>> quote.principal, quote.interest, quote.fee, quote.total
    (100000, 484, 1000, 101484)
    >>> payoff(schedule, dues_of(schedule.rows), date(2024, 1, 25), EarlyRule("instalment")).interest
    1500
    """
    rows = schedule.rows
    if on < rows[0].start:
        raise ValueError(f"the loan begins on {rows[0].start}, after {on}")
    unpaid = sum(due.interest for due in dues)
    gone = sum(row.interest for row in rows) + schedule.interest_up_front - unpaid
    day = on
    if rule.interest == "instalment":
        day = next((row.due for row in rows if row.start < on <= row.due), on)
    earned = earned_interest(rows, day)
    interest = unpaid if rule.interest == "term" else min(unpaid, max(0, earned - gone))
    principal = sum(due.principal for due in dues)
    late = sum(due.principal for due in dues if due.due <= on)
    return Payoff(
        on=on,
        principal=principal,
        late=late,
        interest=interest,
        penalties=sum(due.penalty for due in dues),
        fees=sum(due.fee for due in dues if due.due <= on),
        insurance=sum(due.insurance for due in dues if due.due <= on),
        fee=rule.fee(principal - late),
        unearned=max(0, gone - earned),
        saved=unpaid - interest,
    )


class Prepayment(NamedTuple):
    """How a part repaid early is used: `late` Dues and `interest` to the day first, then `principal` and its `fee`.

    `returned`: francs beyond the whole loan, and what rounding leaves between principal and its fee. All of them sum to
    the amount paid. `left` is the principal that the new schedule begins with.
    """

    late: tuple[Due, ...]
    interest: int
    fee: int
    principal: int
    left: int
    returned: int


def prepay(schedule, dues, on, rule, amount):
    """The Prepayment of `amount` francs on a day. ValueError when it does not even cover what is late and the interest.

    >>> from .allocation import dues_of
    >>> from .loan_terms import LoanTerms
    >>> schedule = loan_schedule(LoanTerms(100000, 18, 3, date(2024, 1, 15)))
    >>> part = prepay(schedule, dues_of(schedule.rows), date(2024, 1, 25), EarlyRule(fee_percent=1), 50984)
    >>> part.interest, part.principal, part.fee, part.left
    (484, 50000, 500, 50000)
    """
    quote = payoff(schedule, dues, on, rule)
    late = tuple(due._replace(guarantee=0) for due in dues if due.due <= on and due.total)
    late_interest = sum(due.interest for due in late)
    interest = max(0, quote.interest - late_interest)
    rest = amount - sum(due.total for due in late) - interest
    if rest < 0:
        raise ValueError(f"{amount} does not cover what is late and the interest to {on}: {amount - rest}")
    early = quote.principal - quote.late
    principal = min(early, half_up(Fraction(max(0, rest - rule.fee_fixed)) / (1 + rule.fee_percent / 100)) + 1)
    while principal and principal + rule.fee(principal) > rest:
        principal -= 1
    fee = rule.fee(principal)
    return Prepayment(late, interest, fee, principal, early - principal, rest - principal - fee)


def terms_after(terms, schedule, on, left, shorten=False):
    """The LoanTerms of what is left of a loan after an early repayment, or after any change of its balance.

    The due dates after `on` stay. Level instalments are lowered, or (`shorten`) kept and fewer; any other principal is
    lowered in proportion, or (`shorten`) taken off from the end. Charges of the disbursement and of dates are gone.

    :param left: francs of principal not due yet that stay
    :raises ValueError: nothing is left, or no due date lies after the day

    >>> from .loan_terms import LoanTerms
    >>> terms = LoanTerms(1000000, 18, 12, date(2024, 1, 15))
    >>> schedule = loan_schedule(terms)
    >>> lower = loan_schedule(terms_after(terms, schedule, date(2024, 7, 15), 300000)).rows
    >>> len(lower), lower[0].total, str(lower[0].due)  # 300 000 x 1.5 % / (1 - 1.015^-6)
    (6, 52658, '2024-08-15')
    >>> fewer = loan_schedule(terms_after(terms, schedule, date(2024, 7, 15), 300000, shorten=True)).rows
    >>> len(fewer), fewer[0].total, fewer[-1].total < 91680
    (4, 91680, True)
    """
    rows = [row for row in schedule.rows if row.due > on]
    if not rows or not whole(left, 1):
        raise ValueError(f"nothing is left to repay after {on}")
    gone = len(schedule.rows) - len(rows)
    after = _from_now(terms, rows, gone, on, left)
    if terms.level and terms.principal_every == 1:
        return _shorter(after, rows, terms) if shorten else after
    principals = _cut([row.principal for row in rows], left, shorten)
    count = max(index for index, principal in enumerate(principals) if principal) + 1
    return replace(
        after,
        instalments=count,
        amortization="irregular",
        principals=tuple(principals[:count]),
        due_dates=after.due_dates[:count],
        principal_every=1,
        grace_principal=0,
        multiple=1,
        grace_interest=min(after.grace_interest, count - 1),
        interest_free=min(after.interest_free, count),
    )


def _from_now(terms, rows, gone, on, left):
    """The same terms for the instalments after a day."""
    days = tuple(row.due for row in rows)
    typed = {"due_dates": days, "first_due": None, "due_day": None, "anchor": None, "passed": 0}
    after = replace(
        terms,
        amount=left,
        start=on,
        instalments=len(rows),
        grace_adds=False,
        grace_principal=min(max(0, terms.grace_principal - gone), len(rows) - 1),
        grace_interest=min(max(0, terms.grace_interest - gone), len(rows) - 1),
        interest_free=min(max(0, terms.interest_free - gone), len(rows)),
        level_amount=None,
        tranches=(),
        principals=(),
        amortization="equal_principal" if terms.amortization == "irregular" else terms.amortization,
        interest_collection="instalment"
        if terms.interest_collection in ("first", "disbursement")
        else terms.interest_collection,
        charges=tuple(charge for charge in terms.charges if charge.when == "instalment"),
        **typed,
    )
    if terms.due_dates or due_periods(terms)[gone].nominal <= on:
        return after
    counted = replace(after, due_dates=(), due_day=terms.due_day, **_counted_on(terms, gone))
    return counted if tuple(period.due for period in due_periods(counted)) == days else after


def _counted_on(terms, gone):
    """Where the due dates after so many count from: where they always did, so that month ends do not drift."""
    if terms.anchor:
        return {"anchor": terms.anchor, "passed": terms.passed + gone}
    regular = due_periods(replace(terms, first_due=None, due_dates=()))[0].nominal
    if terms.first_due in (None, regular):
        return {"first_due": None, "anchor": terms.start, "passed": gone}
    if gone:
        return {"first_due": None, "anchor": terms.first_due, "passed": gone - 1}
    return {"first_due": terms.first_due}


def _shorter(after, rows, terms):
    """As few instalments as hold what is left without going above the instalment agreed."""
    level = mode(row.principal + row.interest for row in rows if row.principal)
    grace = after.grace_principal
    for count in range(grace + 1, len(rows) + 1):
        tried = replace(
            after,
            instalments=count,
            due_dates=after.due_dates[:count],
            grace_interest=min(after.grace_interest, count - 1),
            interest_free=min(after.interest_free, count),
        )
        first = loan_schedule(tried).rows
        if max(row.principal + row.interest for row in first) <= level or count == len(rows):
            if terms.amortization == "equal_installments" and terms.method == "declining" and count > grace + 1:
                return replace(tried, level_amount=level)
            return tried
    return after


def _cut(principals, left, shorten):
    """Parts of principal that sum to what is left: the first of them, or all in proportion.

    >>> _cut([100, 100, 100], 150, True), _cut([100, 100, 100], 150, False)
    ([100, 50, 0], [50, 50, 50])
    """
    total, cut, used, before = sum(principals), [], 0, 0
    for principal in principals:
        before += principal
        upto = min(before, left) if shorten else round_div(left * before, total)
        cut.append(upto - used)
        used = upto
    return cut
