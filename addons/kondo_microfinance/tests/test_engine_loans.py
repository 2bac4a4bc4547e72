"""What holds for any loan: its schedule, its effective rate, the allocation of payments, early repayment, arrears.

500 examples of each in `./test`; 10 000 with KONDO_HYPOTHESIS=nightly.
"""

import os
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_microfinance.engine.allocation import (
    COMPONENTS,
    AllocationRule,
    Due,
    allocate,
    dues_of,
)
from odoo.addons.kondo_microfinance.engine.arrears import COUNTED, PENALTY_BASES, PenaltyRule, arrears, penalty
from odoo.addons.kondo_microfinance.engine.checks import RuleError
from odoo.addons.kondo_microfinance.engine.day_count import year_fraction
from odoo.addons.kondo_microfinance.engine.due_dates import due_periods, year_parts
from odoo.addons.kondo_microfinance.engine.early_repayment import (
    EarlyRule,
    earned_interest,
    payoff,
    prepay,
    terms_after,
)
from odoo.addons.kondo_microfinance.engine.effective_rate import (
    ImpossibleFlows,
    effective_rate,
    loan_effective_rate,
    loan_flows,
)
from odoo.addons.kondo_microfinance.engine.loan_schedule import loan_schedule
from odoo.addons.kondo_microfinance.engine.loan_terms import (
    CHARGE_BASES,
    COLLECTIONS,
    CONVENTIONS,
    Charge,
    LoanTerms,
    Tranche,
    periods_a_year,
)
from odoo.addons.kondo_microfinance.engine.rounding import NotExact, half_up, round_div

common = {
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much],
}
settings.register_profile("suite", max_examples=500, derandomize=True, **common)
settings.register_profile("nightly", max_examples=10_000, **common)
examples = settings.get_profile(os.environ.get("KONDO_HYPOTHESIS", "suite"))

START = date(2023, 1, 1)
days = st.integers(0, 1200).map(lambda number: START + timedelta(days=number))
amounts = st.one_of(st.integers(1, 5_000), st.integers(5_000, 50_000_000))
rates = st.integers(0, 6000).map(lambda hundredths: Fraction(hundredths, 100))


@st.composite
def charges(draw):
    when = draw(st.sampled_from(("disbursement", "instalment", "date")))
    bases = CHARGE_BASES if when == "instalment" else ("amount", "principal", "interest")
    return Charge(
        value=draw(st.sampled_from((0, 1, Fraction(3, 2), 5, 250))),
        base=draw(st.sampled_from([base for base in bases if base != "amount"] if draw(st.booleans()) else ["amount"])),
        when=when,
        kind=draw(st.sampled_from(("fee", "insurance", "guarantee"))),
        due_on=draw(days) if when == "date" else None,
        minimum=draw(st.sampled_from((0, 0, 100))),
        maximum=draw(st.sampled_from((None, 100, 100_000))),
    )


