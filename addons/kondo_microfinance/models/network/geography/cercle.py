from odoo import fields, models


class KondoCercle(models.Model):
    """Second-level unit. The commune hangs here directly: arrondissements are not needed by any return."""

    _name = "kondo.cercle"
    _description = "Cercle"
    _order = "region_id, name"

    name = fields.Char(required=True)
    region_id = fields.Many2one("kondo.region", required=True, ondelete="restrict", index=True)
    active = fields.Boolean(default=True)
    commune_ids = fields.One2many("kondo.commune", "cercle_id", string="Communes")

    _name_unique = models.UniqueIndex("(region_id, name)", "This region already has a cercle of that name.")
