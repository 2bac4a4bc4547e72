from odoo import api, fields, models

from ..ledger.loan_batch import SIDES

LOAN_COMPONENTS = [
    ("principal", "Principal outstanding"),
    ("accrued", "Accrued interest"),
    ("provision", "Provision"),
    ("reserved", "Interest reserved"),
]


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    loan_id = fields.Many2one("kondo.loan", string="Loan", readonly=True, index="btree_not_null", check_company=True)

    @api.model
    def _company_of(self, values):
        """Also the caisse of the loan, for what is not done at a till."""
        if values.get("loan_id") and not values.get("session_id"):
            loan = self.env["kondo.loan"].browse(self._check_id(values["loan_id"])).exists()
            loan.check_access("read")
            if loan:
                return loan.sudo().company_id
        return super()._company_of(values)


class KondoOperationLine(models.Model):
    _inherit = "kondo.operation.line"

    loan_id = fields.Many2one("kondo.loan", string="Loan", readonly=True, ondelete="restrict")
    loan_component = fields.Selection(LOAN_COMPONENTS, string="Of the loan", readonly=True)

    _loan_history = models.Index("(loan_id, id) WHERE loan_id IS NOT NULL")
    _loan_leg = models.Constraint(
        "CHECK ((loan_id IS NULL) = (loan_component IS NULL))", "A leg of a loan names what of the loan it moves."
    )

    @api.depends("loan_component")
    def _compute_movement(self):
        super()._compute_movement()
        for line in self:
            if SIDES.get(line.loan_component) == -1:
                line.movement = -line.amount
