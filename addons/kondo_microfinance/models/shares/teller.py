from odoo import api, models


class KondoTeller(models.AbstractModel):
    _inherit = "kondo.teller"

    @api.model
    def member_card(self, partner_id):
        """Also `shares`: [{id, number, product, subscribed, paid, nominal, due, pay_by, late, state}], francs."""
        card = super().member_card(partner_id)
        holdings = self._member(partner_id)._held_shares()
        return {**card, "shares": [holding._card() for holding in holdings]}
