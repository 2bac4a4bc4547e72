from odoo import fields, models


class AccountAccount(models.Model):
    _inherit = "account.account"

    kondo_control = fields.Selection(
        selection_add=[("warrants", "Stock in warehouse receipts")], ondelete={"warrants": "set null"}
    )
