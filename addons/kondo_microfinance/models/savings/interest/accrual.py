from odoo import api, models

OVERDRAFT_ACCRUED = "25117"


class KondoAccrual(models.AbstractModel):
    """What savers have earned and what overdrafts owe since the last posting, by product."""

    _inherit = "kondo.accrual"

    @api.model
    @api.private
    def _targets(self, company, last_day):
        targets = super()._targets(company, last_day)
        interest = self.env["kondo.savings.interest"]
        products = self.env["kondo.savings.product"].sudo().with_context(active_test=False)
        for product in products.search([("company_id", "=", company.root_id.id), ("interest_rule_ids", "!=", False)]):
            earned = interest._accrued(company, product, last_day)
            if earned["interest"]:
                accounts = [interest._ledger_account(product, f"{use}_account_id") for use in ("expense", "accrued")]
                targets.append((*accounts, earned["interest"]))
            if earned["overdraft_interest"]:
                income = interest._ledger_account(product, "overdraft_income_account_id")
                targets.append((company._kondo_account(OVERDRAFT_ACCRUED), income, earned["overdraft_interest"]))
        return targets
