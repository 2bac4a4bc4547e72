"""Planned savings, guarantee savings and the savings of groups, as a teller and a manager meet them."""

import uuid

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .term_common import TermCase


@tagged("post_install", "-at_install")
class TestSavingsPlans(TermCase):
    def setUp(self):
        super().setUp()
        self.product = self.env["kondo.savings.product"].create(
            {
                "name": "Plan d'épargne",
                "code": "PLN",
                "kind": "planned",
                "company_id": self.union.id,
                "plan_tolerance": 0,
                "plan_grace_days": 5,
                "bonus_rate": 4,
            }
        )
        self.planned = self.make_account(self.awa, self.product)

    def start(self, **values):
        return self.as_user(self.teller)["kondo.savings.plan"].create(
            {"account_id": self.planned.id, "amount": 10_000, "count": 3, "frequency": "monthly", **values}
        )

    def pay(self, amount=10_000):
        self.open_till(amount=0) if not self.session() else None
        self.submit("deposit", self.planned, amount)

    def session(self):
        return self.env["kondo.till.session"].search([("user_id", "=", self.teller.id), ("state", "!=", "closed")])

    def day(self, plan, number, late=0):
        """Work on the day of the plan's payment `number`, `late` days after it; the day before is ended."""
        self.end_days_until(fields.Date.add(plan.due_ids[number].day, days=late - 1))

    # ------------------------------------------------------------------ plans
    def test_a_plan_that_is_kept_earns_its_bonus(self):
        plan = self.start()
        first = self.nio.business_date
        self.assertEqual(plan.due_ids.mapped("day"), [fields.Date.add(first, months=n) for n in range(3)])
        for number in range(3):
            if number:
                self.day(plan, number)
            self.pay()
        self.end_days_until(self.nio.business_date)
        self.assertRecordValues(
            plan.sudo(), [{"state": "kept", "saved": 30_000, "missed": 0, "bonus": 1_200, "failure": False}]
        )
        self.assertEqual(self.legs(plan.sudo().operation_id), {"60253": 1_200, "2531": -1_200})
        self.assertEqual(self.planned.balance, 31_200)
        self.open_till(amount=100_000)
        self.submit("withdrawal", self.planned, 31_200)

    def test_a_payment_within_the_days_of_grace_keeps_the_promise_and_one_beyond_breaks_it(self):
        plan = self.start()
        self.pay()
        self.day(plan, 1, late=5)
        self.pay()
        self.day(plan, 2, late=6)
        self.pay()
        self.end_days_until(self.nio.business_date)
        self.assertEqual((plan.due_ids.mapped("state"), plan.missed), (["paid", "paid", "late"], 1))
        self.assertEqual((plan.state, plan.bonus), ("lost", 0))
        self.assertEqual(self.planned.balance, 30_000)

    def test_tolerance_and_reduced_bonus(self):
        for tolerance, when_missed, bonus, state in (
            (1, "lost", 1_200, "kept"),
            (0, "reduced", 800, "lost"),
            (0, "lost", 0, "lost"),
        ):
            with self.subTest(tolerance=tolerance, when_missed=when_missed):
                self.product.write({"plan_tolerance": tolerance, "bonus_when_missed": when_missed})
                plan = self.start()
                self.pay()
                self.day(plan, 1)
                self.pay()
                self.day(plan, 2, late=6)
                self.pay()
                self.end_days_until(self.nio.business_date)
                self.assertEqual((plan.state, plan.bonus), (state, bonus), "4 % of 30 000 F, 2 of 3 on time")

    def test_one_large_deposit_pays_the_oldest_dues_first(self):
        plan = self.start()
        self.pay(25_000)
        plan.with_user(self.teller).action_refresh()
        self.assertEqual(plan.due_ids.mapped("paid"), [10_000, 10_000, 5_000])
        self.assertEqual(plan.due_ids.mapped("state"), ["paid", "paid", "waiting"])

    def test_a_reversed_deposit_pays_nothing(self):
        plan = self.start()
        answer = self.submit("deposit", self.planned, 10_000)
        self.as_user(self.manager)["kondo.operation"].submit(
            "reversal", str(uuid.uuid4()), {"operation_id": answer["operation_id"], "reason": "Erreur de membre"}
        )
        plan.action_refresh()
        self.assertEqual((plan.due_ids[0].state, plan.saved), ("waiting", 0))

    def test_withdrawals_before_the_end(self):
        self.start()
        self.pay()
        with self.assertRaisesRegex(UserError, self.planned.number):
            self.submit("withdrawal", self.planned, 1_000)
        with self.assertRaises(UserError):
            self.submit("transfer", self.planned, 1_000, counter_account_id=self.account.id)
        free = self.make_account(self.make_member("KONÉ Issa"), self.product)
        self.product.plan_withdrawal = "allowed"
        plan = self.start(account_id=free.id)
        self.submit("deposit", free, 10_000)
        self.submit("withdrawal", free, 1_000)
        self.end_days_until(self.nio.business_date)
        self.assertEqual((plan.state, plan.bonus), ("lost", 0))

    def test_a_manager_stops_a_plan_and_the_money_is_free(self):
        plan = self.start()
        self.pay()
        self.assertEqual(len(self.planned._next_events()), 3)
        self.assertEqual(len(self.planned._closing_obstacles()), 1)
        with self.assertRaises(UserError):
            plan.action_stop()
        plan.with_user(self.manager).action_stop()
        self.submit("withdrawal", self.planned, 10_000)
        self.assertEqual((plan.state, plan.bonus), ("stopped", 0))

    def test_a_payment_never_made_loses_the_bonus_once_its_days_of_grace_are_over(self):
        self.product.plan_tolerance = 1
        plan = self.start()
        self.pay(20_000)
        self.day(plan, 2, late=6)
        self.assertEqual(plan.state, "running")
        self.end_days_until(self.nio.business_date)
        self.assertEqual((plan.state, plan.bonus), ("lost", 0))

    def test_market_days_and_a_plan_given_by_its_last_day(self):
        plan = self.start(frequency="weekly", date_end=fields.Date.add(self.nio.business_date, days=28))
        self.assertEqual([(row.day - plan.date_from).days for row in plan.due_ids], [0, 7, 14, 21, 28])
        self.assertEqual((plan.count, plan.promised), (5, 50_000))

    def test_what_a_plan_may_not_be(self):
        self.start()
        with self.assertRaises(UserError):
            self.start(account_id=self.account.id)
        other = self.make_account(self.awa, self.product)
        for values in ({"amount": 0}, {"count": 0}, {"date_from": "2020-01-01"}):
            with self.subTest(values), self.assertRaises(UserError):
                self.start(account_id=other.id, **values)

    def test_who_may_not_touch_a_plan(self):
        plan = self.start()
        for role in ("accountant",):
            with self.assertRaises(UserError):
                self.as_user(self.users["NIX"][role])["kondo.savings.plan"].create(
                    {"account_id": self.planned.id, "amount": 1_000, "count": 3}
                )
        with self.assertRaises(AccessError):
            plan.with_user(self.manager).state = "kept"
        with self.assertRaises(UserError):
            plan.with_user(self.manager).amount = 5_000
        with self.assertRaises(AccessError):
            plan.with_user(self.users["SGX"]["manager"]).read(["amount"])
        with self.assertRaises(UserError):
            self.as_user(self.users["SGX"]["teller"])["kondo.savings.plan"].create(
                {"account_id": self.planned.id, "amount": 1_000, "count": 3}
            )
        with self.assertRaises(UserError):
            self.as_user(self.manager)["kondo.operation"].submit("bonus", str(uuid.uuid4()), {"plan_id": plan.id})

    # ------------------------------------------------------------------ guarantee
    def guarantee(self):
        product = self.env["kondo.savings.product"].create(
            {"name": "Épargne de garantie", "code": "GAR", "kind": "guarantee", "company_id": self.union.id}
        )
        return self.make_account(self.awa, product, 50_000)

    def test_guarantee_savings_take_deposits_and_give_nothing_before_two_people_release_them(self):
        account = self.guarantee()
        self.assertEqual(account.ledger_account_id.with_company(self.union).code, "2545")
        with self.assertRaisesRegex(UserError, account.number):
            self.submit("withdrawal", account, 1_000)
        manager = account.with_user(self.manager)
        with self.assertRaises(UserError):
            manager.action_release()
        manager.action_ask_release()
        with self.assertRaises(UserError):
            manager.action_release()
        account.with_user(self.users["NIX"]["manager2"]).action_release()
        self.submit("withdrawal", account, 10_000)
        manager.action_tie_again()
        with self.assertRaises(UserError):
            self.submit("withdrawal", account, 10_000)

    def test_a_loan_that_holds_a_guarantee_forbids_its_release(self):
        account = self.guarantee()
        self.assertTrue(account._closing_obstacles())
        account.with_context(kondo_ledger=LEDGER).blocked = 20_000
        with self.assertRaisesRegex(UserError, account.number):
            account.with_user(self.teller).action_ask_release()
        account.with_context(kondo_ledger=LEDGER).tied = False
        with self.assertRaises(UserError):
            self.submit("withdrawal", account, 1_000)
        self.submit("deposit", account, 5_000)

    # ------------------------------------------------------------------ groups
    def test_the_teller_sees_who_may_withdraw_for_a_group(self):
        product = self.env["kondo.savings.product"].create(
            {"name": "Épargne de groupe", "code": "GRP", "kind": "group", "company_id": self.union.id}
        )
        group = self.make_member("Benkadi", member_kind="group", sex=False, women_count=14, men_count=2)
        self.env["kondo.mandate"].create(
            [
                {"partner_id": group.id, "holder_name": name, "role": role, "scope": "together"}
                for name, role in (("DIARRA Fanta", "Présidente"), ("COULIBALY Ami", "Trésorière"))
            ]
        )
        account = self.make_account(group, product, 60_000)
        shown = self.preview("withdrawal", account_id=account.id, amount=5_000)["lines"]
        texts = " ".join(str(line["value"]) for line in shown)
        self.assertIn("DIARRA Fanta, COULIBALY Ami", texts)
        self.assertIn("14", texts)
        self.assertEqual(self.preview("deposit", account_id=account.id, amount=5_000)["lines"], [])
        with self.assertRaises(UserError):
            self.make_account(self.awa, product)
