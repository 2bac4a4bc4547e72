from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .collection_common import CollectionCase


@tagged("post_install", "-at_install")
class TestCommission(CollectionCase):
    """What the round costs and pays, to the franc."""

    members = 4

    @classmethod
    def business_date(cls):
        return fields.Date.to_date("2026-01-28")

    def prepare(self, role="accountant"):
        env = self.as_user(self.users["NIX"][role])
        found = env["kondo.collection.commission"].prepare_month(self.nio.id, "2026-01-15")
        return self.env["kondo.collection.commission"].browse(found)

    def to_february(self):
        self.end_days_until("2026-02-01")

    def post(self, commission, role="manager"):
        return commission.with_env(self.as_user(self.users["NIX"][role])).action_post()

    def test_the_tontine_takes_one_stake_of_each_who_paid(self):
        """Four members at 500 F: 1 pays twice, 2 once 200 F, 3 once 5 000 F, 4 never. 500 + 200 + 500 = 1 200 F."""
        self.receive(self.sheet({1: 500, 3: 5_000}))
        self.receive(self.sheet({1: 500, 2: 200}))
        with self.assertRaises(UserError):
            self.prepare()  # the month is not over
        self.to_february()
        commission = self.prepare()
        self.assertEqual((commission.collected, commission.due), (6_200, 1_200))
        self.assertEqual(self.prepare(), commission, "preparing again prepares nothing more")
        with self.assertRaises(UserError):
            self.post(commission, "accountant")  # who prepared it
        operation = self.operation(self.post(commission))
        # 60 % of 1 200 F for Sidi.
        self.assertEqual(self.legs(operation), {"2512": 1_200, "70293": -1_200, "6029": 720, "2511": -720})
        self.assertEqual(self.accounts.mapped("balance"), [500, 0, 4_500, 0])
        self.assertEqual(
            (commission.state, commission.taken, commission.pay, commission.short), ("posted", 1_200, 720, 0)
        )
        self.assertEqual(self.sidi_account.balance, 720)
        self.post(commission)
        self.assertEqual(self.sidi_account.balance, 720, "posting again posts nothing more")

    def test_what_a_member_has_withdrawn_cannot_be_taken(self):
        self.passbook.minimum_balance = 0
        self.receive(self.sheet({1: 500, 2: 500}))
        self.submit("withdrawal", self.accounts[0], 400)
        self.to_february()
        commission = self.prepare()
        self.assertEqual(commission.due, 1_000)
        self.post(commission)
        self.assertEqual((commission.taken, commission.short, commission.pay), (600, 400, 360))
        self.assertEqual(self.accounts[0].balance, 0)
        self.assertEqual(commission.line_ids[0].short, 400)

    def test_the_caisse_pays_a_percentage(self):
        """2.5 % of 13 020 F = 325.5 F, half up 326 F; nothing is taken from the members."""
        self.sidi.scheme_id = self.percent
        self.receive(self.sheet({1: 13_000, 2: 20}))
        self.to_february()
        operation = self.operation(self.post(self.prepare()))
        self.assertEqual(self.legs(operation), {"6029": 326, "2511": -326})
        self.assertEqual(self.accounts[0].balance, 13_000)

    def test_a_percentage_of_the_members_taken_with_each_sheet(self):
        """3 % of 1 050 F = 31.5 F, half up 32 F; of 500 F, 15 F. Half of 47 F for Sidi: 23.5 F, half up 24 F."""
        self.sidi.scheme_id = self.env["kondo.collection.scheme"].create(
            {
                "name": "3 % à la feuille",
                "company_id": self.union.id,
                "payer": "member",
                "base": "percent",
                "rate": 3,
                "share": 50,
                "moment": "collection",
            }
        )
        sheet = self.sheet({1: 1_050, 2: 500})
        operation = self.operation(self.receive(sheet))
        commission = self.env["kondo.collection.commission"].search([("collection_id", "=", sheet.id)])
        self.assertEqual((commission.state, commission.taken, commission.pay), ("posted", 47, 24))
        self.assertEqual(self.accounts.mapped("balance"), [1_018, 485, 0, 0])
        till = operation.till_id.account_id.with_company(self.union).code
        self.assertEqual(self.legs(operation), {till: 1_550, "2512": -1_503, "70293": -47, "6029": 24, "2511": -24})
        self.to_february()
        self.assertFalse(self.prepare(), "what was taken with the sheet is not taken again")

    def test_a_reversed_sheet_gives_its_commission_back(self):
        self.percent.moment = "collection"
        self.sidi.scheme_id = self.percent
        sheet = self.sheet({1: 10_000})
        answer = self.receive(sheet)
        self.assertEqual(self.sidi_account.balance, 250)
        self.as_user(self.users["NIX"]["manager"])["kondo.operation"].submit(
            "reversal",
            "5d5e0b5e-8a0e-4c39-9f0c-8d8f6c6a0002",
            {"operation_id": answer["operation_id"], "reason": "Erreur de feuille"},
        )
        self.assertEqual((self.sidi_account.balance, self.accounts[0].balance), (0, 0))
        self.receive(sheet)
        states = self.env["kondo.collection.commission"].search([("collection_id", "=", sheet.id)]).mapped("state")
        self.assertEqual(sorted(states), ["cancelled", "posted"])
        self.assertEqual(self.sidi_account.balance, 250)

    def test_only_managers_and_accountants(self):
        for user in (self.users["NIX"]["teller"], self.sidi_user, self.controller):
            with self.assertRaises(UserError):
                self.as_user(user)["kondo.collection.commission"].prepare_month(self.nio.id, "2025-12-01")
        with self.assertRaises(UserError):
            self.as_user(self.users["SGX"]["accountant"])["kondo.collection.commission"].prepare_month(
                self.nio.id, "2025-12-01"
            )
