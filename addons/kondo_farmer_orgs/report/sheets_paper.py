from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.paging import pages
from odoo.addons.kondo_microfinance.engine.words import amount_in_words, spaced

FIRST_PAGE, NEXT_PAGES, FOOT = 29, 33, 4  # rows: 25 people and the foot fit on one page
SPARE = 3  # empty rows for whoever joins on the way


class ReportSheet(models.AbstractModel):
    """A collection sheet: to be filled in by hand before the round, the record of it once it is booked."""

    _name = "report.kondo_farmer_orgs.report_sheet"
    _description = "Collection sheet"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        sheets = self.env["kondo.sheet"].browse(docids)
        if not sheets:
            raise UserError(self.env._("Choose the sheet to print."))
        sheets.check_access("read")
        sheets.company_id._check_visible()
        return {
            "doc_ids": docids,
            "doc_model": "kondo.sheet",
            "docs": sheets,
            "title": self.env._("Collection sheet"),
            "sheets": [self._sheet(sheet.sudo()) for sheet in sheets],
        }

    def _sheet(self, sheet):
        blank = sheet.state in ("draft", "out")
        states = dict(sheet._fields["state"]._description_selection(self.env))
        marks = dict(sheet.row_ids._fields["attendance"]._description_selection(self.env))
        people = sheet.row_ids.sorted(lambda row: (row.sequence, row.id))
        rows = [self._row(number, row, blank, marks, sheet.kind) for number, row in enumerate(people, 1)]
        if blank and rows:
            room = (FIRST_PAGE - FOOT - len(rows)) if len(rows) < FIRST_PAGE - FOOT else SPARE
            rows += [dict.fromkeys(rows[0], "")] * min(SPARE, room)
        loans = self._loans(sheet)
        return {
            **self._letterhead(sheet.company_id),
            "name": sheet.name,
            "blank": blank,
            "state": states[sheet.state],
            "date": self._date(sheet.date),
            "organisation": sheet.organisation_id.name or "",
            "subject": sheet.subject or "",
            "villages": ", ".join(sheet.village_ids.mapped("name")) or sheet.organisation_id.village_id.name or "",
            "officer": sheet.officer_id.name,
            "receipt": sheet.operation_id.receipt_number or "",
            "teller": sheet.counted_by_id.name or "",
            "posted_on": self._date(sheet.posted_on),
            "due": spaced(sheet.due_total),
            "paid": "" if blank else spaced(sheet.paid_total),
            "saved": "" if blank else spaced(sheet.saved_total),
            "total": "" if blank else spaced(sheet.total),
            "count": "" if blank else str(sheet.count),
            "words": "" if blank else amount_in_words(sheet.total),
            "note": sheet.note or "",
            "pages": pages(rows, FIRST_PAGE, NEXT_PAGES, FOOT + (len(loans) + 2 if loans else 0)),
            "loans": loans,
            "qr": self._qr(sheet.uuid),
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _row(self, number, row, blank, marks, kind):
        place = row.organisation_id.name or row.village_id.name or ""
        return {
            "number": number,
            "name": row.name[:27],
            "place": (place if kind == "round" else row.phone or "")[:19],
            "loan": row.loan_id.name or "",
            "principal": spaced(row.due_principal) if row.due_principal else "",
            "interest": spaced(row.due_interest + row.due_other) if row.due_interest + row.due_other else "",
            "late": spaced(row.late) if row.late else "",
            "due": spaced(row.due) if row.due else "",
            "paid": "" if blank else spaced(row.paid) if row.paid else "–",
            "account": row.account_id.number or "",
            "saved": "" if blank else spaced(row.saved) if row.saved else "–",
            "attendance": "" if blank else marks.get(row.attendance, ""),
            "note": (row.note or "")[:24],
        }

    def _loans(self, sheet):
        """What the booked sheet brought to each loan: received, and of it interest, principal and the rest."""
        if not sheet.operation_id:
            return []
        brought = {}
        for loan, component, amount in (
            self.env["kondo.loan.allocation"]
            .sudo()
            ._read_group(
                [("payment_id", "=", sheet.operation_id.id)], ["loan_id", "component"], ["amount:sum"], order="loan_id"
            )
        ):
            brought.setdefault(loan, {})[component] = int(amount)
        given = {}
        for row in sheet.row_ids:
            if row.paid:
                given[row.loan_id.id] = given.get(row.loan_id.id, 0) + row.paid
        lines = []
        for loan, parts in brought.items():
            taken = sum(parts.values())
            others = taken - parts.get("interest", 0) - parts.get("principal", 0)
            figures = {
                "given": given.get(loan.id, 0),
                "interest": parts.get("interest", 0),
                "principal": parts.get("principal", 0),
                "others": others,
                "returned": given.get(loan.id, 0) - taken,
                "left": loan.principal,
            }
            lines.append(
                {
                    "loan": loan.name,
                    "holder": loan.partner_id.name,
                    **{name: spaced(value) for name, value in figures.items()},
                }
            )
        return lines
