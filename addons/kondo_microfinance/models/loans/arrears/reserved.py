from odoo import api, models


class KondoOperation(models.Model):
    """Accrued interest whose income was reserved when its loan was declassed: income at last when it is paid."""

    _inherit = "kondo.operation"

    def _accrued_paid(self, posting, loan, amount):
        """Take accrued interest that is paid off the claim; what of it was reserved becomes income."""
        if not amount:
            return
        freed = self._take_accrued(posting, loan, amount)
        if freed:
            income = loan.product_id._account("interest_income", loan.term_class)
            posting.add_leg(income.id, -freed, partner_id=loan.partner_id.id)

    def _accrued_dropped(self, posting, loan, amount):
        """Take accrued interest that nobody will pay off the claim, and off the income unless it was reserved."""
        if not amount:
            return
        freed = self._take_accrued(posting, loan, amount)
        if amount - freed:
            income = loan.product_id._account("interest_income", loan.term_class)
            posting.add_leg(income.id, amount - freed, partner_id=loan.partner_id.id)

    @api.private
    def _take_accrued(self, posting, loan, amount):
        """Move the claim down, and as much of what is reserved as there is; francs of the latter."""
        posting.move_loan(loan, -amount, "accrued")
        freed = min(amount, loan.reserved + posting.loans.get((loan.id, "reserved"), 0))
        if freed:
            posting.move_loan(loan, -freed, "reserved")
        return freed
