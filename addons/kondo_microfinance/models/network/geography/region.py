from odoo import fields, models


class KondoRegion(models.Model):
    """First-level unit of Mali: 19 regions and the District of Bamako (laws 2023-006 and 2023-007)."""

    _name = "kondo.region"
    _description = "Region"
    _order = "code"

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Two digits, 00 for the District of Bamako.")
    active = fields.Boolean(default=True)
    cercle_ids = fields.One2many("kondo.cercle", "region_id", string="Cercles")

    _code_unique = models.UniqueIndex("(code)", "Another region has this code.")
