from odoo import fields, models


class KondoStandingOrderSuspend(models.TransientModel):
    """Why a standing order stops for a while."""

    _name = "kondo.standing.order.suspend"
    _description = "Suspend a standing order"

    order_id = fields.Many2one("kondo.standing.order", required=True, readonly=True)
    reason = fields.Char(required=True, default=lambda self: self.env._("At the member's request"))

    def action_suspend(self):
        self.ensure_one()
        self.order_id.action_suspend(self.reason)
        return {"type": "ir.actions.act_window_close"}
