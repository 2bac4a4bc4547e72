from odoo import fields, models

from odoo.addons.kondo_microfinance.models.fields import Francs


class KondoAvecFine(models.Model):
    """What the group's own rules ask of who comes late, forgets his passbook or lets the phone ring."""

    _name = "kondo.avec.fine"
    _description = "Fine of a savings group"
    _order = "cycle_id, sequence, id"
    _check_company_auto = True

    cycle_id = fields.Many2one("kondo.avec.cycle", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(
        related="cycle_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Reason", required=True)
    amount = Francs(string="Amount (F)")

    _amount_sane = models.Constraint("CHECK (amount > 0)", "A fine is above zero.")
