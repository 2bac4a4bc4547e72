from odoo import api, fields, models


class KondoZone(models.Model):
    """A zone of intervention, as donors and campaigns name it: cercles and communes that go together."""

    _name = "kondo.zone"
    _description = "Zone"
    _order = "name"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", string="Union", required=True, index=True, default=lambda self: self.env.company.sudo().root_id
    )
    region_ids = fields.Many2many("kondo.region", string="Regions")
    cercle_ids = fields.Many2many("kondo.cercle", string="Cercles")
    commune_ids = fields.Many2many("kondo.commune", string="Communes")
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex("(company_id, name)", "Another zone has this name.")

    @api.private
    def _holds(self, village):
        """Whether a village lies in one of these zones."""
        return bool(
            village.commune_id & self.commune_ids
            or village.cercle_id & self.cercle_ids
            or village.region_id & self.region_ids
        )
