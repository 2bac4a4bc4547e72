from datetime import timedelta
from random import Random

from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.accrual import Earning, accrued

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestLoanAccrual(LoanCase):
    """Interest booked each evening: 20227 against 70212, by the days of the period."""

    def evening(self, day):
        """The step of the day that ends, then the morning of the next."""
        self.env["kondo.loan"]._day_end_accrual(self.nio, self.nio.business_date, day)
        self.move_day(self.nio, day)
        self.env.invalidate_all()

    def balance(self, code):
        account = self.union._kondo_account(code)
        items = self.env["account.move.line"].search([("account_id", "=", account.id)])
        return int(sum(items.mapped("balance")))

    def expected(self, loan, day):
        rows = loan.instalment_ids.filtered("current")
        return accrued([Earning(row.start, row.due, row.accrues, row.paid_interest) for row in rows], day)

    def test_a_month_of_evenings(self):
        loan = self.running()
        first = loan.instalment_ids.sorted("number")[0]
        day = self.nio.business_date
        while day < first.due:
            day = self.nio._evening_of(day, day + timedelta(days=1))
            self.evening(day)
            self.assertEqual(loan.accrued, self.expected(loan, day))
            self.assertEqual((self.balance("20227"), self.balance("70212")), (loan.accrued, -loan.accrued))
        self.assertEqual(loan.accrued, first.interest)
        self.repay(loan, first.total)
        self.evening(day + timedelta(days=1))
        self.assertEqual(loan.accrued, self.expected(loan, day + timedelta(days=1)))
        self.assertEqual(self.balance("70212"), -first.interest - loan.accrued)

    def test_run_again_it_posts_nothing_and_a_closed_loan_has_none(self):
        loan = self.running()
        start = self.nio.business_date
        day = self.nio._evening_of(start, start + timedelta(days=10))
        self.evening(day)
        self.assertTrue(loan.accrued)
        before = self.env["kondo.operation"].search_count([])
        self.env["kondo.loan"]._day_end_accrual(self.nio, start, day)
        self.assertEqual(self.env["kondo.operation"].search_count([]), before)
        self.repay(loan, loan.early_quote()["total"], early="clear")
        self.evening(day + timedelta(days=1))
        self.assertEqual((loan.state, loan.accrued, self.balance("20227")), ("closed", 0, 0))

    def test_many_loans_agree_with_the_engine(self):
        random = Random(7)
        loans = self.env["kondo.loan"]
        for index in range(6):
            product = self.loan_product(
                code=f"AC{chr(65 + index)}",
                method=random.choice(("declining", "flat")),
                unit=random.choice(("weeks", "months")),
                annual_rate=random.randrange(6, 20),
            )
            loans |= self.running(
                product=product, amount=random.randrange(30, 120) * 1000, instalments=random.randrange(2, 9)
            )
        day = self.nio.business_date
        for _evening in range(6):
            day = self.nio._evening_of(day, day + timedelta(days=random.randrange(1, 20)))
            self.evening(day)
            for loan in loans:
                self.assertEqual(loan.accrued, self.expected(loan, day) if loan.state == "active" else 0)
            loan = random.choice(loans.filtered(lambda one: one.state == "active"))
            self.repay(loan, min(loan.rest, random.randrange(1_000, 30_000)))
            self.env.invalidate_all()
