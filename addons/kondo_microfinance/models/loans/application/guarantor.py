from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...fields import Francs
from ..loan import OPEN_FILE


class KondoLoanGuarantor(models.Model):
    """Somebody who answers for a loan up to a ceiling, a member or not, with savings held or on his word."""

    _name = "kondo.loan.guarantor"
    _description = "Guarantor of a loan"
    _inherit = ["kondo.guarded"]
    _order = "loan_id, id"
    _check_company_auto = True

    _guarded_fields = frozenset({"called"})

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Member", index="btree_not_null", ondelete="restrict", check_company=True,
        domain="[('is_kondo_member', '=', True)]",
    )  # fmt: skip
    name = fields.Char(required=True, compute="_compute_name", store=True, readonly=False, precompute=True)
    phone = fields.Char()
    identity = fields.Char(string="Identity document", help="Kind and number, for somebody who is not a member.")
    address = fields.Char(string="Village or quarter")
    profession = fields.Char()
    ceiling = Francs(string="Answers for up to")
    account_id = fields.Many2one(
        "kondo.savings.account",
        string="Account held",
        check_company=True,
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), ('state', 'in', ('active', 'inactive'))]",
    )
    held = Francs(string="Held of it", help="Blocked at the disbursement, freed when the loan is repaid.")
    elsewhere = fields.Integer(
        string="Answers elsewhere",
        compute="_compute_elsewhere",
        help="Francs for which this member answers already, on files of others that are granted or running.",
    )
    called = Francs(readonly=True, copy=False, help="Taken from his savings for the loan.")

    _sane = models.Constraint(
        "CHECK (ceiling > 0 AND held >= 0 AND held <= ceiling AND called >= 0)",
        "A guarantor answers for an amount above zero, and no more of his savings is held than that.",
    )
    _one_member = models.UniqueIndex(
        "(loan_id, partner_id) WHERE partner_id IS NOT NULL", "This member already guarantees this loan."
    )

    # ------------------------------------------------------------------ computes, constraints
    @api.depends("partner_id")
    def _compute_name(self):
        for guarantor in self:
            guarantor.name = guarantor.partner_id.name or guarantor.name

    @api.depends("partner_id")
    def _compute_elsewhere(self):
        others = self.sudo().search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("loan_id.state", "in", ("approved", "active")),
                ("loan_id", "not in", self.loan_id.ids),
            ]
        )
        for guarantor in self:
            guarantor.elsewhere = sum(
                others.filtered(lambda other, g=guarantor: other.partner_id == g.partner_id).mapped("ceiling")
            )

    @api.constrains("partner_id", "account_id", "held", "loan_id")
    def _check_guarantor(self):
        for guarantor in self:
            if guarantor.partner_id and guarantor.partner_id == guarantor.loan_id.partner_id:
                raise ValidationError(self.env._("The borrower does not guarantee his own loan."))
            if guarantor.partner_id and guarantor.partner_id in guarantor.loan_id.coborrower_ids:
                raise ValidationError(self.env._("A co-borrower owes the whole loan: he is no guarantor of it."))
            if guarantor.held and not guarantor.account_id:
                raise ValidationError(self.env._("Choose the account of which savings are held."))
            if guarantor.account_id and guarantor.account_id.partner_id != guarantor.partner_id:
                raise ValidationError(self.env._("The account held belongs to the guarantor."))

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        guarantors = super().create(vals_list)
        guarantors.loan_id._check_editable()
        guarantors.loan_id._send_back(self.env._("the guarantors"))
        return guarantors

    def write(self, vals):
        if "loan_id" in vals:
            raise UserError(self.env._("A guarantor stays with his loan."))
        if set(vals) - self._guarded_fields:
            self.loan_id._check_editable()
        result = super().write(vals)
        if set(vals) - self._guarded_fields:
            self.loan_id._send_back(self.env._("the guarantors"))
        return result

    def unlink(self):
        if any(guarantor.loan_id.state not in OPEN_FILE for guarantor in self):
            raise UserError(self.env._("This loan has been decided: its guarantors no longer change."))
        self.loan_id._send_back(self.env._("the guarantors"))
        return super().unlink()
