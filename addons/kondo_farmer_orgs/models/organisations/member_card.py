from odoo import api, fields, models


class ResPartner(models.Model):
    """What the teller sees of an organisation: its legal form, how many people stand behind it, who leads it."""

    _inherit = "res.partner"

    @api.private
    def _kondo_card(self):
        card = super()._kondo_card()
        if not self.is_organisation:
            return {**card, "organisation": False}
        people = self.org_people
        return {
            **card,
            "women_count": self.org_women,
            "men_count": self.org_men,
            "organisation": {
                "form": dict(self._fields["org_form"]._description_selection(self.env))[self.org_form],
                "people": people,
                "officers": [
                    {"id": stay.id, "role": stay._role_label(), "name": stay.person_id.name, "signs": stay.signs}
                    for stay in self._officers_on(fields.Date.context_today(self))
                ],
            },
        }

    def _officers_on(self, date):
        """Memberships with an office on a day, the president first."""
        self.ensure_one()
        stays = self.org_membership_ids.filtered(
            lambda stay: stay.role != "member" and stay.date_from <= date and (not stay.date_to or stay.date_to >= date)
        )
        order = [role for role, _label in stays._fields["role"].selection]
        return stays.sorted(lambda stay: (order.index(stay.role), stay.person_id.name))