@st.composite
def loans(draw, plain=False):
    """Terms of any kind; plain ones have level instalments or equal principal, no tranche, grace or moved date."""
    some = st.integers(0, 3).map(lambda number: number == 0)
    amount, start, count = draw(amounts), draw(days), draw(st.integers(1, 40))
    amortization = draw(st.sampled_from(("equal_installments", "equal_principal", "in_fine", "step_up", "irregular")))
    unit = draw(st.sampled_from(("days", "weeks", "months", "months", "quarters", "years")))
    chosen = {
        "amount": amount,
        "annual_rate": draw(rates),
        "instalments": count,
        "start": start,
        "every": draw(st.integers(1, 3)) if unit != "days" else draw(st.integers(1, 45)),
        "unit": unit,
        "amortization": amortization if not plain else draw(st.sampled_from(("equal_installments", "equal_principal"))),
        "method": draw(st.sampled_from(("declining", "flat"))),
        "month_end": draw(st.sampled_from(("clamp", "roll"))),
        "interest_by": draw(st.sampled_from(("periods", "days"))),
        "days_in_year": draw(st.sampled_from(("360", "364", "365", "actual"))),
        "days_in_month": draw(st.sampled_from(("30", "actual"))),
        "leap_rule": draw(st.sampled_from(("split", "feb29", "start_year"))),
        "rounding": draw(st.sampled_from(("half_up", "half_even"))),
        "multiple": draw(st.sampled_from((1, 1, 5, 25, 100))),
        "absorbs": draw(st.sampled_from(("first", "last"))),
        **CONVENTIONS[draw(st.sampled_from(sorted(CONVENTIONS)))],
    }
    if plain:
        return LoanTerms(**chosen)
    grace = draw(st.integers(0, count - 1)) if draw(some) else 0
    adds = draw(st.booleans())
    whole_count = count + (grace if adds else 0)
    chosen |= {"grace_principal": grace, "grace_adds": adds}
    if draw(some):
        chosen["grace_interest"] = draw(st.integers(0, whole_count - 1))
    if draw(some):
        chosen["interest_free"] = draw(st.integers(0, whole_count))
    if draw(some):
        chosen["first_due"] = start + timedelta(days=draw(st.integers(1, 120)))
    if draw(some) and unit in ("months", "quarters", "years"):
        chosen["due_day"] = draw(st.integers(1, 31))
        chosen["first_due"] = start + timedelta(days=draw(st.integers(1, 120)))
    if draw(some):
        chosen["principal_every"] = draw(st.integers(1, 5))
    if draw(some):
        chosen["interest_every"] = draw(st.integers(1, 5))
    if draw(some):
        chosen["interest_collection"] = draw(st.sampled_from(COLLECTIONS))
    if amortization == "step_up":
        chosen |= {"step_percent": draw(st.integers(-20, 50)), "step_every": draw(st.integers(1, 6))}
    if draw(some):
        chosen["shift"] = draw(st.sampled_from(("next", "previous", "next_in_month")))
        chosen["closed_weekdays"] = draw(st.frozensets(st.integers(0, 6), max_size=3))
        chosen["closed_days"] = draw(st.frozensets(days, max_size=20))
        chosen["shifted_days_count"] = draw(st.booleans())
    if draw(some):
        gaps = draw(st.lists(st.integers(1, 60), min_size=whole_count, max_size=whole_count))
        day, typed = start, []
        for gap in gaps:
            day += timedelta(days=gap)
            typed.append(day)
        chosen["due_dates"] = tuple(typed)
    if amortization == "irregular":
        cuts = draw(st.lists(st.integers(0, amount), min_size=whole_count - 1, max_size=whole_count - 1))
        cuts = [0, *sorted(cuts), amount]
        chosen["principals"] = tuple(b - a for a, b in zip(cuts, cuts[1:], strict=False))
    elif draw(some) and amount > 10:
        chosen["tranches"] = (
            Tranche(start + timedelta(days=draw(st.integers(1, 90))), draw(st.integers(1, amount - 1))),
        )
    chosen["charges"] = tuple(draw(st.lists(charges(), max_size=3)))
    return LoanTerms(**chosen)


def made(terms):
    """The schedule; a tranche after the last due date is refused, and no example."""
    try:
        return loan_schedule(terms)
    except ValueError:
        assume(False)


@st.composite
def unpaid(draw):
    """Dues of some instalments, and a day."""
    count = draw(st.integers(1, 8))
    francs = st.one_of(st.just(0), st.integers(0, 50_000))
    dues = [
        Due(number + 1, START + timedelta(days=30 * number), *(draw(francs) for _component in COMPONENTS))
        for number in range(count)
    ]
    return dues, START + timedelta(days=draw(st.integers(-10, 300)))


