import io
import re
from unittest.mock import patch

import openpyxl

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .test_batch import BatchCase


class PaperCase(BatchCase):
    def statement(self, account=None, partner=None, user=None, **values):
        today = self.nio.business_date
        return self.as_user(user or self.users["NIX"]["teller"])["kondo.statement"].create(
            {
                "partner_id": (partner or account.partner_id).id,
                "savings_account_id": account.id if account else False,
                "date_from": today.replace(day=1),
                "date_to": today,
                **values,
            }
        )

    def next_day(self, days=1):
        """The caisse moves on to a later business day, its tills being closed."""
        for session in self.env["kondo.till.session"].search(
            [("state", "=", "open"), ("company_id", "=", self.nio.id)]
        ):
            mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
            mine.count_till(make_up(session.till_id.cash))
            mine.close_till()
        self.nio.with_context(kondo_ledger=LEDGER).business_date = fields.Date.add(self.nio.business_date, days=days)


@tagged("post_install", "-at_install")
class TestStatement(PaperCase):
    def test_each_leg_has_its_own_running_balance(self):
        account, other = self.make_account(balance=100_000), self.make_account(product=self.demand)
        self.submit("transfer", account, 30_000, counter_account_id=other.id)
        # One operation with two legs on one account: a withdrawal and its fee.
        key = "00000000-0000-4000-8000-000000000001"
        with self.as_user(self.session_of(self.nio).user_id)["kondo.operation"]._posting_env() as env:
            operations = env["kondo.operation"]
            posting, _stored = operations._claim("fee", key, self.nio.id, key)
            mine = account.with_env(env).sudo()
            posting.move_savings(mine, -500, rule="house", label="Frais de tenue")
            posting.move_savings(mine, -90, rule="house", label="Taxe")
            posting.add_leg(self.union._kondo_account("332").id, -590)
            posting.values.update(amount=590, savings_account_id=account.id, partner_id=account.partner_id.id)
            posting.seal()
        self.env.invalidate_all()
        rows = self.env["kondo.history"]._movements(account)
        self.assertEqual(
            [(row["credit"], row["debit"], row["balance"]) for row in rows],
            [(100_000, 0, 100_000), (0, 30_000, 70_000), (0, 500, 69_500), (0, 90, 69_410)],
        )
        self.assertEqual([row["text"] for row in rows[2:]], ["Frais de tenue", "Taxe"])
        self.assertIn(other.number, rows[1]["text"])
        self.assertEqual(rows[-1]["balance"], account.balance)
        newest = self.env["kondo.history"]._movements(account, newest_first=True, limit=2, offset=1)
        self.assertEqual([row["balance"] for row in newest], [69_500, 70_000])

    def test_a_statement_adds_up_between_its_dates(self):
        account = self.make_account(balance=40_000)
        first = self.nio.business_date
        self.next_day(10)
        self.submit("deposit", account, 15_000)
        self.submit("withdrawal", account, 5_000)
        second = self.nio.business_date
        self.next_day(5)
        self.submit("deposit", account, 1_000)
        history = self.env["kondo.history"]
        whole = history._statement(account, first, self.nio.business_date)
        self.assertEqual((whole["opening"], whole["closing"], len(whole["rows"])), (0, 51_000, 4))
        middle = history._statement(account, fields.Date.add(first, days=1), second)
        self.assertEqual(
            (middle["opening"], middle["credit"], middle["debit"], middle["closing"]), (40_000, 15_000, 5_000, 50_000)
        )
        self.assertEqual([row["balance"] for row in middle["rows"]], [55_000, 50_000])
        empty = history._statement(account, fields.Date.add(second, days=1), fields.Date.add(second, days=2))
        self.assertEqual((empty["opening"], empty["closing"], empty["rows"]), (50_000, 50_000, []))

    def test_the_paper_of_a_period_that_is_over_is_an_original_once(self):
        account = self.make_account(balance=40_000)
        wizard = self.statement(account)
        for _print in range(2):
            self.assertNotRegex(self.text("action_report_statement", wizard), "DUPLICAT[AE]")
        self.next_day()
        self.assertNotRegex(self.text("action_report_statement", wizard), "DUPLICAT[AE]")
        self.assertRegex(self.text("action_report_statement", wizard), "DUPLICAT[AE]")
        log = self.env["kondo.print.log"].search([("savings_account_id", "=", account.id)], order="id")
        self.assertEqual(log.mapped("number"), [1, 2])
        self.assertEqual(set(log.mapped("paper")), {"a4"})

    def test_the_original_and_each_book_are_charged_once_where_they_cost_something(self):
        account = self.make_account(balance=40_000)
        charged = []
        operations = type(self.env["kondo.operation"])
        double = patch.object(
            operations, "_charge_now", lambda self, of, moment, key: charged.append((of.id, moment, key)), create=True
        )
        with double:
            wizard = self.statement(account)
            self.next_day()
            for _print in range(2):
                self.render("action_report_statement", wizard)
            book = account.with_env(self.as_user(self.users["NIX"]["teller"])).action_open_passbook()
            account.with_env(self.as_user(self.users["NIX"]["teller"])).action_open_passbook()
            self.statement(account, charge=False)
            wizard = self.statement(account, charge=False, date_to=wizard.date_to, date_from=wizard.date_to)
            self.render("action_report_statement", wizard)
        self.assertEqual([row[:2] for row in charged], [(account.id, "statement"), (account.id, "passbook")])
        self.assertEqual(len({key for _of, _moment, key in charged}), 2)
        self.assertTrue(book["res_id"])

    def test_the_pdf_says_everything_over_its_pages(self):
        account = self.make_account(self.make_member("TRAORÉ Awa"))
        receipts = [self.submit("deposit", account, 1_000 + index)["receipt_number"] for index in range(60)]
        pages = [text for _page, text in self.pdf("action_report_statement", self.statement(account))]
        self.assertEqual(len(pages), 2)
        whole = " ".join(pages)
        for receipt in receipts:
            self.assertIn(receipt, whole)
        for text in ("TRAORÉ Awa", account.number, "Caisse de Niono", self.plain(account.balance)):
            self.assertIn(text, whole)

    def test_all_the_accounts_of_a_member(self):
        member = self.make_member("KEÏTA Salif")
        one, two = self.make_account(member, balance=30_000), self.make_account(member, self.demand, balance=12_000)
        text = self.text("action_report_statement", self.statement(partner=member))
        for part in (one.number, two.number, self.plain(42_000)):
            self.assertIn(part, text)
        wizard = self.statement(partner=member)
        env = self.as_user(self.users["NIX"]["teller"])
        content, _kind = (
            env["ir.actions.report"]
            .with_context(active_model="kondo.statement")
            ._render_xlsx("kondo_microfinance.action_report_statement_xlsx", wizard.ids, data={})
        )
        book = openpyxl.load_workbook(io.BytesIO(content))
        self.assertEqual(sorted(book.sheetnames), sorted([one.number, two.number]))
        self.assertEqual(book[one.number]["F6"].value, 30_000)

    def test_nobody_prints_a_statement_of_another_caisse(self):
        account = self.make_account(balance=5_000)
        for user in (self.users["SGX"]["manager"], self.users["SGX"]["teller"]):
            with self.assertRaises(UserError):
                wizard = self.statement(account, user=user)
                self.render("action_report_statement", wizard, user)
        mine = self.statement(account)
        with self.assertRaises(AccessError):
            self.render("action_report_statement", mine, self.users["SGX"]["manager"])
        with self.assertRaises(UserError):
            self.statement(account, date_from="2026-02-01", date_to="2026-01-01")


