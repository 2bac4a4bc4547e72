from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.intercaisse import service_fee
from ..fields import Francs


class KondoRemoteFee(models.Model):
    """What the network charges a member for an operation at another caisse; the caisse that serves him keeps it."""

    _name = "kondo.remote.fee"
    _description = "Fee of an operation at another caisse"
    _order = "company_id, kind"

    company_id = fields.Many2one(
        "res.company", string="Union", required=True, index=True, default=lambda self: self.env.company.root_id
    )
    kind = fields.Selection(
        [
            ("remote_deposit", "Deposit at another caisse"),
            ("remote_withdrawal", "Withdrawal at another caisse"),
            ("remote_transfer", "Transfer between caisses"),
        ],
        string="Operation",
        required=True,
    )
    flat = Francs(string="Fixed amount", help="Francs for each operation.")
    rate = fields.Float(string="Per cent", digits=(16, 6), help="Per cent of the amount, added to the fixed amount.")
    minimum = Francs(help="The fee is at least this; 0 for none.")
    maximum = Francs(help="The fee is at most this; 0 for none.")
    income_account_id = fields.Many2one(
        "account.account",
        string="Income account",
        help="Empty: 70293, other commissions. The caisse where the operation is made keeps the fee.",
    )

    _one_fee = models.UniqueIndex("(company_id, kind)", "There is already a fee for this operation.")
    _positive = models.Constraint(
        "CHECK (flat >= 0 AND rate >= 0 AND minimum >= 0 AND maximum >= 0)", "A fee is not negative."
    )

    @api.constrains("company_id")
    def _check_union(self):
        for fee in self:
            if fee.company_id != fee.company_id.root_id:
                raise UserError(self.env._("Fees of operations between caisses are set by the union."))

    @api.constrains("income_account_id")
    def _check_income_account(self):
        for fee in self:
            if fee.income_account_id.sudo().kondo_control:
                raise UserError(self.env._("Choose an income account."))

    @api.model
    @api.private
    def _fee_for(self, company, kind, amount):
        """(fee in francs, income account) of an operation of `amount` francs made at `company`."""
        fee = self.sudo().search([("company_id", "=", company.sudo().root_id.id), ("kind", "=", kind)], limit=1)
        if not fee:
            return 0, self.env["account.account"]
        francs = service_fee(amount, fee.flat, Decimal(str(fee.rate)), fee.minimum, fee.maximum)
        return francs, fee.income_account_id or company._kondo_account("70293")
