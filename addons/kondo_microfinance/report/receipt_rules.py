from odoo import models

from ..engine.words import spaced


class ReportReceipt(models.AbstractModel):
    """What fees and interest took or gave, line by line, and the receipts of a fee and of a closing."""

    _inherit = "report.kondo_microfinance.report_receipt"

    def _title(self, operation):
        titles = {
            "fee": self.env._("Receipt of fees"),
            "account_closing": self.env._("Receipt of an account's closing"),
        }
        return titles.get(operation.kind) or super()._title(operation)

    def _facts(self, operation):
        return [*super()._facts(operation), *self._labelled(operation)]

    def _labelled(self, operation):
        """(label, francs) of the legs that say what they are for, on the member's account or paid in cash."""
        if operation.kind not in ("deposit", "withdrawal", "transfer", "fee", "account_closing"):
            return []
        account = operation.savings_account_id
        lines = operation.line_ids.filtered(lambda line: line.label and line.savings_account_id == account)
        if not lines:
            lines = operation.line_ids.filtered(
                lambda line: line.label and not line.till_id and not line.savings_account_id
            )
        totals = {}
        for line in lines.sorted("sequence"):
            totals[line.label] = totals.get(line.label, 0) + abs(line.amount)
        return [(label, f"{spaced(total)} F") for label, total in totals.items()]

    def _balance(self, operation):
        if operation.kind == "fee" and operation.line_ids.savings_account_id:
            leg = operation.line_ids.filtered("savings_account_id").sorted("sequence")[-1:]
            return spaced(leg.balance_after)
        return super()._balance(operation)
