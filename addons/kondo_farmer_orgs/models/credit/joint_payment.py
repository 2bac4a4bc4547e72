from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.database_rules import apply_rules
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key

from .database_rules import JOINT_PAYMENT_RULES


class KondoJointPayment(models.Model):
    """Francs of a repayment that a guarantor brought on a call. Never changed: another row takes them back."""

    _name = "kondo.joint.payment"
    _description = "Payment of a guarantor"
    _order = "id"
    _log_access = False
    _check_company_auto = True

    line_id = fields.Many2one("kondo.joint.call.line", required=True, readonly=True, ondelete="restrict", index=True)
    call_id = fields.Many2one("kondo.joint.call", required=True, readonly=True, ondelete="restrict", index=True)
    guarantee_id = fields.Many2one(
        "kondo.joint.guarantee", required=True, readonly=True, ondelete="restrict", index=True
    )
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
            JOINT_PAYMENT_RULES,
            ("kondo_joint_payment_immutable", "kondo_joint_payment_no_truncate"),
        )

    @api.model
    @api.private
    def _add_joint(self, posting, line, amount, payment_id=None):
        """Write what a guarantor brought (below 0: took back), with the figures of his guarantee and of the call."""
        guarantee, call = line.guarantee_id, line.call_id
        payments = self.sudo().with_context(kondo_ledger=LEDGER)
        payments.create(
            {
                "line_id": line.id,
                "call_id": call.id,
                "guarantee_id": guarantee.id,
                "company_id": call.company_id.id,
                "operation_id": posting.operation_id,
                "payment_id": payment_id or posting.operation_id,
                "amount": amount,
            }
        )
        line.sudo().with_context(kondo_ledger=LEDGER).paid += amount
        guarantee.sudo().with_context(kondo_ledger=LEDGER).paid += amount
        if call.state in ("called", "paid"):
            call._keep("called" if call.sudo().rest else "paid")
        self.env.flush_all()

    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("What a guarantor paid is written by the operation that pays."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("What a guarantor paid is never changed. Reverse the payment."))

    def unlink(self):
        raise AccessError(self.env._("What a guarantor paid is never changed. Reverse the payment."))
