from odoo import fields, models


class KondoTillDifference(models.TransientModel):
    """The second person explains a till's difference and closes the session."""

    _name = "kondo.till.difference"
    _description = "Close a till with a difference"

    session_id = fields.Many2one("kondo.till.session", required=True, readonly=True)
    counted_cash = fields.Integer(related="session_id.counted_cash")
    theoretical_cash = fields.Integer(related="session_id.theoretical_cash")
    difference = fields.Integer(related="session_id.difference")
    note = fields.Char(string="Explanation of the difference", required=True)

    def action_close(self):
        self.ensure_one()
        self.session_id.close_till(self.note)
        return self.env.ref("kondo_microfinance.action_report_till_statement").report_action(self.session_id)
