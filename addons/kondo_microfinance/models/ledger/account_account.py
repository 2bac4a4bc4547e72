from odoo import fields, models
from odoo.exceptions import UserError

from .key import has_ledger_key


class AccountAccount(models.Model):
    _inherit = "account.account"

    kondo_control = fields.Selection(
        [("till", "Cash of tills and vaults"), ("savings", "Members' deposits")],
        string="Controlled by the ledger",
        index=True,
        copy=False,
        help="Only operations of members and tills post here, so that the sub-ledger always equals the account.",
    )

    def write(self, vals):
        if "kondo_control" in vals and not has_ledger_key(self.env):
            raise UserError(self.env._("An account becomes controlled when a till or a product uses it, not by hand."))
        return super().write(vals)
