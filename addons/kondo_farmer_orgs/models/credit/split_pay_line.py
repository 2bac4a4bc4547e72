from odoo import api, fields, models


class KondoSplitPayLine(models.TransientModel):
    """One person, or one guarantor, on a list of payments."""

    _name = "kondo.split.pay.line"
    _description = "Person on a list of payments"

    pay_id = fields.Many2one("kondo.split.pay", required=True, ondelete="cascade")
    split_id = fields.Many2one("kondo.loan.split", readonly=True)
    call_line_id = fields.Many2one("kondo.joint.call.line", readonly=True)
    name = fields.Char(compute="_compute_name")
    days_late = fields.Integer(related="split_id.days_late")
    due = fields.Integer(string="Due (F)", readonly=True)
    rest = fields.Integer(string="Left to pay (F)", readonly=True)
    amount = fields.Integer(string="Brought (F)")

    _sane = models.Constraint("CHECK (COALESCE(amount, 0) >= 0)", "Nobody brings less than nothing.")

    @api.depends("split_id", "call_line_id")
    def _compute_name(self):
        for line in self:
            line.name = line.split_id.person_id.name or line.call_line_id.name

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        for line in lines.filtered("call_line_id"):
            line.due = line.rest = line.call_line_id.rest
        return lines
