from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

# Who keeps members' files. Everybody else of the network reads them.
FILE_ROLES = ("group_teller", "group_loan_officer", "group_caisse_manager", "group_administrator")
# Moved only by the actions of `member_state` and by a transfer, never by a form or an RPC write.
GUARDED = frozenset(
    {"member_number", "member_state", "membership_date", "exit_date", "applied_by_id", "is_kondo_member", "company_id"}
)
# A date known only in part stands in the middle of what is known: the error on the age is at most half of it.
MIDDLE_OF_MONTH, MIDDLE_OF_YEAR = 15, (7, 1)


class ResPartner(models.Model):
    """A member's file. A member belongs to one caisse: never to none, never to the union."""

    _inherit = "res.partner"

    is_kondo_member = fields.Boolean(string="Member", copy=False, index=True)
    company_id = fields.Many2one(tracking=True)
    member_number = fields.Char(readonly=True, copy=False, index="btree_not_null")
    member_kind = fields.Selection(
        [("individual", "Individual"), ("legal", "Legal person"), ("group", "Group")], tracking=True
    )
    sex = fields.Selection([("female", "Woman"), ("male", "Man")])
    birth_date = fields.Date(
        help="Known only by its month or year: the middle of it (the 15th, the 1st of July), so that the age is never "
        "wrong by more than half."
    )
    birth_precision = fields.Selection(
        [("day", "Day"), ("month", "Month"), ("year", "Year only")], string="Birth known to the", default="day"
    )
    birth_year = fields.Integer(compute="_compute_birth", inverse="_inverse_birth_year", aggregator=None)
    birth_label = fields.Char(string="Born", compute="_compute_birth")
    birth_place = fields.Char(string="Place of birth")
    age = fields.Integer(compute="_compute_age", aggregator=None)
    is_youth = fields.Boolean(string="Young person", compute="_compute_age", search="_search_is_youth")
    nationality_id = fields.Many2one("res.country", string="Nationality")
    profession = fields.Char(string="Profession or employer")
    income_source = fields.Char(string="Source of income")
    is_pep = fields.Boolean(
        string="Politically exposed person",
        tracking=True,
        help="The person, a relative or a close associate holds or has held a prominent public office: the manager "
        "decides on the membership and the origin of the money is asked for (ordinance 2024-011).",
    )
    beneficial_owners = fields.Text(help="Natural persons who own or control 25 % or more.")
    village_id = fields.Many2one("kondo.village", string="Village or quarter", index=True, ondelete="restrict")
    phone2 = fields.Char(string="Second phone")
    specimen_signature = fields.Image(string="Specimen", max_width=1024, max_height=512, copy=False)
    specimen_kind = fields.Selection(
        [("signature", "Signature"), ("thumbprint", "Thumbprint")], default="signature", string="Kind of specimen"
    )
    witness_name = fields.Char(
        string="Witness", help="Who was there when a member who does not write gave his thumbprint."
    )
    women_count = fields.Integer(string="Women in the group")
    men_count = fields.Integer(string="Men in the group")
    mandate_ids = fields.One2many("kondo.mandate", "partner_id", string="Mandataries")
    heir_ids = fields.One2many("kondo.heir", "partner_id", string="Heirs")
    transfer_ids = fields.One2many("kondo.member.transfer", "partner_id", string="Transfers", readonly=True)
    transfer_count = fields.Integer(compute="_compute_transfer_count")
    member_state = fields.Selection(
        [
            ("applicant", "Applicant"),
            ("active", "Active"),
            ("resigned", "Resigned"),
            ("excluded", "Excluded"),
            ("deceased", "Deceased"),
        ],
        string="Member status",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    membership_date = fields.Date(string="Member since", readonly=True, copy=False, tracking=True)
    exit_date = fields.Date(string="Left on", readonly=True, copy=False, tracking=True)
    applied_by_id = fields.Many2one("res.users", string="File opened by", readonly=True, copy=False)

    _member_file = models.Constraint(
        "CHECK (is_kondo_member IS NOT TRUE OR (company_id IS NOT NULL AND member_number IS NOT NULL"
        " AND member_kind IS NOT NULL AND member_state IS NOT NULL))",
        "A member has a caisse, a number, a kind and a status.",
    )
    _member_number_unique = models.UniqueIndex(
        "(company_id, member_number) WHERE member_number IS NOT NULL", "Another member of the caisse has this number."
    )
    _birth_middle = models.Constraint(
        "CHECK (birth_date IS NULL OR birth_precision = 'day' OR birth_precision IS NULL"
        " OR (birth_precision = 'month' AND EXTRACT(day FROM birth_date) = 15)"
        " OR (birth_precision = 'year' AND EXTRACT(day FROM birth_date) = 1 AND EXTRACT(month FROM birth_date) = 7))",
        "A birth known by its month or year stands in the middle of it.",
    )
    _group_counts = models.Constraint(
        "CHECK (COALESCE(women_count, 0) >= 0 AND COALESCE(men_count, 0) >= 0)", "A group has no fewer than 0 people."
    )

    # ------------------------------------------------------------------ defaults
    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if values.get("is_kondo_member"):
            company = self.env.company
            if "company_id" in fields_list and company.kondo_kind == "caisse":
                values.setdefault("company_id", company.id)
            if "nationality_id" in fields_list:
                values.setdefault("nationality_id", self.env.ref("base.ml").id)
            if "country_id" in fields_list:
                values.setdefault("country_id", self.env.ref("base.ml").id)
        return values

    # ------------------------------------------------------------------ computes
    @api.depends("birth_date", "birth_precision")
    @api.depends_context("lang")
    def _compute_birth(self):
        for partner in self:
            date = partner.birth_date
            partner.birth_year = date.year if date else 0
            if not date:
                partner.birth_label = False
            elif partner.birth_precision == "year":
                partner.birth_label = str(date.year)
            elif partner.birth_precision == "month":
                partner.birth_label = f"{date:%m/%Y}"
            else:
                partner.birth_label = format_date(self.env, date)

    def _inverse_birth_year(self):
        """Typing a year alone says that only the year is known."""
        for partner in self:
            if partner.birth_year and (not partner.birth_date or partner.birth_date.year != partner.birth_year):
                if not 1880 <= partner.birth_year <= fields.Date.context_today(self).year:
                    raise ValidationError(self.env._("A year of birth has four digits, such as 1987."))
                partner.write({"birth_precision": "year", "birth_date": f"{partner.birth_year:04d}-07-01"})

    @api.onchange("birth_year")
    def _onchange_birth_year(self):
        if self.birth_precision == "year" and 1880 <= self.birth_year <= fields.Date.context_today(self).year:
            self.birth_date = f"{self.birth_year:04d}-07-01"

    @api.onchange("birth_precision")
    def _onchange_birth_precision(self):
        self.birth_date = self._middle(self.birth_date, self.birth_precision)

    @api.depends("birth_date")
    @api.depends_context("tz")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        youngest, oldest = self._youth_births(today)
        for partner in self:
            born = partner.birth_date
            partner.age = today.year - born.year - ((today.month, today.day) < (born.month, born.day)) if born else 0
            partner.is_youth = bool(born and partner.member_kind == "individual" and oldest <= born <= youngest)

    def _youth_births(self, date):
        """The latest and the earliest birth date of a young person on `date`: both limits of age included.

        With 15 to 35: from the day one turns 15 to the eve of the day one turns 36.
        """
        parameters = self.env["kondo.parameter"]
        youngest = int(parameters._get("youth_age_min", date))
        oldest = int(parameters._get("youth_age_max", date))
        return (
            fields.Date.subtract(date, years=youngest),
            fields.Date.add(fields.Date.subtract(date, years=oldest + 1), days=1),
        )

    def _search_is_youth(self, operator, value):
        if operator != "in":
            return NotImplemented
        youngest, oldest = self._youth_births(fields.Date.context_today(self))
        return [("member_kind", "=", "individual"), ("birth_date", ">=", oldest), ("birth_date", "<=", youngest)]

    def _compute_transfer_count(self):
        counts = dict(
            self.env["kondo.member.transfer"]._read_group([("partner_id", "in", self.ids)], ["partner_id"], ["__count"])
        )
        for partner in self:
            partner.transfer_count = counts.get(partner, 0)

    # ------------------------------------------------------------------ constrains
    @api.constrains("is_kondo_member", "company_id")
    def _check_member_caisse(self):
        for partner in self.filtered("is_kondo_member"):
            if partner.company_id.sudo().kondo_kind != "caisse":
                raise ValidationError(
                    self.env._(
                        "A member belongs to a caisse, not to the union: choose the caisse of %(name)s.",
                        name=partner.name,
                    )
                )

    @api.constrains("is_kondo_member", "user_ids")
    def _check_member_is_not_staff(self):
        """Odoo shows the partner of an employee to every company: an employee who is a member has two files."""
        for partner in self.filtered("is_kondo_member"):
            if partner.sudo().user_ids.filtered(lambda user: user._is_internal()):
                raise ValidationError(
                    self.env._(
                        "An employee's own contact cannot be a member's file: open a separate file for %(name)s.",
                        name=partner.name,
                    )
                )

    @api.constrains("birth_date")
    def _check_birth_date(self):
        today = fields.Date.context_today(self)
        for partner in self:
            if partner.birth_date and partner.birth_date > today and partner.birth_precision == "day":
                raise ValidationError(self.env._("A birth date is not in the future."))

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        members = [
            vals for vals in vals_list if vals.get("is_kondo_member", self.env.context.get("default_is_kondo_member"))
        ]
        if len(members) < len(vals_list):
            self._check_other_partner_access()
        by_caisse = {}
        for vals in members:
            self._check_guarded(vals, allowed={"is_kondo_member", "company_id"})
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            vals.update(
                is_kondo_member=True,
                company_id=company.id,
                member_kind=vals.get("member_kind") or "individual",
                member_state=vals.get("member_state") or "applicant",
                applied_by_id=vals.get("applied_by_id") or self.env.uid,
            )
            self._prepare_member_values(vals)
            if not vals.get("member_number"):
                by_caisse.setdefault(company, []).append(vals)
        for company, waiting in by_caisse.items():
            self._number_files(company, waiting)
        partners = super().create(vals_list)
        partners._check_kondo_file_access()
        return partners

    def write(self, vals):
        if not self.env.su:
            self._check_other_partner_access()
            self._check_kondo_file_access()
            if self.filtered("is_kondo_member"):
                self._check_guarded(vals)
            elif vals.get("is_kondo_member"):
                self._check_guarded(vals, allowed={"is_kondo_member", "company_id"})
        if vals.get("active") is False and self.filtered("is_kondo_member"):
            raise UserError(
                self.env._("A member's file is never archived: record the resignation, the exclusion or the death.")
            )
        if vals.get("is_kondo_member") and (new := self.filtered(lambda partner: not partner.is_kondo_member)):
            return new._become_members(vals) and (self - new).write(vals)
        if vals.get("is_kondo_member") is False and self.filtered("is_kondo_member"):
            raise UserError(self.env._("A member's file stays a member's file: record that he left."))
        vals = dict(vals)
        if "birth_date" in vals or "birth_precision" in vals:
            if len(self) > 1:
                return all(partner.write(vals) for partner in self)
            vals.setdefault("birth_date", self.birth_date)
            vals.setdefault("birth_precision", self.birth_precision)
        self._prepare_member_values(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_member(self):
        if self.filtered("is_kondo_member"):
            raise UserError(
                self.env._("A member's file is never deleted: record the resignation, the exclusion or the death.")
            )

    # ------------------------------------------------------------------ helpers
    def _become_members(self, vals):
        """Contacts that become members get a number each."""
        for partner in self:
            company = self.env["res.company"].browse(
                vals.get("company_id") or partner.company_id.id or self.env.company.id
            )
            values = {
                **vals,
                "company_id": company.id,
                "member_kind": vals.get("member_kind") or partner.member_kind or "individual",
                "member_state": vals.get("member_state") or "applicant",
                "applied_by_id": self.env.uid,
                "birth_date": vals.get("birth_date", partner.birth_date),
                "birth_precision": vals.get("birth_precision", partner.birth_precision),
            }
            self._prepare_member_values(values)
            if not values.get("member_number"):
                self._number_files(company, [values])
            super(ResPartner, partner).write(values)
            partner._check_kondo_file_access()
        return True

    @api.model
    def _number_files(self, company, vals_list):
        if company.sudo().kondo_kind != "caisse":
            raise ValidationError(
                self.env._("A member belongs to a caisse, not to the union: choose the caisse first.")
            )
        numbers = company.sudo()._kondo_next_member_numbers(len(vals_list))
        for vals, number in zip(vals_list, numbers, strict=True):
            vals["member_number"] = number

    @api.model
    def _prepare_member_values(self, vals):
        """Bring values to the form they are kept in."""
        if vals.get("member_kind"):
            vals["is_company"] = vals["member_kind"] != "individual"
        if vals.get("birth_date"):
            date = fields.Date.to_date(vals["birth_date"])
            vals["birth_date"] = self._middle(date, vals.get("birth_precision", "day"))

    @api.model
    def _middle(self, date, precision):
        if not date or precision not in ("month", "year"):
            return date
        date = date.replace(day=MIDDLE_OF_MONTH)
        return date.replace(month=MIDDLE_OF_YEAR[0], day=MIDDLE_OF_YEAR[1]) if precision == "year" else date

    def _check_kondo_file_access(self):
        """Refuse a change of a member's file by somebody who does not keep files."""
        if not self.env.su and self.filtered("is_kondo_member"):
            self.env["kondo.four.eyes"]._check_group(*FILE_ROLES)

    def _check_other_partner_access(self):
        """Our roles may write partners in order to keep members' files: nobody else's (an employee's, a supplier's)."""
        if self.env.su or self.env.user.has_group("base.group_partner_manager"):
            return
        if not self or self.filtered(lambda partner: not partner.is_kondo_member):
            self.env["kondo.four.eyes"]._check_group("group_administrator")

    def _check_guarded(self, vals, allowed=frozenset()):
        """Refuse number, status and dates from outside: a context or an RPC write is no way around an action."""
        if self.env.su:
            return
        for name in GUARDED.intersection(vals) - set(allowed):
            current = self._fields[name].convert_to_write(self[name], self) if len(self) == 1 else None
            if (vals[name] or False) != (current or False):
                raise UserError(
                    self.env._(
                        "“%(field)s” does not change by hand: use the buttons of the member's file.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    @api.private
    def _kondo_blocking_accounts(self):
        """Numbers of what keeps a member in his caisse (accounts, loans, guarantees): each room adds its own."""
        return []

    def get_formview_id(self, access_uid=None):
        """A member opens in the member's form wherever he is clicked."""
        if len(self) == 1 and self.sudo().is_kondo_member:
            return self.env.ref("kondo_microfinance.kondo_member_view_form").id
        return super().get_formview_id(access_uid)
