import io
from datetime import date, timedelta
from html import unescape

import openpyxl
from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER
from odoo.addons.kondo_microfinance.tests.loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestRegisters(LoanCase):
    """Provisions by loan beside account 299, exposures beside own funds, dormant accounts and the search of holders."""

    @classmethod
    def business_date(cls):
        return date(2026, 1, 5)

    def setUp(self):
        super().setUp()
        self.day = self.nio.business_date
        self.accountant = self.users["NIX"]["accountant"]

    def register(self, kind, day, user=None, caisse=None, **values):
        caisse = self.nio if caisse is None else caisse
        env = self.as_user(user or self.accountant, caisse or self.union)
        return env["kondo.register"].create({"kind": kind, "caisse_id": caisse.id, "date": day, **values})

    def sheets(self, register):
        """The values of each sheet of the spreadsheet, from its heading on: [[row]]."""
        content, _kind = register.env["ir.actions.report"]._render_xlsx(
            "kondo_bceao_reports.register_xlsx", register.ids, data={}
        )
        sheets = []
        for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
            rows = [list(row) for row in sheet.values]
            head = next(index for index, row in enumerate(rows) if sum(cell is not None for cell in row) > 2)
            sheets.append(rows[head:])
        return sheets

    def paper(self, register):
        html, _kind = register.env["ir.actions.report"]._render_qweb_html(
            "kondo_bceao_reports.report_register", register.ids
        )
        return unescape(html.decode())

    # ------------------------------------------------------------------ provisions
    def month_end(self, day):
        """The evening of a month's end: ages, classes, provisions, photograph."""
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._day_end_positions(self.nio, day, day + timedelta(days=1))
        self.env["kondo.loan"]._day_end_class(self.nio, day, day + timedelta(days=1))
        self.env["kondo.loan"]._day_end_provisions(self.nio, day, day + timedelta(days=1))
        self.env["kondo.snapshot"]._day_end(self.nio, day, day + timedelta(days=1))
        self.env.invalidate_all()

    def books(self, code):
        account = self.union._kondo_account(code)
        return -int(sum(self.env["account.move.line"].search([("account_id", "=", account.id)]).mapped("balance")))

    def test_provisions_by_loan_agree_with_account_299(self):
        member = self.make_member("TRAORÉ Awa")
        guarantee = self.make_account(member, product=self.guarantee_product, balance=20_000)
        product = self.loan_product(code="PEN", guarantee_percent=20)
        secured = self.running(
            member=member, product=product, guarantee_account_id=guarantee.id, guarantee_savings=20_000
        )
        late = self.running(member=self.make_member("KONÉ Issa", sex="male"), amount=50_000, instalments=1)
        # one that pays: it is in no table
        sound = self.running(member=self.make_member("DIARRA Fanta"), amount=70_000, instalments=1, every=24)

        evening = date(2026, 5, 31)
        self.month_end(evening)
        register = self.register("provisions", evening)
        register.action_show()
        self.env.invalidate_all()
        rows = {row.loan_id: row for row in register.provision_row_ids}
        self.assertEqual(set(rows), {secured, late})
        row = rows[secured]
        self.assertEqual(
            (row.stage, row.principal, row.deposits, row.base, row.rate, row.needed, row.booked, row.gap),
            ("late_6", 100_000, 20_000, 80_000, 40, 32_000, 32_000, 0),
        )
        self.assertEqual((rows[late].base, rows[late].booked), (50_000, 20_000))
        classes = {row.label: row for row in register.class_row_ids}
        self.assertEqual(sum(row.books for row in classes.values()), 2 * self.books("2991"))  # classes, and their total
        self.assertEqual({row.proof for row in classes.values()}, {0})

        # what happens later does not change that evening: the deposits are called, the loan grows older
        self.month_end(date(2026, 9, 30))
        secured.with_user(self.manager).call_guarantee()
        again = self.register("provisions", evening)._tables()[1]["rows"]
        self.assertEqual(
            {(line["number"], line["deposits"], line["needed"]) for line in again},
            {(secured.name, 20_000, 32_000), (late.name, 0, 20_000)},
        )
        september = self.register("provisions", date(2026, 9, 30))
        table = september._tables()[0]
        by_class = {row["stage"]: row for row in table["rows"]}
        self.assertEqual(by_class["late_12"]["booked"], self.books("2992"))
        self.assertEqual((table["total"]["books"], table["total"]["proof"]), (104_000, 0))
        # a photograph from before deposits were kept: worked back from the provision
        self.env.cr.execute("UPDATE kondo_snapshot_loan SET deposits = 0")
        old = {line["number"]: line["deposits"] for line in self.register("provisions", evening)._tables()[1]["rows"]}
        self.assertEqual(old, {secured.name: 20_000, late.name: 0})

        # paper and spreadsheet
        summed, listed = self.sheets(september)
        self.assertEqual(summed[-1][8], 104_000)
        self.assertEqual([row[1] for row in listed[1:3]], [secured.name, late.name])
        self.assertEqual(listed[-1][10], 104_000)
        text = self.paper(september)
        for expected in ("TRAORÉ Awa", "Caisse de Niono", "104 000"):
            self.assertIn(expected, text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\xa0", " "))
        self.assertTrue(sound)

        # a month that is not over, a caisse that is not photographed, roles that have no part in it
        with self.assertRaises(UserError):
            self.register("provisions", date(2026, 5, 15)).action_show()
        with self.assertRaises(UserError):
            self.register("provisions", evening, self.network_manager, self.env["res.company"]).action_show()
        for role in ("teller", "officer"):
            with self.assertRaises(AccessError):
                self.register("provisions", evening, self.users["NIX"][role])
        with self.assertRaises(UserError):
            self.register("provisions", evening, self.users["SGX"]["accountant"], self.nio).action_show()
        with self.assertRaises(AccessError):
            september.with_env(self.as_user(self.manager)).action_xlsx()

    # ------------------------------------------------------------------ exposures
    def own_funds(self, amount):
        """Own funds in the books of Niono."""
        account, cash = self.union._kondo_account("5521"), self.union._kondo_account("1141")
        self.env["account.move"].with_company(self.nio).create(
            {
                "journal_id": self.nio.general_journal_id.id,
                "company_id": self.nio.id,
                "date": self.day,
                "line_ids": [
                    (0, 0, {"account_id": cash.id, "debit": amount}),
                    (0, 0, {"account_id": account.id, "credit": amount}),
                ],
            }
        )._post()

    def test_the_largest_debtors_and_the_related_parties_against_own_funds(self):
        empty = self.register("debtors", self.day)
        empty.action_show()
        self.assertFalse(empty.exposure_row_ids)
        self.open_till(amount=3_000_000)
        names = [f"MEMBRE {letter}" for letter in "ABCDEFGHIJKL"]
        loans = {
            name: self.running(member=self.make_member(name), amount=100_000 + 1_000 * rank)
            for rank, name in enumerate(names)
        }
        seat = self.running(member=self.make_member("PRÉSIDENT"), amount=90_000, related_party="elected")
        granted = self.grant(self.file(member=loans["MEMBRE A"].partner_id, amount=150_000))
        self.own_funds(2_000_000 - self.nio._own_funds(self.day))

        register = self.register("debtors", self.day)
        register.action_show()
        rows = register.exposure_row_ids
        self.assertEqual(len(rows), 10)
        self.assertEqual(
            (rows[0].partner_id.name, rows[0].principal, rows[0].commitment, rows[0].exposure, rows[0].over),
            ("MEMBRE A", 100_000, 150_000, 250_000, True),
        )
        self.assertEqual((rows[0].exposure, rows[0].share), (granted.sudo().exposure, 12.5))
        self.assertEqual(rows[1:].mapped("partner_id.name"), names[:2:-1])
        self.assertIn("MEMBRE A", register.summary)
        self.env["kondo.parameter"].create(
            {"key": "largest_debtors", "label": "x", "date_from": "2026-01-02", "value": "3"}
        )
        self.assertEqual(len(self.register("debtors", self.day)._tables()[0]["rows"]), 3)

        insiders = self.register("insiders", self.day, self.controller)
        insiders.action_show()
        (row,) = insiders.exposure_row_ids
        self.assertEqual(
            (row.partner_id, row.related_party, row.exposure, row.share), (seat.partner_id, "elected", 90_000, 4.5)
        )
        # the same total as the limit of the loan file
        file = self.file(member=self.make_member("SECRÉTAIRE"), amount=1_000, related_party="staff")
        self.assertEqual(file.sudo()._exposure_of([("related_party", "!=", "none")]), 91_000)
        table = insiders._tables()[0]
        self.assertEqual((table["total"]["exposure"], table["total"]["share"]), (90_000, 4.5))
        (listed,) = self.sheets(insiders)
        self.assertEqual((listed[1][2], listed[1][8], listed[-1][8]), ("PRÉSIDENT", 90_000, 90_000))
        self.assertIn("PRÉSIDENT", self.paper(insiders))

        # yesterday none of it was lent
        self.assertEqual(self.register("debtors", self.day - timedelta(days=1))._tables()[0]["rows"], [])
        # repaid since: what it was on its day stays
        self.move_day(self.nio, self.day + timedelta(days=1))
        self.repay(seat, 30_000)
        self.assertEqual(self.register("insiders", self.day)._tables()[0]["total"]["exposure"], 90_000)
        everywhere = self.register("debtors", self.day, self.network_manager, self.env["res.company"])
        self.assertEqual(everywhere._tables()[0]["rows"][0]["member"], "MEMBRE A")

    # ------------------------------------------------------------------ dormant accounts
    def asleep(self, name, years, balance, state="dormant"):
        account = self.make_account(self.make_member(name), balance=balance)
        sign = self.day - relativedelta(years=years)
        account.with_context(kondo_ledger=LEDGER).write(
            {"state": state, "last_movement_on": sign, "opened_on": sign, "dormant_on": state == "dormant" and self.day}
        )
        return account

    def test_dormant_accounts_and_what_was_done_to_find_their_holders(self):
        searched = self.asleep("TRAORÉ Awa", 8, 50_000)
        small = self.asleep("KONÉ Issa", 9, 19_999)
        old = self.asleep("DIARRA Fanta", 10, 5_000)
        resting = self.asleep("CISSÉ Ali", 2, 30_000, "inactive")
        early = self.asleep("SIDIBÉ Bou", 3, 30_000)  # a product may make an account dormant sooner
        self.make_account(balance=10_000)
        officer = self.as_user(self.officer)
        found = {one.account_id: one for one in officer["kondo.dormant.account"].search([])}
        self.assertEqual(
            {account: one.stage for account, one in found.items()},
            {searched: "search", small: "exempt", old: "transfer", resting: "inactive", early: "inactive"},
        )
        self.assertEqual(found[searched].search_from, self.day)
        self.assertEqual(found[old].transfer_from, self.day)

        contacts = officer["kondo.dormant.contact"]
        action = found[searched].action_add_contact()
        first = contacts.with_context(**action["context"]).create(
            {"way": "visit", "day": self.day - timedelta(days=20), "result": "no_answer", "note": "Porte close"}
        )
        contacts.create({"account_id": searched.id, "way": "relative", "result": "heirs", "note": "Sa fille, à Ségou"})
        self.env.invalidate_all()
        self.assertEqual(
            (found[searched].contact_count, found[searched].contact_on, found[searched].contact_result),
            (2, self.day, "heirs"),
        )
        self.assertEqual((first.user_id, len(found[searched].contact_ids)), (self.officer, 2))
        for refused in (
            lambda: first.write({"result": "found"}),
            lambda: first.unlink(),
            lambda: contacts.create({"account_id": searched.id, "day": self.day + timedelta(days=1)}),
            lambda: contacts.create({"account_id": self.make_account(balance=5_000).id}),
            lambda: self.as_user(self.accountant)["kondo.dormant.contact"].create({"account_id": searched.id}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                refused()
        self.assertFalse(self.as_user(self.users["SGX"]["manager"])["kondo.dormant.account"].search([]))
        self.assertFalse(self.as_user(self.users["SGX"]["manager"])["kondo.dormant.contact"].search([]))

        register = self.register("dormant", self.day)
        stages, accounts, tries = self.sheets(register)
        self.assertEqual([row[1] for row in stages[1:]], [1, 1, 1, 2, 5])
        self.assertEqual(stages[-1][2], 134_999)
        self.assertEqual({row[1] for row in accounts[1:-1]}, {one.number for one in found})
        self.assertEqual([row[6] for row in tries[1:]], ["Sa fille, à Ségou", "Porte close"])
        self.assertIn("Porte close", self.paper(register))
        paper = self.env["report.kondo_bceao_reports.report_register"]
        columns = [("name", "x", "text", 20), ("note", "x", "text", 20)]
        table = {"title": "x", "note": "", "columns": columns, "total": None}
        # ten lines a row: two on the first page, three on each after it
        long = paper._sheets([{**table, "rows": [{"name": "Awa", "note": "mot " * 200}] * 10}])
        self.assertEqual((len(long), len(paper._sheets([{**table, "rows": [{"name": "Awa"}] * 10}]))), (4, 1))
        yesterday = self.register("dormant", self.day - timedelta(days=30))
        self.assertIn(f"{self.day:%d/%m/%Y}", yesterday._heading()[1][0], "accounts are read as they stand")
