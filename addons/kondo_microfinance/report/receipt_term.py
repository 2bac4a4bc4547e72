from odoo import models

from ..engine.charts import rate_text
from ..engine.words import spaced

KINDS = ("term_opening", "term_interest", "term_maturity", "term_break")


class ReportReceipt(models.AbstractModel):
    """Receipts of term deposits: the deposit, its terms, and what a break gave and took."""

    _inherit = "report.kondo_microfinance.report_receipt"

    def _title(self, operation):
        _ = self.env._
        titles = {
            "term_opening": _("Term deposit receipt"),
            "term_maturity": _("Payment of a term deposit"),
            "term_break": _("Early break of a term deposit"),
        }
        return titles.get(operation.kind) or super()._title(operation)

    def _facts(self, operation):
        if operation.kind not in KINDS:
            return super()._facts(operation)
        _ = self.env._
        deposits = self.env["kondo.term.deposit"].search(
            [("account_id", "=", operation.savings_account_id.id)], order="id"
        )
        deposit = deposits.filtered(lambda deposit: operation == deposit.opening_operation_id) or deposits[-1:]
        opening = operation.kind == "term_opening"
        other = operation.counter_account_id
        return [
            (_("Member"), operation.partner_id.name),
            (_("Member no."), operation.partner_id.member_number),
            (_("Term deposit"), deposit.name),
            (_("Term"), _("%(months)s months at %(rate)s %%", months=deposit.months, rate=rate_text(deposit.rate))),
            (_("Maturity"), self._date(deposit.maturity)),
            (_("Paid from") if opening else _("To account"), other.number),
            *(self._break_facts(operation, deposit) if operation.kind == "term_break" else []),
            (_("Till"), operation.till_id.name),
        ]

    def _break_facts(self, operation, deposit):
        """What an early break changed: the interest put right and the penalty, read from its legs."""
        _ = self.env._
        product = deposit.product_id

        def booked(account):
            return sum(operation.line_ids.filtered(lambda line: line.account_id == account).mapped("amount"))

        interest, penalty = booked(product.expense_account_id), -booked(product.break_income_account_id)
        return [
            (_("Deposit"), f"{spaced(deposit.principal)} F"),
            (_("Interest"), f"{spaced(interest)} F" if interest > 0 else ""),
            (_("Interest taken back"), f"{spaced(-interest)} F" if interest < 0 else ""),
            (_("Penalty"), f"{spaced(penalty)} F" if penalty else ""),
        ]
