from odoo import models
from odoo.tools.misc import format_date

from ..engine.words import spaced

KINDS = ("loan_disbursement", "loan_repayment", "loan_recovery", "loan_guarantee_call")


class ReportReceipt(models.AbstractModel):
    """Receipts of loans: how a payment was shared out, and what remains due."""

    _inherit = "report.kondo_microfinance.report_receipt"

    def _title(self, operation):
        _ = self.env._
        titles = {
            "loan_disbursement": _("Loan disbursement"),
            "loan_repayment": _("Loan repayment"),
            "loan_recovery": _("Recovery on a loan"),
            "loan_guarantee_call": _("Call of a guarantee"),
        }
        return titles.get(operation.kind) or super()._title(operation)

    def _facts(self, operation):
        if operation.kind not in KINDS:
            return super()._facts(operation)
        _ = self.env._
        loan = operation.loan_id
        return [
            (_("Member"), operation.partner_id.name),
            (_("Member no."), operation.partner_id.member_number),
            (_("Loan"), f"{loan.name} · {loan.product_id.name}"),
            *self._shared_out(operation),
            *self._left_facts(operation, loan),
            (
                _("From account") if operation.kind == "loan_repayment" else _("To account"),
                operation.savings_account_id.number,
            ),
            (_("Till"), operation.till_id.name),
        ]

    def _shared_out(self, operation):
        """What each component got, as it stood when the operation was made."""
        allocations = self.env["kondo.loan.allocation"].search(
            [("operation_id", "=", operation.id), ("payment_id", "=", operation.id)]
        )
        labels = dict(allocations._fields["component"]._description_selection(self.env))
        sums = {}
        for allocation in allocations:
            sums[allocation.component] = sums.get(allocation.component, 0) + allocation.amount
        return [(labels[name], f"{spaced(sums[name])} F") for name in labels if sums.get(name)]

    def _left_facts(self, operation, loan):
        _ = self.env._
        line = operation.line_ids.filtered(lambda one: one.loan_id and one.loan_component == "principal")[-1:]
        facts = [(_("Principal outstanding"), f"{spaced(line.balance_after)} F" if line else "")]
        later = loan.operation_ids.filtered(lambda one: one.id > operation.id and one.kind in KINDS)
        if not later and loan.next_due:
            facts.append(
                (
                    _("Next instalment"),
                    _(
                        "%(amount)s F on %(day)s",
                        amount=spaced(loan.next_amount),
                        day=format_date(self.env, loan.next_due),
                    ),
                )
            )
        if not later and loan.amount_late:
            facts.append((_("Still late"), f"{spaced(loan.amount_late)} F"))
        return facts
