from odoo import models


class ReportReceipt(models.AbstractModel):
    """The slip of a batch: the cash or the bank's side in one line; who got what stands in the list of the batch."""

    _inherit = "report.kondo_microfinance.report_receipt"

    def _receipt(self, operation):
        """Without cash there is no till and no receipt number: the batch has its own."""
        receipt = super()._receipt(operation)
        if operation.kind == "batch" and not receipt["number"]:
            receipt["number"] = self._batch_of(operation).name or ""
        return receipt

    def _batch_of(self, operation):
        return self.env["kondo.batch"].sudo().search([("operation_id", "=", operation.id)], limit=1)

    def _title(self, operation):
        return self.env._("Batch receipt") if operation.kind == "batch" else super()._title(operation)

    def _facts(self, operation):
        facts = super()._facts(operation)
        batch = self._batch_of(operation)
        if not batch:
            return facts
        kinds = dict(batch._fields["kind"]._description_selection(self.env))
        return [
            *facts,
            (self.env._("Batch"), batch.name),
            (self.env._("Kind"), kinds[batch.kind]),
            (self.env._("Number of payments"), str(batch.count)),
        ]

    def _people(self, operation):
        if operation.kind != "batch":
            return super()._people(operation)
        return [
            (self.env._("Prepared by"), operation.user_id.name),
            (self.env._("Approved by"), operation.approver_id.name),
        ]

    def _signatures(self, operation):
        return self._people(operation) if operation.kind == "batch" else super()._signatures(operation)
