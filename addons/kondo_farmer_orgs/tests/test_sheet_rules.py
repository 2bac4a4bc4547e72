import base64
import uuid
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .sheet_common import SheetCase


@tagged("post_install", "-at_install")
class TestSheetRules(SheetCase):
    """Who stands on a sheet, who may do what with it, and what it never does."""

    # ------------------------------------------------------------------ who stands on it
    def test_a_round_takes_whoever_owes_village_by_village(self):
        far = self.env["kondo.village"].create({"name": "Aban", "commune_id": self.village.commune_id.id})
        away = self.make_member("AWAY", village_id=far.id)
        self.lend(away, 60_000)  # its first instalment falls due in a month
        idle = self.make_member("SANS CRÉDIT", village_id=far.id)
        values = {"kind": "round", "organisation_id": False, "village_ids": [(6, 0, (self.village + far).ids)]}
        soon = self.sheet(days_ahead=3, **values)
        self.assertEqual(set(soon.row_ids.partner_id), set(self.members))
        self.assertEqual(len(soon.row_ids.person_id), 12)
        later = self.sheet(days_ahead=60, **values)
        self.assertEqual(later.row_ids[0].partner_id, away, "Aban comes before Molodo")
        self.assertNotIn(idle, later.row_ids.partner_id)
        self.assertGreater(later.due_total, soon.due_total)
        with self.assertRaises(UserError):
            self.sheet(kind="round", organisation_id=False)

    def test_filled_again_the_sheet_keeps_its_rows_and_what_was_typed(self):
        sheet = self.sheet()
        marks = sheet.row_ids.mapped("uuid")
        sheet.row_ids[0].paid = 700
        late = self.add_person(self.org, "ZOUMANA")
        sheet.action_fill()
        self.assertEqual(sheet.row_ids[:12].mapped("uuid"), marks)
        self.assertEqual((sheet.row_ids[0].paid, sheet.row_ids[12].person_id), (700, late))
        self.assertFalse(sheet.row_ids[12].loan_id)
        self.assertEqual(sheet.row_ids[12].account_id, self.org_account, "his savings are the organisation's")

    def test_what_nobody_was_granted_is_the_organisation_s_own(self):
        self.loan.split_ids.sorted("granted")[-1].granted = 100_000
        sheet = self.sheet()
        own = sheet.row_ids.filtered(lambda row: row.partner_id == self.org)
        self.assertTrue(own.due)
        self.assertEqual(sum(sheet.row_ids.mapped("due")), sheet.due_total)
        self.assertEqual(sheet.due_total, self.loan.due_now)

    def test_a_person_with_a_file_has_a_row_for_each_debt_and_saves_once(self):
        person = self.people[0]
        person.partner_id = self.members[0]
        sheet = self.sheet()
        rows = sheet.row_ids.filtered(lambda row: row.person_id == person)
        self.assertEqual(rows.loan_id, self.loan + self.own_loans[0])
        self.assertEqual(rows.mapped("account_id"), self.accounts[0])
        self.assertEqual(len(rows.filtered("account_id")), 1)
        self.assertEqual(sheet.people, 12)

    # ------------------------------------------------------------------ what is typed
    def test_only_what_was_seen_in_the_field_is_typed(self):
        sheet = self.sheet()
        row = sheet.row_ids[0]
        for change in (
            {"loan_id": self.own_loans[0].id},
            {"due": 1},
            {"uuid": str(uuid.uuid4())},
            {"person_id": self.people[5].id},
            {"name": "AUTRE"},
        ):
            with self.assertRaises(AccessError):
                row.write(change)
        with self.assertRaises(AccessError):
            sheet.env["kondo.sheet.row"].create({"sheet_id": sheet.id, "name": "X", "partner_id": self.members[0].id})
        with self.assertRaises(AccessError):
            sheet.write({"state": "posted"})
        with self.assertRaises(AccessError):
            sheet.write({"row_ids": [(0, 0, {"name": "X", "partner_id": self.members[0].id, "paid": 5})]})
        with self.assertRaises(UserError):
            row.account_id = self.accounts[0]
        with self.assertRaises(UserError):
            self.sheet().row_ids.filtered("loan_id")[0].write({"account_id": False, "saved": 5})
        with self.assertRaises(AccessError):
            sheet.unlink()

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_sheet_that_was_not_counted_right(self):
        sheet = self.returned()
        for statement in (
            "UPDATE kondo_sheet SET state = 'posted' WHERE id = %s",
            "UPDATE kondo_sheet SET total = total + 500 WHERE id = %s",
            "UPDATE kondo_sheet_row SET paid = -1 WHERE sheet_id = %s",
            "UPDATE kondo_sheet_row SET uuid = 'x' WHERE sheet_id = %s",
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env.cr.execute(statement, (sheet.id,))

    def test_a_returned_sheet_no_longer_changes(self):
        sheet = self.returned()
        row = sheet.row_ids[0]
        for change in (
            lambda: row.write({"paid": 5}),
            lambda: row.unlink(),
            lambda: sheet.write({"control_total": 5}),
            lambda: sheet.action_fill(),
            lambda: sheet.action_cancel(),
            lambda: sheet.action_fill_rows([{"uuid": row.uuid, "paid": 5}]),
        ):
            with self.assertRaises(UserError):
                change()
        sheet.action_take_back()
        row.paid = 5
        self.assertEqual(sheet.state, "out")

    def test_money_that_a_loan_does_not_take_is_refused_before_it_is_returned(self):
        self.own_loans[1].with_context(kondo_ledger=LEDGER).savings_account_id = False
        sheet = self.sheet()
        self.add_members(sheet)
        row = sheet.row_ids.filtered(lambda one: one.partner_id == self.members[1])
        row.paid = sheet.control_total = 200_000
        with self.assertRaisesRegex(UserError, "VOISIN 2"):
            sheet.action_return()
        self.assertEqual(sheet.state, "draft")

    def test_rows_sent_from_a_telephone_twice_say_the_same(self):
        sheet = self.sheet()
        first, second = sheet.row_ids[:2]
        sent = [
            {"uuid": first.uuid, "paid": first.due, "attendance": "present", "note": "ok"},
            {"uuid": second.uuid, "paid": 0, "saved": 500, "attendance": "absent"},
        ]
        for _time in range(2):
            self.assertEqual(sheet.action_fill_rows(sent), 2)
            self.assertEqual((sheet.paid_total, sheet.saved_total), (first.due, 500))
        other = self.sheet().row_ids[0]
        for forged in (str(uuid.uuid4()), other.uuid, None, 5):
            with self.assertRaises(UserError):
                sheet.action_fill_rows([{"uuid": forged, "paid": 500}])
        for rubbish in ({"paid": "5"}, {"paid": -5}, {"saved": 1.5}, {"attendance": "x"}):
            with self.assertRaises(UserError):
                sheet.action_fill_rows([{"uuid": first.uuid, **rubbish}])

    # ------------------------------------------------------------------ the spreadsheet
    def test_a_file_with_one_fault_changes_nothing_and_names_it(self):
        sheet = self.sheet()
        self.add_members(sheet)
        dues = {row.name: row.due for row in sheet.row_ids}
        for column, cells, found in (
            ("uuid", {"PERSONNE 03": str(uuid.uuid4())}, "PERSONNE 03"),
            ("uuid", {"PERSONNE 04": self.sheet().row_ids[3].uuid}, "PERSONNE 04"),
            ("loan", {"VOISIN 2": self.own_loans[0].name}, "VOISIN 2"),
            ("due", {"PERSONNE 05": 1}, "PERSONNE 05"),
            ("paid", {"PERSONNE 06": "2,5"}, "PERSONNE 06"),
        ):
            book = self.fill_cells(self.download(sheet), paid={"PERSONNE 01": dues["PERSONNE 01"]})
            file = self.saved(self.fill_cells(book, **{column: cells}))
            upload = sheet.env["kondo.sheet.file"].create({"sheet_id": sheet.id, "file": base64.b64encode(file)})
            upload.action_upload()
            self.assertIn(found, upload.faults)
            self.assertEqual(sheet.total, 0)
        other = self.sheet()
        self.assertTrue(other._take_file(self.saved(self.download(sheet)))[1])

    def test_the_file_is_locked_but_for_its_boxes_and_adds_itself_up(self):
        sheet = self.sheet()
        page = self.download(sheet).worksheets[0]
        self.assertTrue(page.protection.sheet)
        self.assertTrue(page.column_dimensions["A"].hidden)
        self.assertEqual(page["A5"].value, sheet.row_ids[0].uuid)
        self.assertEqual([page[f"{letter}5"].protection.locked for letter in "CEFGIJK"], [True] * 3 + [False] * 4)
        self.assertEqual(page["G17"].value, "=SUM(G5:G16)")
        self.assertEqual({check.type for check in page.data_validations.dataValidation}, {"whole", "list"})

    def test_a_returned_sheet_refuses_another_file_and_accepts_the_same(self):
        sheet = self.sheet()
        file = self.fill_cells(self.download(sheet), paid={"PERSONNE 01": 500})
        sheet._take_file(self.saved(file))
        sheet.control_total = sheet.total
        sheet.action_return()
        self.assertEqual(sheet._take_file(self.saved(file)), (12, []))
        with self.assertRaises(UserError):
            sheet._take_file(self.saved(self.fill_cells(file, paid={"PERSONNE 01": 600})))
        self.assertEqual(sheet.total, 500)

    # ------------------------------------------------------------------ other caisses
    def test_another_caisse_sees_and_does_nothing(self):
        sheet = self.returned()
        stranger = self.as_user(self.users["SGX"]["officer"])
        self.assertFalse(stranger["kondo.sheet"].search([]))
        self.assertFalse(stranger["kondo.sheet.row"].search([]))
        theirs = sheet.with_env(stranger)
        row = theirs.env["kondo.sheet.row"].browse(sheet.row_ids[0].id)
        for attempt in (
            lambda: theirs.read(["total"]),
            lambda: row.read(["paid"]),
            lambda: theirs.action_take_back(),
            lambda: theirs.action_fill_rows([{"uuid": sheet.row_ids[0].uuid, "paid": 5}]),
            lambda: theirs.action_print(),
            lambda: stranger["kondo.sheet.file"].create({"sheet_id": sheet.id}).action_upload(),
            lambda: stranger["report.kondo_farmer_orgs.report_sheet"]._get_report_values(sheet.ids),
            lambda: stranger["kondo.sheet"].create({"organisation_id": self.org.id}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
        session = self.open_till(self.seg)
        with self.assertRaises(UserError):
            self.as_user(session.user_id)["kondo.operation"].submit(
                "sheet",
                str(uuid.uuid4()),
                {"session_id": session.id, "sheet_id": sheet.id, "amount": sheet.total},
            )
        with self.assertRaises(UserError):
            foreign = self.make_member("LOIN", caisse=self.seg)
            own = self.sheet()
            own.env["kondo.sheet.add"].create({"sheet_id": own.id, "partner_id": foreign.id}).action_add()

    def test_roles_without_a_part_in_it_only_read(self):
        sheet = self.returned()
        for user in (self.users["NIX"]["accountant"], self.controller):
            env = self.as_user(user, self.nio)
            self.assertEqual(sheet.with_env(env).total, sheet.total)
            with self.assertRaises(UserError):
                env["kondo.sheet"].create({"organisation_id": self.org.id})
            with self.assertRaises(UserError):
                sheet.with_env(env).action_take_back()

    # ------------------------------------------------------------------ any sheet
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 20_000)), min_size=15, max_size=15))
    def test_the_legs_are_the_rows_whatever_was_typed(self, amounts):
        with self.env.cr.savepoint() as undo:
            sheet = self.sheet()
            self.add_members(sheet)
            for row, (paid, saved) in zip(sheet.row_ids, amounts, strict=True):
                row.write({"paid": paid, "saved": saved})
            total = sum(paid + saved for paid, saved in amounts)
            sheet.control_total = total
            self.assertEqual(sheet.total, total)
            if total:
                sheet.action_return()
                operation = self.operation(self.book(sheet))
                legs = operation.line_ids
                self.assertEqual(sum(legs.filtered("till_id").mapped("amount")), total)
                self.assertEqual(sum(legs.mapped("amount")), 0)
                taken = sum(
                    self.env["kondo.loan.allocation"].search([("payment_id", "=", operation.id)]).mapped("amount")
                )
                saved = -sum(legs.filtered("savings_account_id").mapped("amount"))
                self.assertEqual(taken + saved, total)
                self.assert_books_agree()
            undo.rollback()
        self.env.invalidate_all()

    def test_the_day_of_the_collection_has_come(self):
        sheet = self.sheet(date=fields.Date.to_date(self.due) + timedelta(days=1))
        sheet.action_all_paid()
        sheet.control_total = sheet.total
        with self.assertRaises(UserError):
            sheet.action_return()