@tagged("post_install", "-at_install")
class TestPassbook(PaperCase):
    def setUp(self):
        super().setUp()
        self.union.write({"passbook_pages": 2, "passbook_lines": 5})
        self.account = self.make_account(balance=10_000)
        self.teller = self.as_user(self.users["NIX"]["teller"])

    def book(self):
        action = self.account.with_env(self.teller).action_open_passbook()
        return self.teller["kondo.savings.passbook"].browse(action["res_id"])

    def deposits(self, count):
        for _index in range(count):
            self.submit("deposit", self.account, 1_000)

    def printed(self, book):
        """Print the next lines and read them from the paper: [(line, balance)]."""
        action = book.action_print()
        printed = self.env["kondo.savings.passbook.print"].browse(action["context"]["active_ids"])
        page = self.render("action_report_passbook", printed, self.users["NIX"]["teller"])
        lines = []
        for node in page.xpath("//div[contains(@style, 'position: absolute')]"):
            top = float(re.search(r"top: ([\d.]+)mm", node.get("style"))[1])
            line = round((top - self.union.passbook_top) / self.union.passbook_pitch) + 1
            lines.append((line, int("".join(re.findall(r"\d", node.xpath(".//td[5]")[0].text_content())))))
        return lines

    def test_only_what_is_new_is_printed_from_the_next_line_on(self):
        book = self.book()
        self.assertEqual((book.page, book.line, book.waiting), (1, 1, 1))
        self.assertEqual(self.printed(book), [(1, 10_000)])
        book.action_confirm()
        with self.assertRaises(UserError):
            book.action_print()
        self.deposits(2)
        self.assertEqual(book.waiting, 2)
        self.assertEqual(self.printed(book), [(2, 11_000), (3, 12_000)])
        book.action_confirm()
        # Six more: two end this page, the page is turned, then four.
        self.deposits(6)
        self.assertEqual(self.printed(book), [(4, 13_000), (5, 14_000)])
        book.action_confirm()
        self.assertEqual((book.page, book.line, book.waiting), (2, 1, 4))
        self.assertEqual([balance for _line, balance in self.printed(book)], [15_000, 16_000, 17_000, 18_000])
        book.action_confirm()
        self.assertEqual((book.page, book.line), (2, 5))

    def test_lines_count_only_when_they_came_out_well(self):
        book = self.book()
        first = self.printed(book)
        self.assertEqual(self.printed(book), first)
        self.assertEqual(len(book.print_ids), 1)
        self.deposits(1)
        self.assertEqual(self.printed(book), first, "what came meanwhile waits for the next print")
        book.action_spoilt()
        self.assertEqual((book.line, book.waiting), (1, 2))
        self.assertEqual(self.printed(book), [(1, 10_000), (2, 11_000)])
        book.action_confirm()
        self.assertEqual(book.print_ids.sorted("id").mapped("state"), ["spoilt", "good"])

    def test_a_full_book_is_followed_by_one_that_brings_the_balance_forward(self):
        book = self.book()
        self.deposits(11)
        for _page in range(2):
            self.printed(book)
            book.action_confirm()
        self.assertEqual((book.state, book.waiting), ("full", 2))
        with self.assertRaises(UserError):
            book.action_print()
        self.assertEqual(self.book(), book)
        action = book.action_new_book()
        second = self.teller["kondo.savings.passbook"].browse(action["res_id"])
        self.assertEqual((second.sequence, second.waiting, book.state), (2, 3, "ended"))
        self.assertEqual(self.printed(second), [(1, 19_000), (2, 20_000), (3, 21_000)])

    def test_a_lost_book_is_replaced_for_a_reason_and_a_page_printed_again(self):
        book = self.book()
        self.deposits(2)
        self.printed(book)
        book.action_confirm()
        with self.assertRaises(UserError):
            book._reprint(1, "  ")
        with self.assertRaises(UserError):
            book._reprint(2, "Page déchirée")
        again = book._reprint(1, "Page déchirée")
        self.assertEqual([row["balance"] for row in again._rows()], [10_000, 11_000, 12_000])
        self.assertEqual((again.kind, again.reason, book.line), ("reprint", "Page déchirée", 4))
        reason = self.teller["kondo.passbook.reason"].create(
            {"passbook_id": book.id, "purpose": "replace", "reason": "Brûlé"}
        )
        second = self.teller["kondo.savings.passbook"].browse(reason.action_validate()["res_id"])
        self.assertEqual((book.state, book.reason, second.state), ("lost", "Brûlé", "current"))
        self.assertEqual(self.printed(second), [(1, 12_000)])

    def test_a_first_book_brings_old_movements_forward(self):
        self.deposits(8)
        book = self.book()
        self.assertEqual(self.printed(book), [(1, 14_000), (2, 15_000), (3, 16_000), (4, 17_000), (5, 18_000)])
        book.action_confirm()
        self.assertEqual((book.page, book.line, book.waiting), (2, 1, 0))

    def test_the_page_has_the_size_of_the_book(self):
        book = self.book()
        printed = self.env["kondo.savings.passbook.print"].browse(book.action_print()["context"]["active_ids"])
        self.union.write({"passbook_width": 150, "passbook_height": 110})
        pages = self.pdf("action_report_passbook", printed)
        self.assertEqual(len(pages), 1)
        self.assertAlmostEqual(float(pages[0][0].mediabox.width) * 25.4 / 72, 150, delta=1)
        self.assertAlmostEqual(float(pages[0][0].mediabox.height) * 25.4 / 72, 110, delta=1)
        with self.assertRaises(UserError):
            self.union.passbook_lines = 40

    def test_who_may_not(self):
        book = self.book()
        for user in (self.users["NIX"]["officer"], self.users["NIX"]["accountant"], self.controller):
            with self.assertRaises(UserError):
                book.with_env(self.as_user(user)).action_print()
        stranger = self.as_user(self.users["SGX"]["teller"])
        self.assertFalse(stranger["kondo.savings.passbook"].search([]))
        with self.assertRaises(AccessError):
            book.with_env(stranger).action_print()
        with self.assertRaises(AccessError):
            self.account.with_env(stranger).action_open_passbook()
        for values in ({"page": 1}, {"last_leg": 0}, {"state": "full"}):
            with self.assertRaises(AccessError):
                book.write(values)
        with self.assertRaises(AccessError):
            book.print_ids.unlink()


