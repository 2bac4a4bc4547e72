"""A campaign loan split among twelve people, three members by themselves, and the file that comes back from the field."""

import io
import uuid

import openpyxl

from odoo.addons.kondo_microfinance.engine.cash import make_up
from odoo.addons.kondo_microfinance.tests.loan_common import LoanFixture

from ..engine.sheet_file import COLUMNS
from .common import OrgCase, OrgFixture


class SheetFixture(OrgFixture, LoanFixture):
    """The officer of Niono collects from SCOOPS Benkadi and from three members of its village."""

    @classmethod
    def business_date(cls):
        return cls.start

    start = "2026-01-05"
    due = "2026-02-05"

    def setUp(self):
        super().setUp()
        self.teller = self.users["NIX"]["teller"]
        self.open_till(amount=3_000_000)
        people = [(f"PERSONNE {rank:02d}", "female" if rank % 2 else "male") for rank in range(1, 13)]
        self.org = self.make_organisation(people=people)
        self.people = self.org.org_membership_ids.person_id.sorted("name")
        self.org_account = self.make_account(self.org, self.demand)
        self.loan = self.lend(self.org, 1_200_000, savings_account_id=self.org_account.id)
        self.env["kondo.loan.split"].create(
            [
                {"loan_id": self.loan.id, "person_id": person.id, "granted": 50_000 if rank < 6 else 150_000}
                for rank, person in enumerate(self.people)
            ]
        )
        self.members = [self.make_member(f"VOISIN {rank}", village_id=self.village.id) for rank in (1, 2, 3)]
        self.accounts = [self.make_account(member, self.passbook) for member in self.members]
        self.own_loans = [
            self.lend(member, 120_000, savings_account_id=account.id)
            for member, account in zip(self.members, self.accounts, strict=True)
        ]
        self.move_day(self.nio, self.due)

    def lend(self, member, amount, **values):
        return self.running(member=member, amount=amount, **values)

    def sheet(self, fill=True, **values):
        """A sheet of the organisation made by the officer, as he sees it."""
        values = {"organisation_id": self.org.id, "days_ahead": 0, "date": self.due, **values}
        sheet = self.as_user(self.officer)["kondo.sheet"].create(values)
        if fill:
            sheet.action_fill()
        return sheet

    def add_members(self, sheet):
        for member in self.members:
            sheet.env["kondo.sheet.add"].create({"sheet_id": sheet.id, "partner_id": member.id}).action_add()

    def returned(self, sheet=None, **values):
        """A sheet on which everybody paid what is due, returned by the officer."""
        sheet = sheet or self.sheet(**values)
        sheet.action_all_paid()
        sheet.control_total = sheet.total
        sheet.action_return()
        return sheet

    # ------------------------------------------------------------------ at the window
    def count(self, sheet, amount):
        """The window in which the teller counts `amount` francs."""
        sheet = sheet.with_env(self.as_user(self.teller))
        return sheet.env["kondo.sheet.count"].create({"sheet_id": sheet.id, "counts": make_up(amount)})

    def book(self, sheet, amount=None, key=None):
        """Sent by the teller; returns the answer."""
        session = self.session_of(self.nio)
        return self.as_user(self.teller)["kondo.operation"].submit(
            "sheet",
            key or str(uuid.uuid4()),
            {"session_id": session.id, "sheet_id": sheet.id, "amount": sheet.total if amount is None else amount},
        )

    def reverse(self, answer):
        return self.as_user(self.manager)["kondo.operation"].submit(
            "reversal", str(uuid.uuid4()), {"operation_id": answer["operation_id"], "reason": "Mauvaise fiche"}
        )

    # ------------------------------------------------------------------ the spreadsheet
    def word(self, attendance):
        """The word of an attendance as the officer chooses it from the list."""
        field = self.env["kondo.sheet.row"]._fields["attendance"]
        return dict(field._description_selection(self.as_user(self.officer)))[attendance]

    def download(self, sheet):
        """The workbook as the officer opens it on his computer."""
        report = sheet.env["ir.actions.report"]
        content, kind = report._render_xlsx("kondo_farmer_orgs.action_report_sheet_xlsx", sheet.ids, {})
        self.assertEqual(kind, "xlsx")
        return openpyxl.load_workbook(io.BytesIO(content))

    def saved(self, book):
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def fill_cells(self, book, **cells):
        """Write {column: {name of the person: value}} into the file."""
        page = book.worksheets[0]
        for row in page.iter_rows(min_row=5):
            name = row[COLUMNS["name"] - 1].value
            for column, values in cells.items():
                if name in values:
                    row[COLUMNS[column] - 1].value = values[name]
        return book


class SheetCase(SheetFixture, OrgCase):
    """A test of collection sheets, at whose end the books agree."""
