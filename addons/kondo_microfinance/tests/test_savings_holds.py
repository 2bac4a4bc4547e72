"""Blocks, holds, overdrafts and the limits of withdrawals: what a manager decides, and who may not."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .rules_common import RulesCase


@tagged("post_install", "-at_install")
class TestBlocks(RulesCase):
    def setUp(self):
        super().setUp()
        self.account = self.make_account(balance=10_000)

    def test_a_block_stops_one_way_and_another_person_lifts_it(self):
        mine = self.manager(self.account)
        mine._set_block("debit", "Litige entre héritiers")
        self.deposit(self.account, 500)
        with self.assertRaisesRegex(UserError, self.account.number):
            self.submit("withdrawal", self.account, 500)
        with self.assertRaises(UserError):
            mine._lift_block("Je me suis trompé")
        with self.assertRaises(UserError):
            mine._set_block("credit", "L'autre sens")
        mine._set_block("all", "Plus sûr")  # whoever blocked may tighten
        with self.assertRaises(UserError):
            self.deposit(self.account, 500)
        self.manager(self.account, "manager2")._lift_block("Accord des héritiers")
        self.submit("withdrawal", self.account, 500)
        bodies = " ".join(self.account.message_ids.mapped("body"))
        for reason in ("Litige entre héritiers", "Plus sûr", "Accord des héritiers"):
            self.assertIn(reason, bodies)

    def test_a_reason_is_asked_and_a_teller_may_not(self):
        with self.assertRaises(UserError):
            self.manager(self.account)._set_block("all", "  ")
        for role in ("teller", "officer", "accountant"):
            account = self.account.with_env(self.as_user(self.staff[role]))
            for decision in (
                lambda a: a._set_block("all", "?"),
                lambda a: a._lift_block("?"),
                lambda a: a._set_exemption(True, "?"),
                lambda a: a.action_block(),
                lambda a: a.action_hold(),
                lambda a: a.action_close(),
            ):
                with self.assertRaises(UserError):
                    decision(account)
        stranger = self.account.with_env(self.as_user(self.users["SGX"]["manager"]))
        with self.assertRaises(UserError):
            stranger._set_block("all", "Autre caisse")

    def test_the_window_asks_the_reason(self):
        wizard = self.env["kondo.savings.decision"].browse(self.manager(self.account).action_block()["res_id"])
        wizard = self.manager(wizard)
        wizard.write({"block": "credit", "reason": "Compte en cours de contrôle"})
        wizard.action_confirm()
        self.assertEqual((self.account.block, self.account.block_reason), ("credit", "Compte en cours de contrôle"))


@tagged("post_install", "-at_install")
class TestHolds(RulesCase):
    def setUp(self):
        super().setUp()
        self.account = self.make_account(balance=10_000)
        self.holds = self.env["kondo.savings.hold"]

    def hold(self, amount, kind="manager", until=None, role="manager"):
        holds = self.as_user(self.staff[role])["kondo.savings.hold"]
        return holds.browse(
            holds._place_by_manager(self.manager(self.account, role), amount, kind, "Pension à payer", until)
        ).with_env(self.env)

    def test_a_hold_with_its_last_day(self):
        """Held until the 12th: free again when the 12th is over."""
        self.hold(4_000, "payment", date(2026, 3, 12))
        self.assertEqual((self.account.blocked, self.account.available), (4_000, 6_000))
        with self.assertRaisesRegex(UserError, "6.000"):
            self.submit("withdrawal", self.account, 6_001)
        self.submit("withdrawal", self.account, 1_000)
        self.assertIn(date(2026, 3, 12), [event["date"] for event in self.account._next_events()])
        self.assertIn("12/03/2026", self.account.events)
        self.pass_to(date(2026, 3, 12))
        self.assertEqual(self.account.blocked, 4_000)
        self.pass_to(date(2026, 3, 13))
        self.assertEqual((self.account.blocked, self.account.hold_ids.state), (0, "expired"))
        self.submit("withdrawal", self.account, 9_000)

    def test_nothing_is_held_twice(self):
        self.hold(7_000)
        with self.assertRaisesRegex(UserError, "3.000"):
            self.hold(3_001)
        self.hold(3_000)
        self.assertEqual((self.account.blocked, self.account.available), (10_000, 0))

    def test_a_release_frees_once(self):
        hold = self.hold(7_000)
        self.manager(hold)._release_by_manager("Payé")
        self.assertEqual(
            (self.account.blocked, hold.state, hold.released_by_id), (0, "released", self.staff["manager"])
        )
        with self.assertRaises(UserError):
            self.manager(hold)._release_by_manager("Encore")
        self.assertEqual(self.account.blocked, 0)

    def test_a_seizure_is_released_by_another_person(self):
        hold = self.hold(7_000, "legal")
        with self.assertRaises(UserError):
            self.manager(hold)._release_by_manager("Mainlevée du juge")
        self.manager(hold, "manager2")._release_by_manager("Mainlevée du juge")
        self.assertEqual(self.account.blocked, 0)

    def test_a_guarantee_is_released_by_its_loan_only(self):
        with self.assertRaises(UserError):
            self.hold(2_000, "guarantee")
        hold = self.holds._place(self.account, 2_000, "guarantee", "Crédit NIX-C-0001", origin="NIX-C-0001")
        with self.assertRaisesRegex(UserError, "NIX-C-0001"):
            self.manager(hold)._release_by_manager("Le membre le demande")
        with self.assertRaises(UserError):
            hold._release("Autre crédit", origin="NIX-C-0002")
        hold._release("Crédit soldé", origin="NIX-C-0001")
        self.assertEqual(self.account.blocked, 0)

    def test_a_teller_holds_and_releases_nothing(self):
        hold = self.hold(1_000)
        teller = self.as_user(self.staff["teller"])
        with self.assertRaises(UserError):
            teller["kondo.savings.hold"]._place_by_manager(self.account.with_env(teller), 10, "manager", "?")
        with self.assertRaises(UserError):
            hold.with_env(teller)._release_by_manager("?")
        with self.assertRaises(AccessError):
            teller["kondo.savings.hold"].create({"account_id": self.account.id, "amount": 1, "reason": "?"})
        with self.assertRaises(AccessError):
            hold.with_env(teller).write({"state": "released"})
        with self.assertRaises(AccessError):
            hold.write({"amount": 1})

    def test_the_window_shows_what_is_held_and_why(self):
        self.hold(1_000)
        card = self.as_user(self.staff["teller"])["kondo.teller"]._account(self.account)
        self.assertIn("Pension à payer", card["alerts"][0]["text"])


@tagged("post_install", "-at_install")
class TestWithdrawalLimits(RulesCase):
    def setUp(self):
        super().setUp()
        self.account = self.make_account(balance=100_000)

    def test_the_delay_between_withdrawals(self):
        self.passbook.withdrawal_delay = 7
        self.submit("withdrawal", self.account, 1_000)
        self.next_day(6)
        with self.assertRaisesRegex(UserError, "17/03/2026"):
            self.submit("withdrawal", self.account, 1_000)
        self.next_day()
        self.submit("withdrawal", self.account, 1_000)

    def test_so_much_in_a_day(self):
        self.passbook.maximum_per_day = 30_000
        self.submit("withdrawal", self.account, 20_000)
        with self.assertRaisesRegex(UserError, "10.000"):
            self.submit("withdrawal", self.account, 10_001)
        self.submit("withdrawal", self.account, 10_000)
        self.next_day()
        self.submit("withdrawal", self.account, 30_000)

    def test_so_often_in_a_month(self):
        self.passbook.withdrawals_per_month = 2
        self.submit("withdrawal", self.account, 1_000)
        self.submit("withdrawal", self.account, 1_000)
        with self.assertRaisesRegex(UserError, self.account.number):
            self.submit("withdrawal", self.account, 1_000)
        self.deposit(self.account, 1_000)
        self.pass_to(date(2026, 4, 1))
        self.submit("withdrawal", self.account, 1_000)


@tagged("post_install", "-at_install")
class TestOverdrafts(RulesCase):
    def setUp(self):
        super().setUp()
        self.account = self.make_account(product=self.demand, balance=10_000)

    def request(self, amount=20_000, until=None, role="manager", account=None):
        return self.as_user(self.staff[role])["kondo.savings.overdraft"].create(
            {
                "account_id": (account or self.account).id,
                "amount": amount,
                "date_to": until or date(2026, 3, 20),
                "reason": "Semences avant la paie du coton",
            }
        )

    def test_asked_by_one_granted_by_another_until_a_day(self):
        request = self.request()
        with self.assertRaises(UserError):
            self.submit("withdrawal", self.account, 10_001)
        with self.assertRaises(UserError):
            request.action_grant()
        self.manager(request, "manager2").action_grant()
        self.assertEqual((self.account.overdraft_limit, self.account.available), (20_000, 30_000))
        self.submit("withdrawal", self.account, 15_000)
        self.assertEqual(self.account.balance, -5_000)
        self.pass_to(date(2026, 3, 20))
        self.submit("withdrawal", self.account, 1_000)
        self.pass_to(date(2026, 3, 21))
        self.assertEqual(request.state, "ended")
        with self.assertRaises(UserError):
            self.submit("withdrawal", self.account, 1)
        self.assertIn("red", [alert["level"] for alert in self.account._alerts()])
        self.deposit(self.account, 6_000)
        self.assertEqual(self.account.balance, 0)

    def test_a_new_overdraft_takes_the_place_of_the_old_and_not_below_what_is_drawn(self):
        first = self.request()
        self.manager(first, "manager2").action_grant()
        self.submit("withdrawal", self.account, 25_000)
        with self.assertRaisesRegex(UserError, "-15.000"):
            self.manager(self.request(10_000), "manager2").action_grant()
        self.env["kondo.savings.overdraft"].search([("state", "=", "requested")]).with_env(
            self.as_user(self.staff["manager2"])
        ).action_refuse()
        second = self.request(16_000)
        self.manager(second, "manager2").action_grant()
        self.assertEqual((first.state, second.state, self.account.overdraft_limit), ("ended", "granted", 16_000))
        self.manager(second).action_end()
        self.assertEqual((second.state, self.account.available), ("ended", 0))
        self.assertEqual(self.account.balance, -15_000)

    def test_only_demand_accounts_and_only_managers(self):
        with self.assertRaises(ValidationError):
            self.request(account=self.make_account(self.account.partner_id, self.passbook))
        for role in ("teller", "officer", "accountant"):
            with self.assertRaises(UserError):
                self.request(role=role)
        request = self.request()
        with self.assertRaises(UserError):
            request.with_env(self.as_user(self.staff["teller"])).action_grant()
        with self.assertRaises(AccessError):
            self.manager(request, "manager2").write({"state": "granted"})
        with self.assertRaises(UserError):
            self.request(
                until=self.nio.business_date - timedelta(days=1), account=self.make_account(product=self.demand)
            )
