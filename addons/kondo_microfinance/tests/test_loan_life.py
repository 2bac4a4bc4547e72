from datetime import timedelta

from odoo.tests import tagged

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestLoanLife(LoanCase):
    """What surrounds a loan: promises, papers, simulation."""

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

    def test_the_window_says_what_a_loan_wants_and_finds_it_by_its_number(self):
        loan = self.grant(self.file(self.make_member("TRAORÉ Awa")))
        member = loan.partner_id
        teller = self.session_of(self.nio).user_id
        service = self.as_user(teller)["kondo.teller"]

        def said():
            self.env.invalidate_all()
            return [alert["text"] for alert in service.member_card(member.id)["alerts"] if loan.name in alert["text"]]

        self.assertIn("décaisser", said()[0])
        self.pay_out(loan)
        self.assertEqual(said(), [])
        row = loan.instalment_ids.sorted("number")[0]
        self.move_day(self.nio, row.due)
        self.env["kondo.loan"]._update_positions(self.nio, row.due)
        self.assertIn("aujourd'hui", said()[0])
        self.assertEqual(loan.todo, "3_due")
        self.move_day(self.nio, row.due + timedelta(days=3))
        self.env["kondo.loan"]._update_positions(self.nio, row.due + timedelta(days=3))
        self.assertIn("3 jours de retard", said()[0])
        self.assertEqual(loan.todo, "2_late")
        self.assertEqual([found["id"] for found in service.search_members(loan.name[4:])], [member.id])
        self.assertEqual(service.search_members("C-99999"), [])
