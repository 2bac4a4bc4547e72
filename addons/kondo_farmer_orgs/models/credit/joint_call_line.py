from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key


class KondoJointCallLine(models.Model):
    """What a call asks of one guarantor, and what he brought."""

    _name = "kondo.joint.call.line"
    _description = "Amount called of a guarantor"
    _order = "call_id, id"
    _check_company_auto = True

    call_id = fields.Many2one("kondo.joint.call", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(
        related="call_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    guarantee_id = fields.Many2one(
        "kondo.joint.guarantee", string="Guarantor", required=True, index=True, ondelete="restrict", check_company=True
    )
    name = fields.Char(related="guarantee_id.name")
    ceiling = fields.Integer(related="guarantee_id.ceiling", string="Answers for up to (F)")
    amount = Francs(string="Called (F)")
    paid = Francs(string="Paid (F)")
    rest = fields.Integer(string="Left to pay (F)", compute="_compute_rest")

    _sane = models.Constraint(
        "CHECK (amount > 0 AND paid BETWEEN 0 AND amount)", "A guarantor pays no more than was called of him."
    )

    @api.depends("amount", "paid")
    def _compute_rest(self):
        for line in self:
            line.rest = line.amount - line.paid

    # ------------------------------------------------------------------ written by the call and by its payments
    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_hand()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_hand()
        return super().write(vals)

    def _refuse_hand(self):
        if not has_ledger_key(self.env):
            raise AccessError(
                self.env._("What a guarantor is asked for is written by the call, what he paid by payments.")
            )
