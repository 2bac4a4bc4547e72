from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up

from .intercaisse_common import IntercaisseCase


@tagged("post_install", "-at_install")
class TestCashControl(IntercaisseCase):
    """Ceilings, counts, closings and the position: the manager knows where the money is."""

    def mine(self, session, user=None):
        return self.as_user(user or session.user_id)["kondo.till.session"].browse(session.id)

    # ------------------------------------------------------------------ ceilings and minimums
    def test_a_till_above_its_ceiling_is_shown_with_what_to_do(self):
        session = self.open_till(amount=300_000)
        till = session.till_id
        till.write({"ceiling": 250_000, "floor": 20_000})
        shown = self.as_user(session.user_id)["kondo.teller"].current_session()
        self.assertTrue(shown["over_ceiling"])
        self.assertFalse(shown["under_floor"])
        self.assertIn("50\u202f000", shown["advice"])
        self.assertIn(till, self.env["kondo.till"].search([("cash_state", "=", "over")]))
        action = till.with_user(self.users["NIX"]["manager"]).action_move_cash()
        self.assertEqual(action["context"]["default_kind"], "till_to_vault")
        account = self.make_account(product=self.demand, balance=1_000)
        self.submit("deposit", account, 5_000, session=session)
        till.ceiling = 400_000
        self.assertEqual(till.cash_state, "right")
        self.assertNotIn(till, self.env["kondo.till"].search([("cash_state", "in", ("over", "under"))]))
        with self.assertRaises(UserError):
            till.action_move_cash()

    def test_a_vault_above_its_ceiling_proposes_the_bank_and_below_its_minimum_asks_it(self):
        vault = self.fill_vault(self.nio, 10_000_000)
        vault.ceiling = 8_000_000
        self.assertEqual(vault.action_move_cash()["context"]["default_kind"], "vault_to_bank")
        vault.write({"ceiling": 30_000_000, "floor": 12_000_000})
        self.assertEqual(
            (vault.cash_state, vault.action_move_cash()["context"]["default_kind"]), ("under", "bank_to_vault")
        )
        self.assertIn(vault, self.env["kondo.till"].search([("cash_state", "=", "under")]))

    # ------------------------------------------------------------------ banks and slips
    def test_each_bank_account_of_a_caisse_has_its_own_place_in_the_books(self):
        first = self.nio._kondo_bank_accounts()
        self.assertEqual(first.with_company(self.union).code, f"1141{self.nio.kondo_number:03d}00")
        accountant = self.users["NIX"]["accountant"]
        journal = self.nio.with_user(accountant)._kondo_create_bank_account("BMS Niono", "ML102 777")
        self.assertEqual(journal.code, "BQ2")
        self.assertEqual(len(self.nio._kondo_bank_accounts()), 2)
        with self.assertRaises(UserError):
            self.nio.with_user(accountant)._kondo_create_bank_account("BMS Niono", "ML102 777")
        with self.assertRaises(UserError):
            self.nio.with_user(self.users["NIX"]["teller"])._kondo_create_bank_account("BDM", "1")
        with self.assertRaises(UserError):
            self.seg.with_user(accountant)._kondo_create_bank_account("BDM", "1")
        slips = self.as_user(self.users["NIX"]["manager"])["kondo.cash.slip"]
        values = {"kind": "bank_to_vault", "vault_id": self.vault(self.nio).id, "counts": make_up(1_000_000)}
        for foreign in (
            self.seg._kondo_bank_accounts(),
            self.union._kondo_account("1141"),
            self.union._kondo_account("2511"),
        ):
            with self.assertRaises(UserError):
                slips.create({**values, "bank_account_id": foreign.id})
        slip = slips.create({**values, "bank_account_id": journal.default_account_id.id})
        self.assertEqual(slip.bank_account_ids, self.nio._kondo_bank_accounts())

    def test_a_slip_prints_on_a5_with_two_signatures(self):
        slip = self.send_float(self.nio, self.nio.till_ids.filtered(lambda place: place.code == "G1"), 125_000)
        report = self.env["report.kondo_microfinance.report_cash_slip"].with_user(self.users["NIX"]["manager"])
        paper = report._get_report_values(slip.ids)["slips"][0]
        self.assertEqual((len(paper["signatures"]), paper["pending"]), (2, True))
        self.assertEqual(paper["columns"][0][0][2], "12", "twelve notes of 10 000 F")
        draft = self.as_user(self.users["NIX"]["manager"])["kondo.cash.slip"].create(
            {
                "kind": "vault_to_till",
                "vault_id": self.vault(self.nio).id,
                "till_id": slip.till_id.id,
                "counts": make_up(5),
            }
        )
        with self.assertRaises(UserError):
            report._get_report_values(draft.ids)
        with self.assertRaises(AccessError):
            report.with_user(self.users["SGX"]["manager"])._get_report_values(slip.ids)
        html = self.env["ir.actions.report"]._render_qweb_html("kondo_microfinance.report_cash_slip", slip.ids)[0]
        self.assertIn(slip.name, html.decode())

    # ------------------------------------------------------------------ forced close
    def test_a_till_whose_teller_is_absent_is_closed_by_two_others(self):
        session = self.open_till(amount=80_000)
        manager, second = self.users["NIX"]["manager"], self.users["NIX"]["manager2"]
        with self.assertRaises(UserError):
            self.mine(session, manager).force_count(make_up(79_000), "  ")
        with self.assertRaises(UserError):
            self.mine(session, self.users["NIX"]["teller2"]).force_count(make_up(79_000), "malade")
        result = self.mine(session, manager).force_count(make_up(79_000), "Malade depuis midi")
        self.assertEqual(result["difference"], -1_000)
        with self.assertRaises(UserError):
            self.mine(session, manager).close_till("moi seul")
        with self.assertRaises(UserError):
            self.mine(session).close_till("le caissier revenu")
        with self.assertRaises(UserError):
            self.mine(session, self.users["SGX"]["manager"]).close_till("ailleurs")
        with self.assertRaises(UserError):
            self.mine(session, second).close_till("")
        self.mine(session, second).close_till("1 000 F manquent, compté à deux")
        self.assertRecordValues(
            session,
            [{"state": "closed", "forced_by_id": manager.id, "closed_by_id": second.id, "difference": -1_000}],
        )
        self.assertEqual(session.till_id.cash, 79_000)
        self.assertIn("Malade", session.message_ids[0].body)

    def test_without_a_difference_the_second_person_may_be_another_teller(self):
        session = self.open_till(amount=80_000)
        self.mine(session, self.users["NIX"]["manager"]).force_count(make_up(80_000), "Ne revient pas")
        with self.assertRaises(UserError):
            self.mine(session, self.users["NIX"]["officer"]).close_till()
        self.mine(session, self.users["NIX"]["teller2"]).close_till()
        self.assertEqual(session.state, "closed")
        self.nio._open_business_day(fields.Date.add(self.nio.business_date, days=1))

    def test_a_managers_own_till_is_not_forced_by_himself(self):
        session = self.open_till(amount=10_000)
        session.user_id.group_ids += self.env.ref("kondo_microfinance.group_caisse_manager")
        with self.assertRaises(UserError):
            self.mine(session).force_count(make_up(10_000), "moi")

    def test_a_till_is_never_open_over_two_business_days(self):
        account = self.make_account(product=self.demand)
        session = self.open_till(amount=10_000)
        with self.assertRaises(UserError):
            self.nio._open_business_day(fields.Date.add(self.nio.business_date, days=1))
        # Even if the day were moved behind its back, the till takes nothing on another day.
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_company SET business_date = business_date + 1 WHERE id = %s", (self.nio.id,))
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self.submit("deposit", account, 1_000, session=session)

    # ------------------------------------------------------------------ vault
    def test_the_vault_is_counted_by_two_persons_and_a_difference_is_posted(self):
        vault = self.fill_vault(self.nio, 1_000_000)
        count = self.as_user(self.users["NIX"]["manager"])["kondo.vault.count"].create(
            {"vault_id": vault.id, "counts": make_up(999_000)}
        )
        count.action_count()
        self.assertEqual((count.state, count.theoretical, count.difference), ("counted", 1_000_000, -1_000))
        with self.assertRaises(UserError):
            count.confirm("moi-même")
        other = count.with_env(self.as_user(self.users["NIX"]["accountant"]))
        with self.assertRaises(UserError):
            other.confirm()
        other.confirm("Billet de 1 000 F manquant dans une liasse")
        self.assertEqual((count.state, vault.cash), ("confirmed", 999_000))
        leg = self.env["kondo.operation.line"].search([("account_id", "=", self.union._kondo_account("3791").id)])
        self.assertEqual(leg.amount, 1_000)
        with self.assertRaises(AccessError):
            count.counts = {}

    def test_a_count_made_before_cash_moved_is_not_confirmed(self):
        vault = self.fill_vault(self.nio, 1_000_000)
        count = self.as_user(self.users["NIX"]["manager"])["kondo.vault.count"].create(
            {"vault_id": vault.id, "counts": make_up(1_000_000)}
        )
        count.action_count()
        self.fill_vault(self.nio, 500_000)
        with self.assertRaises(UserError):
            count.with_env(self.as_user(self.users["NIX"]["manager2"])).confirm()
        count.action_cancel()
        with self.assertRaises(UserError):
            self.as_user(self.users["NIX"]["teller"])["kondo.vault.count"].create({"vault_id": vault.id})

    # ------------------------------------------------------------------ position
    def test_the_position_says_where_the_money_is_now_and_on_a_past_day(self):
        session = self.open_till(amount=400_000)
        account = self.make_account(product=self.demand)
        self.submit("deposit", account, 25_000, session=session)
        first_day = self.nio.business_date
        self.mine(session).count_till(make_up(425_000))
        self.mine(session).close_till()
        self.nio._open_business_day(fields.Date.add(first_day, days=1))
        session = self.open_till(amount=0)
        self.submit("withdrawal", account, 5_000, session=session)

        def rows(date, company=self.nio, user=None):
            wizard = self.as_user(user or self.users["NIX"]["accountant"])["kondo.cash.position"].create(
                {"company_id": company.id, "date": date}
            )
            return wizard, {(line.kind, line.name): line.amount for line in wizard.line_ids}

        bank = self.nio.bank_journal_ids.name
        wizard, past = rows(first_day)
        self.assertEqual(past[("till", "Guichet 1")], 425_000)
        self.assertEqual(past[("vault", "Coffre")], 49_600_000)
        self.assertEqual(past[("bank", bank)], -50_000_000)
        self.assertEqual(wizard.total, 25_000, "what members brought")
        wizard, now = rows(fields.Date.add(first_day, days=1))
        self.assertEqual((now[("till", "Guichet 1")], wizard.total), (420_000, 20_000))
        line = wizard.line_ids.filtered(lambda row: row.kind == "till" and row.name == "Guichet 1")
        self.assertEqual((line.has_count, line.counted), (True, 425_000))
        found = self.env["kondo.operation.line"].search(line.action_open()["domain"])
        self.assertEqual(sum(found.mapped("amount")), 420_000, "the movements make the amount")
        self.assertEqual(wizard.action_open_list()["domain"], [("wizard_id", "=", wizard.id)])
        with self.assertRaises(UserError):
            rows(first_day, self.seg)
        with self.assertRaises(UserError):
            rows(first_day, user=self.users["NIX"]["teller"])

        # From the union: both caisses, and nothing counted twice.
        self.fill_vault(self.seg, 3_000_000)
        wizard, _network = rows(fields.Date.add(first_day, days=1), self.union, self.controller)
        self.assertEqual(wizard.line_ids.company_id, self.nio + self.seg)
        self.assertEqual(wizard.total, 20_000)

    def test_cash_by_day_follows_each_place(self):
        session = self.open_till(amount=400_000)
        account = self.make_account(product=self.demand)
        self.submit("deposit", account, 25_000, session=session)
        self.submit("withdrawal", account, 5_000, session=session)
        self.env.flush_all()
        days = self.as_user(session.user_id)["kondo.cash.day"].search([("till_id", "=", session.till_id.id)])
        self.assertRecordValues(
            days, [{"opening": 0, "cash_in": 425_000, "cash_out": 5_000, "closing": 420_000, "operations": 3}]
        )
        self.assertFalse(self.as_user(self.users["SGX"]["manager"])["kondo.cash.day"].search([]))
        self.assertEqual(
            sum(self.env["kondo.operation.line"].search(days.action_open()["domain"]).mapped("amount")), 420_000
        )
