from odoo import api, models


class ResPartner(models.Model):
    """Sections of what other rooms keep, drawn only where the room is there."""

    _inherit = "res.partner"

    @api.private
    def _kondo_situation(self):
        sections = super()._kondo_situation()
        for name, method in (
            ("kondo.term.deposit", self._situation_terms),
            ("kondo.share.holding", self._situation_shares),
            ("kondo.standing.order", self._situation_orders),
            ("kondo.savings.hold", self._situation_holds),
        ):
            if name in self.env:
                sections.append(method(self.env[name]))
        return sections