@tagged("post_install", "-at_install")
class TestSituation(PaperCase):
    def test_everything_a_member_has_on_one_page(self):
        member = self.make_member("TRAORÉ Awa", phone="76 12 34 56")
        one, two = self.make_account(member, balance=30_000), self.make_account(member, self.demand, balance=12_000)
        two.with_context(kondo_ledger=LEDGER).block = "all"
        partner = self.as_user(self.users["NIX"]["teller"])["res.partner"].browse(member.id)
        situation = partner.situation
        savings = next(section for section in situation["sections"] if section["key"] == "savings")
        self.assertEqual([row["id"] for row in savings["rows"]], sorted([one.id, two.id], key=lambda i: i != two.id))
        self.assertEqual(savings["total"]["amount"], 42_000)
        figures = [figure["amount"] for figure in situation["figures"]]
        self.assertEqual(figures[:2], [42_000, 29_000])
        notes = {row["id"]: row["note"] for row in savings["rows"]}
        self.assertRegex(notes[two.id], "Blocked|Bloqué")
        pages = self.pdf("action_report_situation", member)
        self.assertEqual(len(pages), 1)
        for text in ("TRAORÉ Awa", one.number, two.number, self.plain(42_000)):
            self.assertIn(text, pages[0][1])

    def test_many_accounts_and_movements_stay_on_one_page(self):
        member = self.make_member("COOPÉRATIVE Faso")
        accounts = [self.make_account(member, self.demand) for _index in range(45)]
        for account in accounts[:20]:
            self.submit("deposit", account, 1_000)
        self.assertEqual(len(self.pdf("action_report_situation", member)), 1)

    def test_the_passbook_on_the_screen_comes_in_pages(self):
        member = self.make_member()
        one, two = self.make_account(member), self.make_account(member, self.demand)
        for index in range(7):
            self.submit("deposit", one if index % 2 else two, 1_000)
        partner = self.as_user(self.users["NIX"]["teller"])["res.partner"].browse(member.id)
        first = partner.livret(limit=5)
        self.assertEqual((first["total"], len(first["rows"]), len(first["accounts"])), (7, 5, 2))
        rest = partner.livret(offset=5, limit=5)["rows"]
        self.assertEqual([row["balance"] for row in first["rows"] + rest], [4000, 3000, 3000, 2000, 2000, 1000, 1000])
        alone = partner.livret(account_id=one.id)
        self.assertEqual([row["balance"] for row in alone["rows"]], [3000, 2000, 1000])

    def test_the_page_asks_the_database_little_however_much_there_is(self):
        member = self.make_member()
        for _index in range(3):
            account = self.make_account(member, self.demand)
        for _index in range(12):
            self.submit("deposit", account, 1_000)
        partner = self.as_user(self.users["NIX"]["teller"])["res.partner"].browse(member.id)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            self.assertEqual(len(partner.livret(limit=40)["rows"]), 12)

    def test_another_caisses_user_sees_nothing(self):
        member = self.make_member()
        self.make_account(member, balance=5_000)
        stranger = self.as_user(self.users["SGX"]["teller"])["res.partner"].browse(member.id)
        with self.assertRaises(AccessError):
            stranger.livret()
        with self.assertRaises(AccessError):
            stranger.action_print_situation()
        other = self.make_member("DIALLO Oumou", self.seg)
        mine = self.as_user(self.users["NIX"]["teller"])["res.partner"].browse(member.id)
        foreign = self.make_account(other)
        self.assertEqual(mine.livret(account_id=foreign.id)["rows"], [])
