from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestLoanChanges(LoanCase):
    """Running loans whose terms are changed by two people."""

    def ask(self, loan, kind, **values):
        return self.as_user(self.officer)["kondo.loan.change"].create(
            {"loan_id": loan.id, "kind": kind, "reason": "Mauvaise récolte", **values}
        )

    def late(self, loan, months=2):
        first = loan.instalment_ids.sorted("number")[0]
        self.move_day(self.nio, first.due + relativedelta(months=months))
        self.env["kondo.loan"]._update_positions(self.nio, self.nio.business_date)
        self.env.invalidate_all()

    def test_rescheduled_keeps_the_age_of_the_arrears(self):
        loan = self.running()
        self.late(loan)
        since, owed = loan.late_since, loan.principal
        interest = sum(due.interest for due in loan._dues() if due.due < self.nio.business_date)
        change = self.ask(loan, "rescheduled", instalments=18)
        with self.assertRaises(UserError):
            change.with_user(self.officer).action_approve()
        change.with_user(self.manager).action_approve()
        self.env.invalidate_all()
        rows = loan.instalment_ids.sorted("number")
        self.assertEqual((change.state, len(rows), loan.schedule_id.reason), ("done", 18, "rescheduled"))
        self.assertEqual((sum(rows.mapped("principal")), loan.principal), (owed, owed))
        self.assertGreaterEqual(rows[0].interest, interest)
        self.assertEqual((loan.rescheduled_count, loan.late_from_kept, loan.days_late), (1, since, 0))
        self.move_day(self.nio, rows[0].due + timedelta(days=1))
        loan._refresh_position()
        self.assertEqual(loan.late_since, since)  # late again: as old as before
        with self.assertRaises(AccessError):
            change.write({"instalments": 24})

    def test_postponed_for_a_campaign(self):
        product = self.loan_product(code="RIZ", amortization="in_fine", instalments=1, every=8, annual_rate=12)
        loans = [self.running(member=self.make_member(f"PAYSAN {n}"), product=product, instalments=1) for n in range(2)]
        due = loans[0].instalment_ids.due
        wizard = self.as_user(self.officer)["kondo.loan.postpone"].create(
            {
                "company_id": self.nio.id,
                "product_id": product.id,
                "due_from": due - timedelta(days=1),
                "due_to": due + timedelta(days=1),
                "months": 3,
                "batch": "Riz 2026",
                "reason": "Sécheresse",
            }
        )
        self.assertEqual(wizard.loan_count, 2)
        changes = self.env["kondo.loan.change"].browse(wizard.action_confirm()["domain"][0][2])
        changes.with_user(self.manager).action_approve()
        self.env.invalidate_all()
        for loan in loans:
            self.assertEqual(loan.instalment_ids.due, due + relativedelta(months=3))
            self.assertEqual(loan.instalment_ids.principal, 100_000)
            self.assertGreater(loan.instalment_ids.interest, 8_000)  # 12 % over 8 months, and three more

    def test_consolidated(self):
        member = self.make_member()
        one, two = self.running(member=member), self.running(member=member, amount=60_000)
        change = self.ask(one, "consolidated", other_ids=[(6, 0, two.ids)], instalments=12)
        change.with_user(self.manager).action_approve()
        self.env.invalidate_all()
        self.assertEqual((one.principal, two.principal, two.state), (160_000, 0, "closed"))
        self.assertEqual(two.consolidated_into_id, one)
        self.assertEqual(sum(one.instalment_ids.mapped("principal")), 160_000)

    def test_topped_up_to_the_account(self):
        member = self.make_member()
        account = self.make_account(member)
        loan = self.running(member=member, savings_account_id=account.id)
        change = self.ask(loan, "topped_up", extra=40_000, instalments=12)
        change.with_user(self.manager).action_approve()
        self.env.invalidate_all()
        self.assertEqual((loan.principal, account.balance, loan.disbursed), (140_000, 40_000, 140_000))

    def test_officers_in_bulk_with_history(self):
        loans = self.running() | self.running(member=self.make_member("SIDIBÉ Oumar"))
        other = self.build_user("officer2_nix", "group_loan_officer", self.nio, self.nio)
        elsewhere = self.users["SGX"]["officer"]
        hands = self.as_user(self.manager)["kondo.loan"].browse(loans.ids)
        with self.assertRaises(UserError):
            hands.change_officer(elsewhere.id, "Mutation")
        with self.assertRaises(UserError):
            hands.with_user(self.officer).change_officer(other.id, "Mutation")
        hands.change_officer(other.id, "Mutation")
        self.assertEqual(loans.officer_id, other)
        self.assertEqual(loans[0].officer_change_ids.from_id, self.officer)

    def test_promise_kept_and_broken(self):
        kept, broken = self.running(), self.running(member=self.make_member("SANOGO Ali"))
        start = self.nio.business_date
        for loan in (kept, broken):
            self.as_user(self.officer)["kondo.loan.followup"].create(
                {
                    "loan_id": loan.id,
                    "kind": "promise",
                    "day": start,
                    "promise_on": start + timedelta(days=5),
                    "promise_amount": 5_000,
                }
            )
        self.repay(kept, 5_000)
        followups = self.env["kondo.loan.followup"]
        followups._day_end_promises(self.nio, start, start + timedelta(days=5))
        self.assertEqual((kept | broken).followup_ids.mapped("promise_state"), ["waiting", "waiting"])
        followups._day_end_promises(self.nio, start + timedelta(days=5), start + timedelta(days=6))
        self.assertEqual((kept.followup_ids.promise_state, broken.followup_ids.promise_state), ("kept", "broken"))
        self.assertTrue(broken.activity_ids)

    def test_papers_are_printed(self):
        member = self.make_member()
        loan = self.file(member, guarantor_ids=[(0, 0, {"name": "TOURÉ Bakary", "ceiling": 50_000})])
        loan = self.grant(loan).with_user(self.officer)
        reports = self.env["ir.actions.report"].with_user(self.officer)
        for name, words in (
            ("contract", "cent mille francs CFA"),
            ("schedule", "100"),
            ("guarantee", "cinquante mille francs CFA"),
            ("consent", "TRAORÉ Awa"),
        ):
            html, _kind = reports._render_qweb_html(f"kondo_microfinance.report_loan_{name}", loan.ids)
            self.assertIn(words, html.decode())
        letter = self.as_user(self.officer)["kondo.loan.followup"].create({"loan_id": loan.id, "kind": "letter_3"})
        html, _kind = reports._render_qweb_html("kondo_microfinance.report_loan_letter", letter.ids)
        self.assertIn(loan.name, html.decode())

    def test_simulation_without_a_member(self):
        teller = self.as_user(self.users["NIX"]["teller"])
        simulator = teller["kondo.loan.simulator"].create(
            {"product_id": self.monthly.id, "amount": 1_000_000, "instalments": 12}
        )
        self.assertFalse(simulator.problem)
        self.assertEqual((simulator.instalment, simulator.interest), (91_681, 100_161))
        self.assertEqual((simulator.teg_proportional, simulator.teg_over), (18.0, False))
        self.assertEqual(len(simulator.line_ids), 12)
        html, _kind = teller["ir.actions.report"]._render_qweb_html(
            "kondo_microfinance.report_loan_simulation", simulator.ids
        )
        self.assertIn("100", html.decode())
        simulator.annual_rate = 30
        self.assertTrue(simulator.teg_over and simulator.problem)
