from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..fields import Francs
from ..ledger.key import has_ledger_key

FLOW_LABELS = [
    ("received", "Received"),
    ("returned", "Given back"),
    ("lent", "Lent"),
    ("repaid", "Repaid"),
    ("written_off", "Written off"),
    ("moved_in", "Loan taken over from another line"),
    ("moved_out", "Loan handed over to another line"),
]


class KondoFundingMove(models.Model):
    """One movement of a donor's line: the operation, the loan, how much. Rows are added, never changed."""

    _name = "kondo.funding.move"
    _description = "Movement of a donor's line"
    _order = "id desc"
    _check_company_auto = True

    line_id = fields.Many2one("kondo.funding.line", required=True, readonly=True, ondelete="restrict", index=True)
    loan_id = fields.Many2one(
        "kondo.loan", string="Loan", readonly=True, ondelete="restrict", index="btree_not_null", check_company=True
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    operation_id = fields.Many2one(
        "kondo.operation", string="Operation", required=True, readonly=True, ondelete="restrict", index=True
    )
    business_date = fields.Date(related="operation_id.business_date", string="Day", store=True, precompute=True)
    flow = fields.Selection(FLOW_LABELS, required=True, readonly=True)
    amount = Francs(required=True, readonly=True, help="Below zero: taken back.")

    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("Movements of a line are written by operations."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("A movement of a line is never changed. Reverse the operation."))

    def unlink(self):
        raise AccessError(self.env._("A movement of a line is never changed. Reverse the operation."))
