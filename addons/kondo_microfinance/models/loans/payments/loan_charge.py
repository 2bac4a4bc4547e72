from odoo import models


class KondoLoanProduct(models.Model):
    """Where each charge of the disbursement goes."""

    _inherit = "kondo.loan.product"

    def _charge_record(self, name):
        """The kondo.loan.charge behind a charge of the engine, see `kondo.loan.charge._charge`."""
        return self.charge_ids.filtered(lambda charge: str(charge.id) == name)

    def _charge_account(self, charge):
        """The account.account of a charge (a record): its own, or the product's for its kind."""
        use = "tax" if charge.is_tax else {"fee": "fee_income", "insurance": "insurance"}[charge.kind]
        return charge.account_id or self._account(use)
