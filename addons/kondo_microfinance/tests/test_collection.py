import uuid
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kondo_microfinance.engine.cash import make_up

from .collection_common import CollectionCase

MONDAY = fields.Date.to_date("2026-01-05")


@tagged("post_install", "-at_install")
class TestCollection(CollectionCase):
    """The collector's round, from the book to the till."""

    @classmethod
    def business_date(cls):
        return MONDAY

    # ------------------------------------------------------------------ a week
    def test_a_collector_s_week_with_25_members(self):
        """Monday to Saturday; Wednesday is the market, on Thursday nobody counts, on Friday two sheets are counted."""
        expected = 0
        for day in range(6):
            if day == 2:  # market day: twice the usual stake, three are away
                amounts = {rank: 1_000 for rank in range(1, 26) if rank not in (4, 9, 17)}
            else:
                amounts = {rank: 500 for rank in range(1, 26) if (rank + day) % 5}
            sheet = self.sheet(amounts)
            self.assertEqual(sheet.state, "to_count")
            self.assertEqual(self.ledger_balance(), expected, "money in the field stands in no account")
            if day != 3:
                waiting = self.env["kondo.collection"].search([("state", "=", "to_count")], order="id")
                for one in waiting:
                    answer = self.receive(one)
                    expected += one.total
                    self.assertEqual(answer["amount"], one.total)
            self.assertEqual(self.ledger_balance(), expected)
            if day == 3:
                self.end_day()
                self.assertEqual(sheet.alerted_on, MONDAY + timedelta(days=3))
                self.assertEqual((self.sidi.carried, self.sidi.age), (sheet.total, 1))
            else:
                self.end_day()
        self.assertEqual(expected, sum(self.accounts.mapped("balance")))
        self.assertEqual(expected, 22 * 1_000 + 5 * 20 * 500)
        self.assertEqual(self.sidi.carried, 0)

    def ledger_balance(self):
        self.env.flush_all()
        return sum(self.accounts.mapped("balance"))

    # ------------------------------------------------------------------ the sheet
    def test_the_sheet_comes_with_the_book_in_the_order_of_the_round(self):
        sheet = self.sheet(announce=False)
        self.assertEqual(sheet.line_ids.mapped("account_id"), self.accounts)
        self.assertEqual((sheet.total, sheet.count), (12_500, 25))
        self.assertEqual(set(sheet.line_ids.mapped("expected")), {500})

    def test_a_wrong_control_total_is_refused_in_words(self):
        sheet = self.sheet(control=13_000, announce=False).with_user(self.sidi_user)
        self.assertEqual(sheet.difference, 500)
        with self.assertRaisesRegex(UserError, "12\u202f500.*13\u202f000.*500"):
            sheet.action_announce()
        sheet.control_total = 12_500
        sheet.action_announce()
        self.assertFalse(sheet.difference_words)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_sheet_that_does_not_add_up(self):
        sheet = self.sheet()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE kondo_collection SET total = total + 500 WHERE id = %s", (sheet.id,))

    def test_an_announced_sheet_no_longer_changes(self):
        sheet = self.sheet().with_user(self.sidi_user)
        for change in (
            lambda: sheet.line_ids[0].write({"amount": 5_000}),
            lambda: sheet.line_ids[0].unlink(),
            lambda: sheet.write({"control_total": 5}),
            lambda: sheet.write({"line_ids": [(0, 0, {"member_id": self.book[0].id, "amount": 5})]}),
            lambda: sheet.write({"state": "received"}),
            lambda: sheet.unlink(),
        ):
            with self.assertRaises(UserError):
                change()

    def test_only_members_of_the_book(self):
        other = self.as_user(self.users["NIX"]["manager"])["kondo.collector"].create(
            {"name": "Bakary", "scheme_id": self.scheme.id, "account_id": self.sidi_account.id}
        )
        stranger = self.env["kondo.collector.member"].create(
            {"collector_id": other.id, "account_id": self.make_account().id, "stake": 200}
        )
        sheet = self.sheet(announce=False)
        with self.assertRaises(UserError):
            self.env["kondo.collection.line"].create({"collection_id": sheet.id, "member_id": stranger.id, "amount": 5})

    # ------------------------------------------------------------------ the till
    def test_five_hundred_francs_less_send_the_sheet_back(self):
        sheet = self.sheet()
        session = self.session_of(self.nio)
        cash = session.till_id.cash
        with self.assertRaisesRegex(UserError, "12\u202f000.*12\u202f500.*500"):
            self.receive(sheet, counted=12_000)
        self.assertEqual((sheet.state, session.till_id.cash, self.ledger_balance()), ("to_count", cash, 0))

        teller = sheet.with_env(self.as_user(session.user_id))
        wizard = teller.env["kondo.collection.count"].create({"collection_id": sheet.id, "counts": make_up(12_000)})
        self.assertIn("500", wizard.refusal)
        wizard.action_send_back()
        self.assertEqual((sheet.state, sheet.sent_back_count), ("draft", 1))
        self.assertIn("12\u202f000", sheet.correction_note)
        with self.assertRaises(UserError):
            self.receive(sheet, counted=12_000)

        # Sidi finds the row: member 7 has not paid.
        mine = sheet.with_env(self.as_user(self.sidi_user))
        mine.line_ids[6].amount = 0
        mine.control_total = 12_000
        mine.action_announce()
        wizard = teller.env["kondo.collection.count"].create({"collection_id": sheet.id, "counts": make_up(12_000)})
        wizard.action_receive()
        self.assertEqual((sheet.state, sheet.received_by_id), ("received", session.user_id))
        self.assertEqual(session.till_id.cash, cash + 12_000)
        self.assertEqual(self.accounts[6].balance, 0)
        self.assertEqual(self.accounts[7].balance, 500)

    def test_the_books_take_one_operation_for_the_sheet(self):
        sheet = self.sheet()
        operation = self.operation(self.receive(sheet))
        self.assertEqual(
            self.legs(operation), {"2512": -12_500, **{code: 12_500 for code in self.till_codes(operation)}}
        )
        self.assertEqual(len(operation.line_ids), 26)
        line = operation.line_ids.filtered(lambda leg: leg.savings_account_id == self.accounts[0])
        self.assertEqual((line.balance_after, line.partner_id), (500, self.accounts[0].partner_id))
        self.assertIn("Sidi", line.label)

    def till_codes(self, operation):
        return operation.till_id.account_id.with_company(self.union).mapped("code")

    def test_sent_twice_it_is_received_once(self):
        sheet = self.sheet()
        key = str(uuid.uuid4())
        first, second = self.receive(sheet, key=key), self.receive(sheet, key=key)
        self.assertTrue(second["replayed"])
        self.assertEqual(first["operation_id"], second["operation_id"])
        with self.assertRaisesRegex(UserError, first["receipt_number"]):
            self.receive(sheet)
        self.assertEqual(self.ledger_balance(), 12_500)

    def test_one_blocked_account_keeps_the_whole_sheet_waiting(self):
        sheet = self.sheet()
        self.block(self.accounts[11], "credit")
        with self.assertRaisesRegex(UserError, "MEMBRE 12"):
            self.receive(sheet)
        self.assertEqual((sheet.state, self.ledger_balance()), ("to_count", 0))
        self.block(self.accounts[11], "none")
        self.receive(sheet)

    def test_nobody_receives_what_he_collected_or_entered(self):
        teller = self.users["NIX"]["teller"]
        self.sidi.user_id = teller
        sheet = self.as_user(self.users["NIX"]["teller2"])["kondo.collection"].create({"collector_id": self.sidi.id})
        sheet.action_all_paid()
        sheet.control_total = sheet.total
        sheet.action_announce()
        with self.assertRaises(UserError):
            self.receive(sheet)
        self.sidi.user_id = False
        own = self.as_user(teller)["kondo.collection"].create({"collector_id": self.sidi.id})
        own.action_all_paid()
        own.control_total = own.total
        own.action_announce()
        with self.assertRaises(UserError):
            self.receive(own)
        self.receive(sheet)

    def test_a_reversed_collection_waits_to_be_counted_again(self):
        sheet = self.sheet()
        answer = self.receive(sheet)
        manager = self.as_user(self.users["NIX"]["manager"])
        manager["kondo.operation"].submit(
            "reversal", str(uuid.uuid4()), {"operation_id": answer["operation_id"], "reason": "Mauvaise feuille"}
        )
        self.assertEqual((sheet.state, self.ledger_balance()), ("to_count", 0))
        self.receive(sheet)
        self.assertEqual(self.ledger_balance(), 12_500)

    def test_the_window_offers_the_sheets_that_wait(self):
        session = self.session_of(self.nio)
        teller = self.as_user(session.user_id)["kondo.teller"]
        self.assertFalse([form for form in teller.other_operations() if form["kind"] == "collection"])
        sheet = self.sheet()
        form = next(form for form in teller.other_operations() if form["kind"] == "collection")
        self.assertEqual(form["fields"][0]["default"], sheet.id)
        short = teller.preview("collection", {"collection_id": sheet.id, "amount": 12_000})
        self.assertIn("500", short["problems"][0])
        preview = teller.preview("collection", {"collection_id": sheet.id, "amount": 12_500})
        self.assertEqual((preview["problems"], preview["till_after"]), ([], session.till_id.cash + 12_500))
        self.assertEqual(sheet.state, "to_count", "a preview writes nothing")

    def test_above_the_teller_s_limit_a_supervisor_authorises(self):
        self.env["kondo.operation.limit"].create(
            {"company_id": self.nio.id, "role": "group_teller", "kind": "collection", "amount": 10_000}
        )
        sheet = self.sheet()
        session = self.session_of(self.nio)
        self.assertTrue(self.receive(sheet)["needs_approval"])
        values = {"session_id": session.id, "collection_id": sheet.id, "amount": 12_500}
        asked = self.as_user(session.user_id)["kondo.teller"].request_approval("collection", values, "Jour de marché")
        approval = self.as_user(self.users["NIX"]["manager"])["kondo.approval"].browse(asked["approval_id"])
        approval.action_approve()
        answer = self.as_user(session.user_id)["kondo.operation"].submit(
            "collection", str(uuid.uuid4()), {**values, "approval_id": approval.id}
        )
        self.assertEqual(answer["amount"], 12_500)

    # ------------------------------------------------------------------ from a telephone
    def test_a_sheet_sent_twice_from_a_telephone_is_one_sheet(self):
        key = str(uuid.uuid4())
        values = {
            "control_total": 1_500,
            "lines": [{"member_id": row.id, "amount": 500, "carnet_line": "12"} for row in self.book[:3]],
        }
        sheets = self.as_user(self.sidi_user)["kondo.collection"]
        first, second = sheets.send(key, values), sheets.send(key, values)
        self.assertEqual((first, first["state"]), (second, "to_count"))
        with self.assertRaises(UserError):
            sheets.send(key, {**values, "control_total": 2_000})
        with self.assertRaises(UserError):
            sheets.send(str(uuid.uuid4()), {**values, "control_total": 2_000})
        self.assertEqual(self.env["kondo.collection"].search_count([("collector_id", "=", self.sidi.id)]), 1)

    # ------------------------------------------------------------------ who sees what
    def test_a_collector_sees_his_own_round_and_nothing_else(self):
        self.sheet()
        other_user = self.build_user("bakary_nix", "group_collector", self.nio, self.nio)
        other = self.as_user(self.users["NIX"]["manager"])["kondo.collector"].create(
            {
                "name": "Bakary",
                "user_id": other_user.id,
                "scheme_id": self.scheme.id,
                "account_id": self.sidi_account.id,
            }
        )
        stranger = self.make_account(self.make_member("TOURÉ Mariam"))
        self.env["kondo.collector.member"].create({"collector_id": other.id, "account_id": stranger.id, "stake": 200})
        env = self.as_user(self.sidi_user)
        self.assertEqual(env["kondo.collector"].search([]).ids, self.sidi.ids)
        self.assertEqual(len(env["kondo.collector.member"].search([])), 25)
        self.assertFalse(self.as_user(other_user)["kondo.collection"].search([]))
        with self.assertRaises(AccessError):
            self.as_user(other_user)["kondo.collection"].create({"collector_id": self.sidi.id})
        self.assertFalse(env["res.partner"].search([("name", "=", "TOURÉ Mariam")]))
        self.assertTrue(env["res.partner"].search([("name", "=", "MEMBRE 01")]))
        for model in ("kondo.savings.account", "kondo.operation", "kondo.till", "kondo.standing.order"):
            with self.assertRaises(AccessError):
                env[model].search([])
        for model in ("kondo.collector", "kondo.collector.member"):
            self.assertFalse(env[model].has_access("write"), model)
        with self.assertRaises(UserError):
            env["kondo.teller"].current_session()
        self.assertFalse(self.as_user(self.users["SGX"]["manager"])["kondo.collection"].search([]))
        # A member of the staff who also collects still sees his caisse.
        self.users["NIX"]["teller2"].group_ids += self.env.ref("kondo_microfinance.group_collector")
        self.assertTrue(
            self.as_user(self.users["NIX"]["teller2"])["res.partner"].search([("name", "=", "TOURÉ Mariam")])
        )
        self.assertEqual(len(self.as_user(self.users["NIX"]["teller2"])["kondo.collector"].search([])), 2)

    def test_the_collector_neither_receives_nor_sends_back(self):
        sheet = self.sheet().with_env(self.as_user(self.sidi_user))
        for change in (sheet.action_receive, lambda: sheet.action_send_back("x")):
            with self.assertRaises(UserError):
                change()

    def test_one_account_in_one_book(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.book[0].copy()

    def test_an_evening_run_twice_notes_once(self):
        sheet = self.sheet()
        self.close_tills()
        for _run in range(2):
            self.nio._end_business_day(self.nio.business_date + timedelta(days=1))
            self.env.invalidate_all()
        self.assertEqual((sheet.alerted_on, sheet.state), (MONDAY, "to_count"))
        self.sidi.ceiling = 10_000
        self.assertTrue(self.sidi.over_ceiling)
        self.assertEqual(self.env["kondo.collector"].search([("carried", ">", 0)]), self.sidi)
