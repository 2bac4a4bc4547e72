from odoo import models

from ..engine.words import spaced


class ReportReceipt(models.AbstractModel):
    """The collector's receipt for the money he has handed over; and the slips of what the house pays by itself."""

    _inherit = "report.kondo_microfinance.report_receipt"

    def _receipt(self, operation):
        """Standing orders and commissions pass through no till: they are known by their own number."""
        receipt = super()._receipt(operation)
        if operation.kind in ("standing_order", "commission") and not receipt["number"]:
            receipt["number"] = self._own_number(operation.sudo())
        return receipt

    def _own_number(self, operation):
        if operation.kind == "commission":
            return self._commission_of(operation).name or ""
        tried = self.env["kondo.standing.order.try"].sudo().search([("operation_id", "=", operation.id)], limit=1)
        return f"{tried.order_id.name} · {self._date(tried.due)}" if tried else ""

    def _sheet_of(self, operation):
        """The sheet of a collection, also of one that was reversed since: its number stands in the note."""
        return self.env["kondo.collection"].sudo().search([("operation_id", "=", operation.id)], limit=1)

    def _commission_of(self, operation):
        commissions = self.env["kondo.collection.commission"].sudo()
        return commissions.search([("operation_id", "=", operation.id)], limit=1)

    def _title(self, operation):
        if operation.kind == "collection":
            return self.env._("Collection receipt")
        return super()._title(operation)

    def _facts(self, operation):
        facts = super()._facts(operation)
        _ = self.env._
        commission = self._commission_of(operation)
        if operation.kind == "collection":
            sheet = self._sheet_of(operation)
            receipts = " – ".join(filter(None, [sheet.carnet_from, sheet.carnet_to]))
            facts += [
                (_("Collector"), operation.bearer),
                (_("Sheet"), sheet.name),
                (_("Round of"), self._date(sheet.date)),
                (_("Payments"), str(sheet.count or "")),
                (_("Receipts no."), receipts),
                (_("Commission"), f"{spaced(commission.pay)} F" if commission.pay else ""),
            ]
        elif operation.kind == "commission":
            facts += [
                (_("Collector"), commission.collector_id.name),
                (_("Collected"), f"{spaced(commission.collected)} F"),
                (_("To the collector"), f"{spaced(commission.pay)} F"),
            ]
        return facts

    def _people(self, operation):
        _ = self.env._
        if operation.kind == "collection":
            return [
                (_("Collector"), operation.bearer),
                (_("Teller"), operation.user_id.name),
                (_("Approved by"), operation.approver_id.name),
            ]
        if operation.kind == "commission":
            return [(_("Prepared by"), operation.user_id.name), (_("Approved by"), operation.approver_id.name)]
        return super()._people(operation)

    def _signatures(self, operation):
        if operation.kind in ("collection", "commission"):
            return self._people(operation)[:2]
        return super()._signatures(operation)
