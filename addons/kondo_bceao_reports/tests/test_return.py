import csv
import json
from datetime import date
from io import BytesIO, StringIO

import psycopg2
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kondo_microfinance.tests.period_common import LAST

from .return_common import ReturnCase


@tagged("post_install", "-at_install")
class TestReturn(ReturnCase):
    """A return of 2025, from the first draft of the accountant to the correction that replaces it."""

    def items_behind(self, cell):
        action = cell.action_open()
        self.assertEqual(action["res_model"], "account.move.line")
        return cell.env["account.move.line"].search(action["domain"])

    def test_from_draft_to_filed(self):
        self.end_the_year()
        with self.assertRaises(UserError):
            self.begin("teller")
        record = self.begin()
        self.assertEqual((record.state, record.date_from, record.edition), ("draft", date(2025, 1, 1), "developed"))
        self.assertEqual(record.sending_ids.mapped("copies"), [5], "without article 44 the BCEAO gets none")
        self.assertIn("CCS-SFD", record.sending_ids.addressee)
        with self.assertRaises(UserError):
            record.action_check()
        record.action_compute()
        values = {code: self.cell(record, code).value for code in "ABCRT"}
        self.assertEqual(values, {"A": 50_000, "B": 1_000_000, "C": 400_000, "R": 0, "T": 1_050_000})
        self.assertTrue(self.cell(record, "R").no_data, "no data is not zero")
        self.assertEqual(self.cell(record, "T").display.replace("\u202f", " "), "1 050 000")
        self.assertIn("1\u202f050\u202f000", record.tables)

        # what no ledger knows
        record.action_check()
        self.assertEqual(record.state, "checked")
        self.assertIn("TST 1 S", record.problem)
        manager = self.by("manager", record)
        with self.assertRaisesRegex(UserError, "TST 1 S"), self.env.cr.savepoint():
            manager.action_validate()
        staff = record.input_ids
        self.assertEqual((len(staff), staff.complete), (1, False))
        with self.assertRaises(AccessError):
            staff.author_id = self.env.user
        staff.value = 4
        self.assertFalse(staff.complete, "a document is asked for")
        staff.document_ids = [self.document()]
        self.assertEqual((staff.complete, staff.author_id), (True, self.users["NIX"]["accountant"]))
        self.assertEqual((staff.document_ids.res_model, staff.document_ids.res_id), ("kondo.return.input", staff.id))
        self.assertEqual(record.state, "draft", "the cells no longer hold what was typed")
        record.action_compute()
        members = self.cell(record, "M", "number", "Q")
        self.assertEqual(self.cell(record, "W", "number", "Q").value, members.value + 4)
        record.action_check()
        by_code = {check.code: check.state for check in record.check_ids}
        self.assertEqual(
            {code: by_code[code] for code in ("tst_sum", "formulas", "inputs", "balanced", "proved", "months")},
            dict.fromkeys(("tst_sum", "formulas", "inputs", "balanced", "proved", "months"), "passed"),
        )

        # the second person
        with self.assertRaises(UserError), self.env.cr.savepoint():
            record.action_validate()  # the accountant may not
        manager.action_validate()
        with self.assertRaises(UserError):
            staff.value = 5
        with self.assertRaises(UserError), self.env.cr.savepoint():
            record.action_file()
        manager.action_file()
        self.env.invalidate_all()
        self.assertEqual((record.state, len(record.frozen_hash)), ("filed", 64))
        frozen = json.loads(record.frozen)
        self.assertEqual(frozen["figures"]["forms"][0]["version"], "1")
        self.assertIn("251", [line.get("amount") for line in frozen["figures"]["forms"][0]["lines"]])
        self.assertEqual(frozen["heading"]["validated_by"], self.users["NIX"]["manager"].name)

        # proof of delivery comes back later
        sending = record.sending_ids
        values = {"sent_on": date(2026, 6, 1), "proof_ids": [self.document("Décharge.pdf")]}
        record.write({"sending_ids": [(1, sending.id, values)]})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            sending.proof_ids = [(5,)]
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            sending.proof_ids.unlink()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            sending.unlink()
        record.action_verify()

    def test_it_prints_as_paper_workbook_and_plain_file(self):
        self.end_the_year()
        record = self.begin()
        for method in (record.action_data_file, lambda: self.printed(record, "return_xlsx")):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                method()
        record.action_compute()
        record.action_check()
        book = load_workbook(BytesIO(self.printed(record, "return_xlsx")))
        sheet = book["TST 1"]
        rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
        total, deposits, incomes = (rows[code][2] for code in "TAB")
        self.assertEqual(total.value, f"={deposits.coordinate}+{incomes.coordinate}", "the authority can check the sum")
        self.assertEqual((deposits.value, incomes.value), (50_000, 1_000_000))
        self.assertIsNone(rows["R"][2].value, "no data is not zero")
        self.assertEqual(len(book.worksheets), 2, "the form, and the controls")

        lines = list(csv.DictReader(StringIO(record._data_file()), delimiter=";"))
        self.assertEqual(
            [line["value"] for line in lines if (line["code"], line["column"]) == ("T", "amount")], ["1050000"]
        )
        url = record.action_data_file()["url"]
        self.assertEqual(url, record.action_data_file()["url"], "the same file, not one more")
        self.assertTrue(self.printed(record, "report_return").startswith(b"%PDF"))

    def printed(self, record, name):
        report = f"kondo_bceao_reports.{name}"
        return record.env["ir.actions.report"].with_context(force_report_rendering=True)._render(report, record.ids)[0]

    def test_the_preparer_does_not_validate(self):
        self.end_the_year()
        record = self.begin("manager")
        self.type_staff(record)
        record.action_compute()
        record.action_check()
        with self.assertRaisesRegex(UserError, "autre personne|another person"), self.env.cr.savepoint():
            record.action_validate()
        other = self.by("manager2", record)
        other.action_validate()
        other.action_back()
        self.env.invalidate_all()
        self.assertEqual((record.state, record.validated_by_id.id, record.computed_by_id.id), ("draft", False, False))
        # a late entry in a month that was reopened: the figures are no longer those that were computed
        record.action_compute()
        record.action_check()
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE account_move_line SET balance = balance - 10, credit = credit + 10
                WHERE company_id = %s AND account_id = %s AND date <= %s""",
            (self.nio.id, self.union._kondo_account("7028").id, LAST),
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "ont changé|have changed"), self.env.cr.savepoint():
            other.action_validate()

    def test_a_filed_return_never_changes(self):
        self.end_the_year()
        record = self.filed()
        admin = record.sudo()
        cell = self.cell(admin, "A")
        for attempt in (
            lambda: admin.write({"date": date(2024, 12, 31)}),
            lambda: admin.write({"state": "draft"}),
            lambda: admin.write({"frozen": "x"}),
            lambda: admin.unlink(),
            lambda: cell.write({"value": 1}),
            lambda: cell.unlink(),
            lambda: cell.copy(),
            lambda: admin.cell_ids.create({"return_id": admin.id}),
            lambda: admin.check_ids[0].write({"state": "passed"}),
            lambda: admin.input_ids.write({"value": 9}),
            lambda: admin.input_ids.write({"document_ids": [(5,)]}),
            lambda: admin.input_ids.unlink(),
            lambda: admin.input_ids.document_ids.unlink(),
            lambda: admin.input_ids.document_ids.write({"raw": b"x"}),
            lambda: self.by("manager", record).action_back(),
            lambda: record.action_compute(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
        self.env.flush_all()
        for table, change in (
            ("kondo_return", "frozen = 'x'"),
            ("kondo_return", "state = 'draft'"),
            ("kondo_return_cell", "value = 1"),
            ("kondo_return_check", "state = 'passed'"),
            ("kondo_return_input", "value = 9"),
        ):
            where = f"WHERE {'id' if table == 'kondo_return' else 'return_id'} = {record.id}"
            for statement in (f"UPDATE {table} SET {change} {where}", f"DELETE FROM {table} {where}"):
                with self.assertRaises(psycopg2.Error, msg=statement), mute_logger("odoo.sql_db"):
                    with self.env.cr.savepoint():
                        self.env.cr.execute(statement)
        record.action_verify()
        # somebody with the keys of the database switches the rule off
        self.env.cr.execute("ALTER TABLE kondo_return_cell DISABLE TRIGGER kondo_return_cell_frozen")
        self.env.cr.execute("UPDATE kondo_return_cell SET value = value + 1 WHERE id = %s", (cell.id,))
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "cells"):
            record.action_verify()

    def test_a_correction_replaces_it(self):
        self.end_the_year()
        record = self.filed()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.begin()  # filed once: a correction
        self.assertEqual(record.action_replace()["res_model"], "kondo.return.replace")
        newer = record.browse(record.action_replace("Rejet de l'autorité")["res_id"])
        self.assertEqual(
            (newer.state, newer.replaces_id, newer.replace_reason), ("draft", record, "Rejet de l'autorité")
        )
        self.assertEqual((newer.input_ids.value, newer.input_ids.complete), (4, True), "typed values are taken over")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            record.action_replace("encore")
        self.type_staff(newer, 5)
        newer.action_compute()
        newer.action_check()
        manager = self.by("manager", newer)
        manager.action_validate()
        self.assertEqual(record.state, "filed")
        manager.action_file()
        self.env.invalidate_all()
        self.assertEqual((record.state, record.replaced_by_id, newer.state), ("replaced", newer, "filed"))
        self.assertEqual(json.loads(newer.frozen)["figures"]["replaced_hash"], record.frozen_hash)
        record.action_verify()
        newer.action_verify()

    def test_big_changes_are_explained(self):
        self.entry(date(2024, 12, 31), -5_000_000, "7028")
        self.entry(date(2024, 12, 31), 380_000, "6239")
        self.end_the_year(date(2024, 12, 1))
        record = self.begin()
        self.type_staff(record)
        record.action_compute()
        # 5 000 000 before, 1 000 000 now; the total is explained by it; expenses changed by 20 000 only
        self.assertEqual(record.explanation_ids.mapped("code"), ["B", "R"])
        income = record.explanation_ids[0]
        self.assertEqual((income.previous, income.value, income.change), (5_000_000, 1_000_000, -80))
        self.assertEqual(record.cell_ids.filtered("flagged").mapped("code"), ["B", "R"])
        record.action_check()
        manager = self.by("manager", record)
        with self.assertRaisesRegex(UserError, "TST 1 B"), self.env.cr.savepoint():
            manager.action_validate()
        for one in record.explanation_ids:
            one.text = "La campagne de coton a été mauvaise"
        self.assertEqual(income.author_id, self.users["NIX"]["accountant"])
        record.action_compute()
        self.assertTrue(all(record.explanation_ids.mapped("complete")), "an answer is kept as long as it is asked for")
        record.action_check()
        manager.action_validate()
        self.env["kondo.parameter"].create(
            {"key": "return_change_minimum", "label": "x", "date_from": date(2025, 6, 1), "value": "9000000"}
        )
        manager.action_back()
        record.action_compute()
        self.assertFalse(record.explanation_ids, "thresholds are dated parameters")

    def test_each_cell_opens_what_is_behind(self):
        self.entry(date(2024, 12, 31), -70_000, "7028")
        account = self.make_account(balance=8_000)
        self.end_the_year(date(2024, 12, 1))
        record = self.begin()
        self.type_staff(record)
        record.action_compute()
        self.assertEqual(self.cell(record, "R").value, 70_000, "the result of 2024 that no meeting has allocated")
        for code, sign in (("A", -1), ("B", -1), ("C", 1), ("R", -1), ("T", -1)):
            cell = self.cell(record, code)
            self.assertEqual(sign * sum(self.items_behind(cell).mapped("balance")), cell.value, code)
        self.assertEqual(self.cell(record, "B", "last").value, 70_000)
        self.assertEqual(-sum(self.items_behind(self.cell(record, "B", "last")).mapped("balance")), 70_000)
        members = self.cell(record, "M", "number", "Q").action_open()
        self.assertEqual(members["res_model"], "res.partner")
        self.assertIn(account.partner_id, record.env["res.partner"].search(members["domain"]))
        self.assertEqual(self.cell(record, "S", "number", "Q").action_open()["res_id"], record.input_ids.id)
        with self.assertRaisesRegex(UserError, "(?i)livres|books|journal"):
            self.by("manager", self.cell(record, "A")).action_open()

    def test_failed_controls_name_the_difference_and_open_it(self):
        self.env["kondo.form.check"].create(
            [
                {"code": "tst_bad", "label": "Dépôts = produits", "left": "[TST 1/P:A]", "right": "[TST 1/P:B]", "forms": "TST 1"},
                {"code": "tst_none", "label": "Rien", "left": "[TST 1/P:R]", "right": "10.0", "forms": "TST 1"},
                {"code": "tst_soft", "label": "Norme", "left": "[TST 1/P:A]", "compare": ">=", "right": "99999.0", "forms": "TST 1", "level": "warning"},
            ]
        )  # fmt: skip
        self.form.line_ids.filtered(lambda line: line.code == "D").cell_ids.formula = "{unknown.figure}"
        self.entry(date(2025, 12, 30), -1_000_000, "7028")
        self.form.covers = "7"
        record = self.begin()
        self.type_staff(record)
        record.action_compute()
        record.action_check()
        checks = {check.code: check for check in record.check_ids}
        bad = checks["tst_bad"]
        self.assertEqual((bad.state, bad.difference), ("failed", -950_000))
        self.assertIn("-950\u202f000", bad.message)
        opened = record.env["kondo.return.cell"].search(bad.action_open()["domain"])
        self.assertEqual(set(opened.mapped("code")), {"A", "B"})
        self.assertEqual((checks["tst_none"].state, checks["tst_soft"].state), ("no_data", "failed"))
        self.assertEqual(checks["formulas"].state, "failed")
        self.assertIn("unknown.figure", checks["formulas"].message)
        self.assertEqual(checks["months"].state, "failed")
        self.assertEqual(checks["months"].action_open()["res_model"], "kondo.month.close")
        self.assertEqual(checks["photographs"].state, "failed")
        self.assertEqual(checks["coverage TST 1"].state, "passed")
        self.assertEqual(checks["confirmed"].state, "passed")
        with self.assertRaisesRegex(UserError, "950"), self.env.cr.savepoint():
            self.by("manager", record).action_validate()
        self.form.covers = "2,7"
        record.action_check()
        gap = record.check_ids.filtered(lambda check: check.code == "coverage TST 1")
        self.assertEqual(gap.state, "passed", "savings stand on one line")
        self.form.covers = "3,7"
        record.action_check()
        gap = record.check_ids.filtered(lambda check: check.code == "coverage TST 1")
        self.assertEqual((gap.state, gap.difference), ("failed", 1_000_000))
        items = record.env["account.move.line"].search(gap.action_open()["domain"])
        self.assertEqual(sum(items.mapped("balance")), 1_000_000)

    def test_consolidated_and_by_caisse(self):
        self.end_the_year()
        self.entry(date(2026, 1, 2), -1, "7028", caisse=self.seg)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.begin(scope="network")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.begin(caisse=self.seg, company_id=self.nio.id)
        model = self.by_network(self.env["kondo.return"])
        record = model.create(
            {
                "company_id": self.union.id,
                "type_id": self.kind.id,
                "scope": "network",
                "date": LAST,
                "frequency": "year",
            }
        )
        self.type_staff(record)
        record.action_compute()
        self.assertEqual(self.cell(record, "A").value, 70_000)
        record.action_check()
        check = record.check_ids.filtered(lambda check: check.code == "consolidation")
        self.assertEqual((check.state, check.difference), ("passed", 0))

        # another caisse, and other roles
        mine = self.begin()
        mine.action_compute()
        env = self.as_user(self.users["SGX"]["accountant"])
        for name in ("kondo.return", "kondo.return.cell", "kondo.return.input"):
            self.assertFalse(env[name].search([("company_id", "in", (self.nio + self.union).ids)]), name)
        with self.assertRaises(AccessError):
            mine.with_env(env).action_compute()
        for role in ("teller", "officer"):
            with self.assertRaises(AccessError):
                self.as_user(self.users["NIX"][role])["kondo.return"].search([])
        controller = self.by_network(record, self.controller)
        self.assertTrue(controller.cell_ids.mapped("display"))
        with self.assertRaises(UserError):
            controller.action_compute()
        with self.assertRaises(AccessError):
            controller.write({"message_follower_ids": []})
        with self.assertRaises(UserError):
            controller.unlink()

    def test_the_profile_of_the_institution(self):
        source = self.env["kondo.return.source"]

        def norm(company):
            return source._measure(source._scope(company, LAST), "profile", (("key", "liquidity_norm"),))

        self.assertEqual((norm(self.nio), norm(self.union)), (80, 100))
        self.nio.kondo_deposit_taking = False
        self.assertEqual(norm(self.nio), 60)
        self.union.write({"kondo_article_44": True, "kondo_article_44_since": date(2026, 1, 1)})
        self.assertEqual((self.nio._article_44_on(LAST), self.nio._article_44_on(date(2026, 1, 1))), (False, True))
        self.union.kondo_article_44_since = False
        self.end_the_year()
        self.assertEqual(self.begin().sending_ids.mapped("copies"), [5, 2])
