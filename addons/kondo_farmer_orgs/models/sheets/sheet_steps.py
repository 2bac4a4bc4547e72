from odoo import fields, models
from odoo.exceptions import UserError

from .sheet import OPEN


class KondoSheet(models.Model):
    """The officer's side of a sheet: taken out on paper or as a spreadsheet, typed, returned with the cash."""

    _inherit = "kondo.sheet"

    def action_print(self):
        """The sheet on paper; the first print sends a sheet with people into the field."""
        self.ensure_one()
        self._take_out()
        return self.env.ref("kondo_farmer_orgs.action_report_sheet").report_action(self)

    def action_spreadsheet(self):
        """The sheet to be filled in without a connection."""
        self.ensure_one()
        self._take_out()
        return self.env.ref("kondo_farmer_orgs.action_report_sheet_xlsx").report_action(self)

    def _take_out(self):
        self.check_access("read")
        self.company_id._check_visible()
        if self.state == "draft" and self.row_ids:
            self._guard()
            self._lock("draft", self.env._("This sheet is no longer being prepared."))
            self._set(state="out", out_at=fields.Datetime.now())

    def action_all_paid(self):
        """Everybody without an amount has paid what is due; what differs is then corrected row by row."""
        for sheet in self:
            sheet._guard()
            sheet._lock(OPEN, self.env._("This sheet is no longer being filled in."))
            for row in sheet.row_ids:
                if not row.paid and row.due:
                    row.paid = row.due

    def action_all_present(self):
        for sheet in self:
            sheet._guard()
            sheet._lock(OPEN, self.env._("This sheet is no longer being filled in."))
            sheet.row_ids.filtered(lambda row: not row.attendance).write({"attendance": "present"})

    def action_return(self):
        """The officer is back: the rows agree with the cash he brings, and the money waits to be counted."""
        for sheet in self:
            sheet._guard()
            sheet._lock(OPEN, self.env._("This sheet has already been returned."))
            sheet._refresh_totals()
            if sheet.date > (sheet.company_id.sudo().business_date or sheet.date):
                raise UserError(self.env._("The day of the collection is still to come."))
            if not sheet.total:
                raise UserError(self.env._("Nobody has given anything on this sheet. Enter the amounts first."))
            if sheet.total != sheet.control_total:
                raise UserError(sheet._difference_in_words(sheet.control_total, sheet.total))
            faults = sheet._row_faults()
            if faults:
                raise UserError("\n".join([self.env._("Correct these rows first:"), *faults]))
            sheet._set(
                state="returned",
                returned_by_id=self.env.uid,
                returned_at=fields.Datetime.now(),
                correction_note=False,
            )

    def action_take_back(self):
        """The officer has seen a mistake before the teller counted."""
        for sheet in self:
            sheet._guard()
            sheet._lock("returned", self.env._("This sheet is not waiting to be counted."))
            sheet._set(state="out", returned_by_id=False, returned_at=False)

    def action_cancel(self):
        """Nothing was collected, or the sheet was made twice. Returned money is sent back first."""
        for sheet in self:
            sheet._guard()
            sheet._lock(OPEN, self.env._("Only a sheet that is not returned yet is cancelled."))
            sheet._set(state="cancelled")
