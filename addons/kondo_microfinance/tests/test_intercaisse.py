import json
import uuid

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .intercaisse_common import IntercaisseCase


@tagged("post_install", "-at_install")
class TestIntercaisse(IntercaisseCase):
    """Oumou of Ségou is served at the counter of Niono, and Awa of Niono sends money to her."""

    def setUp(self):
        super().setUp()
        self.oumou = self.make_member("DIALLO Oumou", self.seg)
        self.account = self.make_account(self.oumou, self.passbook, balance=100_000)
        self.session = self.session_of(self.nio)
        self.teller = self.as_user(self.session.user_id)

    # ------------------------------------------------------------------ the day
    def test_a_member_deposits_and_withdraws_at_another_caisse(self):
        cash = self.session.till_id.cash
        found = self.teller["kondo.teller"].find_remote_account(self.account.number.lower())
        self.assertEqual(
            found,
            [
                {
                    "number": self.account.number,
                    "product": self.passbook.name,
                    "caisse": self.seg.name,
                    "holder": "DIALLO Oumou",
                }
            ],
        )
        self.remote("remote_deposit", self.account.number, 25_000)
        self.assertEqual((self.account.balance, self.session.till_id.cash), (125_000, cash + 25_000))
        self.assertEqual(self.liaison(self.nio, self.seg), -25_000, "Niono holds money of Ségou's member")
        self.assertEqual(self.liaison(self.seg, self.nio), 25_000)

        answer = self.remote("remote_withdrawal", self.account.number, 40_000)
        self.assertEqual((self.account.balance, self.session.till_id.cash), (85_000, cash - 15_000))
        self.assertEqual(self.liaison(self.nio, self.seg), 15_000)
        self.assertNotIn("balance_after", answer, "Niono does not learn the balance")
        self.assertEqual(answer["member_name"], "DIALLO Oumou")

        # Each caisse has its own entry in its own journal, under one UUID.
        link = self.env["kondo.intercaisse"].search([("kind", "=", "remote_withdrawal")], limit=1)
        here, there = link.operation_id, link.home_operation_id
        self.assertEqual(here.uuid, there.uuid)
        self.assertEqual((here.company_id, there.company_id), (self.nio, self.seg))
        self.assertEqual(here.move_id.journal_id, self.session.till_id.journal_id)
        self.assertEqual(there.move_id.journal_id, self.seg.liaison_journal_id)
        self.assertEqual(here.line_ids.mapped("amount"), [-40_000, 40_000])
        self.assertFalse(here.partner_id | here.line_ids.partner_id - self.seg.partner_id)
        # Her statement at Ségou says where.
        leg = there.line_ids.filtered("savings_account_id")
        self.assertIn("Niono", leg.label)
        lines = self.teller["kondo.teller"].session_operations()
        self.assertEqual((lines[0]["member"], lines[0]["amount"]), ("DIALLO Oumou", 40_000))

    def test_a_transfer_to_another_caisse_leaves_one_account_and_reaches_the_other(self):
        awa = self.make_account(self.make_member("TRAORÉ Awa"), self.passbook, balance=60_000)
        answer = self.remote("remote_transfer", self.account.number, 20_000, account_id=awa.id)
        self.assertEqual((awa.balance, self.account.balance), (40_000, 120_000))
        self.assertEqual(answer["balance_after"], 40_000, "the payer's own balance")
        self.assertNotIn("counter_after", answer)
        self.assertEqual(self.liaison(self.nio, self.seg), -20_000)
        link = self.env["kondo.intercaisse"].search([], limit=1)
        self.assertEqual((link.payer_name, link.holder_name), ("TRAORÉ Awa", "DIALLO Oumou"))
        self.assertFalse(link.operation_id.counter_account_id, "no link to the other caisse's account")

    def test_sent_again_it_is_posted_once_on_both_sides(self):
        key = str(uuid.uuid4())
        first = self.remote("remote_deposit", self.account.number, 5_000, key=key)
        again = self.remote("remote_deposit", self.account.number, 5_000, key=key)
        self.assertTrue(again["replayed"])
        self.assertEqual(again["operation_id"], first["operation_id"])
        self.assertEqual(self.account.balance, 105_000)
        self.assertEqual(self.env["kondo.operation"].search_count([("uuid", "=", key)]), 2)
        with self.assertRaises(UserError):
            self.remote("remote_deposit", self.account.number, 6_000, key=key)

    def test_the_network_fee_is_taken_from_the_account_and_kept_where_it_was_made(self):
        self.env["kondo.remote.fee"].create(
            [
                {"company_id": self.union.id, "kind": "remote_withdrawal", "flat": 200, "rate": 1},
                {"company_id": self.union.id, "kind": "remote_deposit", "flat": 100},
                {"company_id": self.union.id, "kind": "remote_transfer", "rate": 0.5, "minimum": 250},
            ]
        )
        income = self.union._kondo_account("70293")
        self.remote("remote_withdrawal", self.account.number, 30_000)
        self.assertEqual(self.account.balance, 100_000 - 30_000 - 500)
        self.remote("remote_deposit", self.account.number, 10_000)
        self.assertEqual(self.account.balance, 69_500 + 9_900)
        awa = self.make_account(self.make_member("TRAORÉ Awa"), self.demand, balance=60_000)
        self.remote("remote_transfer", self.account.number, 20_000, account_id=awa.id)
        self.assertEqual(awa.balance, 60_000 - 20_000 - 250)
        legs = self.env["kondo.operation.line"].search([("account_id", "=", income.id)])
        self.assertEqual((sum(legs.mapped("amount")), legs.company_id), (-850, self.nio))
        with self.assertRaisesRegex(UserError, "100"):
            self.remote("remote_deposit", self.account.number, 100)

    def test_a_preview_writes_nothing_and_tells_the_holder_not_the_balance(self):
        values = {"session_id": self.session.id, "account_number": self.account.number, "amount": 30_000}
        seen = self.teller["kondo.teller"].preview("remote_withdrawal", {**values, "identity": "NINA 1"})
        self.assertEqual(seen["problems"], [])
        self.assertIn("DIALLO Oumou", [row["value"] for row in seen["lines"]])
        self.assertEqual(seen["till_after"], self.session.till_id.cash - 30_000)
        self.assertNotIn("100", json.dumps(seen).replace("1000", ""), "nothing of the balance")
        self.assertEqual(self.account.balance, 100_000)
        refused = self.teller["kondo.teller"].preview(
            "remote_withdrawal", {**values, "identity": "NINA 1", "amount": 99_001}
        )
        self.assertEqual(len(refused["problems"]), 1)
        self.assertNotRegex(refused["problems"][0], r"\d", "no amount in the refusal")

    def test_the_window_offers_the_three_forms(self):
        awa = self.make_member("TRAORÉ Awa")
        kinds = [form["kind"] for form in self.teller["kondo.teller"].other_operations()]
        self.assertTrue({"remote_deposit", "remote_withdrawal"} <= set(kinds))
        self.assertNotIn("remote_transfer", kinds)
        self.make_account(awa)
        forms = {form["kind"]: form for form in self.teller["kondo.teller"].other_operations(awa.id)}
        names = [field["name"] for field in forms["remote_transfer"]["fields"]]
        self.assertEqual(names, ["account_id", "account_number", "amount", "note"])
        self.union.remote_operations = False
        self.assertFalse(
            {"remote_deposit", "remote_transfer"}
            & {form["kind"] for form in self.teller["kondo.teller"].other_operations(awa.id)}
        )
        with self.assertRaises(UserError):
            self.remote("remote_deposit", self.account.number, 1_000)

    # ------------------------------------------------------------------ rules of the account's caisse
    def test_the_rules_of_the_home_caisse_hold_and_are_told_without_amounts(self):
        for amount in (99_001, 500_000):
            with self.assertRaises(UserError) as refused:
                self.remote("remote_withdrawal", self.account.number, amount)
            self.assertNotRegex(str(refused.exception), r"\d")
        self.account.with_context(kondo_ledger=LEDGER).block = "all"
        for kind in ("remote_deposit", "remote_withdrawal"):
            with self.assertRaises(UserError) as refused:
                self.remote(kind, self.account.number, 1_000)
            self.assertNotIn("bloqu", str(refused.exception).split("(")[0])
        self.assertEqual(self.account.balance, 100_000)
        self.assertFalse(self.env["kondo.intercaisse"].search([]))

    def test_the_homes_own_fees_and_limits_count_and_come_back_with_a_reversal(self):
        self.env["kondo.savings.fee"].create(
            {
                "product_id": self.passbook.id,
                "moment": "withdrawal",
                "method": "flat",
                "amount": 150,
                "taxed": False,
                "date_from": "2020-01-01",
            }
        )
        self.passbook.withdrawals_per_month = 1
        answer = self.remote("remote_withdrawal", self.account.number, 10_000)
        self.assertEqual(self.account.balance, 100_000 - 10_150)
        self.assertEqual(self.liaison(self.nio, self.seg), 10_000, "the home caisse keeps its own fee")
        with self.assertRaises(UserError):
            self.remote("remote_withdrawal", self.account.number, 1_000)
        awa = self.make_account(self.make_member("TRAORÉ Awa"), self.demand, balance=9_000)
        self.remote("remote_transfer", self.account.number, 1_000, account_id=awa.id)
        self.as_user(self.users["NIX"]["manager"])["kondo.operation"].submit(
            "reversal", str(uuid.uuid4()), {"operation_id": answer["operation_id"], "reason": "Erreur"}
        )
        self.assertEqual(self.account.balance, 101_000)
        self.remote("remote_withdrawal", self.account.number, 1_000)

    def test_both_caisses_work_on_the_same_business_day(self):
        tomorrow = fields.Date.add(self.seg.business_date, days=1)
        session = self.session_of(self.seg)
        mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        mine.count_till(make_up(session.till_id.cash))
        mine.close_till()
        self.seg._open_business_day(tomorrow)
        with self.assertRaisesRegex(UserError, f"{tomorrow:%d/%m/%Y}"):
            self.remote("remote_deposit", self.account.number, 1_000)
        self.union.remote_day_gap = 1
        self.remote("remote_deposit", self.account.number, 1_000)
        link = self.env["kondo.intercaisse"].search([], limit=1)
        self.assertEqual((link.business_date, link.home_business_date), (self.nio.business_date, tomorrow))
        self.assertEqual(link.home_operation_id.move_id.date, tomorrow, "each caisse books on its own day")

    def test_a_caisse_that_is_ending_its_day_takes_nothing_more_from_elsewhere(self):
        self.env["kondo.intercaisse"]._day_end(self.seg, self.seg.business_date, False)
        with self.assertRaises(UserError):
            self.remote("remote_deposit", self.account.number, 1_000)
        self.assertEqual(self.account.balance, 100_000)

    def test_a_withdrawal_elsewhere_needs_a_document_and_a_person(self):
        with self.assertRaises(UserError):
            self.remote("remote_withdrawal", self.account.number, 1_000, identity="  ")
        with self.assertRaises(UserError):
            self.remote("remote_deposit", self.account.number, 1_000, bearer="")
        group = self.make_member("GROUPEMENT Benkadi", self.seg, member_kind="group", sex=False)
        purse = self.make_account(group, self.demand, balance=50_000)
        with self.assertRaises(UserError):
            self.remote("remote_withdrawal", purse.number, 1_000)
        self.remote("remote_deposit", purse.number, 1_000)
        self.passbook.remote_allowed = False
        with self.assertRaises(UserError):
            self.remote("remote_deposit", self.account.number, 1_000)
        self.assertEqual(self.teller["kondo.teller"].find_remote_account(self.account.number), [])

    def test_above_the_unions_ceilings_a_supervisor_authorises(self):
        self.union.write({"remote_withdrawal_ceiling": 30_000, "remote_withdrawal_day_ceiling": 50_000})
        asked = self.remote("remote_withdrawal", self.account.number, 30_001)
        self.assertTrue(asked["needs_approval"])
        values = {
            "session_id": self.session.id,
            "account_number": self.account.number,
            "amount": 30_001,
            "identity": "NINA 12345",
        }
        preview = self.teller["kondo.teller"].preview("remote_withdrawal", values)
        self.assertTrue(preview["needs_approval"])
        approval_id = self.teller["kondo.teller"].request_approval("remote_withdrawal", values, "Achat d'engrais")[
            "approval_id"
        ]
        approval = self.as_user(self.users["NIX"]["manager"])["kondo.approval"].browse(approval_id)
        self.assertIn("DIALLO Oumou", approval.remote_account)
        approval.action_approve()
        paid = self.remote("remote_withdrawal", self.account.number, 30_001, approval_id=approval_id)
        self.assertEqual(self.operation(paid).approver_id, self.users["NIX"]["manager"])
        # 30 001 F already went today: 20 000 F more pass the day's ceiling, 19 999 F reach it.
        self.assertTrue(self.remote("remote_withdrawal", self.account.number, 20_000).get("needs_approval"))
        self.remote("remote_withdrawal", self.account.number, 19_999)
        self.assertEqual(self.account.balance, 50_000)

    # ------------------------------------------------------------------ reversal
    def test_the_paying_caisses_manager_reverses_both_sides_at_once(self):
        answer = self.remote("remote_deposit", self.account.number, 25_000)
        cash = self.session.till_id.cash
        manager = self.as_user(self.users["NIX"]["manager"])["kondo.operation"]
        key = str(uuid.uuid4())
        request = {"operation_id": answer["operation_id"], "reason": "Erreur de compte"}
        manager.submit("reversal", key, request)
        self.assertTrue(manager.submit("reversal", key, request)["replayed"])
        self.assertEqual((self.account.balance, self.session.till_id.cash), (100_000, cash - 25_000))
        self.assertEqual((self.liaison(self.nio, self.seg), self.liaison(self.seg, self.nio)), (0, 0))
        link = self.env["kondo.intercaisse"].search([], limit=1)
        self.assertEqual(link.reversed_on, self.nio.business_date)
        self.assertEqual(link.home_operation_id.reversed_by_id.company_id, self.seg)
        with self.assertRaises(UserError):
            manager.submit("reversal", str(uuid.uuid4()), request)

    def test_a_reversal_is_refused_whole_when_one_side_cannot(self):
        answer = self.remote("remote_deposit", self.account.number, 25_000)
        self.submit("withdrawal", self.account, 124_000)
        cash = self.session.till_id.cash
        manager = self.as_user(self.users["NIX"]["manager"])["kondo.operation"]
        with self.assertRaises(UserError):
            manager.submit("reversal", str(uuid.uuid4()), {"operation_id": answer["operation_id"], "reason": "Erreur"})
        self.assertEqual((self.account.balance, self.session.till_id.cash), (1_000, cash))

    def test_the_home_caisse_does_not_reverse_what_was_made_elsewhere(self):
        self.remote("remote_withdrawal", self.account.number, 10_000)
        link = self.env["kondo.intercaisse"].search([], limit=1)
        manager = self.as_user(self.users["SGX"]["manager"])["kondo.operation"]
        with self.assertRaisesRegex(UserError, "Niono"):
            manager.submit(
                "reversal", str(uuid.uuid4()), {"operation_id": link.home_operation_id.id, "reason": "Erreur"}
            )

    # ------------------------------------------------------------------ who sees what
    def test_nothing_of_the_other_caisse_shows_beyond_number_holder_and_caisse(self):
        canary = "CANARI-SECRET"
        self.oumou.write({"street": canary, "phone": "+223 70 99 88 77"})
        self.submit("deposit", self.account, 7_777)
        self.remote("remote_withdrawal", self.account.number, 12_345)
        seen = [
            self.teller["kondo.teller"].find_remote_account(self.account.number),
            self.teller["kondo.teller"].session_operations(),
            self.teller["kondo.operation"].search_read([]),
            self.teller["kondo.operation.line"].search_read([]),
            self.as_user(self.users["NIX"]["manager"])["kondo.intercaisse"].search_read([]),
            self.as_user(self.users["NIX"]["accountant"])["account.move.line"].search_read([]),
        ]
        text = json.dumps(seen, default=str)
        for hidden in (canary, "99 88 77", "95432", "107777", f"[{self.account.id}, ", f"[{self.oumou.id}, "):
            self.assertFalse(hidden in text, hidden)
        operations = self.teller["kondo.operation"].search([])
        self.assertEqual(operations.company_id, self.nio)
        link = self.as_user(self.users["NIX"]["manager"])["kondo.intercaisse"].search([], limit=1)
        opened = link.action_open_operation()
        self.assertEqual(
            self.as_user(self.users["NIX"]["manager"])["kondo.operation"].search(opened["domain"]).company_id, self.nio
        )
        with self.assertRaises(AccessError):
            self.teller["kondo.operation"].browse(link.sudo().home_operation_id.id).read(["amount"])

    def test_only_exact_numbers_are_found_and_each_search_is_kept(self):
        teller = self.teller["kondo.teller"]
        for text in (self.account.number[:-1], "DIALLO", "%", "SGX-", None):
            self.assertEqual(teller.find_remote_account(text), [])
        self.assertEqual(
            [row["number"] for row in teller.find_remote_account(self.oumou.member_number)], [self.account.number]
        )
        own = self.make_account(self.make_member("TRAORÉ Awa"))
        self.assertEqual(teller.find_remote_account(own.number), [], "one's own caisse has its own search")
        kept = self.env["kondo.remote.lookup"].search([("user_id", "=", self.session.user_id.id)])
        self.assertEqual(len(kept), 5)
        self.assertEqual(kept.filtered("found").mapped("found"), [self.account.number])
        with self.assertRaises(AccessError):
            kept[0].write({"text": "autre"})
        with self.assertRaises(UserError):
            self.as_user(self.users["NIX"]["officer"])["kondo.teller"].find_remote_account(self.account.number)

    def test_who_tries_numbers_at_random_is_stopped(self):
        teller = self.teller["kondo.teller"]
        for index in range(50):
            teller.find_remote_account(f"SGX-LIV-{70_000 + index}")
        with self.assertRaises(UserError):
            teller.find_remote_account("SGX-LIV-99999")
        self.assertTrue(teller.find_remote_account(self.account.number), "a number that exists is still found")

    def test_nobody_but_a_teller_with_an_open_till_operates_elsewhere(self):
        for role in ("manager", "accountant", "officer"):
            with self.assertRaises(UserError):
                self.as_user(self.users["NIX"][role])["kondo.operation"].submit(
                    "remote_deposit",
                    str(uuid.uuid4()),
                    {
                        "session_id": self.session.id,
                        "account_number": self.account.number,
                        "amount": 1_000,
                        "bearer": "X",
                    },
                )
        with self.assertRaises(AccessError):
            self.env["kondo.intercaisse"].search([], limit=1).with_user(self.users["NIX"]["manager"]).unlink()

    def test_receipts_of_both_sides_read_well(self):
        self.remote("remote_withdrawal", self.account.number, 12_000)
        link = self.env["kondo.intercaisse"].search([], limit=1)
        report = self.env["report.kondo_microfinance.report_receipt"]
        here = report.with_user(self.session.user_id)._get_report_values(link.operation_id.ids)["receipts"][0]
        facts = dict(here["facts"])
        self.assertIn("DIALLO Oumou", facts.values())
        self.assertIn(self.seg.name, facts.values())
        self.assertEqual(here["balance"], "", "the balance is for her own caisse")
        self.assertIn("NINA 12345", dict(here["people"]).values())
        there = report.with_user(self.users["SGX"]["teller"])._get_report_values(link.home_operation_id.ids)[
            "receipts"
        ][0]
        self.assertEqual(there["balance"].replace("\u202f", ""), "88000")
        self.assertIn(self.nio.name, dict(there["facts"]).values())
