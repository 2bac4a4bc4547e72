from odoo import fields, models
from odoo.exceptions import AccessError

from ..fields import Francs
from ..ledger.key import has_ledger_key

COMPONENTS = [
    ("penalty", "Penalty"),
    ("fee", "Fees"),
    ("tax", "Taxes"),
    ("insurance", "Insurance"),
    ("interest", "Interest"),
    ("principal", "Principal"),
    ("guarantee", "Guarantee savings"),
    ("early_fee", "Fee of early repayment"),
]


class KondoLoanAllocation(models.Model):
    """Francs of a payment brought to a component of an instalment. Never changed: another row takes it back."""

    _name = "kondo.loan.allocation"
    _description = "Allocation of a loan payment"
    _order = "id"
    _log_access = False
    _check_company_auto = True

    loan_id = fields.Many2one(
        "kondo.loan", required=True, readonly=True, ondelete="restrict", index=True, check_company=True
    )
    instalment_id = fields.Many2one(
        "kondo.loan.instalment", readonly=True, ondelete="restrict", index="btree_not_null", check_company=True
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    operation_id = fields.Many2one(
        "kondo.operation", string="Written by", required=True, readonly=True, ondelete="restrict", index=True
    )
    payment_id = fields.Many2one(
        "kondo.operation",
        string="Payment",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
        help="Whose money it is. When another operation wrote the row, the payment was allocated anew by it.",
    )
    business_date = fields.Date(related="operation_id.business_date", string="Day", store=True, precompute=True)
    component = fields.Selection(COMPONENTS, required=True, readonly=True)
    amount = Francs(required=True, readonly=True, help="Below zero: taken back.")

    _not_zero = models.Constraint("CHECK (amount <> 0)", "An allocation of nothing is none.")

    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("An allocation is written by the operation that pays."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("An allocation is never changed. Reverse the payment."))

    def unlink(self):
        raise AccessError(self.env._("An allocation is never changed. Reverse the payment."))
