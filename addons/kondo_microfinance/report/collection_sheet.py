from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.paging import pages
from ..engine.words import amount_in_words, spaced

FIRST_PAGE, NEXT_PAGES, FOOT = 40, 46, 9  # rows
SPARE = 3  # empty rows for members who join on the round


class ReportCollection(models.AbstractModel):
    """A collector's sheet: to be filled in on the round while it is being entered, a record of it afterwards."""

    _name = "report.kondo_microfinance.report_collection"
    _description = "Collector's sheet"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        sheets = self.env["kondo.collection"].browse(docids)
        if not sheets:
            raise UserError(self.env._("Choose the sheet to print."))
        sheets.check_access("read")
        sheets.company_id._check_visible()
        return {
            "doc_ids": docids,
            "doc_model": "kondo.collection",
            "docs": sheets,
            "title": self.env._("Collection sheet"),
            "sheets": [self._sheet(sheet.sudo()) for sheet in sheets],
        }

    def _sheet(self, sheet):
        blank = sheet.state == "draft"
        states = dict(sheet._fields["state"]._description_selection(self.env))
        rows = [self._row(number, line, blank) for number, line in enumerate(sheet.line_ids.sorted("sequence"), 1)]
        if blank:
            rows += [dict.fromkeys(rows[0] if rows else self._row(0, sheet.line_ids, blank), "")] * SPARE
        receipts = " – ".join(filter(None, [sheet.carnet_from, sheet.carnet_to]))
        return {
            **self._letterhead(sheet.company_id),
            "name": sheet.name,
            "blank": blank,
            "state": states[sheet.state],
            "date": self._date(sheet.date),
            "collector": sheet.collector_id.name,
            "zone": sheet.collector_id.zone or "",
            "phone": sheet.collector_id.phone or "",
            "receipts": receipts,
            "receipt": sheet.operation_id.receipt_number or "",
            "teller": sheet.received_by_id.name or "",
            "expected": spaced(sum(sheet.line_ids.mapped("expected"))),
            "total": "" if blank else spaced(sheet.total),
            "count": "" if blank else str(sheet.count),
            "words": "" if blank else amount_in_words(sheet.total),
            "note": sheet.note or "",
            "pages": pages(rows, FIRST_PAGE, NEXT_PAGES, FOOT),
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _row(self, number, line, blank):
        return {
            "number": number,
            "carnet": line.member_id.carnet or "",
            "member": (line.partner_id.name or "")[:34],
            "account": line.account_id.number or "",
            "stake": spaced(line.expected) if line.expected else "",
            "amount": "" if blank else spaced(line.amount) if line.amount else "–",
            "carnet_line": "" if blank else line.carnet_line or "",
            "note": (line.note or line.member_id.note or "")[:26],
        }
