import io
import uuid
from collections import defaultdict
from datetime import date

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.tests.loan_common import LoanFixture
from odoo.addons.kondo_microfinance.tests.period_common import LAST, PeriodCase

START = date(2025, 12, 1)
EARLIER = date(2024, 6, 28)
SIDES = ("opening_debit", "opening_credit", "debit", "credit", "closing_debit", "closing_credit")


@tagged("post_install", "-at_install")
class TestBooks(LoanFixture, PeriodCase):
    """The accountant's books of Niono and of the network: every figure is that of the journal items."""

    def setUp(self):
        super().setUp()
        self.entry(EARLIER, 7_000, "6239")  # a charge of an earlier year that no meeting has allocated
        self.entry(date(2025, 11, 20), 3_000, "6239")
        awa = self.make_member("COULIBALY Awa")
        self.saver = self.make_account(awa, self.demand, 300_000)
        self.loan = self.running(member=awa, amount=120_000)
        self.answer_remote()
        self.move_to(LAST)
        self.submit("withdrawal", self.saver, 40_000)
        self.entry(LAST, 1_500, "6239")
        self.accountant = self.users["NIX"]["accountant"]
        self.everywhere = self.union + self.nio + self.seg
        self.env.flush_all()

    def answer_remote(self):
        """Awa pays in at Niono on an account of Ségou: the caisses owe each other."""
        account = self.make_account(self.make_member("DIARRA Fanta", self.seg), self.demand, 50_000)
        session = self.session_of(self.nio)
        self.as_user(session.user_id)["kondo.operation"].submit(
            "remote_deposit",
            str(uuid.uuid4()),
            {"session_id": session.id, "account_number": account.number, "amount": 20_000, "bearer": "KEITA Modibo"},
        )

    # ------------------------------------------------------------------ reading
    def book(self, name, user=None, companies=None, **values):
        """A book as somebody asks for it (default: the accountant of Niono, December 2025)."""
        env = self.as_user(user or self.accountant, companies or self.nio)
        days = {"date_to": LAST} if name == "members" else {"date_from": START, "date_to": LAST}
        company = (companies or self.nio)[0]
        values = {"company_id": company.id, "consolidated": False, **days, **values}
        return env[f"kondo.books.{name}"].create(values)

    def expected(self, companies, first=START, last=LAST):
        """{code: (opening, debit, credit)} of the posted items, read by the ORM."""
        found = defaultdict(lambda: [0, 0, 0])
        domain = [("company_id", "in", companies.ids), ("parent_state", "=", "posted"), ("date", "<=", last)]
        for item in self.env["account.move.line"].search(domain):
            code = item.account_id.with_company(self.union).code
            code = "591" if code == "592" else code
            if code[0] in "67" and item.date.year < first.year:
                found["591"][0] += item.balance
            elif item.date < first:
                found[code][0] += item.balance
            else:
                found[code][1] += item.debit
                found[code][2] += item.credit
        return {code: tuple(map(int, one)) for code, one in found.items() if any(one)}

    def xlsx(self, book):
        """The sheets of the spreadsheet: [[row of values]]."""
        action = book.action_xlsx()
        report = book.env.ref(f"kondo_bceao_reports.action_report_{book._paper}_xlsx")
        self.assertEqual(action["report_name"], report.report_name)
        content, kind = book.env["ir.actions.report"]._render_xlsx(report.report_name, book.ids, data={})
        self.assertEqual(kind, "xlsx")
        sheets = load_workbook(io.BytesIO(content), read_only=True).worksheets
        return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in sheets]

    def html(self, book):
        report = f"kondo_bceao_reports.report_{book._paper}"
        return book.env["ir.actions.report"]._render_qweb_html(report, book.ids)[0].decode()

    # ------------------------------------------------------------------ trial balance
    def test_the_trial_balance_is_that_of_the_journal_items_at_every_level(self):
        book = self.book("balance")
        book.action_show()
        shown = {row.code: row for row in book.row_ids if row.kind == "account"}
        expected = self.expected(self.nio)
        self.assertEqual(expected["591"], (7_000, 0, 0))
        self.assertEqual(expected["6239"], (3_000, 1_500, 0), "the year's charges; those of 2024 are a result")
        found = {code: (row.opening_debit - row.opening_credit, row.debit, row.credit) for code, row in shown.items()}
        self.assertEqual(found, expected)
        for row in shown.values():
            opening = row.opening_debit - row.opening_credit
            self.assertEqual(row.closing_debit - row.closing_credit, opening + row.debit - row.credit)
        total = book.row_ids[-1]
        self.assertEqual(total.kind, "total")
        self.assertTrue(total.debit)
        for left, right in zip(SIDES[::2], SIDES[1::2], strict=True):
            self.assertEqual(total[left], total[right])
        headings = {row.code: row for row in book.row_ids if row.kind == "heading"}
        self.assertLessEqual({"1", "10", "101", "2", "25", "251"}, set(headings))
        for code in ("2", "25", "251"):
            below = [row for account, row in shown.items() if account.startswith(code)]
            for side in SIDES:
                self.assertEqual(headings[code][side], sum(row[side] for row in below), f"{code} {side}")
        self.assertIn("591", book.summary)
        self.assertNotIn("differ", book.summary)

        for level in ("1", "2", "3", "4"):
            short = self.book("balance", level=level)
            short.action_show()
            rows = short.row_ids.filtered(lambda row: row.kind == "account")
            self.assertTrue(all(len(row.code) >= int(level) or row.code in shown for row in rows))
            for side in SIDES:
                self.assertEqual(sum(rows.mapped(side)), total[side], f"level {level}, {side}")
            for row in rows:
                if row.code in headings:
                    self.assertEqual([row[side] for side in SIDES], [headings[row.code][side] for side in SIDES])
        everything = self.book("balance", hide_zero=False, prove=False)
        everything.action_show()
        self.assertGreater(len(everything.row_ids), 350, "every account of the chart")

        # A line opens its items of the period; a manager, who has no journal items, is told so.
        items = book.env["account.move.line"].search(shown["2511"].action_open()["domain"])
        self.assertEqual((sum(items.mapped("debit")), sum(items.mapped("credit"))), expected["2511"][1:])
        manager = self.book("balance", self.users["NIX"]["manager"], prove=False)
        manager.action_show()
        with self.assertRaises(UserError):
            manager.row_ids[0].action_open()

        [rows] = self.xlsx(book)
        self.assertEqual(rows[-1][2:], [total[side] for side in SIDES])
        [line] = [row for row in rows if row[0] == "2511"]
        self.assertEqual([side or 0 for side in line[2:]], [shown["2511"][side] for side in SIDES])
        self.assertIn(self.nio.name, self.html(book))

        self.check_network()

    def check_network(self):
        """The network together: every account summed, what the caisses owe each other netted."""
        alone = self.expected(self.nio)
        between = [code for code in alone if code.startswith("39")]
        self.assertTrue(between)
        book = self.book("balance", self.network_manager, self.everywhere, consolidated=True)
        book.action_show()
        shown = {row.code: row for row in book.row_ids if row.kind == "account"}
        expected = self.expected(self.everywhere)
        self.assertFalse([code for code in shown if code.startswith("39")])
        for code, figures in expected.items():
            if not code.startswith("39"):
                row = shown[code]
                self.assertEqual((row.opening_debit - row.opening_credit, row.debit, row.credit), figures)
        total = book.row_ids[-1]
        self.assertEqual((total.opening_debit, total.debit), (total.opening_credit, total.credit))
        self.assertEqual(total.closing_debit, total.closing_credit)

    # ------------------------------------------------------------------ members' balances
    def test_members_balances_equal_their_control_accounts(self):
        book = self.book("members")
        book.action_show()
        ledger = {code: sum((one[0], one[1], -one[2])) for code, one in self.expected(self.nio).items()}
        totals = {one.code: one for one in book.total_ids}
        self.assertLessEqual({"2511", "2512", "2022"}, set(totals))
        rows = book.env["kondo.books.members.row"].search([("book_id", "=", book.id)])
        for code, total in totals.items():
            of_account = rows.filtered(lambda row, code=code: row.code == code)
            self.assertEqual(total.gap, 0)
            self.assertEqual(total.debit - total.credit, ledger[code])
            self.assertEqual(sum(of_account.mapped("debit")) - sum(of_account.mapped("credit")), ledger[code])
            self.assertEqual(total.holders, len(of_account))
        [mine] = rows.filtered(lambda row: row.number == self.saver.number)
        self.assertEqual((mine.holder, mine.credit), ("COULIBALY Awa", 260_000))
        self.assertEqual(mine.action_open()["res_id"], self.saver.id)
        [owed] = rows.filtered(lambda row: row.number == self.loan.name and row.code == "2022")
        self.assertEqual(owed.debit, 120_000)

        # On the evening of a month's end from the photograph; the same to the franc. One that errs is not believed.
        self.env["kondo.snapshot.account"]._take(self.nio.id, LAST)
        photographed = self.book("members", account_from="25")
        self.assertEqual(photographed.sudo()._photographed(self.nio), self.nio.ids)
        photographed.action_show()
        same = photographed.env["kondo.books.members.row"].search([("book_id", "=", photographed.id)])
        described = [[(row.code, row.number, row.holder, row.credit) for row in one] for one in (rows, same)]
        self.assertEqual([one for one in described[0] if one[0].startswith("25")], described[1])
        self.env.cr.execute(
            "UPDATE kondo_snapshot_account SET balance = balance + 1 WHERE account_id = %s", (self.saver.id,)
        )
        self.assertEqual(photographed.sudo()._photographed(self.nio), [])

        sheets = self.xlsx(book)
        self.assertEqual(len(sheets), 2)
        self.assertEqual(sheets[0][-1][-1], 0)
        lines = {(row[0], row[1]): row[4:] for row in sheets[1] if row[1]}
        self.assertEqual(lines["2511", self.saver.number][1], 260_000)
        self.assertEqual(sum(1 for row in sheets[1] if row[3] and row[0] in totals and row[1]), len(rows))
        self.assertIn("COULIBALY Awa", self.html(book))

    # ------------------------------------------------------------------ general ledger and journals
    def test_the_general_ledger_runs_from_the_opening_to_the_closing(self):
        book = self.book("ledger")
        action = book.action_show()
        rows = book.env[action["res_model"]].search(action["domain"])
        expected = self.expected(self.nio)
        self.assertEqual(set(rows.mapped("code")), set(expected))
        for code, (opening, debit, credit) in expected.items():
            lines = rows.filtered(lambda row, code=code: row.code == code)
            self.assertEqual((lines[0].kind, lines[0].balance), ("opening", opening))
            self.assertEqual((sum(lines.mapped("debit")), sum(lines.mapped("credit"))), (debit, credit))
            self.assertEqual(lines[-1].balance, opening + debit - credit)
            running = opening
            for line in lines[1:]:
                running += line.debit - line.credit
                self.assertEqual(line.balance, running)
            self.assertEqual(sorted(lines.mapped("date")), lines.mapped("date"))
        self.assertEqual(rows[1].action_open()["res_id"], rows[1].move_id.id)
        members = self.book("ledger", account_from="25", account_to="25")
        action = members.action_show()
        codes = set(members.env[action["res_model"]].search(action["domain"]).mapped("code"))
        self.assertEqual(codes, {code for code in expected if code.startswith("25")})
        [sheet] = self.xlsx(book)
        debit, credit = (sum(one[index] for one in expected.values()) for index in (1, 2))
        self.assertEqual(sheet[-1][5:7], [debit, credit])
        self.assertIn("COULIBALY Awa", self.html(members))

        journals = self.book("ledger", kind="journal")
        action = journals.action_show()
        lines = journals.env[action["res_model"]].search(action["domain"])
        self.assertEqual((sum(lines.mapped("debit")), sum(lines.mapped("credit"))), (debit, credit))
        one = self.book("ledger", kind="journal", journal_ids=[(6, 0, self.nio.general_journal_id.ids)])
        [sheet] = self.xlsx(one)
        items = self.env["account.move.line"].search(
            [
                ("journal_id", "=", self.nio.general_journal_id.id),
                ("parent_state", "=", "posted"),
                ("date", ">=", START),
                ("date", "<=", LAST),
            ]
        )
        self.assertEqual(sheet[-1][5:7], [sum(items.mapped("debit")), sum(items.mapped("credit"))])

    # ------------------------------------------------------------------ who reads
    def test_books_are_read_by_those_who_keep_them_and_of_their_own_caisse(self):
        for role in ("teller", "officer"):
            for name in ("balance", "members", "ledger"):
                with self.assertRaises(AccessError):
                    self.book(name, self.users["NIX"][role])
        for name in ("balance", "members", "ledger"):
            mine = self.book(name)
            with self.assertRaises(UserError):
                other = self.book(name, companies=self.seg)
                other.action_show()
            with self.assertRaises(UserError):
                self.book(name, company_id=self.seg.id).action_show()
            with self.assertRaises(UserError):
                self.book(name, consolidated=True).action_xlsx()
            mine.action_show()
            for stranger in (self.users["SGX"]["accountant"], self.users["NIX"]["teller"]):
                with self.assertRaises(UserError):
                    mine.with_env(self.as_user(stranger)).action_print()
                report = f"kondo_bceao_reports.report_{mine._paper}"
                with self.assertRaises(UserError):
                    self.as_user(stranger)["ir.actions.report"]._render_qweb_html(report, mine.ids)
        self.book("balance", self.controller, self.everywhere, consolidated=True, prove=False).action_show()
        with self.assertRaises(UserError):
            self.book("balance", date_from=EARLIER).action_show()
        with self.assertRaises(UserError):
            self.book("ledger", date_from=LAST, date_to=START).action_show()
