from odoo import fields, models


class KondoPrintLog(models.Model):
    """Each print of a receipt. The first is the original, every other one is marked DUPLICATA."""

    _name = "kondo.print.log"
    _description = "Print of a receipt"
    _order = "id desc"

    operation_id = fields.Many2one("kondo.operation", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, default=lambda self: self.env.uid)
    printed_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    paper = fields.Selection([("80", "80 mm"), ("a5", "A5")], required=True, readonly=True)
