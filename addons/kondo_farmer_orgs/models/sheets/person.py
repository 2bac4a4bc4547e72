from odoo import fields, models


class KondoOrgPerson(models.Model):
    _inherit = "kondo.org.person"

    sheet_row_ids = fields.One2many("kondo.sheet.row", "person_id", string="On collection sheets", readonly=True)
