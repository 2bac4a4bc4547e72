from odoo import api, fields, models
from odoo.exceptions import UserError

from ....engine.rounding import half_up
from ....engine.term import accrued

PREPAID = "3812"


class KondoAccrual(models.AbstractModel):
    """Term deposits: interest earned and not due yet, and interest paid up front that is not earned yet."""

    _inherit = "kondo.accrual"

    @api.model
    @api.private
    def _targets(self, company, last_day):
        targets, left_out = super()._targets(company, last_day)
        morning = fields.Date.add(last_day, days=1)
        deposits = self.env["kondo.term.deposit"].sudo()
        deposits = deposits.search([("company_id", "=", company.id), ("state", "=", "open")], order="id")
        owed, prepaid = {}, {}
        for deposit in deposits:
            exact = accrued(deposit._terms(), morning)
            side = owed if exact > 0 else prepaid
            side[deposit.product_id] = side.get(deposit.product_id, 0) + exact
        for product in deposits.product_id:
            try:
                targets += self._term_targets(company, product, owed.get(product, 0), prepaid.get(product, 0))
            except UserError as refusal:
                left_out.append(str(refusal))
        return targets, left_out

    @api.model
    def _term_targets(self, company, product, owed, prepaid):
        """As `_targets`, of one product; UserError when an account is missing on it."""
        interest, targets = self.env["kondo.savings.interest"], []
        if owed:
            targets.append((*interest._accrual_accounts(product), half_up(owed)))
        if prepaid:
            expense = interest._ledger_account(product, "expense_account_id")
            targets.append((expense, company._kondo_account(PREPAID), half_up(prepaid)))
        return targets
