from odoo import api, fields, models


class KondoApproval(models.Model):
    _inherit = "kondo.approval"

    collection_id = fields.Many2one("kondo.collection", string="Collector's sheet", readonly=True, check_company=True)


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _approval_subject(self, kind, values):
        """A collection is about a sheet, not about one member."""
        if kind != "collection":
            return super()._approval_subject(kind, values)
        sheet = self._sheet_of(values)
        return {"amount": self._check_amount(values.get("amount")), "collection_id": sheet}
