from odoo import fields, models


class KondoOperationLimit(models.Model):
    _inherit = "kondo.operation.limit"

    kind = fields.Selection(selection_add=[("sheet", "Collection sheet")], ondelete={"sheet": "cascade"})
