from odoo import api, fields, models
from odoo.exceptions import ValidationError

ROLES = [
    ("member", "Member"),
    ("president", "President"),
    ("vice_president", "Vice-president"),
    ("treasurer", "Treasurer"),
    ("secretary", "Secretary"),
    ("auditor", "Internal auditor"),
]


class KondoOrgMembership(models.Model):
    """A person in an organisation, with a role, from a day until another."""

    _name = "kondo.org.membership"
    _description = "Membership of an organisation"
    _order = "organisation_id, date_from, id"
    _rec_name = "person_id"
    _check_company_auto = True

    organisation_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_organisation', '=', True)]",
    )
    company_id = fields.Many2one(
        related="organisation_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    person_id = fields.Many2one("kondo.org.person", required=True, index=True, ondelete="restrict", check_company=True)
    role = fields.Selection(ROLES, required=True, default="member")
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until", help="Last day. Empty: still in the organisation.")
    hectares = fields.Float(digits=(16, 2), help="That this person works in the organisation.")
    sex = fields.Selection(related="person_id.sex")
    birth_date = fields.Date(related="person_id.birth_date")
    phone = fields.Char(related="person_id.phone")

    _dates = models.Constraint("CHECK (date_to IS NULL OR date_to >= date_from)", "Nobody leaves before he joined.")
    _hectares_sane = models.Constraint("CHECK (COALESCE(hectares, 0) >= 0)", "Hectares are not negative.")
    _once_at_a_time = models.UniqueIndex(
        "(organisation_id, person_id) WHERE date_to IS NULL", "This person is in the organisation already."
    )

    @api.constrains("organisation_id")
    def _check_organisation(self):
        for membership in self:
            if not membership.organisation_id.is_organisation:
                raise ValidationError(
                    self.env._("%(name)s is not an organisation.", name=membership.organisation_id.name)
                )

    @api.constrains("organisation_id", "person_id", "date_from", "date_to")
    def _check_overlap(self):
        """A person who came back has two rows, one after the other."""
        for membership in self:
            others = membership.organisation_id.org_membership_ids.filtered(
                lambda other, own=membership: other.person_id == own.person_id and other != own
            )
            for other in others:
                if (not other.date_to or other.date_to >= membership.date_from) and (
                    not membership.date_to or membership.date_to >= other.date_from
                ):
                    raise ValidationError(
                        self.env._("%(name)s is in the organisation at that time already.", name=other.person_id.name)
                    )
