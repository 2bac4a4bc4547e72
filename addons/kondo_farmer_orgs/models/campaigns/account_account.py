from odoo import fields, models


class AccountAccount(models.Model):
    _inherit = "account.account"

    kondo_control = fields.Selection(
        selection_add=[("suppliers", "Suppliers of inputs")], ondelete={"suppliers": "set null"}
    )
