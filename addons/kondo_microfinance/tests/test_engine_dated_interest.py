"""Properties of interest under rules that change, for any history."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_microfinance.engine.balances import Movement
from odoo.addons.kondo_microfinance.engine.dated_interest import period_interest
from odoo.addons.kondo_microfinance.engine.interest import InterestRule, account_interest

START, END = date(2026, 1, 1), date(2026, 4, 1)
DAILY = ("daily_balance", "quinzaine", "lowest_of_day")
moves = st.lists(st.tuples(st.integers(0, 89), st.integers(-300_000, 600_000).filter(bool)), max_size=12).map(
    lambda rows: [Movement(START + timedelta(days=day), amount) for day, amount in sorted(rows)]
)
rates = st.decimals(0, 20, places=2)
days = st.integers(1, 89).map(lambda day: START + timedelta(days=day))
examples = settings(max_examples=80, deadline=None, database=None, derandomize=True)


@tagged("post_install", "-at_install")
class TestDatedInterest(BaseCase):
    """A rule that changes inside a posting period."""

    @examples
    @given(moves, rates, days, st.sampled_from(DAILY), st.sampled_from(("monthly", "quarterly")))
    def test_a_new_rule_that_says_the_same_changes_nothing(self, movements, rate, day, basis, compounding):
        rule = InterestRule(
            annual_rate=rate, overdraft_rate=18, balance_basis=basis, compounding=compounding, posting="quarterly"
        )
        plain = period_interest([(START, rule)], movements, START, END)
        twice = period_interest([(START, rule), (day, rule)], movements, START, END)
        # at most the rounding to 12 decimals on the day of the change
        self.assertLessEqual(abs(plain.exact - twice.exact), Fraction(2, 10**12))
        self.assertLessEqual(abs(plain.exact_overdraft - twice.exact_overdraft), Fraction(2, 10**12))

    @examples
    @given(moves, rates, st.sampled_from(DAILY))
    def test_one_rule_over_one_period_is_the_interest_of_the_account(self, movements, rate, basis):
        rule = InterestRule(annual_rate=rate, balance_basis=basis, compounding="monthly", posting="quarterly")
        result = account_interest(rule, movements, START, END)
        period = period_interest([(START, rule)], movements, START, END)
        self.assertEqual([row.amount for row in result.rows], [period.interest] * bool(period.interest))

    @examples
    @given(moves, rates, rates, days)
    def test_a_higher_new_rate_never_earns_less(self, movements, rate, more, day):
        low = InterestRule(annual_rate=rate, posting="quarterly", compounding="quarterly")
        high = InterestRule(annual_rate=rate + more, posting="quarterly", compounding="quarterly")
        held = period_interest([(START, low)], movements, START, END)
        raised = period_interest([(START, low), (day, high)], movements, START, END)
        # the change itself may round half a unit of the 12th decimal
        self.assertGreaterEqual(raised.exact, held.exact - Fraction(1, 10**12))
