from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .batch_files import xlsx
from .collection_common import DayEndCase
from .loan_common import LoanFixture
from .test_batch import BatchCase

HEADINGS = ("N° prêt", "Nom", "Montant", "Libellé")


@tagged("post_install", "-at_install")
class TestLoanPayout(LoanFixture, BatchCase):
    """How the money of a loan leaves the caisse, and what the member takes home on paper."""

    def charge(self, name, kind="fee", value=2, **values):
        return (0, 0, {"name": name, "kind": kind, "base": "principal", "value": value, **values})

    def charged(self, **values):
        """2 % of fees, their tax and 10 % of guarantee savings, all taken when the loan is paid out."""
        charges = [
            self.charge("Frais de dossier"),
            self.charge("Épargne de garantie", "guarantee", 10),
        ]
        return self.loan_product(code="CHA", charge_ids=charges, **values)

    def test_net_of_fees_with_the_guarantee_held(self):
        member = self.make_member()
        held = self.make_account(member, product=self.guarantee_product)
        loan = self.grant(self.file(member, self.charged(), guarantee_account_id=held.id, guarantee_savings=10_000))
        answer = self.pay_out(loan)
        legs = self.legs(answer)
        self.assertEqual(legs["2022"], 100_000)
        self.assertEqual(sum(amount for code, amount in legs.items() if code.startswith("101")), -88_000)
        self.env.invalidate_all()
        self.assertEqual((held.balance, held.blocked), (10_000, 10_000))
        text = self.text("action_report_receipt_80", self.operation(answer))
        for part in (self.plain(2_000), self.plain(10_000), self.plain(88_000), "Frais de dossier", loan.name):
            self.assertIn(part, text)

    def test_gross_and_the_fees_from_the_account(self):
        member = self.make_member()
        held = self.make_account(member, product=self.guarantee_product)
        account = self.make_account(member, product=self.demand, balance=5_000)
        product = self.charged(charges_taken="account")
        loan = self.grant(self.file(member, product, savings_account_id=account.id, guarantee_account_id=held.id))
        with self.assertRaises(UserError):
            self.pay_out(loan)  # 12 000 F are to be taken, 5 000 F are there
        self.submit("deposit", account, 7_000)
        answer = self.pay_out(loan)
        legs = self.legs(answer)
        self.assertEqual(sum(amount for code, amount in legs.items() if code.startswith("101")), -100_000)
        self.env.invalidate_all()
        self.assertEqual((account.balance, held.balance, held.blocked), (0, 10_000, 10_000))

    def test_to_the_account_and_by_the_real_day(self):
        """Paid out nine days later than planned: the schedule counts from the real day."""
        member = self.make_member()
        account = self.make_account(member)
        loan = self.grant(self.file(member, savings_account_id=account.id))
        day = self.nio.business_date + timedelta(days=9)
        self.move_day(self.nio, day)
        self.pay_out(loan, paid="account")
        self.env.invalidate_all()
        loan = self.env["kondo.loan"].browse(loan.id)
        self.assertEqual((account.balance, loan.start_on), (100_000, day))
        self.assertEqual(loan.schedule_ids.sorted("number").mapped("reason"), ["initial", "disbursed"])
        self.assertEqual(loan.instalment_ids.sorted("number")[0].due, day + relativedelta(months=1))

    def test_by_tranches(self):
        day = self.nio.business_date
        second = day + relativedelta(months=1, days=3)
        product = self.loan_product(code="TRA", tranches_allowed=True)
        loan = self.grant(self.file(product=product, tranche_ids=[(0, 0, {"on": second, "amount": 40_000})]))
        self.pay_out(loan)
        loan = self.env["kondo.loan"].browse(loan.id)
        self.env.invalidate_all()
        self.assertEqual((loan.principal, loan.disbursed, loan.commitment), (60_000, 60_000, 40_000))
        with self.assertRaises(UserError):
            self.pay_out(loan)  # not before its day
        with self.assertRaises(UserError):
            self.repay(loan, 60_000, early="clear")
        self.move_day(self.nio, loan.instalment_ids.sorted("number")[0].due)
        first = loan.instalment_ids.sorted("number")[0].total
        self.repay(loan, first)
        paid = 60_000 - loan.principal
        self.move_day(self.nio, second + timedelta(days=2))
        self.pay_out(loan)
        self.env.invalidate_all()
        self.assertEqual((loan.disbursed, loan.commitment, loan.principal), (100_000, 0, 100_000 - paid))
        rows = loan.instalment_ids.sorted("number")
        self.assertEqual(sum(row.principal - row.paid_principal for row in rows), loan.principal)
        # what was paid of the first instalment is what it asks for under the new schedule too
        self.assertEqual((rows[0].total, rows[0].rest, rows[1].total), (first, 0, first))
        self.assertLess(rows[-1].total, first)

    def test_a_receipt_says_what_remains(self):
        loan = self.running()
        first, second = loan.instalment_ids.sorted("number")[:2]
        self.move_day(self.nio, first.due)
        operation = self.operation(self.repay(loan, 5_000, bearer="Moussa, son fils"))
        for report in ("action_report_receipt_80", "action_report_receipt_a5"):
            text = self.text(report, operation)
            for part in (
                loan.name, self.plain(1_500), self.plain(3_500), self.plain(96_500), self.plain(4_168),
                self.plain(second.total), f"{second.due:%d/%m/%Y}", "Moussa, son fils",
            ):  # fmt: skip
                self.assertIn(part, text)
        self.repay(loan, 4_168)  # what was printed of the first payment stays true
        self.assertIn(self.plain(96_500), self.text("action_report_receipt_80", operation))

    # ------------------------------------------------------------------ by list
    def test_an_employer_pays_by_a_list(self):
        """Deductions of three teachers: found by loan, by member and by account; all or nothing."""
        members = [self.make_member(f"MAÎTRE{index} Issa") for index in range(3)]
        accounts = [self.make_account(member) for member in members]
        loans = [self.running(member=member) for member in members]
        due = loans[0].instalment_ids.sorted("number")[0].due
        self.move_day(self.nio, due)
        named = [loans[0].name, members[1].member_number, accounts[2].number]
        rows = [[text, member.name, 9_168, None] for text, member in zip(named, members, strict=True)]
        wrong = [rows[0], rows[1], ["NIO-C-99999", "Personne", 9_168, None]]
        batch = self.make_batch(xlsx(wrong, HEADINGS), 3, 27_504, kind="loan", label="Retenues lycée")
        batch.action_check()
        self.assertEqual((batch.state, list(self.reasons(batch))), ("faulty", [4]))
        batch = self.make_batch(xlsx(rows, HEADINGS), 3, 27_504, kind="loan", label="Retenues lycée")
        batch.action_check()
        self.assertEqual(batch.state, "ready", batch.fault_note or self.reasons(batch))
        self.assertEqual([line.loan_id for line in batch.line_ids.sorted("row")], loans)
        batch.action_submit()
        answer = self.approve(batch)
        legs = self.legs(answer)
        self.assertEqual((legs["331"], legs["70212"]), (27_504, -4_500))
        for loan in loans:
            self.assertEqual((loan.instalment_ids.sorted("number")[0].rest, loan.due_now), (0, 0))
        again = self.approve(batch)
        self.assertTrue(again["replayed"])

    def test_cash_of_a_group_by_a_list(self):
        loans = [self.running(member=self.make_member(f"FEMME{index} Awa")) for index in range(2)]
        teller = self.users["NIX"]["teller"]
        session = self.session_of(self.nio)
        cash = session.till_id.cash
        rows = [[loan.name, loan.partner_id.name, 2_000, None] for loan in loans]
        batch = self.make_batch(xlsx(rows, HEADINGS), 2, 4_000, user=teller, kind="loan_cash", label="Groupe Benkadi")
        batch.action_check()
        batch.action_submit()
        self.approve(batch)
        self.assertEqual(session.till_id.cash, cash + 4_000)
        self.assertEqual([loan.instalment_ids.sorted("number")[0].paid for loan in loans], [2_000, 2_000])

    def test_a_loan_closed_since_the_check_stops_the_list(self):
        loan, other = self.running(), self.running(member=self.make_member("SOW Binta"))
        rows = [[one.name, one.partner_id.name, 2_000, None] for one in (other, loan)]
        batch = self.make_batch(xlsx(rows, HEADINGS), 2, 4_000, kind="loan", label="Retenues")
        batch.action_check()
        batch.action_submit()
        self.repay(loan, loan.early_quote()["total"], early="clear")
        with self.assertRaisesRegex(UserError, loan.name):
            self.approve(batch)
        self.env.invalidate_all()
        self.assertEqual((batch.state, other.principal), ("submitted", 100_000))


