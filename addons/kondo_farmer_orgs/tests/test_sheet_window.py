import uuid

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .sheet_common import SheetCase


@tagged("post_install", "-at_install")
class TestSheetWindow(SheetCase):
    """A returned sheet at the teller's window: counted, sent back, booked, undone."""

    def test_whoever_collected_or_returned_does_not_count(self):
        sheet = self.sheet(officer_id=self.teller.id)
        self.returned(sheet)
        for attempt in (
            lambda: self.count(sheet, sheet.total).action_keep(),
            lambda: self.book(sheet),
        ):
            with self.assertRaises(UserError):
                attempt()
        second = self.returned()
        for step in (second.action_count, second.action_post, lambda: second.action_send_back("x")):
            with self.assertRaises(UserError):
                step()

    def test_the_teller_who_counted_is_the_one_who_books(self):
        sheet = self.returned()
        self.count(sheet, sheet.total).action_keep()
        other = self.open_till(role="teller2", till_code="G2")
        with self.assertRaisesRegex(UserError, self.teller.name):
            self.as_user(other.user_id)["kondo.operation"].submit(
                "sheet",
                str(uuid.uuid4()),
                {"session_id": other.id, "sheet_id": sheet.id, "amount": sheet.total},
            )
        self.book(sheet)

    def test_sent_back_it_is_corrected_and_returned_again(self):
        sheet = self.returned()
        window = self.count(sheet, sheet.total - 1_000)
        window.action_send_back()
        self.assertEqual((sheet.state, sheet.sent_back_count), ("out", 1))
        self.assertIn(sheet.name, sheet.correction_note)
        with self.assertRaises(UserError):
            self.book(sheet)
        sheet.row_ids[0].paid -= 1_000
        sheet.control_total = sheet.total
        sheet.action_return()
        self.assertEqual(self.book(sheet)["amount"], sheet.total)

    def test_one_blocked_account_keeps_the_whole_sheet_waiting(self):
        sheet = self.sheet()
        sheet.row_ids[4].saved = 5_000
        self.returned(sheet)
        self.org_account.with_context(kondo_ledger=LEDGER).block = "credit"
        before = self.loan.principal
        with self.assertRaisesRegex(UserError, "PERSONNE 05"):
            self.book(sheet)
        self.assertEqual((sheet.state, self.loan.principal), ("returned", before))

    def test_who_of_the_group_brought_how_much_is_handed_on(self):
        named = []
        sheet = self.returned()
        self.patch(
            self.env.registry["kondo.operation"],
            "_share_repayment",
            lambda operations, posting, loan, shares: named.append((loan.id, shares)),
        )
        self.book(sheet)
        self.assertEqual(named, [(self.loan.id, {row.person_id.id: row.paid for row in sheet.row_ids})])

    def test_the_window_offers_the_sheets_that_wait_and_tries_without_writing(self):
        session = self.session_of(self.nio)
        window = self.as_user(self.teller)["kondo.teller"]
        self.assertFalse([form for form in window.other_operations() if form["kind"] == "sheet"])
        sheet = self.returned()
        form = next(form for form in window.other_operations() if form["kind"] == "sheet")
        self.assertEqual(form["fields"][0]["default"], sheet.id)
        short = window.preview("sheet", {"sheet_id": sheet.id, "amount": sheet.total - 500})
        self.assertRegex(short["problems"][0], r"\D500 F")
        tried = window.preview("sheet", {"sheet_id": sheet.id, "amount": sheet.total})
        self.assertEqual((tried["problems"], tried["till_after"]), ([], session.till_id.cash + sheet.total))
        self.assertEqual(sheet.state, "returned")

    def test_above_the_teller_s_limit_a_supervisor_authorises(self):
        self.env["kondo.operation.limit"].create(
            {"company_id": self.nio.id, "role": "group_teller", "kind": "sheet", "amount": 1_000}
        )
        sheet = self.returned()
        self.assertTrue(self.book(sheet)["needs_approval"])
        values = {"session_id": self.session_of(self.nio).id, "sheet_id": sheet.id, "amount": sheet.total}
        asked = self.as_user(self.teller)["kondo.teller"].request_approval("sheet", values, "Campagne")
        self.as_user(self.manager)["kondo.approval"].browse(asked["approval_id"]).action_approve()
        answer = self.as_user(self.teller)["kondo.operation"].submit(
            "sheet", str(uuid.uuid4()), {**values, "approval_id": asked["approval_id"]}
        )
        self.assertEqual(answer["amount"], sheet.total)

    def test_a_later_payment_is_allocated_anew_when_the_sheet_is_reversed(self):
        sheet = self.sheet()
        self.add_members(sheet)
        answer = self.book(self.returned(sheet))
        self.repay(self.own_loans[0], 5_000)
        owed = sum(due.total for due in self.own_loans[0]._dues())
        paid = sheet.row_ids.filtered(lambda row: row.loan_id == self.own_loans[0]).paid
        self.reverse(answer)
        self.env.invalidate_all()
        self.assertEqual(sum(due.total for due in self.own_loans[0]._dues()), owed + paid)
        self.assert_books_agree()
