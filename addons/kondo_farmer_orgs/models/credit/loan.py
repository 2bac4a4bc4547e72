from odoo import fields, models


class KondoLoan(models.Model):
    """One contract with the organisation, split among its people."""

    _inherit = "kondo.loan"

    split_ids = fields.One2many("kondo.loan.split", "loan_id", string="Parts")
