from odoo import api, fields, models

from ....engine.rounding import half_up
from ....engine.term import accrued

PREPAID = "3812"


class KondoAccrual(models.AbstractModel):
    """Term deposits: interest earned and not due yet, and interest paid up front that is not earned yet."""

    _inherit = "kondo.accrual"

    @api.model
    @api.private
    def _targets(self, company, last_day):
        targets = super()._targets(company, last_day)
        morning = fields.Date.add(last_day, days=1)
        deposits = self.env["kondo.term.deposit"].sudo()
        deposits = deposits.search([("company_id", "=", company.id), ("state", "=", "open")], order="id")
        owed, prepaid = {}, {}
        for deposit in deposits:
            exact = accrued(deposit._terms(), morning)
            side = owed if exact > 0 else prepaid
            side[deposit.product_id] = side.get(deposit.product_id, 0) + exact
        interest = self.env["kondo.savings.interest"]
        for product, exact in owed.items():
            accounts = [interest._ledger_account(product, f"{use}_account_id") for use in ("expense", "accrued")]
            targets.append((*accounts, half_up(exact)))
        for product, exact in prepaid.items():
            expense = interest._ledger_account(product, "expense_account_id")
            targets.append((expense, company._kondo_account(PREPAID), half_up(exact)))
        return targets
