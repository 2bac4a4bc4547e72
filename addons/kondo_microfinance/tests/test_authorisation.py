import uuid

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KondoCase


@tagged("post_install", "-at_install")
class TestAuthorisation(KondoCase):
    """Above his limit the teller asks; another person decides; the yes holds for that request alone."""

    def setUp(self):
        super().setUp()
        self.account = self.make_account(balance=900_000)
        self.env["kondo.operation.limit"].create(
            {"company_id": self.union.id, "role": "group_teller", "kind": "withdrawal", "amount": 500_000}
        )
        self.session = self.session_of(self.nio)
        self.request = {"session_id": self.session.id, "account_id": self.account.id, "amount": 600_000}
        self.teller = self.as_user(self.session.user_id)

    def ask(self, reason="Achat d'un bœuf de labour"):
        return self.env["kondo.approval"].browse(
            self.teller["kondo.teller"].request_approval("withdrawal", self.request, reason)["approval_id"]
        )

    def pay(self, approval=None, **changes):
        values = {**self.request, **changes}
        if approval:
            values["approval_id"] = approval.id
        return self.teller["kondo.operation"].submit("withdrawal", str(uuid.uuid4()), values)

    def test_above_the_limit_nothing_is_paid_without_a_supervisor(self):
        answer = self.pay()
        self.assertTrue(answer["needs_approval"])
        self.assertIn("500\u202f000", answer["message"])
        self.assertEqual(self.account.balance, 900_000)
        self.assertTrue(self.teller["kondo.teller"].preview("withdrawal", self.request)["needs_approval"])

    def test_an_authorised_request_is_paid_once(self):
        approval = self.ask()
        approval.with_user(self.users["NIX"]["manager"]).action_approve()
        answer = self.pay(approval)
        self.assertEqual(self.account.balance, 300_000)
        self.assertEqual(self.operation(answer).approver_id, self.users["NIX"]["manager"])
        with self.assertRaises(UserError):
            self.pay(approval)
        self.assertEqual(approval.state, "used")

    def test_a_request_changed_after_the_yes_is_refused(self):
        approval = self.ask()
        approval.with_user(self.users["NIX"]["manager"]).action_approve()
        with self.assertRaises(UserError):
            self.pay(approval, amount=700_000)
        self.assertEqual(approval.state, "approved")

    def test_a_pending_or_refused_request_pays_nothing(self):
        approval = self.ask()
        with self.assertRaises(UserError):
            self.pay(approval)
        approval.with_user(self.users["NIX"]["manager"]).action_refuse("Pas de liquidité aujourd'hui")
        with self.assertRaises(UserError):
            self.pay(approval)
        status = self.teller["kondo.teller"].approval_status(approval.id)
        self.assertEqual((status["state"], status["reason"]), ("refused", "Pas de liquidité aujourd'hui"))

    def test_nobody_authorises_himself_nor_another_caisse(self):
        approval = self.ask()
        self.session.user_id.group_ids += self.env.ref("kondo_microfinance.group_caisse_manager")
        with self.assertRaises(UserError):
            approval.with_user(self.session.user_id).action_approve()
        with self.assertRaises(AccessError):
            approval.with_user(self.users["SGX"]["manager"]).action_approve()
        with self.assertRaises(UserError):
            approval.with_user(self.users["NIX"]["teller2"]).action_approve()
        self.assertEqual(approval.state, "pending")

    def test_a_decision_is_taken_once(self):
        approval = self.ask()
        approval.with_user(self.users["NIX"]["manager"]).action_refuse()
        with self.assertRaises(UserError):
            approval.with_user(self.users["NIX"]["manager2"]).action_approve()

    def test_a_limit_of_the_caisse_or_of_the_product_replaces_the_general_one(self):
        limits = self.env["kondo.operation.limit"]
        limits.create({"company_id": self.nio.id, "role": "group_teller", "kind": "withdrawal", "amount": 700_000})
        self.assertNotIn("needs_approval", self.pay())
        limits.create(
            {
                "company_id": self.nio.id,
                "role": "group_teller",
                "kind": "withdrawal",
                "product_id": self.passbook.id,
                "amount": 1_000,
            }
        )
        self.assertTrue(self.pay(amount=2_000)["needs_approval"])

    def test_a_reversal_asked_by_the_teller_is_done_when_the_manager_agrees(self):
        deposit = self.submit("deposit", self.account, 25_000)
        approval_id = self.teller["kondo.teller"].request_approval(
            "reversal", {"operation_id": deposit["operation_id"]}, "Mauvais compte"
        )["approval_id"]
        approval = self.env["kondo.approval"].browse(approval_id)
        approval.with_user(self.users["NIX"]["manager"]).action_approve()
        self.assertEqual(self.account.balance, 900_000)
        self.assertEqual(approval.state, "used")
        reversal = self.operation(deposit).reversed_by_id
        self.assertEqual((reversal.user_id, reversal.note), (self.users["NIX"]["manager"], "Mauvais compte"))
