from odoo import fields, models
from odoo.exceptions import UserError


class KondoTillClose(models.TransientModel):
    """The teller's blind count; the theoretical is shown only after it."""

    _name = "kondo.till.close"
    _description = "Close a till"

    session_id = fields.Many2one(
        "kondo.till.session", required=True, default=lambda self: self._default_session_id(), readonly=True
    )
    counts = fields.Json(default=dict)
    state = fields.Selection(related="session_id.state")
    counted_cash = fields.Integer(related="session_id.counted_cash")
    theoretical_cash = fields.Integer(related="session_id.theoretical_cash")
    difference = fields.Integer(related="session_id.difference")

    def _default_session_id(self):
        session = self.env["kondo.till.session"].search(
            [("user_id", "=", self.env.uid), ("state", "!=", "closed")], limit=1
        )
        if not session:
            raise UserError(self.env._("You have no open till."))
        return session

    def action_count(self):
        """Record the count; close at once when nothing differs, else show the difference for the manager."""
        self.ensure_one()
        result = self.session_id.count_till(self.counts or {})
        if not result["difference"]:
            return self.session_id.action_close_equal()
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Till closing"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
