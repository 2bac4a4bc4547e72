"""Accounts that sleep: over years, as the ends of days see them, and how two persons wake one."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .rules_common import RulesCase


@tagged("post_install", "-at_install")
class TestDormancy(RulesCase):
    def ask(self, account, role="teller", **values):
        return self.as_user(self.staff[role])["kondo.savings.reactivation"].create(
            {
                "account_id": account.id,
                "reason": "De retour de Côte d'Ivoire",
                "identity_seen": "NINA 18701234567890K",
                "holder_present": True,
                **values,
            }
        )

    def fall_asleep(self, day=date(2034, 3, 10)):
        account = self.make_account(balance=50_000)
        self.pass_to(day)
        return account

    def test_inactive_after_a_year_dormant_after_eight(self):
        account = self.make_account(balance=50_000)
        self.pass_to(date(2027, 3, 10))  # the day that ends is 10 March 2026
        self.assertEqual(account.state, "active")
        self.pass_to(date(2027, 3, 11))
        self.assertEqual((account.state, account.inactive_on), ("inactive", date(2027, 3, 10)))
        self.pass_to(date(2034, 3, 10))
        self.assertEqual(account.state, "inactive")
        self.pass_to(date(2034, 3, 11))
        self.assertEqual((account.state, account.dormant_on), ("dormant", date(2034, 3, 10)))
        self.assertEqual(account.transfer_from, date(2036, 3, 10))
        self.assertEqual(account.last_sign_on, date(2026, 3, 10))
        searched = self.env["kondo.savings.account"].search([("to_be_searched", "=", True)])
        self.assertIn(account, searched)

    def test_the_holder_wakes_an_inactive_account_himself(self):
        account = self.make_account(balance=50_000)
        self.pass_to(date(2027, 3, 10))
        self.next_day(2)
        self.assertEqual(account.state, "inactive")
        self.submit("withdrawal", account, 1_000)
        self.assertEqual(account.state, "active")
        self.next_day()
        self.assertEqual(account.state, "active")

    def test_a_product_may_sleep_sooner(self):
        self.passbook.write({"days_to_inactive": 30, "days_to_dormant": 60})
        account = self.make_account(balance=50_000)
        self.pass_to(date(2026, 4, 9))
        self.next_day()
        self.assertEqual(account.state, "inactive")
        self.pass_to(date(2026, 5, 9))
        self.next_day()
        self.assertEqual(account.state, "dormant")

    def test_another_living_account_or_a_seizure_keeps_it_awake(self):
        self.passbook.days_to_dormant = 400
        self.demand.days_to_dormant = 4_000
        awake = self.make_account(balance=50_000)
        seized = self.make_account(self.make_member("KONÉ Issa"), balance=50_000)
        self.env["kondo.savings.hold"]._place(seized, 10_000, "legal", "Ordonnance du juge")
        asleep = self.make_account(self.make_member("DIARRA Fanta"), balance=50_000)
        self.pass_to(date(2027, 4, 20))
        other = self.make_account(awake.partner_id, self.demand)
        self.deposit(other, 1_000)
        self.next_day()
        states = [account.state for account in (awake, seized, asleep)]
        self.assertEqual(states, ["inactive", "inactive", "dormant"])

    def test_a_dormant_account_pays_its_own_price(self):
        self.tariff("keeping", amount=300)
        self.tariff("dormant", amount=100)
        self.passbook.write({"days_to_inactive": 1, "days_to_dormant": 2})
        account = self.make_account(balance=50_000)
        self.pass_to(date(2026, 3, 30))
        self.next_day()
        self.assertEqual(account.state, "dormant")
        self.pass_to(date(2026, 4, 1))
        self.assertEqual(account.balance, 50_000 - 71)  # 22 days of 31 of 100 F: 70,97 F

    def test_a_dormant_account_refuses_the_window_with_a_clear_sentence(self):
        self.passbook.days_to_dormant = 400
        account = self.make_account(balance=50_000)
        self.pass_to(date(2027, 6, 1))
        self.next_day()
        for kind in ("deposit", "withdrawal"):
            with self.assertRaisesRegex(UserError, account.number):
                self.submit(kind, account, 1_000)
        card = self.as_user(self.staff["teller"])["kondo.teller"]._account(account)
        self.assertEqual((card["usable"], card["alerts"][0]["level"]), (False, "red"))

    def test_two_persons_wake_it(self):
        self.passbook.days_to_dormant = 400
        account = self.make_account(balance=50_000)
        with self.assertRaises(UserError):
            self.ask(account)
        self.pass_to(date(2027, 6, 1))
        self.next_day()
        with self.assertRaises(UserError):
            self.ask(account, holder_present=False)
        request = self.ask(account, "manager")
        with self.assertRaises(UserError):
            request.action_approve()
        self.manager(request, "manager2").action_refuse()
        request = self.ask(account)
        with self.assertRaises(UserError):
            request.action_approve()
        self.manager(request).action_approve()
        self.assertEqual((account.state, request.decided_by_id), ("active", self.staff["manager"]))
        self.submit("withdrawal", account, 1_000)
        with self.assertRaises(UserError):
            self.manager(request).action_approve()

    def test_a_reactivated_account_stays_awake(self):
        self.passbook.days_to_dormant = 400
        account = self.make_account(balance=50_000)
        self.pass_to(date(2027, 6, 1))
        self.next_day()
        self.manager(self.ask(account)).action_approve()
        self.next_day()
        self.assertEqual((account.state, account.reactivated_on), ("active", date(2027, 6, 2)))

    def test_the_accountant_and_strangers_do_not_ask(self):
        self.passbook.days_to_dormant = 400
        account = self.make_account(balance=50_000)
        self.pass_to(date(2027, 6, 1))
        self.next_day()
        for user in (self.staff["accountant"], self.users["SGX"]["teller"], self.controller):
            with self.assertRaises(UserError):
                self.as_user(user)["kondo.savings.reactivation"].create(
                    {"account_id": account.id, "reason": "?", "identity_seen": "?", "holder_present": True}
                )
