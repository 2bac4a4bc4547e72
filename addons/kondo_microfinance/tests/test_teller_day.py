import uuid

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up

from .common import KondoCase


@tagged("post_install", "-at_install")
class TestTellerDay(KondoCase):
    """A day at the counter of Niono, as the teller lives it."""

    def test_a_day_at_the_counter(self):
        awa = self.make_member("TRAORÉ Awa")
        issa = self.make_member("KONÉ Issa", sex="male")
        account = self.env["kondo.savings.account"].create({"partner_id": awa.id, "product_id": self.passbook.id})
        target = self.env["kondo.savings.account"].create({"partner_id": issa.id, "product_id": self.demand.id})
        teller_user = self.users["NIX"]["teller"]
        teller = self.as_user(teller_user)["kondo.teller"]
        self.assertFalse(teller.current_session())

        # Morning: the manager hands over the float, the teller counts it and opens.
        self.open_till(amount=300_000)
        session = teller.current_session()
        self.assertEqual((session["theoretical_cash"], session["state"]), (300_000, "open"))

        # Awa comes with 25 000 F.
        found = teller.search_members("awa tra")
        self.assertEqual([member["id"] for member in found], [awa.id])
        card = teller.member_card(awa.id)
        self.assertEqual([shown["number"] for shown in card["accounts"]], [account.number])
        request = {"session_id": session["session_id"], "account_id": account.id, "amount": 25_000}
        preview = teller.preview("deposit", request)
        self.assertEqual((preview["balance_before"], preview["balance_after"]), (0, 25_000))
        self.assertEqual(preview["words"], "vingt-cinq mille francs CFA")
        self.assertEqual(preview["problems"], [])
        self.assertEqual(account.balance, 0, "a preview writes nothing")
        operations = self.as_user(teller_user)["kondo.operation"]
        deposit = operations.submit("deposit", str(uuid.uuid4()), request)
        self.assertEqual(deposit["balance_after"], 25_000)

        # She sends 5 000 F to Issa and takes out 10 000 F; 900 000 F is refused with words.
        operations.submit("transfer", str(uuid.uuid4()), {**request, "amount": 5_000, "counter_account_id": target.id})
        operations.submit("withdrawal", str(uuid.uuid4()), {**request, "amount": 10_000})
        refused = teller.preview("withdrawal", {**request, "amount": 900_000})
        self.assertIn("9\u202f000", refused["problems"][0])
        self.assertEqual((account.balance, target.balance), (10_000, 5_000))

        # The window lists what was done, newest first.
        lines = teller.session_operations()
        self.assertEqual([line["kind"] for line in lines], ["withdrawal", "transfer", "deposit", "slip"])
        self.assertEqual(lines[0]["receipt_number"][-1:], "4")

        # Evening: blind count, equal, closed.
        closing = self.env["kondo.till.session"].browse(session["session_id"]).with_user(teller_user)
        self.assertEqual(
            closing.count_till(make_up(315_000)), {"counted": 315_000, "theoretical": 315_000, "difference": 0}
        )
        closing.close_till()
        totals = {
            total["kind"]: (total["count"], total["cash_in"], total["cash_out"]) for total in closing.sudo()._totals()
        }
        self.assertEqual(totals["deposit"], (1, 25_000, 0))
        self.assertEqual(totals["withdrawal"], (1, 0, 10_000))
        self.assertEqual(totals["transfer"], (1, 0, 0))
        self.assertFalse(teller.current_session())

    def test_the_window_is_for_tellers_of_the_caisse_only(self):
        awa = self.make_member("TRAORÉ Awa")
        self.make_account(awa)
        for user in (self.users["NIX"]["officer"], self.users["NIX"]["accountant"], self.controller):
            with self.assertRaises(UserError):
                self.as_user(user)["kondo.teller"].member_card(awa.id)
        stranger = self.as_user(self.users["SGX"]["teller"])["kondo.teller"]
        self.assertEqual(stranger.search_members("awa"), [])
        with self.assertRaises(UserError):
            stranger.member_card(awa.id)
        self.assertEqual(stranger.find_account("NIX"), [])

    def test_an_account_of_another_caisse_is_as_if_it_did_not_exist(self):
        account = self.make_account(self.make_member("DIALLO Oumou", self.seg))
        session = self.session_of(self.nio)
        operations = self.as_user(session.user_id)["kondo.operation"]
        answers = set()
        for account_id in (account.id, 999_999_999):
            with self.assertRaises(UserError) as refused:
                operations.submit(
                    "deposit", str(uuid.uuid4()), {"session_id": session.id, "account_id": account_id, "amount": 500}
                )
            answers.add(str(refused.exception))
        self.assertEqual(len(answers), 1)

    def test_a_blocked_account_takes_no_operation_and_says_so(self):
        account = self.make_account(balance=10_000)
        account.with_user(self.users["NIX"]["manager"])._set_block("all", "Litige entre héritiers")
        for kind in ("deposit", "withdrawal"):
            with self.assertRaisesRegex(UserError, account.number):
                self.submit(kind, account, 1_000)
        account.with_user(self.users["NIX"]["manager2"])._lift_block("Litige réglé")
        self.submit("withdrawal", account, 1_000)

    def test_product_limits_are_explained(self):
        self.demand.write({"minimum_operation": 500, "maximum_operation": 100_000})
        account = self.make_account(product=self.demand)
        with self.assertRaisesRegex(UserError, "500"):
            self.submit("deposit", account, 400)
        with self.assertRaisesRegex(UserError, "100.000"):
            self.submit("deposit", account, 100_001)
