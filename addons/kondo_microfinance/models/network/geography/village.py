from odoo import api, fields, models
from odoo.fields import Domain

from ....engine.names import parse, search_text


class KondoVillage(models.Model):
    """A village or a quarter of a town. Free: a teller adds the one he does not find, once for the whole network."""

    _name = "kondo.village"
    _description = "Village"
    _order = "name, id"

    name = fields.Char(required=True)
    commune_id = fields.Many2one("kondo.commune", ondelete="restrict", index=True)
    cercle_id = fields.Many2one(related="commune_id.cercle_id", store=True, string="Cercle")
    region_id = fields.Many2one(related="commune_id.region_id", store=True, string="Region")
    search_key = fields.Char(compute="_compute_search_key", store=True, precompute=True)
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex(
        "(search_key, COALESCE(commune_id, 0))", "This commune already has a village of that name."
    )

    @api.depends("name")
    def _compute_search_key(self):
        for village in self:
            village.search_key = search_text([village.name])

    @api.depends("name", "commune_id.name")
    def _compute_display_name(self):
        for village in self:
            commune = village.commune_id.name
            village.display_name = (
                f"{village.name} ({commune})" if commune and commune != village.name else village.name
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Found without accents and by its sound, like members."""
        if operator in ("ilike", "like") and isinstance(value, str) and (terms := parse(value)):
            return Domain.AND(
                Domain.OR(Domain("search_key", "=like", pattern) for pattern in term.patterns) for term in terms
            )
        return super()._search_display_name(operator, value)
