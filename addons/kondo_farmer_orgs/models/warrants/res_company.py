from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

# RCSSFD class 9: guarantees and pledges received from members (DIMF N2M), of which stock has an account of its own, and
# the technical counterpart of class 9. The list of the shorter chart has no class 9 numbers: the accountant confirms them.
RECEIVED, OWN, COUNTERPART = "914", "9141", "999"


class ResCompany(models.Model):
    """The off-balance accounts of the stock that members pledge, the same for all caisses of a union."""

    _inherit = "res.company"

    warrant_account_id = fields.Many2one(
        "account.account",
        string="Stock received as a pledge",
        ondelete="restrict",
        domain="[('account_type', '=', 'off_balance')]",
        help="Off balance: value of the stock in warehouse receipts. Empty: 9141, opened under 914 (RCSSFD class 9,"
        " guarantees received from members, DIMF row N2M).",
    )
    warrant_counter_account_id = fields.Many2one(
        "account.account",
        string="Counterpart of the stock",
        ondelete="restrict",
        domain="[('account_type', '=', 'off_balance')]",
        help="Empty: 999, the technical counterpart of class 9, which no return shows.",
    )

    @api.constrains("warrant_account_id", "warrant_counter_account_id")
    def _check_warrant_accounts(self):
        for company in self:
            accounts = company.warrant_account_id | company.warrant_counter_account_id
            if any(account.account_type != "off_balance" for account in accounts):
                raise ValidationError(self.env._("Pledged stock is booked on off-balance accounts."))
            if company.warrant_account_id.kondo_control not in (False, "warrants"):
                raise ValidationError(self.env._("This account is kept by other operations: choose another one."))

    @api.private
    def _warrant_accounts(self):
        """(account of the stock, its counterpart) for new receipts; the first is controlled from its first use."""
        union = self.sudo().root_id
        account = union.warrant_account_id or self._warrant_account_of_its_own(union)
        if not account.kondo_control:
            account.with_context(kondo_ledger=LEDGER).kondo_control = "warrants"
        return account, union.warrant_counter_account_id or union._kondo_account(COUNTERPART)

    def _warrant_account_of_its_own(self, union):
        """Account 9141 of the union, opened when the first stock comes in."""
        accounts = self.env["account.account"].sudo().with_company(union)
        account = accounts.search([("code", "=", OWN), ("company_ids", "parent_of", union.id)], limit=1)
        return account or accounts.create(
            {
                "code": OWN,
                "name": "Stocks reçus en gage des membres (warrantage)",
                "account_type": union._kondo_account(RECEIVED).account_type,
                "company_ids": [(6, 0, union.ids)],
            }
        )
