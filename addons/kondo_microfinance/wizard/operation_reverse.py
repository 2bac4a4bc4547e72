import uuid

from odoo import fields, models


class KondoOperationReverse(models.TransientModel):
    """A manager undoes a teller's operation and says why."""

    _name = "kondo.operation.reverse"
    _description = "Reverse an operation"

    operation_id = fields.Many2one("kondo.operation", required=True, readonly=True)
    amount = fields.Integer(related="operation_id.amount")
    partner_id = fields.Many2one(related="operation_id.partner_id")
    kind = fields.Selection(related="operation_id.kind")
    reason = fields.Char(required=True)
    key = fields.Char(default=lambda self: str(uuid.uuid4()), required=True, readonly=True)

    def action_reverse(self):
        self.ensure_one()
        answer = self.env["kondo.operation"].submit(
            "reversal", self.key, {"operation_id": self.operation_id.id, "reason": self.reason}
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.operation",
            "res_id": answer["operation_id"],
            "views": [(False, "form")],
        }
