from odoo import models

from ..engine.words import spaced


class ReportReceipt(models.AbstractModel):
    """Receipts of payments, transfers and refunds of shares, and of dividends."""

    _inherit = "report.kondo_microfinance.report_receipt"

    def _title(self, operation):
        _ = self.env._
        titles = {
            "share_payment": _("Receipt of shares"),
            "share_transfer": _("Transfer of shares"),
            "share_refund": _("Refund of shares"),
            "dividend": _("Dividend receipt"),
        }
        return titles.get(operation.kind) or super()._title(operation)

    def _facts(self, operation):
        facts = super()._facts(operation)
        return [*facts[:-1], *self._share_facts(operation), facts[-1]]

    def _receipt(self, operation):
        """A transfer moves no cash and draws no receipt number: its entry in the books names it."""
        receipt = super()._receipt(operation)
        return {**receipt, "number": receipt["number"] or receipt["book"]}

    def _people(self, operation):
        if operation.kind != "share_transfer":
            return super()._people(operation)
        return [
            (self.env._("Entered by"), operation.approver_id.name),
            (self.env._("Agreed by"), operation.user_id.name),
        ]

    def _signatures(self, operation):
        if operation.kind != "share_transfer":
            return super()._signatures(operation)
        entries = self.env["kondo.share.entry"].sudo().search([("operation_id", "=", operation.id)])
        given = entries.filtered(lambda entry: entry.kind == "transfer_out")
        return [
            (self.env._("The member who gives"), given.partner_id.name),
            (self.env._("The member who receives"), given.counterpart_id.name),
        ]

    def _share_facts(self, operation):
        """What the member's shares gained or lost, and what they are now."""
        _ = self.env._
        facts = []
        if operation.kind == "dividend":
            facts.append((_("Subject"), operation.move_id.line_ids[:1].name))
        entries = self.env["kondo.share.entry"].sudo().search([("operation_id", "=", operation.id)], order="id")
        own = entries.filtered(lambda entry: entry.partner_id == operation.partner_id)
        if not own:
            return facts
        holding, nominal = own.holding_id, spaced(own.holding_id.nominal)
        facts.append((_("Shares no."), holding.number))
        changes = {
            "subscription": _("Subscribed"),
            "transfer_out": _("Shares handed over"),
            "refund": _("Refunded"),
            "cancellation": _("Cancelled"),
        }
        facts += [
            (changes[entry.kind], f"{abs(entry.shares)} × {nominal} F")
            for entry in own
            if entry.kind in changes and entry.shares
        ]
        facts += [(_("Paid on shares"), f"{spaced(entry.amount)} F") for entry in own if entry.kind == "payment"]
        paid = sum(own.filtered(lambda entry: entry.kind == "payment").mapped("amount"))
        if operation.kind == "share_payment" and operation.amount > paid:
            facts.append((_("Entrance fee"), f"{spaced(operation.amount - paid)} F"))
        target = own.filtered(lambda entry: entry.kind == "transfer_out").counterpart_id
        facts.append((_("To the member"), f"{target.name} ({target.member_number})" if target else ""))
        last = own[-1]
        facts.append((_("Shares held"), f"{last.shares_after} × {nominal} F"))
        due = last.shares_after * holding.nominal - last.paid_after
        if due:
            facts.append((_("Still to pay"), f"{spaced(due)} F"))
        return facts
