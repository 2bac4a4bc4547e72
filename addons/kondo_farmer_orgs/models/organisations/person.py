from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.kondo_microfinance.engine.names import name_key

from ...engine.people import age_on, young_births

FROM_FILE = ("name", "sex", "birth_date", "birth_precision", "phone")


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
    name_key = fields.Char(compute="_compute_name_key", store=True, precompute=True)
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
    birth_year = fields.Integer(compute="_compute_age", inverse="_inverse_birth_year", aggregator=None)
    age = fields.Integer(compute="_compute_age", aggregator=None)
    is_young = fields.Boolean(string="Young person", compute="_compute_age", search="_search_is_young")
    phone = fields.Char(compute="_compute_from_partner", store=True, readonly=False, precompute=True)
    village_id = fields.Many2one("kondo.village", string="Village or quarter", index=True, ondelete="restrict")
    membership_ids = fields.One2many("kondo.org.membership", "person_id", string="Organisations")
    organisation_names = fields.Char(string="In", compute="_compute_organisation_names")
    split_ids = fields.One2many("kondo.loan.split", "person_id", string="Parts in loans")

    _one_file = models.UniqueIndex(
        "(partner_id) WHERE partner_id IS NOT NULL", "This member is in the list of people already."
    )

    # ------------------------------------------------------------------ computes
    @api.depends(*(f"partner_id.{name}" for name in FROM_FILE))
    def _compute_from_partner(self):
        for person in self:
            file = person.partner_id
            for name in FROM_FILE:
                person[name] = file[name] if file else person[name]

    @api.depends("name")
    def _compute_name_key(self):
        for person in self:
            person.name_key = name_key(person.name) or False

    @api.depends("birth_date")
    @api.depends_context("tz")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        earliest, latest = self._young_births_on(today)
        for person in self:
            born = person.birth_date
            person.birth_year = born.year if born else 0
            person.age = age_on(born, today) if born else 0
            person.is_young = bool(born and earliest <= born <= latest)

    @api.depends("membership_ids.is_current", "membership_ids.organisation_id.name")
    def _compute_organisation_names(self):
        for person in self:
            stays = person.membership_ids.filtered("is_current")
            person.organisation_names = ", ".join(stays.organisation_id.mapped("name"))

    def _search_is_young(self, operator, value):
        if operator != "in":
            return NotImplemented
        earliest, latest = self._young_births_on(fields.Date.context_today(self))
        return [("birth_date", ">=", earliest), ("birth_date", "<=", latest)]

    def _inverse_birth_year(self):
        """Typing a year alone says that only the year is known."""
        for person in self:
            if person.birth_year and (not person.birth_date or person.birth_date.year != person.birth_year):
                person._check_birth_year(person.birth_year)
                person.write({"birth_precision": "year", "birth_date": f"{person.birth_year:04d}-07-01"})

    @api.onchange("birth_year")
    def _onchange_birth_year(self):
        if self.birth_year and (not self.birth_date or self.birth_date.year != self.birth_year):
            if 1880 <= self.birth_year <= fields.Date.context_today(self).year:
                self.birth_precision, self.birth_date = "year", f"{self.birth_year:04d}-07-01"

    # ------------------------------------------------------------------ constrains
    @api.constrains("partner_id", "company_id")
    def _check_partner(self):
        for person in self:
            if person.partner_id and person.partner_id.member_kind != "individual":
                raise ValidationError(self.env._("A person of an organisation is an individual."))
            if person.company_id.sudo().kondo_kind != "caisse":
                raise ValidationError(self.env._("A person belongs to a caisse, not to the union."))

    @api.constrains("birth_date")
    def _check_birth_date(self):
        today = fields.Date.context_today(self)
        for person in self:
            if person.birth_date and person.birth_date > today and person.birth_precision == "day":
                raise ValidationError(self.env._("A birth date is not in the future."))

    def _check_birth_year(self, year):
        if not 1880 <= year <= fields.Date.context_today(self).year:
            raise ValidationError(self.env._("A year of birth has four digits, such as 1987."))

    # ------------------------------------------------------------------ create, write
    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._middle_of(vals, vals.get("birth_precision")) for vals in vals_list])

    def write(self, vals):
        if vals.get("birth_date") and "birth_precision" not in vals and len(self) > 1:
            return all(person.write(vals) for person in self)
        if vals.get("birth_precision") and "birth_date" not in vals:
            for person in self:
                dated = {**vals, "birth_date": person.birth_date}
                super(KondoOrgPerson, person).write(self._middle_of(dated, vals["birth_precision"]))
            return True
        return super().write(self._middle_of(vals, vals.get("birth_precision") or self[:1].birth_precision))

    @api.model
    def _middle_of(self, vals, precision):
        """Values whose birth stands in the middle of what is known, as in a member's file."""
        if vals.get("birth_date") and precision in ("month", "year"):
            born = fields.Date.to_date(vals["birth_date"])
            return {**vals, "birth_date": self.env["res.partner"]._middle(born, precision)}
        return vals

    # ------------------------------------------------------------------ helpers
    @api.model
    def _young_births_on(self, date, youth_from=None, youth_to=None):
        """(earliest, latest) birth of a young person on a day; the network's dated ages unless others are given."""
        parameters = self.env["kondo.parameter"]
        youngest = int(parameters._get("youth_age_min", date)) if youth_from is None else youth_from
        oldest = int(parameters._get("youth_age_max", date)) if youth_to is None else youth_to
        return young_births(date, youngest, oldest)
