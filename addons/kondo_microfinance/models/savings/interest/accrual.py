from odoo import api, models
from odoo.exceptions import UserError

OVERDRAFT_ACCRUED = "25117"


class KondoAccrual(models.AbstractModel):
    """What savers have earned and what overdrafts owe since the last posting, by product."""

    _inherit = "kondo.accrual"

    @api.model
    @api.private
    def _targets(self, company, last_day):
        targets, left_out = super()._targets(company, last_day)
        interest = self.env["kondo.savings.interest"]
        products = self.env["kondo.savings.product"].sudo().with_context(active_test=False)
        for product in products.search([("company_id", "=", company.root_id.id), ("interest_rule_ids", "!=", False)]):
            earned = interest._accrued(company, product, last_day)
            try:
                targets += self._savings_targets(company, product, earned)
            except UserError as refusal:
                left_out.append(str(refusal))
        return targets, left_out

    @api.model
    def _savings_targets(self, company, product, earned):
        """As `_targets`, of one product; UserError when an account is missing on it."""
        interest, targets = self.env["kondo.savings.interest"], []
        if earned["interest"]:
            targets.append((*interest._accrual_accounts(product), earned["interest"]))
        if earned["overdraft_interest"]:
            income = interest._ledger_account(product, "overdraft_income_account_id")
            targets.append((company._kondo_account(OVERDRAFT_ACCRUED), income, earned["overdraft_interest"]))
        return targets
