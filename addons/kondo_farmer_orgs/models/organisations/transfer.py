from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """A member who goes to another caisse: the people of an organisation go with it, a person is left as a mere name."""

    _inherit = "res.partner"

    def write(self, vals):
        moving = self.browse()
        if vals.get("company_id"):
            moving = self.filtered(lambda partner: partner.company_id and partner.company_id.id != vals["company_id"])
            moving._check_people_may_move()
        result = super().write(vals)
        if moving:
            people = moving.sudo().org_membership_ids.person_id
            people.company_id = vals["company_id"]
            moving.sudo().org_person_ids.partner_id = False
        return result

    def _check_people_may_move(self):
        """Somebody who is in another organisation of the caisse, or has a file there, cannot leave with this one."""
        for person in self.sudo().org_membership_ids.person_id:
            if person.membership_ids.organisation_id - self or person.partner_id - self:
                raise UserError(
                    self.env._(
                        "%(name)s is also known to the caisse without this organisation, which therefore stays here: open"
                        " a new file in the other caisse.",
                        name=person.name,
                    )
                )
