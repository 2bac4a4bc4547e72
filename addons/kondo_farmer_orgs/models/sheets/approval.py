from odoo import fields, models


class KondoApproval(models.Model):
    _inherit = "kondo.approval"

    sheet_id = fields.Many2one("kondo.sheet", string="Collection sheet", readonly=True, check_company=True)

    kind = fields.Selection(selection_add=[("sheet", "Collection sheet")], ondelete={"sheet": "cascade"})
