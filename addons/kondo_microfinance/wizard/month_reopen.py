from odoo import fields, models


class KondoMonthReopen(models.TransientModel):
    """Why a closed month must be opened again. Hands over to the month."""

    _name = "kondo.month.reopen"
    _description = "Reopening of a month"

    month_id = fields.Many2one("kondo.month.close", required=True, readonly=True)
    reason = fields.Char(help="It stays in the file of the month.")

    def action_confirm(self):
        self.ensure_one()
        self.month_id._ask_reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
