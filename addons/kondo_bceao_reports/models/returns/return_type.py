from odoo import api, fields, models

from ...engine.obligations import due_date

FREQUENCIES = [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")]


class KondoReturnType(models.Model):
    """A return that institutions owe: which forms it is made of, how often, by when, to whom.

    A reference of the whole network. How many months or days there are for filing is a dated parameter, named here.
    """

    _name = "kondo.return.type"
    _description = "Kind of return"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(required=True, default=10)
    active = fields.Boolean(default=True)
    form_codes = fields.Char(
        string="Forms", help="Codes of its forms, separated by commas. Empty: every form in force of the kinds below."
    )
    form_kinds = fields.Char(
        string="Kinds of forms",
        help="statement, annex, indicators, annual_table, ratios, performance, separated by commas.",
    )
    frequency = fields.Selection(FREQUENCIES, required=True, default="year")
    frequency_44 = fields.Selection(
        FREQUENCIES, string="Frequency under article 44", help="Empty: the same as for the others."
    )
    due_key = fields.Char(
        string="Parameter of the time to file", help="Key of a dated parameter: so many months, or days."
    )
    due_unit = fields.Selection([("months", "Months"), ("days", "Days")], required=True, default="months")
    scope = fields.Selection(
        [
            ("own", "Each institution its own"),
            ("network", "The union, consolidated"),
            ("both", "Each institution, and the union consolidated"),
        ],
        required=True,
        default="both",
        help="The texts ask an affiliated caisse for its own statements and the union for consolidated ones (DIMF 2900); "
        "some networks file through the union only. Follow what the authority accepts.",
    )
    deposit_taking = fields.Boolean(string="Deposit-taking only", help="Owed only by institutions that take deposits.")
    internal = fields.Boolean(help="For the institution itself: nobody outside is sent a copy.")
    legal_reference = fields.Char()
    note = fields.Text()
    addressee_ids = fields.One2many("kondo.return.addressee", "type_id", string="Addressees", copy=True)

    _once = models.UniqueIndex("(code)", "This kind of return already stands in the list.")

    @api.private
    def _frequency_on(self, company, date):
        """How often an institution owes it on a day."""
        self.ensure_one()
        return (company._article_44_on(date) and self.frequency_44) or self.frequency

    @api.private
    def _due_on(self, date):
        """The last day for filing the period that ends on `date`; that day itself when no parameter is named."""
        self.ensure_one()
        if not self.due_key:
            return date
        count = int(self.env["kondo.parameter"]._get(self.due_key, date))
        return due_date(date, **{self.due_unit: count})

    @api.private
    def _scopes_of(self, company):
        """ "caisse" for the institution's own books, "network" for the consolidated return of a union."""
        self.ensure_one()
        own, together = self.scope in ("own", "both"), self.scope in ("network", "both")
        if self.deposit_taking and not company.kondo_deposit_taking:
            return []
        return ["caisse"] * own + ["network"] * (together and company.kondo_kind == "union")

    @api.private
    def _forms_of(self, date, edition, frequency, scope):
        """Forms in force that the return is made of, in the order of their codes."""
        self.ensure_one()
        listed = self._listed(self.form_codes)
        kinds = self._listed(self.form_kinds)
        forms = self.env["kondo.form"]._at(date, edition).sudo().filtered(lambda form: form.scope in ("both", scope))
        if listed:
            return forms.filtered(lambda form: form.code in listed).sorted(lambda form: listed.index(form.code))
        return forms.filtered(
            lambda form: (
                form.kind in kinds
                and (self.internal or not form.frequency or frequency in self._listed(form.frequency))
            )
        )

    @staticmethod
    def _listed(text):
        return [item.strip() for item in (text or "").split(",") if item.strip()]
