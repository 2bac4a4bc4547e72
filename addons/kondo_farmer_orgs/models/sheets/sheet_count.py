from odoo import api, fields, models


class KondoSheetCount(models.TransientModel):
    """The teller counts what the officer puts on the counter; the count stands on the sheet when it agrees."""

    _name = "kondo.sheet.count"
    _description = "Count the cash of a collection sheet"

    sheet_id = fields.Many2one("kondo.sheet", string="Sheet", required=True, readonly=True)
    company_id = fields.Many2one(related="sheet_id.company_id", string="Caisse")
    officer_id = fields.Many2one(related="sheet_id.officer_id")
    date = fields.Date(related="sheet_id.date")
    total = fields.Integer(related="sheet_id.total", string="The sheet says")
    counts = fields.Json(string="Notes and coins", default=dict)
    counted = fields.Integer(string="You counted", compute="_compute_counted")
    refusal = fields.Char(compute="_compute_counted")
    reason = fields.Char(string="What is wrong", help="Stands on the sheet that goes back to the officer.")

    @api.depends("counts", "sheet_id")
    def _compute_counted(self):
        for count in self:
            count.counted = self.env["kondo.till.session"]._count_total(count.counts or {})
            count.refusal = count.sheet_id._count_refusal(count.counted) if count.counted else False

    def action_keep(self):
        """The count agrees: it stands on the sheet, which can be booked."""
        self.ensure_one()
        self.sheet_id._keep_count(self.counts)
        return {"type": "ir.actions.act_window_close"}

    def action_send_back(self):
        self.ensure_one()
        self.sheet_id.action_send_back(self.reason or self.refusal)
        return {"type": "ir.actions.act_window_close"}
