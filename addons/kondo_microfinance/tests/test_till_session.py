from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up

from .common import KondoCase


@tagged("post_install", "-at_install")
class TestTillSession(KondoCase):
    """Cash that agrees every evening, with two persons where two are needed."""

    def test_a_till_opens_with_the_float_that_was_handed_over(self):
        session = self.open_till(amount=500_000)
        self.assertEqual((session.state, session.opening_cash, session.till_id.cash), ("open", 500_000, 500_000))
        self.assertEqual(session.till_id.open_session_id, session)
        slip = self.env["kondo.cash.slip"].search([("till_id", "=", session.till_id.id)])
        self.assertEqual((slip.state, slip.received_by_id), ("received", session.user_id))

    def test_a_till_does_not_open_on_another_count(self):
        till = self.nio.till_ids.filtered(lambda place: place.code == "G1")
        self.send_float(self.nio, till, 500_000)
        with self.assertRaisesRegex(UserError, "499.500"):
            self.as_user(self.users["NIX"]["teller"])["kondo.till.session"].open_till(till.id, make_up(499_500))
        self.assertFalse(till.open_session_id)
        self.assertEqual(till.cash, 0)

    def test_one_teller_one_till_and_one_till_one_teller(self):
        self.open_till(amount=10_000)
        with self.assertRaises(UserError):
            self.open_till(amount=0, role="teller2", till_code="G1")
        with self.assertRaises(UserError):
            self.open_till(amount=0, role="teller", till_code="G2")

    def test_no_operation_without_an_open_session(self):
        account = self.make_account()
        session = self.session_of(self.nio)
        self.as_user(session.user_id)["kondo.till.session"].browse(session.id).count_till(make_up(session.till_id.cash))
        with self.assertRaises(UserError):
            self.submit("deposit", account, 1_000, session=session)

    def test_nobody_works_in_another_tellers_session(self):
        account = self.make_account()
        session = self.open_till(amount=10_000)
        with self.assertRaises(UserError):
            self.as_user(self.users["NIX"]["teller2"])["kondo.operation"].submit(
                "deposit",
                "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                {"session_id": session.id, "account_id": account.id, "amount": 1_000},
            )

    def test_an_equal_count_closes_at_once(self):
        session = self.open_till(amount=10_000)
        mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        self.assertEqual(mine.count_till(make_up(10_000))["difference"], 0)
        mine.close_till()
        self.assertEqual(session.state, "closed")
        self.assertFalse(session.till_id.open_session_id)

    def test_a_shortage_is_closed_by_another_person_with_a_note_on_3791(self):
        session = self.open_till(amount=10_000)
        mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        self.assertEqual(mine.count_till(make_up(9_500))["difference"], -500)
        with self.assertRaises(UserError):
            mine.close_till("je ne sais pas")
        manager = mine.with_user(self.users["NIX"]["manager"])
        with self.assertRaises(UserError):
            manager.close_till("   ")
        manager.close_till("Pièce de 500 F manquante, recomptée deux fois")
        self.assertEqual((session.state, session.till_id.cash), ("closed", 9_500))
        operation = self.env["kondo.operation"].search(
            [("session_id", "=", session.id), ("kind", "=", "till_difference")]
        )
        self.assertRecordValues(
            operation.line_ids,
            [
                {"account_id": session.till_id.account_id.id, "amount": -500},
                {"account_id": self.union._kondo_account("3791").id, "amount": 500},
            ],
        )

    def test_an_overage_goes_to_3792(self):
        session = self.open_till(amount=10_000)
        self.as_user(session.user_id)["kondo.till.session"].browse(session.id).count_till(make_up(10_100))
        session.with_user(self.users["NIX"]["manager"]).close_till("Trouvé au fond du tiroir")
        operation = self.env["kondo.operation"].search(
            [("session_id", "=", session.id), ("kind", "=", "till_difference")]
        )
        self.assertEqual(operation.line_ids.account_id.with_company(self.union).mapped("code")[1], "3792")
        self.assertEqual(session.till_id.cash, 10_100)

    def test_a_manager_who_is_also_the_teller_does_not_close_his_own_difference(self):
        session = self.open_till(amount=10_000)
        session.user_id.group_ids += self.env.ref("kondo_microfinance.group_caisse_manager")
        mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        mine.count_till(make_up(9_000))
        with self.assertRaises(UserError):
            mine.close_till("moi-même")
        with self.assertRaises(UserError):
            mine.action_recount()

    def test_a_manager_asks_for_another_count_and_it_is_noted(self):
        session = self.open_till(amount=10_000)
        mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        mine.count_till(make_up(9_000))
        session.with_user(self.users["NIX"]["manager"]).action_recount()
        self.assertEqual(session.state, "open")
        self.assertIn("9\u202f000", session.message_ids[0].body)

    def test_a_slip_is_not_received_by_the_one_who_sent_it(self):
        vault = self.nio.till_ids.filtered(lambda place: place.kind == "vault")
        slip = self.as_user(self.users["NIX"]["manager"])["kondo.cash.slip"].create(
            {
                "kind": "bank_to_vault",
                "vault_id": vault.id,
                "bank_account_id": self.union._kondo_account("1141").id,
                "counts": make_up(100_000),
            }
        )
        slip.action_send()
        with self.assertRaises(UserError):
            slip.action_receive()
        self.assertEqual(vault.cash, 0)
        slip.with_user(self.users["NIX"]["manager2"]).action_receive()
        self.assertEqual(vault.cash, 100_000)
        with self.assertRaises(UserError):
            slip.with_user(self.users["NIX"]["manager2"]).action_receive()
        self.assertEqual(vault.cash, 100_000)

    def test_a_till_with_a_waiting_slip_is_not_counted(self):
        session = self.open_till(amount=100_000)
        slip = self.as_user(session.user_id)["kondo.cash.slip"].create(
            {
                "kind": "till_to_vault",
                "vault_id": self.nio.till_ids.filtered(lambda place: place.kind == "vault").id,
                "till_id": session.till_id.id,
                "counts": make_up(60_000),
            }
        )
        slip.action_send()
        mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        with self.assertRaises(UserError):
            mine.count_till(make_up(40_000))
        slip.with_user(self.users["NIX"]["manager"]).action_receive()
        self.assertEqual(mine.count_till(make_up(40_000))["difference"], 0)

    def test_the_day_does_not_change_over_an_open_till(self):
        self.open_till(amount=10_000)

        with self.assertRaises(UserError):
            self.nio._open_business_day(fields.Date.add(self.nio.business_date, days=1))
