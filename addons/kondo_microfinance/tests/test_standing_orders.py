from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .collection_common import DayEndCase

FRIDAY = fields.Date.to_date("2026-01-02")


@tagged("post_install", "-at_install")
class TestStandingOrders(DayEndCase):
    """What members have ordered once and the end of the day pays."""

    @classmethod
    def business_date(cls):
        return FRIDAY

    def setUp(self):
        super().setUp()
        self.awa = self.make_member("TRAORÉ Awa")
        self.salary = self.make_account(self.awa, self.demand, 50_000)
        self.savings = self.make_account(self.awa)

    def make_order(self, activate=True, **values):
        order = self.as_user(self.users["NIX"]["teller"])["kondo.standing.order"].create(
            {
                "source_account_id": self.salary.id,
                "target_account_id": self.savings.id,
                "amount": 10_000,
                "frequency": "weekly",
                "date_from": FRIDAY,
                "authorisation": "OP 014",
                "authorised_on": FRIDAY,
                "purpose": "Épargne du vendredi",
                **values,
            }
        )
        if activate:
            order.with_env(self.as_user(self.users["NIX"]["manager"])).action_activate()
        return order.with_env(self.env)

    def tries(self, order):
        return [(row.date, row.result, row.amount) for row in order.try_ids.sorted("id")]

    def test_a_friday_without_money_is_paid_after_a_deposit(self):
        order = self.make_order(amount=30_000)
        self.end_day()
        self.assertEqual((self.salary.balance, self.savings.balance), (20_000, 30_000))
        self.assertEqual(order.next_due, FRIDAY + timedelta(days=7))

        # The next Friday only 20 000 F are there: the order says so, and the till of Saturday brings the rest.
        self.end_days_until(FRIDAY + timedelta(days=7))
        self.assertEqual(self.savings.balance, 30_000)
        self.assertIn("20\u202f000", order.failure)
        self.assertIn("30\u202f000", order.failure)
        self.assertEqual((order.state, order.tries), ("active", 1))
        self.submit("deposit", self.salary, 15_000)
        self.end_day()
        self.assertEqual((self.salary.balance, self.savings.balance), (5_000, 60_000))
        self.assertEqual((order.failure, order.tries, order.done), (False, 0, 2))
        # The following one is a Friday again: what was late does not shift the calendar.
        self.assertEqual(order.next_due, FRIDAY + timedelta(days=14))
        paid = order.try_ids[0]
        self.assertEqual((paid.due, paid.number, paid.result), (FRIDAY + timedelta(days=7), 2, "done"))
        self.assertEqual(paid.operation_id.kind, "standing_order")
        self.assertEqual(paid.operation_id.counter_account_id, self.savings)
        self.assertEqual(order.total, 60_000)

    def test_after_three_tries_in_vain_it_waits_for_somebody(self):
        order = self.make_order(amount=80_000)
        for _closing in range(4):
            self.end_day()
        self.assertEqual(order.state, "suspended")
        self.assertEqual([row[1] for row in self.tries(order)], ["failed"] * 3)
        self.assertIn("3", order.suspended_reason)
        self.submit("deposit", self.salary, 100_000)
        self.end_day()
        self.assertEqual(self.savings.balance, 0, "a suspended order is not tried")
        order.with_env(self.as_user(self.users["NIX"]["teller"])).action_resume()
        self.end_day()
        self.assertEqual((order.state, self.savings.balance), ("active", 80_000))

    def test_what_fell_due_meanwhile_may_be_given_up(self):
        order = self.make_order(amount=80_000, max_tries=1)
        self.end_days_until(FRIDAY + timedelta(days=15))
        self.submit("deposit", self.salary, 200_000)
        order.with_env(self.as_user(self.users["NIX"]["manager"])).action_resume_skip()
        self.end_day()
        self.assertEqual(self.savings.balance, 0)
        self.assertEqual(order.next_due, FRIDAY + timedelta(days=21))
        self.assertEqual([row[1] for row in self.tries(order)], ["failed", "skipped", "skipped", "skipped"])

    def test_an_evening_run_twice_pays_once_and_tries_once(self):
        paid = self.make_order()
        failing = self.make_order(amount=900_000, sequence=20)
        self.close_tills()
        for _run in range(2):
            self.nio._end_business_day(self.nio.business_date + timedelta(days=1))
            self.env.invalidate_all()
        self.assertEqual(self.savings.balance, 10_000)
        self.assertEqual((len(paid.try_ids), len(failing.try_ids), failing.tries), (1, 1, 1))

    def test_a_due_date_is_read_where_it_is_paid_whatever_the_caller_has_seen(self):
        """The evening's own transaction began before the payment: it must not take the order for due once more."""
        order = self.make_order().sudo()
        self.close_tills()
        self.assertFalse(order._settle(FRIDAY), "no other due date has come")
        self.assertFalse(order._settle(FRIDAY))
        self.env.invalidate_all()
        self.assertEqual((self.savings.balance, order.done, order.next_due), (10_000, 1, FRIDAY + timedelta(days=7)))

    def test_a_caisse_that_was_closed_makes_up_every_week(self):
        order = self.make_order()
        self.end_days_until(FRIDAY + timedelta(days=16))
        self.assertEqual(self.savings.balance, 30_000)
        self.assertEqual(
            [row.due for row in order.try_ids.sorted("due")], [FRIDAY + timedelta(weeks=n) for n in range(3)]
        )

    def test_as_much_as_there_is_leaves_the_minimum(self):
        passbook = self.make_account(balance=12_000)  # minimum of the product: 1 000 F
        order = self.make_order(source_account_id=passbook.id, amount_kind="up_to", amount=20_000)
        self.end_day()
        self.assertEqual((passbook.balance, self.savings.balance), (1_000, 11_000))
        self.end_days_until(FRIDAY + timedelta(days=7))
        self.assertEqual([row[1] for row in self.tries(order)], ["done", "nothing"])
        self.assertIn(passbook.number, order.try_ids[0].reason)
        self.assertEqual(order.tries, 0, "nothing to pay is no failure")

    def test_a_fixed_amount_never_takes_the_minimum_of_the_product(self):
        passbook = self.make_account(balance=10_000)  # minimum of the product: 1 000 F
        order = self.make_order(source_account_id=passbook.id, amount=9_500)
        self.end_day()
        self.assertEqual((passbook.balance, order.tries), (10_000, 1))
        self.assertIn("9\u202f000", order.failure)

    def test_what_is_above_an_amount_goes_to_savings_every_evening(self):
        order = self.make_order(amount_kind="above", amount=40_000, frequency="daily")
        self.end_day()
        self.assertEqual((self.salary.balance, self.savings.balance), (40_000, 10_000))
        self.submit("deposit", self.salary, 2_500)
        self.end_day()
        self.assertEqual((self.salary.balance, self.savings.balance), (40_000, 12_500))
        self.end_days_until(self.nio.business_date + timedelta(days=3))
        self.assertEqual(len(order.try_ids), 4, "four closings; the two days without one are not made up")

    def test_a_number_of_payments_then_it_ends(self):
        order = self.make_order(end_kind="count", count=2, amount=1_000)
        self.end_days_until(FRIDAY + timedelta(days=30))
        self.assertEqual((order.state, self.savings.balance, order.next_due), ("ended", 2_000, False))

    def test_until_a_date_then_it_ends(self):
        order = self.make_order(end_kind="date", date_to=FRIDAY + timedelta(days=8), amount=1_000)
        self.end_days_until(FRIDAY + timedelta(days=30))
        self.assertEqual((order.state, self.savings.balance), ("ended", 2_000))

    def test_a_day_of_the_month(self):
        order = self.make_order(frequency="monthly", month_day=31, amount=1_000)
        self.assertEqual(order.next_due, fields.Date.to_date("2026-01-31"))
        self.end_days_until("2026-03-01")
        self.assertEqual([str(row.due) for row in order.try_ids.sorted("due")], ["2026-01-31", "2026-02-28"])

    def test_a_blocked_account_fails_with_its_reason_and_stops_no_other(self):
        other = self.make_account(self.make_member("KONÉ Issa"), self.demand, 10_000)
        blocked = self.make_order()
        fine = self.make_order(source_account_id=other.id, amount=4_000)
        self.block(self.salary, "all")
        self.end_day()
        self.assertIn(self.salary.number, blocked.failure)
        self.assertEqual((self.salary.balance, self.savings.balance, fine.done), (50_000, 4_000, 1))

    def test_money_held_is_not_taken(self):
        self.hold(self.salary, 45_000)
        order = self.make_order(amount=6_000)
        self.end_day()
        self.assertEqual((self.salary.balance, order.tries), (50_000, 1))

    def test_who_enters_it_does_not_activate_it(self):
        order = self.make_order(activate=False)
        with self.assertRaises(UserError):
            order.with_env(self.as_user(self.users["NIX"]["teller"])).action_activate()
        self.end_day()
        self.assertFalse(order.try_ids, "an order that is not active pays nothing")
        order.with_env(self.as_user(self.users["NIX"]["teller2"])).action_activate()
        self.assertEqual(order.state, "active")

    def test_without_the_signed_paper_nothing_is_activated(self):
        order = self.make_order(activate=False, authorisation=False)
        with self.assertRaises(UserError):
            order.with_env(self.as_user(self.users["NIX"]["manager"])).action_activate()

    def test_what_was_signed_does_not_change(self):
        order = self.make_order()
        for values in ({"amount": 1}, {"target_account_id": self.salary.id}, {"state": "ended"}, {"next_due": FRIDAY}):
            with self.assertRaises(UserError):
                order.with_env(self.as_user(self.users["NIX"]["manager"])).write(values)
        with self.assertRaises(AccessError):
            order.unlink()

    def test_only_the_staff_of_the_caisse(self):
        order = self.make_order(activate=False)
        for user in (self.users["NIX"]["accountant"], self.controller):
            with self.assertRaises(UserError):
                order.with_env(self.as_user(user)).action_end()
        stranger = self.as_user(self.users["SGX"]["manager"])
        self.assertFalse(stranger["kondo.standing.order"].search([]))
        with self.assertRaises(UserError):
            order.with_env(stranger).action_activate()
        with self.assertRaises(UserError):
            self.as_user(self.users["NIX"]["teller"])["kondo.operation"].submit(
                "standing_order", "5d5e0b5e-8a0e-4c39-9f0c-8d8f6c6a0001", {"order_id": order.id, "due": "2026-01-02"}
            )

    def test_the_member_s_situation_shows_it(self):
        order = self.make_order(amount=80_000)
        self.end_day()
        sections = self.awa.with_env(self.as_user(self.users["NIX"]["teller"])).situation["sections"]
        section = next(one for one in sections if one["key"] == "orders")
        self.assertEqual(section["rows"][0]["cells"][0], order.name)
        self.assertEqual(section["rows"][0]["tone"], "warning")
        self.assertIn(self.salary.number, section["rows"][0]["note"])
