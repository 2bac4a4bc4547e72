from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.database_rules import apply_rules
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key

from .database_rules import PAYMENT_RULES


class KondoLoanSplitPayment(models.Model):
    """Francs of a payment that are one person's. Never changed: another row takes them back.

    The rows of a loan always add up to what the loan received: each allocation of a payment to the loan is followed, in
    the same transaction, by the rows that say whose money it was.
    """

    _name = "kondo.loan.split.payment"
    _description = "Payment on a part of a group loan"
    _order = "id"
    _log_access = False
    _check_company_auto = True

    split_id = fields.Many2one(
        "kondo.loan.split", string="Part", required=True, readonly=True, ondelete="restrict", index=True
    )
    loan_id = fields.Many2one(
        "kondo.loan", required=True, readonly=True, ondelete="restrict", index=True, check_company=True
    )
    person_id = fields.Many2one(related="split_id.person_id", string="Person")
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    operation_id = fields.Many2one(
        "kondo.operation", string="Written by", required=True, readonly=True, ondelete="restrict", index=True
    )
    payment_id = fields.Many2one(
        "kondo.operation", string="Payment", required=True, readonly=True, ondelete="restrict", index=True
    )
    business_date = fields.Date(related="operation_id.business_date", string="Day", store=True, precompute=True)
    receipt_number = fields.Char(related="payment_id.receipt_number", string="Receipt")
    amount = Francs(required=True, readonly=True, help="Below zero: taken back.")

    _not_zero = models.Constraint("CHECK (amount <> 0)", "A payment of nothing is none.")

    def init(self):
        apply_rules(
            self.env,
            self._table,
            PAYMENT_RULES,
            ("kondo_split_payment_immutable", "kondo_split_payment_no_truncate", "kondo_split_payment_agrees"),
        )

    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("What a person paid is written by the operation that pays."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("What a person paid is never changed. Reverse the payment."))

    def unlink(self):
        raise AccessError(self.env._("What a person paid is never changed. Reverse the payment."))
