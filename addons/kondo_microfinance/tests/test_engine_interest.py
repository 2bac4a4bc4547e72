"""What holds for any history, rule and day: the interest of accounts, deposits, plans and shares."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_microfinance.engine import periods
from odoo.addons.kondo_microfinance.engine.balances import (
    Movement,
    average,
    clip,
    daily_steps,
    highest,
    lowest,
    lowest_steps,
)
from odoo.addons.kondo_microfinance.engine.checks import RuleError
from odoo.addons.kondo_microfinance.engine.day_count import DAYS_IN_MONTH, DAYS_IN_YEAR, year_fraction
from odoo.addons.kondo_microfinance.engine.interest import BASES, InterestRule, account_interest
from odoo.addons.kondo_microfinance.engine.planned import SavingsPlan, plan_state
from odoo.addons.kondo_microfinance.engine.rates import Tier, weigh
from odoo.addons.kondo_microfinance.engine.rounding import NotExact, half_up
from odoo.addons.kondo_microfinance.engine.shares import dividend, francs_days, share_out
from odoo.addons.kondo_microfinance.engine.simulation import simulate_account, simulate_plan, simulate_term
from odoo.addons.kondo_microfinance.engine.term import BreakRule, TermDeposit, accrued, term_break, term_schedule

START = date(2023, 3, 1)
LENGTH = 420

examples = settings(max_examples=60, deadline=None, database=None, derandomize=True)
days = st.integers(0, LENGTH - 1).map(lambda number: START + timedelta(days=number))
amounts = st.integers(1, 2_000_000)
rates = st.integers(0, 2400).map(lambda hundredths: Fraction(hundredths, 100))


@st.composite
def histories(draw):
    """Movements of a member who never takes out more than there is."""
    movements, balance = [], 0
    for day in sorted(draw(st.lists(days, max_size=12))):
        amount = draw(amounts)
        if balance and draw(st.booleans()):
            amount = -min(amount, balance)
        balance += amount
        movements.append(Movement(day, amount))
    return movements


tiers = st.lists(st.builds(Tier, amounts, rates, st.sampled_from([0, 3, 6])), max_size=3).map(tuple)
rules = st.builds(
    InterestRule,
    annual_rate=rates,
    balance_basis=st.sampled_from(sorted(BASES)),
    compounding=st.sampled_from(("monthly", "quarterly", "annual", "anniversary")),
    posting=st.sampled_from(("fortnightly", "monthly", "quarterly", "half_yearly", "annual", "anniversary")),
    days_in_year=st.sampled_from(DAYS_IN_YEAR),
    days_in_month=st.sampled_from(DAYS_IN_MONTH),
    year_start=st.integers(1, 12),
    minimum_balance=st.sampled_from((0, 0, 50_000)),
    tiers=tiers,
    tier_mode=st.sampled_from(("whole", "marginal")),
    overdraft_rate=rates,
    credit_days=st.integers(0, 5),
    debit_days=st.integers(0, 5),
    withholding_rate=st.sampled_from((0, 10)),
)


def interest(rule, movements, start=START, end=START + timedelta(days=LENGTH), **options):
    return account_interest(rule, movements, start, end, opened_on=START, **options)


def in_all(result):
    return sum(row.exact for row in result.rows if row.type == "interest") + result.accrued


@tagged("post_install", "-at_install")
class TestAccountInterest(BaseCase):
    @examples
    @given(rules, histories())
    def test_interest_is_never_negative_and_the_balance_is_what_was_moved(self, rule, movements):
        result = interest(replace(rule, credit_days=0, debit_days=0, overdraft_rate=24), movements)
        for row in result.rows:
            self.assertGreater(row.amount, 0)
            self.assertEqual(row.amount, half_up(row.exact))
            self.assertTrue(0 <= row.withholding <= row.amount)
        self.assertGreaterEqual(result.accrued, 0)
        if rule.balance_basis != "quinzaine":
            self.assertNotIn("overdraft_interest", {row.type for row in result.rows})
            moved = sum(move.amount for move in movements)
            self.assertEqual(result.balance, moved + sum(row.net for row in result.rows))

    @examples
    @given(rules, histories(), days, amounts)
    def test_more_money_never_earns_less(self, rule, movements, day, amount):
        rising = sorted({tier.rate for tier in rule.tiers} | {rule.annual_rate})
        by_amount = sorted(rule.tiers, key=lambda tier: tier.amount)
        rule = replace(
            rule,
            annual_rate=rising[0],
            tiers=tuple(Tier(tier.amount, rate) for tier, rate in zip(by_amount, rising[1:], strict=False)),
            withholding_rate=0,
        )
        more = sorted([*movements, Movement(day, amount)], key=lambda move: move.booked_on)
        self.assertGreaterEqual(in_all(interest(rule, more)), in_all(interest(rule, movements)))

    @examples
    @given(rules, histories(), days)
    def test_simple_interest_of_the_daily_balance_is_the_sum_of_its_parts(self, rule, movements, day):
        rule = replace(rule, balance_basis="daily_balance", compounding="annual", posting="annual", year_start=3)
        rule = replace(rule, credit_days=0, debit_days=0)
        end = date(2024, 2, 29)  # the day before a posting, so that nothing is rounded to the franc
        assume(START < day < end)
        whole = interest(rule, movements, START, end)
        first, rest = interest(rule, movements, START, day), interest(rule, movements, day, end)
        self.assertEqual((whole.rows, first.rows, rest.rows), ([], [], []))
        self.assertLessEqual(abs(whole.accrued - first.accrued - rest.accrued), Fraction(2, 10**12))

    @examples
    @given(rules, histories())
    def test_posting_period_by_posting_period_gives_what_all_at_once_gives(self, rule, movements):
        """The run of a closing begins where the last one ended and finds the interest posted among the movements."""
        at_once = interest(rule, movements)
        rows, booked = [], list(movements)
        end = START + timedelta(days=LENGTH)
        for first, stop in periods.periods_between(rule.posting, START, end, rule.year_start, START):
            result = interest(rule, booked, first, stop)
            rows += result.rows
            # The next period begins with it: its first day's lowest balance holds it already.
            booked += [Movement(row.posted_on, row.net, value_on=row.end - timedelta(days=1)) for row in result.rows]
        self.assertEqual(rows, at_once.rows)
        self.assertEqual((result.accrued, result.balance), (at_once.accrued, at_once.balance))

    @examples
    @given(histories(), rates)
    def test_lowest_is_at_most_average_is_at_most_highest(self, movements, rate):
        dated = [(move.booked_on, move.amount) for move in movements]
        steps = daily_steps(0, dated, START, START + timedelta(days=LENGTH))
        self.assertEqual(sum(step.days for step in steps), LENGTH)
        self.assertTrue(lowest(steps) <= average(steps) <= highest(steps))
        lows = lowest_steps(0, dated, START, START + timedelta(days=LENGTH))
        self.assertEqual(sum(step.days for step in lows), LENGTH)
        self.assertLessEqual(average(lows), average(steps))
        for low in lows:
            self.assertLessEqual(low.balance, lowest(clip(steps, low.start, low.end)))

        def earned(basis):
            rule = InterestRule(rate, basis, posting="half_yearly", compounding="half_yearly")
            return in_all(interest(rule, movements, end=date(2023, 7, 1)))

        self.assertEqual(earned("daily_balance"), earned("average_daily_balance"))
        order = ("lowest_of_half_year", "lowest_of_quarter", "lowest_of_month", "lowest_of_fortnight", "daily_balance")
        got = [earned(basis) for basis in order]
        self.assertEqual(got, sorted(got))
        self.assertLessEqual(earned("lowest_of_day"), earned("daily_balance"))

    @examples
    @given(rules, histories())
    def test_the_quinzaine_never_earns_more_than_the_daily_balance(self, rule, movements):
        rule = replace(rule, credit_days=0, debit_days=0, tiers=(), overdraft_rate=0)
        daily, quinzaine = replace(rule, balance_basis="daily_balance"), replace(rule, balance_basis="quinzaine")
        self.assertLessEqual(interest(quinzaine, movements).balance, interest(daily, movements).balance)

    @examples
    @given(amounts, tiers, rates, st.integers(0, 8))
    def test_marginal_tiers_weigh_each_franc_at_the_rate_of_its_place(self, amount, chart, base, months):
        amount %= 5000
        chart = tuple(tier._replace(amount=tier.amount % 5000) for tier in chart)
        slices = sum(weigh(chart, base, place, months)[1] for place in range(amount))
        self.assertEqual(weigh(chart, base, amount, months, marginal=True)[0], slices)

    def test_overdrawn_days_are_charged_and_the_others_earn(self):
        """20 000 F below zero for 10 days at 12 %: 65.75; 30 000 F for 18 days at 4 %: 59.18."""
        rule = InterestRule(annual_rate=4, overdraft_rate=12, posting="monthly", minimum_overdraft=20000)
        movements = [Movement(date(2023, 2, 1), -20000), Movement(date(2023, 2, 11), 50000)]
        result = account_interest(rule, movements, date(2023, 2, 1), date(2023, 3, 1))
        self.assertEqual([row.net for row in result.rows], [-66, 59])
        self.assertEqual(result.balance, 29993)
        spared = account_interest(replace(rule, minimum_overdraft=20001), movements, date(2023, 2, 1), date(2023, 3, 1))
        self.assertEqual([row.net for row in spared.rows], [59])

    def test_a_rate_by_duration_begins_on_the_day_it_is_reached(self):
        """36 500 F at 2 %, at 4 % after 6 months: 181 days x 2 F, then 184 days x 4 F."""
        rule = InterestRule(annual_rate=2, tiers=(Tier(0, 4, 6),))
        result = account_interest(rule, [Movement(date(2023, 1, 1), 36500)], date(2023, 1, 1), date(2024, 1, 1))
        self.assertEqual([row.amount for row in result.rows], [181 * 2 + 184 * 4])

    def test_a_closing_in_the_middle_of_a_period_pays_what_was_earned(self):
        rule = InterestRule(annual_rate="3.65")
        movements = [Movement(date(2023, 1, 1), 100000)]
        closing = account_interest(rule, movements, date(2023, 1, 1), date(2023, 1, 31), close=True)
        self.assertEqual([(row.posted_on, row.amount) for row in closing.rows], [(date(2023, 1, 31), 300)])

    def test_a_withdrawal_valued_back_never_reopens_a_posted_period(self):
        rule = InterestRule(annual_rate="3.65", posting="monthly", debit_days=5)
        movements = [Movement(date(2023, 1, 1), 100000), Movement(date(2023, 2, 2), -100000)]
        result = account_interest(rule, movements, date(2023, 1, 1), date(2023, 3, 1))
        self.assertEqual([row.amount for row in result.rows if row.end <= date(2023, 2, 1)], [310])
        self.assertEqual(result.balance, 310 + 1)  # 28 days on the 310 F posted: 0.868

    def test_a_rule_that_cannot_be_is_refused_by_the_name_of_its_setting(self):
        for field, value in {"annual_rate": -1, "posting": "weekly", "minimum_balance": 0.5, "year_start": 13}.items():
            with self.assertRaises(RuleError) as refused:
                InterestRule(**{field: value})
            self.assertEqual(refused.exception.field, field)
        with self.assertRaises(NotExact):
            InterestRule(annual_rate=3.5)


@tagged("post_install", "-at_install")
class TestTime(BaseCase):
    @examples
    @given(days, days, days, st.sampled_from(DAYS_IN_YEAR), st.sampled_from(DAYS_IN_MONTH))
    def test_parts_of_a_year_add_up(self, one, two, three, in_year, in_month):
        first, middle, last = sorted((one, two, three))
        for last_day_opens in (False, True):
            way = in_year, in_month, last_day_opens
            parts = year_fraction(first, middle, *way) + year_fraction(middle, last, *way)
            self.assertEqual(parts, year_fraction(first, last, *way))

    @examples
    @given(days, days, st.sampled_from(periods.PERIODS), st.integers(1, 12))
    def test_every_day_lies_in_one_period(self, day, anchor, code, year_start):
        start, end = periods.period_of(code, day, year_start, anchor)
        self.assertTrue(start <= day < end)
        self.assertEqual(periods.period_of(code, end - periods.DAY, year_start, anchor), (start, end))
        self.assertEqual(periods.period_of(code, end, year_start, anchor)[0], end)


deposits = st.builds(
    TermDeposit,
    principal=amounts,
    start=days,
    months=st.integers(1, 36),
    annual_rate=rates,
    payment=st.sampled_from(("maturity", "periodic", "up_front")),
    every_months=st.sampled_from((1, 3, 5)),
    compounding_months=st.sampled_from((0, 1, 6)),
    counting=st.sampled_from(("months", "days")),
    days_in_year=st.sampled_from(DAYS_IN_YEAR),
    withholding_rate=st.sampled_from((0, 10)),
)
break_rules = st.builds(
    BreakRule,
    interest=st.sampled_from(("contract", "held", "reduced", "none")),
    reduced_rate=rates,
    points=rates,
    points_over=st.sampled_from(("held", "term")),
    fixed=st.integers(0, 20_000),
    recover_paid=st.booleans(),
)


@tagged("post_install", "-at_install")
class TestTermDeposits(BaseCase):
    @examples
    @given(deposits, break_rules, tiers, st.integers(0, 1100))
    def test_breaking_never_pays_more_than_keeping(self, deposit, rule, chart, day):
        on = deposit.start + timedelta(days=day % (deposit.maturity - deposit.start).days)
        rows = term_schedule(deposit)
        paid = sum(row.interest for row in rows if row.due <= on)
        withheld = sum(row.withholding for row in rows if row.due <= on)
        kept = sum(row.interest - row.withholding for row in rows)
        broken = term_break(deposit, on, rule, chart, paid, withheld)
        # rounding each payment's withholding alone may differ from rounding it on the whole
        self.assertLessEqual(broken.payout - deposit.principal + paid - withheld, kept + len(rows))
        self.assertLessEqual(broken.interest, max(sum(row.interest for row in rows), paid))
        self.assertEqual(
            broken.payout, deposit.principal + broken.interest_now - broken.withholding_now - broken.penalty
        )
        if deposit.payment == "up_front" or rule.recover_paid:
            self.assertGreaterEqual(broken.payout + paid - withheld, deposit.principal)
        else:
            self.assertGreaterEqual(broken.payout, deposit.principal)

    @examples
    @given(deposits, st.integers(0, 1100))
    def test_what_is_accrued_and_what_was_paid_lead_to_the_whole(self, deposit, day):
        on = deposit.start + timedelta(days=day % (deposit.maturity - deposit.start).days)
        rows = term_schedule(deposit)
        self.assertEqual(rows[-1].end, deposit.maturity)
        total = sum(row.interest for row in rows)
        so_far = sum(row.interest for row in rows if row.due <= on) + accrued(deposit, on)
        self.assertTrue(-len(rows) <= so_far <= total + len(rows))
        self.assertEqual(accrued(deposit, deposit.maturity), 0)

    def test_payments_too_small_to_be_paid_are_not_made_up_for_by_a_break(self):
        """100 F at 4.8 %: 0.4 F a month, so nothing is ever paid; after 11 months a break pays nothing either."""
        deposit = TermDeposit(100, date(2024, 1, 1), 12, Fraction(24, 5), payment="periodic")
        self.assertEqual(sum(row.interest for row in term_schedule(deposit)), 0)
        self.assertEqual(term_break(deposit, date(2024, 12, 1), BreakRule()).payout, 100)

    def test_interest_paid_up_front_comes_out_of_the_principal(self):
        """600 000 F at 6 % for a year, 36 000 paid at the start; broken after 4 months at 2 %: 4 000 earned."""
        deposit = TermDeposit(600000, date(2024, 1, 1), 12, 6, payment="up_front", withholding_rate=10)
        rule = BreakRule("reduced", reduced_rate=2, fixed=500)
        broken = term_break(deposit, date(2024, 5, 1), rule, paid=36000, withheld=3600)
        self.assertEqual((broken.interest, broken.interest_now, broken.withholding_now), (4000, -32000, -3200))
        self.assertEqual(broken.payout, 600000 - 32000 + 3200 - 500)

    def test_periodic_interest_stays_with_the_member_unless_the_contract_takes_it_back(self):
        """600 000 F at 6 %, 3 000 a month, 4 paid; nothing is earned on a break."""
        deposit = TermDeposit(600000, date(2024, 1, 1), 12, 6, payment="periodic")
        rows = [row for row in term_schedule(deposit) if row.due <= date(2024, 5, 10)]
        self.assertEqual(sum(row.interest for row in rows), 12000)
        kept = term_break(deposit, date(2024, 5, 10), BreakRule("none", fixed=500), paid=12000)
        self.assertEqual((kept.payout, kept.penalty), (600000, 0))
        taken = term_break(deposit, date(2024, 5, 10), BreakRule("none", recover_paid=True), paid=12000)
        self.assertEqual(taken.payout, 588000)


@tagged("post_install", "-at_install")
class TestPlansAndShares(BaseCase):
    @examples
    @given(
        st.builds(
            SavingsPlan,
            days,
            st.integers(1, 50_000),
            st.integers(1, 24),
            st.sampled_from(("weekly", "fortnightly", "monthly", "quarterly")),
            st.integers(0, 10),
        ),
        st.lists(st.tuples(days, st.integers(1, 200_000)), max_size=10).map(sorted),
        days,
    )
    def test_what_is_missing_and_what_is_paid_are_what_is_due(self, plan, paid, on):
        state = plan_state(plan, paid, on)
        self.assertEqual(state.paid_of_due + state.arrears, state.due)
        self.assertEqual(state.paid, sum(amount for day, amount in paid if day <= on))
        self.assertGreaterEqual(state.ahead, 0)
        self.assertEqual(state.complete, state.paid >= plan.amount * plan.count)
        self.assertTrue(all(row.missed for row in state.instalments if row.left and on > row.due + timedelta(days=10)))

    @examples
    @given(st.integers(1, 40), st.integers(0, 500_000), rates, days)
    def test_the_dividends_of_equal_holdings_are_the_dividend_of_the_whole(self, holders, paid_up, rate, since):
        year = START, date(2024, 3, 1)
        held = francs_days([Movement(since, paid_up)], *year)
        one = dividend(held, rate, *year)
        whole = dividend(held * holders, rate, *year)
        self.assertEqual(one.exact * holders, whole.exact)
        self.assertLessEqual(abs(one.amount * holders - whole.exact), Fraction(holders, 2))

    @examples
    @given(st.integers(0, 10_000_000), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
    def test_an_amount_is_shared_out_to_the_last_franc(self, total, weights):
        assume(any(weights))
        amounts = share_out(total, weights)
        self.assertEqual(sum(amounts), total)
        for amount, weight in zip(amounts, weights, strict=True):
            self.assertLess(abs(amount - Fraction(total * weight, sum(weights))), 1)

    @examples
    @given(rules, amounts, st.integers(0, 50_000), deposits)
    def test_a_simulation_ends_with_what_went_in_and_what_was_earned(self, rule, first, regular, deposit):
        plan = SavingsPlan(START, 1000 + regular, 14, "fortnightly")
        for result in (
            simulate_account(rule, START, date(2024, 2, 10), first, regular),
            simulate_plan(rule, plan, bonus=first),
            simulate_term(deposit),
        ):
            self.assertEqual(result.balance, result.deposits + result.net)
            self.assertEqual(result.balance, result.rows[-1].balance)
            self.assertEqual([row.on for row in result.rows], sorted(row.on for row in result.rows))
