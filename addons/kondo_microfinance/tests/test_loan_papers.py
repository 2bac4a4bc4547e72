import doctest

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.kondo_microfinance.report import loan_paper

from .loan_common import LoanCase

REPORT = "kondo_microfinance.report_loan_"


@tagged("post_install", "-at_install")
class TestLoanPapers(LoanCase):
    """What is put on paper of a loan, before there is a member and after it was signed."""

    def html(self, name, records, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.officer)
        return reports._render_qweb_html(f"{REPORT}{name}", records.ids)[0].decode()

    def prints(self, loan):
        logs = self.env["kondo.print.log"].search([("loan_id", "=", loan.id)], order="id")
        return [(log.loan_paper, log.subject or "", log.number) for log in logs]

    def simulate(self, role="teller", **values):
        simulator = self.as_user(self.users["NIX"][role])["kondo.loan.simulator"]
        return simulator.create({"product_id": self.monthly.id, "amount": 1_000_000, "instalments": 12, **values})

    # ------------------------------------------------------------------ simulation
    def test_the_teller_simulates_for_a_passer_by(self):
        loans = self.env["kondo.loan"].search_count([])
        with Form(self.as_user(self.users["NIX"]["teller"])["kondo.loan.simulator"]) as form:
            form.product_id, form.amount, form.partner_name = self.monthly, 1_000_000, "Oumar"
            self.assertEqual((form.instalment, form.interest, form.teg_over), (91_681, 100_161, False))
            form.instalments = 6
            self.assertEqual(len(form.line_ids), 6)
            form.grace_principal = 2
            self.assertEqual(form.line_ids._records[0]["principal"], 0)
        self.assertNotIn(",", form.record.display_name)
        page = self.html("simulation", form.record, form.record.create_uid)
        self.assertIn("Oumar", page)
        self.assertIn("1 000 000", page.replace("\xa0", " ").replace("\u202f", " "))
        self.assertEqual(self.env["kondo.loan"].search_count([]), loans)
        with self.assertRaises(UserError):
            form.record.action_apply()

    def test_what_the_law_forbids_is_neither_printed_nor_begun(self):
        simulator = self.simulate("officer", annual_rate=30)
        self.assertTrue(simulator.teg_over)
        self.assertIn("24", simulator.problem)
        for refused in (simulator.action_print, simulator.action_apply):
            with self.assertRaises(UserError):
                refused()
        with self.assertRaises(UserError):
            self.html("simulation", simulator)

    def test_the_officer_begins_a_file_with_the_terms_simulated(self):
        simulator = self.simulate("officer", amount=300_000, instalments=9, grace_principal=1)
        action = simulator.action_apply()
        member = self.make_member()
        with Form(self.as_user(self.officer)["kondo.loan"].with_context(**action["context"])) as form:
            form.partner_id = member
        loan = form.record
        self.assertEqual((loan.state, loan.product_id), ("draft", self.monthly))
        self.assertEqual((loan.amount, loan.instalments, loan.grace_principal), (300_000, 9, 1))

    # ------------------------------------------------------------------ contract
    def test_a_second_print_of_the_contract_is_a_duplicate(self):
        loan = self.file(amount=100_000)
        with self.assertRaises(UserError):
            self.html("contract", loan)
        self.grant(loan)
        first, second = self.html("contract", loan), self.html("contract", loan)
        self.assertIn("cent mille francs CFA", first)
        self.assertNotIn("DUPLICATA", first)
        self.assertIn("DUPLICATA n° 1", second)
        self.assertEqual(self.prints(loan), [("contract", "", 1), ("contract", "", 2)])

    def test_the_contract_of_a_changed_loan_stays_what_was_signed(self):
        loan = self.running(amount=100_000)
        last = self.html("contract", loan).count("<tr")
        change = self.as_user(self.officer)["kondo.loan.change"].create(
            {"loan_id": loan.id, "kind": "rescheduled", "reason": "Mauvaise récolte", "instalments": 20}
        )
        self.move_day(self.nio, loan.disbursed_on + relativedelta(days=10))
        change.with_user(self.manager).action_approve()
        self.env.invalidate_all()
        self.assertEqual(len(loan.schedule_id.instalment_ids), 20)
        self.assertEqual(self.html("contract", loan).count("<tr"), last)

    def test_the_table_of_a_running_loan_says_what_was_paid(self):
        loan = self.running(amount=100_000)
        self.repay(loan, 5_000)
        self.env.invalidate_all()
        pages = [self.html("schedule", loan).replace("\xa0", " ").replace("\u202f", " ") for _time in range(2)]
        for page in pages:
            self.assertIn("5 000", page)
            self.assertNotIn("DUPLICATA", page)
        self.assertEqual([number for _paper, _subject, number in self.prints(loan)], [1, 2])

    def test_articles_are_shared_out_over_sheets(self):
        self.assertEqual(doctest.testmod(loan_paper).failed, 0)

    # ------------------------------------------------------------------ deeds and consent
    def test_each_guarantor_signs_his_own_deed(self):
        people = [Command.create({"name": name, "ceiling": 50_000}) for name in ("TOURÉ Bakary", "DIARRA Moussa")]
        loan = self.file(amount=100_000, guarantor_ids=people)
        page = self.html("guarantee", loan)
        self.assertEqual(page.count("cinquante mille francs CFA"), 2)
        self.assertEqual(
            self.prints(loan),
            [
                ("guarantee", loan.guarantor_ids[0].display_name, 1),
                ("guarantee", loan.guarantor_ids[1].display_name, 1),
            ],
        )
        loan.guarantor_ids[0].unlink()
        self.assertIn("DUPLICATA n° 1", self.html("guarantee", loan))

    def test_guarantee_savings_have_their_deed(self):
        loan = self.file(amount=100_000)
        if loan.guarantee_savings:
            loan.guarantee_savings = 0
        with self.assertRaises(UserError):
            self.html("guarantee", loan)
        loan.guarantee_savings = 10_000
        self.assertIn("dix mille francs CFA", self.html("guarantee", loan))
        self.assertEqual(self.prints(loan), [("pledge", "", 1)])

    def test_borrower_and_co_borrower_both_consent(self):
        other = self.make_member("DIALLO Fanta")
        loan = self.file(coborrower_ids=[Command.set(other.ids)])
        page = self.html("consent", loan)
        self.assertIn("DIALLO Fanta", page)
        self.assertEqual([paper for paper, _subject, _number in self.prints(loan)], ["consent", "consent"])

    def test_papers_of_another_caisse_are_not_printed(self):
        loan = self.grant(self.file())
        stranger = next(
            users["officer"] for code, users in self.users.items() if code != "NIX" and users.get("officer")
        )
        with self.assertRaises(UserError):
            self.html("contract", loan, stranger)
        self.assertFalse(self.prints(loan))

    def test_a_print_is_never_written_by_hand(self):
        loan = self.grant(self.file())
        self.html("contract", loan)
        log = self.env["kondo.print.log"].search([("loan_id", "=", loan.id)])
        with self.assertRaises(AccessError):
            log.with_user(self.manager).number = 1
        with self.assertRaises(AccessError):
            log.with_user(self.manager).unlink()
