import base64

from odoo import fields, models
from odoo.exceptions import UserError


class KondoSheetFile(models.TransientModel):
    """A sheet filled in without a connection comes back as a spreadsheet."""

    _name = "kondo.sheet.file"
    _description = "Upload a filled collection sheet"

    sheet_id = fields.Many2one("kondo.sheet", string="Sheet", required=True, readonly=True)
    company_id = fields.Many2one(related="sheet_id.company_id", string="Caisse")
    file = fields.Binary(string="Filled sheet", help="The file downloaded from this sheet, filled in and saved.")
    file_name = fields.Char()
    faults = fields.Text(string="What is wrong", readonly=True)

    def action_upload(self):
        """Put the file on the sheet; with a fault nothing is changed and every fault is named."""
        self.ensure_one()
        content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        if not content:
            raise UserError(self.env._("Choose the filled file first."))
        count, faults = self.sheet_id._take_file(content)
        if faults:
            self.faults = "\n".join(faults)
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Upload the filled sheet"),
                "res_model": self._name,
                "res_id": self.id,
                "view_mode": "form",
                "target": "new",
            }
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s rows read. Check the total and return the sheet.", count=count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
