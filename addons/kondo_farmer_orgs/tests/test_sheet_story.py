import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from .sheet_common import SheetCase


@tagged("post_install", "-at_install")
class TestSheetStory(SheetCase):
    """A day of collection: prepared, printed, filled without a connection, uploaded, counted, booked, undone."""

    def test_a_sheet_of_twelve_people_and_three_members(self):
        # Morning: the officer prepares the sheet and prints it.
        sheet = self.sheet()
        self.assertEqual(sheet.row_ids.mapped("name"), self.people.mapped("name"))
        due = sum(due.total for due in self.loan._dues() if str(due.due) <= self.due)
        self.assertEqual(sheet.due_total, due, "the parts of the people are what is due, to the franc")
        poor, rich = sheet.row_ids[0], sheet.row_ids[-1]
        self.assertAlmostEqual(rich.due, 3 * poor.due, delta=3)
        self.add_members(sheet)
        self.assertEqual((len(sheet.row_ids), sheet.people), (15, 15))
        html = self.env["ir.actions.report"]._render_qweb_html("kondo_farmer_orgs.report_sheet", sheet.ids)[0].decode()
        self.assertIn("PERSONNE 12", html)
        sheet.action_print()
        self.assertEqual(sheet.state, "out")

        # In the village: a computer without a connection.
        names = sheet.row_ids.mapped("name")
        dues = {row.name: row.due for row in sheet.row_ids}
        book = self.fill_cells(
            self.download(sheet),
            paid={**{name: dues[name] for name in names[:11]}, "VOISIN 1": dues["VOISIN 1"], "VOISIN 3": 5_000},
            saved={"PERSONNE 02": 1_500, "VOISIN 2": 2_500},
            attendance={name: self.word("absent" if name == "PERSONNE 12" else "present") for name in names},
            note={"PERSONNE 12": "Malade"},
        )
        file = self.saved(book)

        # Back at the caisse: uploaded twice, it says the same.
        for _time in range(2):
            upload = sheet.env["kondo.sheet.file"].create({"sheet_id": sheet.id, "file": base64.b64encode(file)})
            upload.action_upload()
            self.assertFalse(upload.faults)
            figures = (sheet.paid_total, sheet.saved_total, sheet.count, sheet.present)
            paid = sum(dues[name] for name in names[:11]) + dues["VOISIN 1"] + 5_000
            self.assertEqual(figures, (paid, 4_000, 14, 14))
        self.assertEqual(sheet.row_ids.filtered(lambda row: row.name == "PERSONNE 12").note, "Malade")
        sheet.control_total = sheet.total + 500
        with self.assertRaisesRegex(UserError, r"\D500 F"):
            sheet.action_return()
        sheet.control_total = sheet.total
        sheet.action_return()
        self.assertEqual(sheet.state, "returned")

        # At the window: 500 F are missing. Nothing is booked.
        session = self.session_of(self.nio)
        cash, before = session.till_id.cash, self.books()
        short = self.count(sheet, sheet.total - 500)
        self.assertRegex(short.refusal, r"\D500 F")
        with self.assertRaisesRegex(UserError, r"\D500 F"):
            short.action_keep()
        with self.assertRaisesRegex(UserError, r"\D500 F"):
            self.book(sheet, sheet.total - 500)
        with self.assertRaisesRegex(UserError, r"\D300 F"):
            self.book(sheet, sheet.total + 300)
        self.assertEqual((sheet.state, self.books(), session.till_id.cash), ("returned", before, cash))

        # Counted again it agrees; booked once, however often it is sent.
        self.count(sheet, sheet.total).action_keep()
        self.assertEqual((sheet.state, sheet.counted_by_id), ("counted", self.teller))
        sheet.with_env(self.as_user(self.teller)).action_post()
        operation = sheet.operation_id
        self.assertEqual((sheet.state, operation.amount), ("posted", sheet.total))
        replayed = self.book(sheet, key=operation.uuid)
        self.assertTrue(replayed["replayed"])
        with self.assertRaisesRegex(UserError, operation.receipt_number):
            self.book(sheet)
        with self.assertRaises(UserError):
            sheet.with_env(self.as_user(self.teller)).action_count()
        self.env.invalidate_all()
        self.assertEqual(session.till_id.cash, cash + sheet.total)
        self.assertEqual(sum(operation.line_ids.mapped("amount")), 0)
        self.assertEqual(self.accounts[1].balance, 2_500)
        self.assertIn(
            "VOISIN 2", operation.line_ids.filtered(lambda leg: leg.savings_account_id == self.accounts[1]).label
        )
        missing = dues["PERSONNE 12"]
        self.assertEqual(sum(due.total for due in self.loan._dues() if str(due.due) <= self.due), missing)
        self.assert_books_agree()

        # The file once more, after it was booked: nothing moves.
        self.assertEqual(sheet._take_file(file), (15, []))
        self.assertEqual(len(self.env["kondo.operation"].search([("kind", "=", "sheet")])), 1)
        paper = self.env["report.kondo_farmer_orgs.report_sheet"]._get_report_values(sheet.ids)["sheets"][0]
        self.assertEqual(len(paper["loans"]), 3, "the organisation's and those of two neighbours")
        self.assertIn("5\u202f000", [loan["given"] for loan in paper["loans"]])
        self.assertRegex("".join("".join(loan.values()) for loan in paper["loans"]), r"^[^.]*$")
        receipts = self.env["report.kondo_microfinance.report_receipt_a5"]._get_report_values(operation.ids)
        self.assertIn(sheet.name, str(receipts["receipts"][0]))

        # It was another organisation's money: a manager undoes all of it.
        self.reverse({"operation_id": operation.id})
        self.env.invalidate_all()
        self.assertEqual((sheet.state, sheet.operation_id.id, self.books()), ("returned", False, before))
        self.assertEqual(session.till_id.cash, cash)
        self.assert_books_agree()
        self.count(sheet, sheet.total).action_keep()
        sheet.with_env(self.as_user(self.teller)).action_post()
        self.assertEqual((sheet.state, sheet.operation_id != operation), ("posted", True))

    def books(self):
        """Where every loan and account stands."""
        self.env.flush_all()
        loans = self.loan + self.env["kondo.loan"].concat(*self.own_loans)
        accounts = self.org_account + self.env["kondo.savings.account"].concat(*self.accounts)
        return (
            loans.mapped("principal"),
            [sum(due.total for due in loan._dues()) for loan in loans],
            loans.mapped("amount_late"),
            loans.mapped("state"),
            accounts.mapped("balance"),
        )
