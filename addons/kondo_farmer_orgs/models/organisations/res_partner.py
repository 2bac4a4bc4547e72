from odoo import api, fields, models

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

    @api.depends("org_form")
    def _compute_is_organisation(self):
        for partner in self:
            partner.is_organisation = bool(partner.org_form)
