from odoo import fields, models


class KondoJointCallClose(models.TransientModel):
    """Why a call of the joint guarantee is given up. Hands over to the call."""

    _name = "kondo.joint.call.close"
    _description = "Give a call up"

    call_id = fields.Many2one("kondo.joint.call", required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.call_id.action_give_up(self.reason)
        return {"type": "ir.actions.act_window_close"}
