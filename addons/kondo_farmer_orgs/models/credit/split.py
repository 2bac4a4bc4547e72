from odoo import fields, models

from odoo.addons.kondo_microfinance.models.fields import Francs


class KondoLoanSplit(models.Model):
    """The part of one person in the contract of an organisation: asked for, granted, and for how much land or cattle."""

    _name = "kondo.loan.split"
    _description = "Part of a person in a group loan"
    _order = "loan_id, sequence, id"
    _rec_name = "person_id"
    _check_company_auto = True

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    sequence = fields.Integer(default=10)
    person_id = fields.Many2one("kondo.org.person", required=True, ondelete="restrict", index=True, check_company=True)
    sex = fields.Selection(related="person_id.sex")
    requested = Francs(string="Asked for (F)")
    granted = Francs(string="Granted (F)")
    measure = fields.Float(string="Quantity", digits=(16, 2), help="Hectares, heads or bags, as the crop is counted.")

    _sane = models.Constraint(
        "CHECK (COALESCE(requested, 0) >= 0 AND COALESCE(granted, 0) >= 0 AND COALESCE(measure, 0) >= 0)",
        "A part is not negative.",
    )
    _one_part = models.UniqueIndex("(loan_id, person_id)", "This person has a part in this loan already.")
