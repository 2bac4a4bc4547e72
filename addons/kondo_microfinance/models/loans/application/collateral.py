from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....engine.rounding import half_up
from ...fields import Francs
from ..product_settings import exact_rate


class KondoCollateralKind(models.Model):
    """A kind of pledge, with what is taken off its value."""

    _name = "kondo.collateral.kind"
    _description = "Kind of collateral"
    _order = "sequence, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", string="Union", required=True, index=True, default=lambda self: self.env.company.sudo().root_id
    )
    name = fields.Char(required=True, translate=True)
    haircut = fields.Float(string="Haircut (%)", digits=(16, 2), help="Taken off the value: 40 keeps 60 %.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _haircut_sane = models.Constraint("CHECK (haircut BETWEEN 0 AND 100)", "A haircut is between 0 and 100 %.")


class KondoLoanCollateral(models.Model):
    """A thing pledged for a loan."""

    _name = "kondo.loan.collateral"
    _description = "Collateral of a loan"
    _order = "loan_id, id"
    _check_company_auto = True

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    kind_id = fields.Many2one("kondo.collateral.kind", string="Kind", required=True, ondelete="restrict")
    name = fields.Char(string="Description", required=True, help="Plough and pair of oxen, motorcycle, plot no. 12…")
    owner = fields.Char(help="When it is not the borrower.")
    value = Francs(required=True)
    valued_on = fields.Date(string="Valued on")
    haircut = fields.Float(
        string="Haircut (%)", digits=(16, 2), compute="_compute_haircut", store=True, readonly=False, precompute=True
    )
    counted = Francs(string="Counts for", compute="_compute_counted", store=True)
    document = fields.Char(string="Title or paper", help="Kind and number: carte grise, permis d'occuper…")
    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    insurer = fields.Char(string="Insured with")
    insured_until = fields.Date(string="Insured until")
    returned_on = fields.Date(string="Given back on", readonly=True)

    _sane = models.Constraint(
        "CHECK (value > 0 AND haircut BETWEEN 0 AND 100)", "A pledge has a value, and a haircut between 0 and 100 %."
    )

    # ------------------------------------------------------------------ computes
    @api.depends("kind_id")
    def _compute_haircut(self):
        for pledge in self:
            pledge.haircut = pledge.kind_id.haircut

    @api.depends("value", "haircut")
    def _compute_counted(self):
        for pledge in self:
            pledge.counted = half_up(Fraction(pledge.value) * (100 - exact_rate(pledge.haircut)) / 100)

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        pledges = super().create(vals_list)
        pledges.loan_id._check_editable()
        pledges.loan_id._send_back(self.env._("the collateral"))
        return pledges

    def write(self, vals):
        if set(vals) - {"returned_on", "insurer", "insured_until", "file", "file_name"}:
            self.loan_id._check_editable()
            self.loan_id._send_back(self.env._("the collateral"))
        return super().write(vals)

    def unlink(self):
        if any(pledge.loan_id.state not in ("draft", "review", "committee") for pledge in self):
            raise UserError(self.env._("This loan has been decided: its collateral no longer changes."))
        self.loan_id._send_back(self.env._("the collateral"))
        return super().unlink()
