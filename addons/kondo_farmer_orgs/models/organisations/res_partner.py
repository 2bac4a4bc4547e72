from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

FORMS = [
    ("scoops", "SCOOPS (simplified cooperative)"),
    ("coop_ca", "COOP-CA (cooperative with a board)"),
    ("scpc", "SCPC (cotton producers' cooperative)"),
    ("union", "Union of organisations"),
    ("gie", "GIE (economic interest group)"),
    ("association", "Association"),
    ("informal", "Informal group"),
    ("avec", "AVEC (village savings and loan group)"),
]


class ResPartner(models.Model):
    """A farmer organisation (OP) is a member of its caisse, with people behind it."""

    _inherit = "res.partner"

    org_form = fields.Selection(FORMS, string="Legal form", tracking=True)
    is_organisation = fields.Boolean(
        compute="_compute_is_organisation",
        store=True,
        precompute=True,
        index=True,
        help="Has a legal form of an organisation.",
    )
    org_registration = fields.Char(string="Registration number", tracking=True)
    org_registered_on = fields.Date(string="Registered on")
    org_founded_on = fields.Date(string="Founded on")
    org_union_id = fields.Many2one(
        "res.partner",
        string="Union it belongs to",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('org_form', '=', 'union')]",
        check_company=True,
    )
    org_zone_id = fields.Many2one("kondo.zone", string="Zone", index="btree_not_null", ondelete="restrict")
    org_crop_ids = fields.Many2many("kondo.crop", string="Crops")
    org_hectares = fields.Float(string="Hectares", digits=(16, 2))
    org_membership_ids = fields.One2many("kondo.org.membership", "organisation_id", string="People")
    org_person_ids = fields.One2many("kondo.org.person", "partner_id", string="In organisations")

    org_officer_ids = fields.One2many(
        "kondo.org.membership",
        "organisation_id",
        string="Officers",
        domain=[("role", "!=", "member"), ("is_current", "=", True)],
        readonly=True,
    )
    org_stay_count = fields.Integer(string="Organisations of this person", compute="_compute_org_stay_count")

    @api.depends("org_form")
    def _compute_is_organisation(self):
        for partner in self:
            partner.is_organisation = bool(partner.org_form)

    @api.depends("org_person_ids.membership_ids")
    def _compute_org_stay_count(self):
        for partner in self:
            partner.org_stay_count = len(partner.org_person_ids.membership_ids.organisation_id)

    @api.onchange("village_id")
    def _onchange_org_zone(self):
        """An organisation stands in the zone of its village, unless somebody says otherwise."""
        if self.is_organisation and self.village_id and not self.org_zone_id:
            zones = self.env["kondo.zone"].search([])
            self.org_zone_id = next((zone for zone in zones if zone._holds(self.village_id)), False)

    # ------------------------------------------------------------------ constrains
    @api.constrains("org_form", "member_kind", "is_kondo_member")
    def _check_organisation_kind(self):
        for partner in self:
            if partner.org_form and partner.is_kondo_member and partner.member_kind == "individual":
                raise ValidationError(
                    self.env._("%(name)s is an individual: only a group or a legal person has a legal form.",
                               name=partner.name)
                )  # fmt: skip

    @api.constrains("org_union_id")
    def _check_org_union(self):
        for partner in self:
            if partner.org_union_id == partner:
                raise ValidationError(self.env._("%(name)s cannot belong to itself.", name=partner.name))

    @api.constrains("org_hectares")
    def _check_org_hectares(self):
        if any(partner.org_hectares < 0 for partner in self):
            raise ValidationError(self.env._("Hectares are not negative."))

    @api.constrains("women_count", "men_count")
    def _check_counted_people(self):
        """Where people are entered by name, their number is counted: a typed one would say something else."""
        counted = self.filtered("org_membership_ids")
        counts = counted._head_count(fields.Date.context_today(self))
        for partner in counted:
            count = counts[partner.id]
            if (partner.women_count, partner.men_count) != (count["women"], count["men"]):
                raise ValidationError(
                    self.env._(
                        "The people of %(name)s are entered by name: their number is counted, not typed.",
                        name=partner.name,
                    )
                )

    # ------------------------------------------------------------------ actions
    def action_open_org_people(self):
        """The people of this organisation; of a person, the organisations he is in."""
        self.ensure_one()
        people = self.org_person_ids.ids
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kondo.org.membership",
            "view_mode": "list",
            "domain": [("organisation_id", "=", self.id)] if self.is_organisation else [("person_id", "in", people)],
            "context": {"default_organisation_id": self.id if self.is_organisation else False},
        }

    def action_count_people(self):
        """Women, men and young people of these organisations on a day to choose."""
        organisations = self.filtered("is_organisation")
        if not organisations:
            raise UserError(self.env._("Choose one or more organisations."))
        counting = self.env["kondo.org.people.on"].create({"organisation_ids": [(6, 0, organisations.ids)]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("People on a day"),
            "res_model": counting._name,
            "res_id": counting.id,
            "view_mode": "form",
            "target": "new",
        }
