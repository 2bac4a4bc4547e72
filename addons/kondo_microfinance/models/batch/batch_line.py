from odoo import api, fields, models

from ..fields import Francs


class KondoBatchLine(models.Model):
    """One row of the file: what it says, whom it means, and what is wrong with it. Written by the check only."""

    _name = "kondo.batch.line"
    _description = "Row of a batch"
    _order = "batch_id, row, id"
    _rec_name = "identifier"
    _check_company_auto = True

    batch_id = fields.Many2one("kondo.batch", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="batch_id.company_id", store=True, precompute=True, required=True, index=True)
    row = fields.Integer(string="Row", readonly=True, required=True, help="Row of the file.")
    column = fields.Char(string="Column", readonly=True, help="Column of the file in which the fault stands.")
    identifier = fields.Char(string="In the file", readonly=True, help="Account, member number or phone as written.")
    file_name = fields.Char(string="Name in the file", readonly=True)
    savings_account_id = fields.Many2one(
        "kondo.savings.account",
        string="Account",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one("res.partner", string="Holder", readonly=True, ondelete="restrict")
    amount = Francs(readonly=True)
    label = fields.Char(readonly=True)
    state = fields.Selection(
        [("ok", "Good"), ("warning", "To look at"), ("error", "Error")], required=True, readonly=True, default="ok"
    )
    reason = fields.Char(readonly=True)
    severity = fields.Integer(compute="_compute_severity", store=True, help="Errors come first.")

    @api.depends("state")
    def _compute_severity(self):
        for line in self:
            line.severity = ("ok", "warning", "error").index(line.state)
