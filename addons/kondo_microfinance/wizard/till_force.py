from odoo import fields, models


class KondoTillForce(models.TransientModel):
    """The manager's count of a till in its teller's absence."""

    _name = "kondo.till.force"
    _description = "Close a till without its teller"

    session_id = fields.Many2one("kondo.till.session", required=True, readonly=True)
    user_id = fields.Many2one(related="session_id.user_id")
    counts = fields.Json(default=dict)
    reason = fields.Char(required=True)

    def action_count(self):
        self.ensure_one()
        self.session_id.force_count(self.counts or {}, self.reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.till.session",
            "res_id": self.session_id.id,
            "views": [(False, "form")],
        }
