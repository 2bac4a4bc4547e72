from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.borrowing import interest_owed
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestMonthEnd(LoanCase):
    """The last evening of a month: provisions, interest in arrears, accrued interest, write-offs to propose."""

    def balance(self, code):
        account = self.union._kondo_account(code)
        return int(sum(self.env["account.move.line"].search([("account_id", "=", account.id)]).mapped("balance")))

    def close_tills(self):
        for session in self.env["kondo.till.session"].search(
            [("company_id", "=", self.nio.id), ("state", "!=", "closed")]
        ):
            user = session.with_user(session.user_id)
            user.count_till([(10_000, session.till_id.cash // 10_000), (1, session.till_id.cash % 10_000)])
            user.close_till()

    def month_end(self, day=None):
        """(last day of the month of `day`, the morning after)."""
        last = (day or self.nio.business_date) + relativedelta(day=31)
        return last, last + relativedelta(days=1)

    def step(self, model, method, day=None):
        last, morning = self.month_end(day)
        self.move_day(self.nio, last)
        result = getattr(self.env[model], method)(self.nio, last, morning)
        self.env.invalidate_all()
        return result

    def set_parameter(self, key, value):
        self.env["kondo.parameter"].search([("key", "=", key)]).value = value

    def late_loan(self, **months):
        loan = self.running()
        first = loan.instalment_ids.sorted("number")[0]
        last, morning = self.month_end(first.due + relativedelta(**months))
        self.env["kondo.loan"]._day_end_accrual(self.nio, self.nio.business_date, self.month_end()[1])
        self.env.invalidate_all()
        return loan, last, morning

    def test_provisions_wait_for_the_end_of_the_month(self):
        loan, last, morning = self.late_loan(months=4)
        self.env["kondo.loan"]._update_positions(self.nio, morning)
        self.move_day(self.nio, last - relativedelta(days=1))
        loans = self.env["kondo.loan"]
        self.assertEqual(loans._day_end_class(self.nio, last - relativedelta(days=1), last), 1)
        self.assertIsNone(loans._day_end_provisions(self.nio, last - relativedelta(days=1), last))
        self.assertEqual(self.step("kondo.loan", "_day_end_provisions", last), 1)
        self.assertEqual((loan.stage, loan.provision, self.balance("2991")), ("late_6", 40_000, -40_000))
        self.assertIsNone(self.step("kondo.loan", "_day_end_provisions", last))

    def interest_when_declassed(self, how):
        self.set_parameter("interest_on_npl", how)
        loan, last, morning = self.late_loan(months=4)
        accrued = loan.accrued
        self.assertGreater(accrued, 0)
        self.env["kondo.loan"]._update_positions(self.nio, morning)
        self.step("kondo.loan", "_day_end_class", last)
        self.assertEqual(loan.stage, "late_6")
        before = self.env["kondo.operation"].search_count([])
        self.step("kondo.loan", "_day_end_accrual", last)
        self.assertEqual(self.env["kondo.operation"].search_count([]), before, "no more interest is booked")
        return loan, accrued

    def test_interest_in_arrears_is_reversed(self):
        loan, _accrued = self.interest_when_declassed("reverse")
        self.assertEqual((loan.accrued, self.balance("20227"), self.balance("70212")), (0, 0, 0))

    def test_interest_in_arrears_is_suspended(self):
        loan, accrued = self.interest_when_declassed("suspend")
        self.assertEqual((loan.accrued, self.balance("20227"), self.balance("70212")), (accrued, accrued, -accrued))

    def test_interest_in_arrears_is_reserved_and_income_when_it_is_paid(self):
        loan, accrued = self.interest_when_declassed("reserve")
        self.assertEqual((loan.accrued, loan.reserved), (accrued, accrued))
        self.assertEqual((self.balance("20227"), self.balance("3822"), self.balance("70212")), (accrued, -accrued, 0))
        first = loan.instalment_ids.sorted("number")[0]
        self.repay(loan, first.interest + 1_000)
        self.env.invalidate_all()
        self.assertEqual((loan.accrued, loan.reserved, self.balance("3822")), (0, 0, 0))
        self.assertEqual(self.balance("70212"), -first.interest)

    def test_reserved_interest_is_income_again_when_the_loan_is_cured(self):
        loan, accrued = self.interest_when_declassed("reserve")
        self.env["kondo.loan"].sudo().with_context(kondo_ledger=LEDGER).browse(loan.id).write({"late_since": False})
        self.assertEqual(self.env["kondo.loan"]._classify(self.nio, self.nio.business_date), 1)
        self.env.invalidate_all()
        self.assertEqual((loan.stage, loan.reserved, loan.accrued), ("performing", 0, accrued))
        self.assertEqual((self.balance("3822"), self.balance("70212")), (0, -accrued))

    def test_reserved_interest_of_a_lost_loan_was_never_income(self):
        loan, _accrued = self.interest_when_declassed("reserve")
        day = loan.late_since + relativedelta(months=13)
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._update_positions(self.nio, day)
        self.as_user(self.manager)["kondo.loan"].classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        loan.with_user(self.officer).ask_write_off("Parti sans laisser d'adresse")
        loan.with_user(self.manager).write_off()
        self.env.invalidate_all()
        self.assertEqual((loan.accrued, loan.reserved, self.balance("3822"), self.balance("70212")), (0, 0, 0, 0))

    def test_write_offs_are_proposed_after_two_years_and_withdrawn_when_paid(self):
        loan, last, _morning = self.late_loan(months=25)
        self.env["kondo.loan"]._update_positions(self.nio, last)
        self.assertEqual(self.step("kondo.loan", "_day_end_write_offs", last), 1)
        self.assertEqual((loan.write_off_proposed_on, loan.state), (last, "active"))
        self.repay(loan, loan.due_now)
        following = last + relativedelta(months=1)
        self.env["kondo.loan"]._update_positions(self.nio, following)
        self.step("kondo.loan", "_day_end_write_offs", following)
        self.assertFalse(loan.write_off_proposed_on)

    def test_savings_interest_is_accrued_and_taken_back_when_it_is_posted(self):
        self.env["kondo.savings.interest.rule"].create(
            {
                "product_id": self.passbook.id,
                "date_from": date(2024, 1, 1),
                "annual_rate": 6,
                "balance_basis": "daily_balance",
                "posting": "quarterly",
            }
        )
        account = self.make_account(self.make_member(), balance=1_200_000)
        last, _morning = self.month_end()
        accounts = self.passbook.accrued_account_id | self.passbook.expense_account_id
        code, expense = accounts.with_company(self.union).mapped("code")
        self.step("kondo.accrual", "_day_end")
        accrued = self.env["kondo.savings.interest"]._accrued(self.nio, self.passbook, last)["interest"]
        self.assertGreater(accrued, 0)
        self.assertEqual((self.balance(code), self.balance(expense)), (-accrued, accrued))
        before = self.env["kondo.operation"].search_count([])
        self.assertEqual(self.step("kondo.accrual", "_day_end"), (None, None))
        self.assertEqual(self.env["kondo.operation"].search_count([]), before)
        quarter = last
        while quarter.month % 3:
            quarter = self.month_end(quarter + relativedelta(days=1))[0]
        self.move_day(self.nio, quarter)
        self.env["kondo.savings.interest"]._day_end(self.nio, quarter, quarter + relativedelta(days=1))
        self.step("kondo.accrual", "_day_end", quarter)
        paid = account.balance - 1_200_000
        self.assertGreater(paid, 0)
        self.assertEqual((self.balance(code), self.balance(expense)), (0, paid))

    def test_what_a_line_costs_is_accrued_in_the_books_of_its_bank(self):
        line = self.env["kondo.funding.line"].create(
            {
                "name": "BNDA 2026",
                "donor_id": self.env["res.partner"].create({"name": "BNDA"}).id,
                "agreement": "C-12",
                "company_id": self.union.id,
                "amount": 10_000_000,
                "cost_rate": 6,
            }
        )
        journal = self.env["account.journal"].search([("company_id", "=", self.nio.id), ("type", "=", "bank")], limit=1)
        if not journal:
            journal = self.env["account.journal"].create(
                {"name": "BNDA Niono", "type": "bank", "code": "BNDA", "company_id": self.nio.id}
            )
        accountant = self.users["NIX"]["accountant"]
        day = self.nio.business_date
        line.with_user(accountant).with_company(self.nio).receive(journal.id, 6_000_000, "Première tranche")
        self.step("kondo.accrual", "_day_end")
        owed = interest_owed([(day, 6_000_000)], 6, self.month_end(day)[1])
        self.assertGreater(owed, 0)
        self.assertEqual((self.balance("1786"), self.balance("60178")), (-owed, owed))
