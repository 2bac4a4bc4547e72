from odoo import api, fields, models


class KondoCommune(models.Model):
    """Third-level unit, urban or rural. A commune of Bamako belongs to the District without a cercle."""

    _name = "kondo.commune"
    _description = "Commune"
    _order = "name"

    name = fields.Char(required=True)
    region_id = fields.Many2one(
        "kondo.region",
        compute="_compute_region_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        index=True,
    )
    cercle_id = fields.Many2one(
        "kondo.cercle", ondelete="restrict", index=True, domain="[('region_id', '=?', region_id)]"
    )
    active = fields.Boolean(default=True)
    village_ids = fields.One2many("kondo.village", "commune_id", string="Villages")

    _name_unique = models.UniqueIndex(
        "(region_id, COALESCE(cercle_id, 0), name)", "This cercle already has a commune of that name."
    )

    @api.depends("cercle_id.region_id")
    def _compute_region_id(self):
        for commune in self:
            commune.region_id = commune.cercle_id.region_id or commune.region_id
