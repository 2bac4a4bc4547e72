from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

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
    birth_year = fields.Integer(related="person_id.birth_year")
    village_id = fields.Many2one(related="person_id.village_id")
    is_current = fields.Boolean(string="In it today", compute="_compute_is_current", search="_search_is_current")
    phone = fields.Char(related="person_id.phone")

    _dates = models.Constraint("CHECK (date_to IS NULL OR date_to >= date_from)", "Nobody leaves before he joined.")
    _hectares_sane = models.Constraint("CHECK (COALESCE(hectares, 0) >= 0)", "Hectares are not negative.")
    _once_at_a_time = models.UniqueIndex(
        "(organisation_id, person_id) WHERE date_to IS NULL", "This person is in the organisation already."
    )

    # ------------------------------------------------------------------ computes
    @api.depends("date_from", "date_to")
    @api.depends_context("tz")
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for membership in self:
            membership.is_current = bool(
                membership.date_from
                and membership.date_from <= today
                and (not membership.date_to or membership.date_to >= today)
            )

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("date_from", "<=", today), "|", ("date_to", "=", False), ("date_to", ">=", today)]

    # ------------------------------------------------------------------ constrains
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
        self.flush_model(["organisation_id", "person_id", "date_from", "date_to"])
        self.env.cr.execute(
            SQL(
                """
                SELECT one.person_id
                  FROM kondo_org_membership one
                  JOIN kondo_org_membership other ON other.organisation_id = one.organisation_id
                       AND other.person_id = one.person_id AND other.id <> one.id
                 WHERE one.id = ANY(%s)
                   AND daterange(one.date_from, one.date_to, '[]') && daterange(other.date_from, other.date_to, '[]')
                 LIMIT 1
                """,
                self.ids,
            )
        )
        if row := self.env.cr.fetchone():
            name = self.env["kondo.org.person"].browse(row[0]).name
            raise ValidationError(self.env._("%(name)s is in the organisation at that time already.", name=name))
