import json

from odoo import fields, models

from ..engine.words import spaced

KINDS = ("loan_disbursement", "loan_repayment", "loan_recovery", "loan_guarantee_call")
SPLIT = ("principal", "interest", "penalty", "fee", "tax", "insurance", "guarantee", "early_fee")


class ReportReceipt(models.AbstractModel):
    """Receipts of loans: what was kept of a disbursement, how a payment was shared out, and what remains due after it.

    They say what was true when the money moved, whenever they are printed.
    """

    _inherit = "report.kondo_microfinance.report_receipt"

    def _receipt(self, operation):
        """What the account pays in the evening passes through no till: its entry in the books names it."""
        receipt = super()._receipt(operation)
        if operation.kind in KINDS and not receipt["number"]:
            receipt["number"] = receipt["book"]
        return receipt

    def _title(self, operation):
        titles = {
            "loan_disbursement": self.env._("Loan disbursement receipt"),
            "loan_repayment": self.env._("Loan repayment receipt"),
            "loan_recovery": self.env._("Recovery on a loan"),
            "loan_guarantee_call": self.env._("Call of a guarantee"),
        }
        return titles.get(operation.kind) or super()._title(operation)

    def _facts(self, operation):
        if operation.kind not in KINDS:
            return super()._facts(operation)
        _, operation = self.env._, operation.sudo()
        loan, answer = operation.loan_id, json.loads(operation.answer or "{}")
        repaid = operation.kind == "loan_repayment"
        account = operation.savings_account_id.number
        if repaid:
            money = self._repaid(operation, loan, answer)
        elif operation.kind == "loan_disbursement":
            money = self._paid_out(answer)
        else:
            money = self._taken(operation)
        return [
            (_("Member"), operation.partner_id.name),
            (_("Member no."), operation.partner_id.member_number),
            (_("Loan"), loan.name),
            (_("Product"), loan.product_id.name),
            (_("To account") if operation.kind == "loan_disbursement" else _("Paid from"), account),
            *money,
            (_("Till"), operation.till_id.name),
        ]

    def _repaid(self, operation, loan, answer):
        """The payment as it was first shared out, and what remains due after it."""
        _ = self.env._
        facts = self._shared_out(operation)
        facts.append(
            (_("To account %(number)s", number=loan.savings_account_id.number), self._francs(answer["returned"]))
        )
        if not answer["outstanding"] and not answer["next_due"]:
            return [*facts, (_("Remains due"), _("Nothing: the loan is repaid"))]
        facts.append((_("Principal left"), f"{spaced(answer['outstanding'])} F"))
        facts.append((_("Due and not paid"), self._francs(answer["due_left"])))
        if answer["next_due"]:
            day = self._date(fields.Date.to_date(answer["next_due"]))
            facts.append((_("Next instalment"), f"{spaced(answer['next_amount'])} F · {day}"))
        return facts

    def _shared_out(self, operation):
        """What each component got, as it stood when the operation was made."""
        allocations = self.env["kondo.loan.allocation"].sudo()
        own = allocations.search([("operation_id", "=", operation.id), ("payment_id", "=", operation.id)])
        labels = dict(allocations._fields["component"]._description_selection(self.env))
        totals = {name: sum(row.amount for row in own if row.component == name) for name in SPLIT}
        return [(labels[name], self._francs(totals[name])) for name in SPLIT]

    def _taken(self, operation):
        """What a guarantee or a recovery brought, and the principal left after it."""
        line = operation.line_ids.filtered(lambda one: one.loan_component == "principal").sorted("sequence")[-1:]
        left = f"{spaced(line.balance_after)} F" if line else ""
        return [*self._shared_out(operation), (self.env._("Principal left"), left)]

    def _paid_out(self, answer):
        """What was kept, what the member got, and when he pays first."""
        _ = self.env._
        return [
            *((label, f"{spaced(amount)} F") for label, amount in answer["kept"]),
            (_("Given to the member"), f"{spaced(answer['paid_out'])} F"),
            (
                _("First instalment"),
                f"{spaced(answer['first_amount'])} F · {self._date(fields.Date.to_date(answer['first_due']))}",
            ),
        ]

    def _francs(self, amount):
        """The text of an amount; empty, and so left out, when there is none."""
        return f"{spaced(amount)} F" if amount else ""

    def _balance(self, operation):
        """The member's balance, when his account paid or was paid."""
        if operation.kind in KINDS and operation.savings_account_id:
            leg = operation.line_ids.filtered(lambda line: line.savings_account_id == operation.savings_account_id)
            return spaced(leg.sorted("sequence")[-1:].balance_after) if leg else ""
        return super()._balance(operation)
