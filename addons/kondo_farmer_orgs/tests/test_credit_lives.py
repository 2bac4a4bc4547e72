"""Random lives of a split loan: payments by list, by dues and before the time, reversals; the sums hold at every step."""

import os
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .credit_common import CreditCase

LIVES = 60 if os.environ.get("KONDO_HYPOTHESIS") == "nightly" else 5
ACTS = st.one_of(
    st.tuples(st.just("list"), st.dictionaries(st.integers(1, 10), st.integers(1, 90_000), min_size=1, max_size=5)),
    st.tuples(st.just("pay"), st.integers(1, 400_000)),
    st.tuples(st.sampled_from(("lower", "shorten")), st.integers(50_000, 300_000)),
    st.tuples(st.just("advance"), st.integers(1, 5_000)),
    st.tuples(st.just("reverse"), st.integers(0, 20)),
    st.tuples(st.just("wait"), st.integers(1, 45)),
)


@tagged("post_install", "-at_install")
class TestCreditLives(CreditCase):
    """Whatever happens to the contract, what its people paid is what it received, and what they owe is what it owes."""

    def setUp(self):
        super().setUp()
        self.level = self.loan_product(name="Crédit de groupe étalé", code="GRE", split_mode="enforced")

    @settings(
        max_examples=LIVES,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(
        st.lists(st.integers(1, 300_000), min_size=10, max_size=10),
        st.lists(ACTS, min_size=4, max_size=10),
    )
    def test_the_people_and_the_loan_agree_at_every_step(self, granted, acts):
        with self.env.cr.savepoint() as savepoint:
            self.open_day = self.nio.business_date
            loan = self.file(self.org, self.level, sum(granted), 6)
            self.enter_parts(loan, granted)
            self.grant(loan)
            self.open_till(amount=4_000_000) if not self.tills() else None
            self.pay_out(loan)
            self.env.invalidate_all()
            loan, done = self.env["kondo.loan"].browse(loan.id), []
            self.assert_shared(loan)
            for act, value in acts:
                try:
                    with self.env.cr.savepoint():
                        self.act(loan, act, value, done)
                except UserError as refusal:  # a closed loan, too little for an early part
                    self.assertTrue(str(refusal))
                self.env.invalidate_all()
                self.assert_shared(loan)
            self.assert_books_agree()
            savepoint.rollback()
        self.env.invalidate_all()

    def tills(self):
        return self.env["kondo.till.session"].search([("company_id", "=", self.nio.id), ("state", "=", "open")])

    def act(self, loan, act, value, done):
        if act == "list":
            done.append(self.pay_by_list(loan, value))
        elif act == "pay":
            done.append(self.repay(loan, value))
        elif act in ("lower", "shorten"):
            done.append(self.repay(loan, value, early=act))
        elif act == "advance":
            done.append(self.pay_by_list(loan, {1: 1_000}, advance=value))
        elif act == "reverse" and done:
            self.reverse(done.pop(value % len(done)))
        elif act == "wait":
            done.clear()  # only operations of the day are reversed
            day = self.nio.business_date + timedelta(days=value)
            self.move_day(self.nio, day)
            self.env["kondo.loan"]._update_positions(self.nio, fields.Date.to_date(day))
