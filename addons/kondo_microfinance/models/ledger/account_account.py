from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .key import has_ledger_key


def _with_parents(condition):
    """`company_ids in caisses` as Odoo's own rules read it: the accounts of the caisses and of the union above them."""
    if condition.field_expr == "company_ids" and condition.operator == "in":
        return Domain("company_ids", "parent_of", list(condition.value))
    return condition


class AccountAccount(models.Model):
    _inherit = "account.account"

    kondo_control = fields.Selection(
        [
            ("till", "Cash of tills and vaults"),
            ("savings", "Members' deposits"),
            ("shares", "Members' shares"),
            ("loans", "Members' loans"),
            ("funding", "Donors' lines"),
            ("liaison", "Between caisses"),
        ],
        string="Controlled by the ledger",
        index=True,
        copy=False,
        help="Only operations of members and tills post here, so that the sub-ledger always equals the account.",
    )

    def write(self, vals):
        if "kondo_control" in vals and not has_ledger_key(self.env):
            raise UserError(self.env._("An account becomes controlled when a till or a product uses it, not by hand."))
        return super().write(vals)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """A caisse uses the union's accounts.

        Reports of other add-ons (general ledger, trial balance…) look for the accounts whose `company_ids` hold the
        company, and would find no shared account from a caisse.
        """
        return super()._search(Domain(domain).map_conditions(_with_parents), *args, **kwargs)
