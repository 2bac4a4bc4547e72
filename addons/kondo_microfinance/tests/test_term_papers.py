"""Certificates, receipts and simulations on paper; what a simulator shows is what an account earns."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .term_common import TermCase


@tagged("post_install", "-at_install")
class TestTermPapers(TermCase):
    def paper(self, name, record, user):
        report = self.env["ir.actions.report"].with_env(self.as_user(user))
        html, _type = report._render_qweb_html(f"kondo_microfinance.report_{name}", record.ids)
        return " ".join(html.decode().replace("\u202f", " ").replace("&#160;", " ").split())

    # ------------------------------------------------------------------ certificate
    def test_the_certificate_says_what_was_agreed_and_its_second_print_is_a_duplicate(self):
        deposit = self.open_deposit()
        text = self.paper("term_certificate", deposit, self.teller)
        for piece in (
            deposit.name,
            "TRAORÉ Awa",
            "500 000",
            "cinq cent mille francs CFA",
            "25 000",
            self.account.number,
        ):
            self.assertIn(piece, text)
        self.assertIn(f"{deposit.maturity:%d/%m/%Y}", text)
        self.assertNotIn('class="across', text)
        self.assertIn('class="across', self.paper("term_certificate", deposit, self.manager))
        # a receipt of the opening is another paper: its first print is an original
        self.assertNotIn('class="across', self.paper("receipt_a5", deposit.opening_operation_id, self.teller))
        log = self.env["kondo.print.log"].search([("term_deposit_id", "=", deposit.id)])
        self.assertEqual(sorted(log.mapped("number")), [1, 2])

    def test_the_certificate_of_a_broken_deposit_says_it_is_over(self):
        deposit = self.open_deposit()
        self.ask("term_break", deposit=deposit.id, pay="cash", reason="Maladie")
        states = dict(deposit._fields["state"]._description_selection(self.env(context={"lang": "fr_FR"})))
        self.assertIn(states["broken"], self.paper("term_certificate", deposit, self.teller))

    def test_who_prints_certificates(self):
        deposit = self.open_deposit()
        with self.assertRaises(UserError):
            self.paper("term_certificate", deposit, self.users["NIX"]["accountant"])
        with self.assertRaises(UserError):
            self.paper("term_certificate", deposit, self.users["SGX"]["teller"])

    def test_receipts_of_term_deposits_read_well(self):
        deposit = self.open_deposit(funding=self.account.id, interest_mode="up_front")
        text = self.paper("receipt_a5", deposit.opening_operation_id, self.teller)
        for piece in (deposit.name, f"{deposit.maturity:%d/%m/%Y}", "500 000", self.account.number):
            self.assertIn(piece, text)
        self.ask("term_break", deposit=deposit.id, pay="cash", reason="Maladie")
        text = self.paper("receipt_80", deposit.closing_operation_id, self.teller)
        self.assertIn("25 000", text, "the interest taken back")
        self.assertIn("475 000", text)

    # ------------------------------------------------------------------ break by a manager
    def test_a_manager_breaks_a_deposit_without_a_till(self):
        deposit = self.open_deposit()
        before = self.account.balance
        wizards = self.as_user(self.manager)["kondo.term.break"].with_context(default_deposit_id=deposit.id)
        wizard = wizards.create({"reason": "Maladie"})
        self.assertEqual((wizard.settlement_account_id, wizard.given), (self.account, 500_000))
        self.assertEqual(wizard.lost, 25_000)
        wizard.action_break()
        self.assertEqual((deposit.state, self.account.balance), ("broken", before + 500_000))
        self.env["kondo.operation.limit"].create(
            {"company_id": self.union.id, "role": "group_caisse_manager", "kind": "term_break", "amount": 100_000}
        )
        other = self.open_deposit(200_000, 3)
        wizard = wizards.with_context(default_deposit_id=other.id).create({"reason": "Maladie"})
        with self.assertRaises(UserError):
            wizard.action_break()
        self.assertEqual(other.state, "open")

    # ------------------------------------------------------------------ simulators
    def simulator(self, user=None, **values):
        wizards = self.as_user(user or self.users["NIX"]["officer"])["kondo.deposit.simulator"]
        return wizards.create({"product_id": self.dat.id, "amount": 500_000, "months": 12, **values})

    def test_a_simulated_term_deposit_is_the_one_that_is_signed(self):
        for mode in ("maturity", "periodic", "up_front"):
            for months, amount in ((3, 123_457), (12, 500_000), (24, 1_999_999)):
                with self.subTest(mode=mode, months=months):
                    simulated = self.simulator(amount=amount, months=months, interest_mode=mode)
                    deposit = self.open_deposit(amount, months, interest_mode=mode, at_maturity="payout")
                    self.assertFalse(simulated.problem)
                    self.assertEqual(simulated.interest, deposit.interest_total)
                    planned = [(row.due, row.amount) for row in deposit.event_ids]
                    self.assertEqual(
                        [(line.day, line.interest) for line in simulated.line_ids if line.interest], planned
                    )
                    self.assertEqual(simulated.balance, amount + deposit.interest_total)

    def test_a_simulator_says_what_is_not_offered(self):
        self.assertIn("3, 6, 12, 24", self.simulator(months=7).problem)
        self.assertTrue(self.simulator(amount=0).problem)
        with self.assertRaises(UserError):
            self.simulator(amount=0).action_print()

    def test_free_conditions(self):
        simulated = self.simulator(base="free", free_kind="term", annual_rate=6, months=8, interest_mode="maturity")
        self.assertEqual((simulated.interest, simulated.balance), (20_000, 520_000))
        savings = self.simulator(
            base="free", free_kind="passbook", annual_rate=3.65, posting="monthly", amount=100_000, months=2,
            start="2027-01-01",
        )  # fmt: skip
        self.assertEqual([line.interest for line in savings.line_ids if line.interest], [310, 281])

    def test_a_simulated_plan_pays_the_bonus_of_a_plan_that_is_kept(self):
        product = self.env["kondo.savings.product"].create(
            {"name": "Plan", "code": "PLN", "kind": "planned", "company_id": self.union.id, "bonus_rate": 4}
        )
        simulated = self.simulator(product_id=product.id, regular=10_000, count=3)
        self.assertEqual((simulated.problem, simulated.bonus, simulated.balance), (False, 1_200, 31_200))
        self.assertEqual(len(simulated.line_ids), 4)

    def test_a_simulated_savings_account_earns_what_a_real_one_does(self):
        self.env["kondo.savings.interest.rule"].create(
            {
                "product_id": self.passbook.id,
                "date_from": "2020-01-01",
                "annual_rate": 3.5,
                "overdraft_rate": 0,
                "posting": "monthly",
                "days_in_year": "365",
            }
        )
        start = self.nio.business_date
        simulated = self.simulator(product_id=self.passbook.id, amount=300_000, months=2)
        self.assertFalse(simulated.problem)
        account = self.make_account(self.make_member("KONÉ Issa"), self.passbook, 300_000)
        self.end_days_until(fields.Date.add(start, months=2, days=-1))
        self.assertEqual(account.balance + account.interest_to_date, simulated.balance)
        self.assertGreater(simulated.interest, 1_500)

    def test_the_simulator_answers_while_one_types(self):
        with Form(self.as_user(self.teller)["kondo.deposit.simulator"]) as form:
            form.product_id = self.dat
            form.months = 6
            form.amount = 250_000
            self.assertEqual((form.interest, form.balance), (5_000, 255_000))
            form.months = 5
            self.assertTrue(form.problem)
            form.months = 12
        text = self.paper("simulation", form.record, self.teller)
        for piece in ("250 000", "12 500", "262 500"):
            self.assertIn(piece, text)

    # ------------------------------------------------------------------ what comes next
    def test_the_account_shows_what_comes_next(self):
        deposit = self.open_deposit(interest_mode="periodic")
        events = deposit.account_id._next_events()
        self.assertEqual(len(events), 5)
        self.assertEqual(events[-1]["date"], deposit.maturity)
        self.assertEqual(events[0]["date"], fields.Date.add(deposit.start, months=3))
