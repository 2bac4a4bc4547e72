from odoo import fields, models
from odoo.exceptions import UserError

from .membership import ROLES


class KondoOrgRoleChange(models.TransientModel):
    """The general meeting elected somebody: from which day, to what."""

    _name = "kondo.org.role.change"
    _description = "New role in an organisation"

    membership_id = fields.Many2one("kondo.org.membership", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="membership_id.company_id")
    person_id = fields.Many2one(related="membership_id.person_id")
    old_role = fields.Selection(related="membership_id.role", string="Role until then")
    role = fields.Selection(ROLES, string="New role", required=True)
    date = fields.Date(string="From", required=True, default=fields.Date.context_today)

    def action_apply(self):
        """End the stay on the eve and begin the next: returns the new membership."""
        self.ensure_one()
        old = self.membership_id
        old._check_keeper()
        if self.role == old.role:
            raise UserError(self.env._("%(name)s has this role already.", name=old.person_id.name))
        if self.date <= old.date_from:
            raise UserError(self.env._("The new role begins after the old one."))
        if old.date_to and old.date_to < self.date:
            raise UserError(self.env._("%(name)s is no longer in the organisation.", name=old.person_id.name))
        until = old.date_to
        old.date_to = fields.Date.subtract(self.date, days=1)
        return old.create(
            {
                "organisation_id": old.organisation_id.id,
                "person_id": old.person_id.id,
                "role": self.role,
                "date_from": self.date,
                "date_to": until,
                "hectares": old.hectares,
            }
        )