@tagged("post_install", "-at_install")
class TestLoanEvening(LoanFixture, DayEndCase):
    """What the end of the day takes from accounts for loans."""

    @classmethod
    def business_date(cls):
        return fields.Date.to_date("2026-01-02")

    def order(self, account, loan, **values):
        order = self.as_user(self.users["NIX"]["teller"])["kondo.standing.order"].create(
            {
                "source_account_id": account.id,
                "target_kind": "loan",
                "target_loan_id": loan.id,
                "amount": 9_168,
                "frequency": "monthly",
                "month_day": 2,
                "date_from": "2026-02-02",
                "authorisation": "OP 020",
                "authorised_on": "2026-01-02",
                **values,
            }
        )
        order.with_env(self.as_user(self.users["NIX"]["manager"])).action_activate()
        return order.with_env(self.env)

    def test_a_standing_order_pays_what_is_due_and_no_more(self):
        member = self.make_member()
        account = self.make_account(member, product=self.demand, balance=30_000)
        product = self.loan_product(code="PAS", pays_ahead=False)
        loan = self.running(member=member, product=product, savings_account_id=account.id)
        order = self.order(account, loan, amount=10_000)
        with self.assertRaises(UserError):
            order.with_env(self.as_user(self.users["NIX"]["teller"])).target_loan_id = False
        self.move_day(self.nio, loan.instalment_ids.sorted("number")[0].due)
        order._day_end(self.nio, self.nio.business_date, self.nio.business_date + timedelta(days=1))
        self.env.invalidate_all()
        self.assertEqual((account.balance, loan.due_now, order.done), (30_000 - 9_168, 0, 1), order.failure)
        paid = order.try_ids[:1].operation_id
        self.assertEqual((paid.kind, paid.loan_id, paid.amount), ("standing_order", loan, 9_168))

    def test_a_blocked_account_pays_nothing_and_says_so(self):
        member = self.make_member()
        account = self.make_account(member, product=self.demand, balance=30_000)
        loan = self.running(member=member, savings_account_id=account.id, pays_from_savings=True)
        due = loan.instalment_ids.sorted("number")[0].due
        self.move_day(self.nio, due)
        self.env.cr.execute("UPDATE kondo_savings_account SET block = 'debit' WHERE id = %s", (account.id,))
        self.env.invalidate_all()
        loan._day_end_repayments(self.nio, due, due + timedelta(days=1))
        self.env.invalidate_all()
        self.assertEqual((account.balance, loan.principal), (30_000, 100_000))
        self.assertTrue(loan.payment_failure)
        self.env.cr.execute("UPDATE kondo_savings_account SET block = 'none' WHERE id = %s", (account.id,))
        self.env.invalidate_all()
        loan._day_end_repayments(self.nio, due, due + timedelta(days=1))
        self.env.invalidate_all()
        self.assertEqual(account.balance, 30_000, "once an evening, whatever the evening brings after it")
        self.move_day(self.nio, due + timedelta(days=1))
        loan._day_end_repayments(self.nio, due + timedelta(days=1), due + timedelta(days=2))
        self.env.invalidate_all()
        self.assertEqual((account.balance, loan.payment_failure), (30_000 - 9_168, False))