@tagged("post_install", "-at_install")
class TestEngineLoans(BaseCase):
    """Properties over random terms."""

    @examples
    @given(loans())
    def test_principal_sums_to_the_amount_the_balance_ends_at_zero_and_nothing_is_negative(self, terms):
        schedule = made(terms)
        rows = schedule.rows
        self.assertEqual(sum(row.principal for row in rows), terms.amount)
        self.assertEqual(rows[-1].balance, 0)
        lent, tranches = terms.first_tranche, list(terms.tranches)
        for row in rows:
            self.assertGreaterEqual(
                min(row.principal, row.interest, row.fees, row.insurance, row.guarantee, row.balance, row.accrues), 0
            )
            self.assertGreater(row.days, 0)
            while tranches and tranches[0].on < row.due:
                lent += tranches.pop(0).amount
            lent -= row.principal
            self.assertEqual(row.balance, lent)
        self.assertEqual(sum(row.accrues for row in rows), schedule.total("interest"))
        self.assertEqual(sum(amount for _day, amount in schedule.disbursements), terms.amount)

    @examples
    @given(loans())
    def test_the_same_terms_give_the_same_schedule(self, terms):
        schedule = made(terms)
        self.assertEqual(loan_schedule(replace(terms)), schedule)

    @examples
    @given(loans(plain=True))
    def test_instalments_are_level_and_multiples_of_what_the_product_says(self, terms):
        assume(terms.level and terms.rounded == "instalment" and terms.absorbs == "last")
        rows = made(terms).rows[:-1]
        whole = [row for row in rows if row.balance]
        if terms.method == "flat" and terms.interest_spread:
            self.assertTrue(all(row.total % terms.multiple == 0 for row in whole if row.principal))
        else:
            self.assertLessEqual(len({row.total for row in whole}), 1)
            self.assertTrue(all(row.total % terms.multiple == 0 for row in whole))

    @examples
    @given(loans())
    def test_the_days_of_a_schedule_are_the_days_of_the_loan(self, terms):
        periods = due_periods(terms)
        self.assertEqual([period.start for period in periods], [terms.start, *(p.due for p in periods[:-1])])
        if terms.interest_by == "days" and terms.days_in_month == "actual" and terms.leap_rule == "split":
            numerators, below = year_parts(terms, periods)
            first, last = periods[0].counts_from, periods[-1].counts_to
            whole = sum(
                year_fraction(p.counts_from, p.counts_to, terms.days_in_year, last_day_opens=True) for p in periods
            )
            self.assertEqual(Fraction(sum(numerators), below), whole)
            if terms.days_in_year != "actual":
                self.assertEqual(whole, Fraction((last - first).days, int(terms.days_in_year)))

    @examples
    @given(loans(), st.booleans())
    def test_the_flows_of_a_loan_sum_to_its_cost_and_bear_a_rate(self, terms, savings_count):
        schedule = made(terms)
        flows = loan_flows(schedule, savings_count)
        cost = schedule.to_pay - schedule.total("guarantee") - terms.amount
        self.assertEqual(sum(flow.amount for flow in flows), -cost)
        try:
            rate = loan_effective_rate(terms, schedule, savings_count)
        except ImpossibleFlows:
            return
        self.assertEqual(rate.period == 0, cost == 0)
        slack = 1 + Decimal("1e-9")
        if periods_a_year(terms) >= 1:
            self.assertLessEqual(rate.proportional, rate.actuarial * slack)
        else:
            self.assertGreaterEqual(rate.proportional * slack, rate.actuarial)

    @examples
    @given(st.integers(10_000, 10**9), st.integers(1, 10**6), st.integers(1, 60), st.integers(1, 365))
    def test_flows_are_worth_nothing_at_their_rate_and_a_dearer_loan_has_a_higher_one(
        self, amount, cost, count, periods_year
    ):
        share = amount // count + 1
        flows = [(0, amount), *((number, -share) for number in range(1, count + 1))]
        cheap = effective_rate(flows, periods_year)
        flows.append((count, -cost))
        dear = effective_rate(flows, periods_year)
        self.assertLess(cheap.period, dear.period)
        with localcontext() as context:
            context.prec = 50
            below, above = (
                sum(amount / (1 + dear.period / 100 + apart) ** when for when, amount in flows)
                for apart in (-Decimal("1e-12"), Decimal("1e-12"))
            )
        self.assertLess(below, 0)
        self.assertGreater(above, 0)

    @examples
    @given(
        unpaid(),
        st.integers(1, 2_000_000),
        st.permutations(COMPONENTS),
        st.sampled_from(("instalment", "component")),
        st.sampled_from((0, 0, 30, None)),
    )
    def test_allocation_never_loses_a_franc(self, situation, amount, order, by, ahead_days):
        dues, on = situation
        rule = AllocationRule(tuple(order), by, ahead_days, tolerance=50)
        given_out = allocate(rule, dues, amount, on)
        self.assertEqual(sum(due.total for due in given_out.paid) + given_out.returned, amount)
        for component in COMPONENTS:
            before = sum(getattr(due, component) for due in dues)
            after = sum(getattr(due, component) for due in given_out.left)
            self.assertEqual(given_out.total(component) + after, before)
        self.assertTrue(all(value >= 0 for due in given_out.left for value in due[2:]))
        self.assertTrue(all(value >= 0 for due in given_out.paid for value in due[2:]))
        if given_out.returned:
            self.assertEqual(sum(due.total for due in given_out.left if due.due <= on), 0)
        if given_out.left and ahead_days is None:
            self.assertEqual(given_out.returned, 0)

    @examples
    @given(unpaid(), st.integers(1, 500_000), st.integers(1, 500_000), st.permutations(COMPONENTS))
    def test_two_payments_do_what_one_of_their_sum_does(self, situation, first, second, order):
        dues, on = situation
        rule = AllocationRule(tuple(order))
        once = allocate(rule, dues, first + second, on)
        begun = allocate(rule, dues, first, on)
        ended = allocate(rule, list(begun.left), second, on)
        self.assertEqual(once.left, ended.left)
        self.assertEqual(once.returned, begun.returned + ended.returned)

    @examples
    @given(loans(), st.integers(0, 400), st.sampled_from(("date", "instalment", "term")), st.integers(0, 500))
    def test_a_payoff_asks_no_more_than_the_whole_loan(self, terms, gone, interest, percent):
        schedule = made(terms)
        dues, on = dues_of(schedule.rows), terms.start + timedelta(days=gone)
        quote = payoff(schedule, dues, on, EarlyRule(interest, Fraction(percent, 100)))
        self.assertEqual(quote.principal, terms.amount)
        unpaid_interest = sum(due.interest for due in dues)
        self.assertEqual(quote.interest + quote.saved, unpaid_interest)
        self.assertGreaterEqual(min(quote.interest, quote.saved, quote.fee, quote.unearned, quote.late), 0)
        if on >= schedule.rows[-1].due:
            self.assertEqual((quote.interest, quote.fee), (unpaid_interest, 0))
        earned = [earned_interest(schedule.rows, terms.start + timedelta(days=day)) for day in range(0, gone + 1, 7)]
        self.assertEqual(earned, sorted(earned))

    @examples
    @given(loans(), st.integers(0, 400), st.integers(1, 100), st.booleans(), st.integers(0, 500))
    def test_after_an_early_repayment_the_rest_is_repaid_to_the_franc(self, terms, gone, part, shorten, percent):
        schedule = made(terms)
        on = terms.start + timedelta(days=gone)
        assume(on < schedule.rows[-1].due and not terms.tranches)
        dues, rule = (
            [due for due in dues_of(schedule.rows) if due.due > on],
            EarlyRule(fee_percent=Fraction(percent, 100)),
        )
        owed = sum(due.principal for due in dues)
        assume(owed)
        quote = payoff(schedule, dues, on, rule)
        amount = quote.interest + max(1, owed * part // 100)
        paid = prepay(schedule, dues, on, rule, amount)
        self.assertEqual(paid.interest + paid.fee + paid.principal + paid.returned, amount)
        self.assertEqual(paid.left + paid.principal, owed)
        if paid.left:
            assume(paid.left)
            after = terms_after(terms, schedule, on, paid.left, shorten)
            rows = loan_schedule(after).rows
            self.assertEqual(sum(row.principal for row in rows), paid.left)
            left = [row.due for row in schedule.rows if row.due > on]
            self.assertLessEqual(len(rows), len(left))
            self.assertEqual([row.due for row in rows], left[: len(rows)])

    @examples
    @given(unpaid(), st.integers(0, 500))
    def test_a_loan_is_as_late_as_its_oldest_unpaid_instalment(self, situation, tolerance):
        dues, on = situation
        late = arrears(dues, on, tolerance, (0, 30, 90))
        overdue = [due for due in dues if due.due < on]
        owed = sum(getattr(due, component) for due in overdue for component in COUNTED)
        self.assertEqual(late.total, sum(due.total for due in overdue))
        self.assertEqual(bool(late.days), owed > tolerance)
        self.assertEqual(late.days > 0, late.instalments > 0)
        if late.days:
            self.assertIn(late.since, [due.due for due in overdue])
            self.assertEqual(arrears(dues, on + timedelta(days=1), tolerance).days, late.days + 1)

    @examples
    @given(
        unpaid(),
        st.sampled_from(("year", "month", "day", "once")),
        st.sampled_from(PENALTY_BASES),
        st.integers(0, 20),
        st.booleans(),
        st.sampled_from((None, 10)),
        st.integers(1, 200),
    )
    def test_a_penalty_counts_every_day_once_and_never_passes_its_cap(
        self, situation, per, base, grace, due, cap, more
    ):
        dues, on = situation
        rule = PenaltyRule(5, per, 10, base, grace, due, cap_percent=cap)
        for one in dues:
            first = penalty(rule, one, on, balance=100_000)
            later = on + timedelta(days=more)
            second = penalty(rule, one, later, on if first or on > one.due else None, first, 100_000)
            whole = penalty(rule, one, later, balance=100_000)
            self.assertGreaterEqual(min(first, second), 0)
            self.assertAlmostEqual(first + second, whole, delta=1)  # each call rounds once
            if cap is not None:
                base_amount = {"balance": 100_000}.get(base, one.total)
                self.assertLessEqual(first + second, half_up(base_amount * Fraction(cap, 100)))

    def test_terms_that_cannot_be_are_refused_by_the_name_of_the_setting(self):
        good = {"amount": 1000, "annual_rate": 12, "instalments": 6, "start": START}
        for field, value in {
            "amount": 0,
            "annual_rate": -1,
            "instalments": 0,
            "unit": "moons",
            "grace_principal": 6,
            "first_due": START,
            "due_dates": (START,),
            "principals": (1000,),
            "multiple": 0,
            "tranches": (Tranche(START, 100),),
            "rounding": "up",
        }.items():
            with self.assertRaises(RuleError) as refused:
                LoanTerms(**good | {field: value})
            self.assertEqual(refused.exception.field, field)
        with self.assertRaises(NotExact):
            LoanTerms(**good | {"annual_rate": 12.5})

    def test_flows_that_are_no_loan_are_refused_with_the_reason(self):
        for flows, reason in (
            ([(0, 100), (1, -90)], "pays 90 and receives 100"),
            ([(0, -100), (1, -90)], "receives nothing"),
            ([(0, 100)], "pays nothing"),
            ([(0, -10), (1, 100), (2, -95)], "before he receives"),
        ):
            with self.assertRaisesRegex(ImpossibleFlows, reason):
                effective_rate(flows, 12)
        with self.assertRaises(NotExact):
            effective_rate([(0, 100.0), (1, -110)], 12)
        self.assertEqual(effective_rate([(0, 100), (1, -100)], 12), (0, 0, 0))

    @examples
    @given(st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.sampled_from((1, 5, 25, 100)))
    def test_rounding_in_integers_is_rounding_of_fractions(self, above, below, multiple):
        self.assertEqual(round_div(above, below, multiple), half_up(Fraction(above, below * multiple)) * multiple)
        self.assertEqual(round_div(above, below, multiple, True), round(Fraction(above, below * multiple)) * multiple)
