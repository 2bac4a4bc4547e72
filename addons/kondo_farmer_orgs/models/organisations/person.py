from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KondoOrgPerson(models.Model):
    """Somebody behind an organisation, a member of the caisse himself or not. One row per person, whatever the number of
    organisations: counts of people are counts of these rows.
    """

    _name = "kondo.org.person"
    _description = "Person of an organisation"
    _order = "name, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", string="Caisse", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Member of the caisse",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('is_kondo_member', '=', True), ('member_kind', '=', 'individual')]",
        help="When this person has a file of his own: name, sex and birth are read there.",
    )
    name = fields.Char(required=True, compute="_compute_from_partner", store=True, readonly=False, precompute=True)
    sex = fields.Selection(
        [("female", "Woman"), ("male", "Man")],
        compute="_compute_from_partner",
        store=True,
        readonly=False,
        precompute=True,
    )
    birth_date = fields.Date(
        compute="_compute_from_partner",
        store=True,
        readonly=False,
        precompute=True,
        help="Known only by its month or year: the middle of it.",
    )
    birth_precision = fields.Selection(
        [("day", "Day"), ("month", "Month"), ("year", "Year only")],
        string="Birth known to the",
        default="day",
        compute="_compute_from_partner",
        store=True,
        readonly=False,
        precompute=True,
    )
    phone = fields.Char(compute="_compute_from_partner", store=True, readonly=False, precompute=True)
    village_id = fields.Many2one("kondo.village", string="Village or quarter", index=True, ondelete="restrict")
    membership_ids = fields.One2many("kondo.org.membership", "person_id", string="Organisations")

    _one_file = models.UniqueIndex(
        "(partner_id) WHERE partner_id IS NOT NULL", "This member is in the list of people already."
    )

    @api.depends(
        "partner_id.name", "partner_id.sex", "partner_id.birth_date", "partner_id.birth_precision", "partner_id.phone"
    )
    def _compute_from_partner(self):
        for person in self:
            file = person.partner_id
            for name in ("name", "sex", "birth_date", "birth_precision", "phone"):
                person[name] = file[name] if file else person[name]

    @api.constrains("partner_id", "company_id")
    def _check_partner(self):
        for person in self:
            if person.partner_id and person.partner_id.member_kind != "individual":
                raise ValidationError(self.env._("A person of an organisation is an individual."))
            if person.company_id.sudo().kondo_kind != "caisse":
                raise ValidationError(self.env._("A person belongs to a caisse, not to the union."))
