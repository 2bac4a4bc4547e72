from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....engine.rounding import half_up
from ...fields import Francs
from ...ledger.key import LEDGER
from ..loan import OPEN_FILE
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
    document_needed = fields.Boolean(string="Title needed", help="Without title or paper the loan is not granted.")
    insurance_needed = fields.Boolean(help="Without insurance that still runs the loan is not granted.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _haircut_sane = models.Constraint("CHECK (haircut BETWEEN 0 AND 100)", "A haircut is between 0 and 100 %.")


class KondoLoanCollateral(models.Model):
    """A thing pledged for a loan."""

    _name = "kondo.loan.collateral"
    _description = "Collateral of a loan"
    _inherit = ["kondo.guarded"]
    _order = "loan_id, id"
    _check_company_auto = True

    _guarded_fields = frozenset({"returned_on"})

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
        if "loan_id" in vals:
            raise UserError(self.env._("A pledge stays with its loan."))
        judged = set(vals) - {"returned_on", "insurer", "insured_until", "file", "file_name"}
        if judged:
            self.loan_id._check_editable()
        result = super().write(vals)
        if judged:
            self.loan_id._send_back(self.env._("the collateral"))
        return result

    def unlink(self):
        if any(pledge.loan_id.state not in OPEN_FILE for pledge in self):
            raise UserError(self.env._("This loan has been decided: its collateral no longer changes."))
        self.loan_id._send_back(self.env._("the collateral"))
        return super().unlink()

    # ------------------------------------------------------------------ actions
    def action_return(self):
        """The thing or its title goes back to its owner, once nothing is owed on the loan any more."""
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        for pledge in self:
            loan = pledge.loan_id
            loan.company_id.with_env(self.env)._check_visible()
            pledge.check_access("write")
            if loan.state not in ("closed", "refused", "cancelled"):
                raise UserError(
                    self.env._("The loan %(number)s is not repaid: its collateral stays here.", number=loan.name)
                )
            if not pledge.returned_on:
                pledge.with_context(kondo_ledger=LEDGER).returned_on = loan.company_id.sudo().business_date
                loan.message_post(body=self.env._("Given back: %(name)s.", name=pledge.name))
