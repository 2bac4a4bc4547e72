from odoo import api, models
from odoo.tools import SQL


class KondoPortfolio(models.AbstractModel):
    """The recovery curve (J0, J+30, J+60) by campaign, crop and zone."""

    _inherit = "kondo.portfolio"

    @api.model
    def _campaign_dimensions(self):
        _ = self.env._
        zone = SQL(
            "COALESCE((SELECT zone_id FROM kondo_campaign WHERE id = l.campaign_id),"
            " (SELECT org_zone_id FROM res_partner WHERE id = l.partner_id))"
        )
        return {
            **super()._campaign_dimensions(),
            "campaign": (_("Campaign"), SQL("l.campaign_id"), "kondo.campaign"),
            "crop": (_("Crop"), SQL("l.crop_id"), "kondo.crop"),
            "zone": (_("Zone"), zone, "kondo.zone"),
        }
