from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.ledger.key import LEDGER
from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestLoanPayments(LoanCase):
    """A loan of 100 000 F at 18 % in 12 months, from the counter out and back to it."""

    def off_balance(self):
        """Commitments to lend as the ledger has them (903)."""
        account = self.union._kondo_account("903")
        return sum(self.env["account.move.line"].search([("account_id", "=", account.id)]).mapped("balance"))

    def test_paid_out_and_repaid_to_the_last_franc(self):
        member = self.make_member()
        loan = self.grant(self.file(member))
        self.assertEqual((loan.state, loan.commitment, self.off_balance()), ("approved", 100_000, 100_000))
        answer = self.pay_out(loan)
        legs = self.legs(answer)
        self.assertEqual(legs["2022"], 100_000)
        self.assertEqual(sum(amount for code, amount in legs.items() if code.startswith("101")), -100_000)
        loan = self.env["kondo.loan"].browse(loan.id)
        self.env.invalidate_all()
        self.assertEqual(
            (loan.state, loan.principal, loan.commitment, loan.term_class), ("active", 100_000, 0, "short")
        )
        self.assertEqual(self.off_balance(), 0)
        rows = loan.instalment_ids.sorted("number")
        self.assertEqual([len(rows), sum(rows.mapped("principal")), rows[0].total], [12, 100_000, 9168])
        start = loan.disbursed_on
        for number, row in enumerate(rows, 1):
            self.move_day(self.nio, start + relativedelta(months=number))
            answer = self.repay(loan, row.total)
            self.assertEqual(self.legs(answer)["2022"], -row.principal)
            self.assertEqual(self.legs(answer)["70212"], -row.interest)
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.principal), ("closed", 0))
        self.assertTrue(all(row.state == "paid" and row.receipts for row in loan.instalment_ids))

    def test_reversal_allocates_later_payments_anew(self):
        loan = self.running()
        first, second = loan.instalment_ids.sorted("number")[:2]
        self.move_day(self.nio, first.due)
        paid = self.repay(loan, 9168)
        self.repay(loan, 3000)  # ahead, to the second instalment
        self.env.invalidate_all()
        self.assertEqual((first.rest, second.paid), (0, 3000))
        self.as_user(self.manager)["kondo.operation"].submit(
            "reversal", self.new_key(), {"operation_id": paid["operation_id"], "reason": "Mauvais crédit"}
        )
        self.env.invalidate_all()
        self.assertEqual((first.paid, second.paid), (3000, 0))
        self.assertEqual(first.paid_interest, 1500)
        rows = loan.allocation_ids.filtered(lambda row: row.operation_id != row.payment_id)
        self.assertTrue(rows)  # who looks at the file sees what was moved
        self.assertEqual(loan.principal, 98_500)

    def test_what_is_too_much_goes_to_the_account(self):
        member = self.make_member()
        account = self.make_account(member)
        product = self.loan_product(code="PAS", pays_ahead=False)
        loan = self.running(member=member, product=product, savings_account_id=account.id)
        first = loan.instalment_ids.sorted("number")[0]
        self.move_day(self.nio, first.due)
        self.repay(loan, 10_000)
        self.env.invalidate_all()
        self.assertEqual(account.balance, 10_000 - 9168)
        with self.assertRaisesRegex(UserError, "."):
            self.repay(loan, 5_000)

    def test_cleared_early(self):
        loan = self.running()
        self.move_day(self.nio, loan.disbursed_on + timedelta(days=10))
        quote = loan.early_quote()
        with self.assertRaises(UserError):
            self.repay(loan, quote["total"] - 1, early="clear")
        self.repay(loan, quote["total"], early="clear")
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.principal), ("closed", 0))
        self.assertLess(quote["interest"], 1500)

    def test_part_early_shortens_and_comes_back(self):
        loan = self.running()
        first = loan.instalment_ids.sorted("number")[0]
        self.move_day(self.nio, first.due)
        answer = self.repay(loan, 9168 + 50_000, early="shorten")
        self.env.invalidate_all()
        self.assertEqual(loan.schedule_id.reason, "early")
        self.assertLess(len(loan.instalment_ids), 8)
        self.assertEqual(sum(loan.instalment_ids.mapped("principal")), loan.principal)
        self.as_user(self.manager)["kondo.operation"].submit(
            "reversal", self.new_key(), {"operation_id": answer["operation_id"], "reason": "Erreur de montant"}
        )
        self.env.invalidate_all()
        self.assertEqual(
            (loan.principal, loan.schedule_id.reason, len(loan.instalment_ids)), (100_000, "disbursed", 12)
        )

    def test_granter_does_not_pay_out(self):
        loan = self.grant(self.file(savings_account_id=False))
        with self.assertRaises(UserError):
            self.as_user(self.manager)["kondo.operation"]._submit(
                "loan_disbursement", self.new_key(), {"loan_id": loan.id, "paid": "account"}, company=self.nio
            )

    def test_account_pays_in_the_evening(self):
        member = self.make_member()
        account = self.make_account(member, product=self.demand, balance=6_000)
        loan = self.running(member=member, savings_account_id=account.id, pays_from_savings=True)
        due = loan.instalment_ids.sorted("number")[0].due
        loan._day_end_repayments(self.nio, due - timedelta(days=1), due)
        self.assertEqual(account.balance, 6_000)
        self.move_day(self.nio, due)
        for _again in range(2):  # safe to run again
            loan._day_end_repayments(self.nio, due, due + timedelta(days=1))
            self.env.invalidate_all()
            self.assertEqual((account.balance, loan.due_now), (0, 3168))
        self.assertTrue(loan.payment_failure)

    def test_an_evening_s_payments_share_one_entry(self):
        loans, accounts = [], []
        for money in (20_000, 9_168, 500):
            member = self.make_member()
            account = self.make_account(member, product=self.demand, balance=money)
            loans.append(self.running(member=member, savings_account_id=account.id, pays_from_savings=True))
            accounts.append(account)
        blocked = accounts[2]
        blocked.with_context(kondo_ledger=LEDGER).block = "all"
        due = loans[0].instalment_ids.sorted("number")[0].due
        self.move_day(self.nio, due)
        evening = self.env["kondo.loan"]._day_end_repayments
        evening(self.nio, due, due + timedelta(days=1))
        self.env.invalidate_all()
        self.assertEqual([account.balance for account in accounts], [20_000 - 9_168, 0, 500])
        self.assertEqual([bool(loan.payment_failure) for loan in loans], [False, False, True])
        paid = self.env["kondo.operation"].search([("loan_id", "in", [loan.id for loan in loans[:2]])])
        paid = paid.filtered(lambda operation: operation.kind == "loan_repayment")
        entry = paid.move_id
        self.assertEqual((len(paid), len(entry), entry.kondo_operation_ids), (2, 1, paid))
        self.assertEqual((entry.state, entry.journal_id, entry.date), ("posted", self.nio.general_journal_id, due))
        self.assertEqual(entry.kondo_operation_id, paid.sorted("id")[0])
        of_savings = entry.line_ids.filtered(lambda line: line.account_id == accounts[0].ledger_account_id)
        self.assertEqual((len(of_savings), of_savings.debit), (1, 2 * 9_168), "added up by ledger account")
        self.assertEqual(sum(entry.line_ids.mapped("balance")), 0)

        entries = self.env["account.move"].search_count([])
        evening(self.nio, due, due + timedelta(days=1))
        self.assertEqual(self.env["account.move"].search_count([]), entries, "an evening with nothing to do makes none")
        self.as_user(self.manager)["kondo.operation"].submit(
            "reversal", self.new_key(), {"operation_id": paid[0].id, "reason": "Déjà payé au guichet"}
        )
        self.env.invalidate_all()
        self.assertEqual(sum(account.balance for account in accounts[:2]), 20_000, "one of the two comes back")
