from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine.coverage import coverage
from ...engine.facts import Balance, Facts
from ...engine.form import faults_of, form_from
from ...engine.formula import Account, parse, walk

KINDS = [
    ("statement", "Financial statement"),
    ("annex", "Annex"),
    ("indicators", "Periodic indicators"),
    ("annual_table", "Table of the annual report"),
    ("ratios", "Prudential ratios"),
    ("performance", "Performance indicators"),
]
EDITIONS = [("developed", "Developed"), ("light", "Light"), ("both", "Both")]
SCOPES = [("both", "Both"), ("caisse", "The institution"), ("network", "Network, consolidated")]
CONFIDENCES = [("good", "Good"), ("medium", "Medium"), ("low", "Low: to confirm")]
KEEPERS = ("group_accountant", "group_network_manager", "group_administrator")


class KondoForm(models.Model):
    """A form of a regulator, as data: what it counts, how it is laid out, from when to when it is in force.

    A new instruction is a new version beside the old one; a filed return keeps the formulas it was counted with. Forms are
    those of the whole network: people of the union change them.
    """

    _name = "kondo.form"
    _description = "Form of a return"
    _inherit = ["mail.thread"]
    _order = "code, date_from desc, edition"
    _rec_names_search = ["code", "title"]

    code = fields.Char(required=True, index=True)
    version = fields.Char(required=True, tracking=True)
    edition = fields.Selection(EDITIONS, required=True, default="both", tracking=True)
    title = fields.Char(required=True)
    scope = fields.Selection(SCOPES, string="Declared by", required=True, default="both")
    kind = fields.Selection(KINDS, required=True, default="statement")
    legal_reference = fields.Char(tracking=True)
    date_from = fields.Date(string="In force from", required=True, tracking=True)
    date_to = fields.Date(string="In force until", tracking=True)
    unit = fields.Integer(string="Francs per unit", required=True, default=1, help="1000: the form is in thousands.")
    document = fields.Char(string="Document code", help="Printed in the title block, such as AA0 or RA0.")
    frequency = fields.Char(help="year, quarter, month, separated by commas.")
    covers = fields.Char(
        string="Classes covered", help="Beginnings of account numbers that must each fall on exactly one line."
    )
    outside = fields.Char(string="Outside the form", help="Beginnings of account numbers that fall on no line.")
    confidence = fields.Selection(CONFIDENCES, required=True, default="medium", tracking=True)
    note = fields.Text()
    signatures = fields.Char(help="Who signs, separated by semicolons.")
    layout = fields.Json(required=True)
    line_ids = fields.One2many("kondo.form.line", "form_id", copy=True)
    line_count = fields.Integer(compute="_compute_counts")
    to_confirm = fields.Integer(string="Lines to confirm", compute="_compute_counts")
    edited = fields.Boolean(readonly=True, copy=False, help="Changed here: an update of the add-on leaves it alone.")
    digest = fields.Char(readonly=True, copy=False)

    _once = models.UniqueIndex("(code, version, edition)", "This version of the form already stands in the list.")
    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "A form ends after the day from which it is in force."
    )

    @api.depends("code", "version", "edition", "title")
    def _compute_display_name(self):
        for form in self:
            form.display_name = f"{form.code} · {form.title} ({form.version})" if form.code else False

    @api.depends("line_ids.confidence", "line_ids.confirmed_on")
    def _compute_counts(self):
        for form in self:
            form.line_count = len(form.line_ids)
            form.to_confirm = len(
                form.line_ids.filtered(lambda line: line.confidence != "sourced" and not line.confirmed_on)
            )

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self._check_keeper()
        return super().create(vals_list)

    def write(self, vals):
        self._check_keeper()
        if not self.env.context.get("kondo_form_shipped") and not {"edited"}.issuperset(vals):
            vals = {**vals, "edited": True}
        return super().write(vals)

    def unlink(self):
        self._check_keeper()
        return super().unlink()

    @api.private
    def _check_keeper(self):
        """Forms are the network's: an accountant, manager or administrator of the union changes them."""
        if self.env.su:
            return
        user = self.env.user
        keeper = any(user.has_group(f"kondo_microfinance.{group}") for group in KEEPERS)
        if not keeper or "union" not in user.sudo()._kondo_companies().mapped("kondo_kind"):
            raise AccessError(self.env._("The forms of the returns are kept by the accountant of the union."))

    # ------------------------------------------------------------------ actions
    def action_new_version(self):
        """A copy that holds from a later day; this version ends on the eve of it."""
        self.ensure_one()
        self._check_keeper()
        day = fields.Date.context_today(self)
        if self.date_to:
            raise UserError(self.env._("This version already has an end: start from the one in force."))
        if day <= self.date_from:
            raise UserError(self.env._("This version is not in force yet."))
        newer = self.copy({"version": f"{self.version}-{day:%Y-%m-%d}", "date_from": day, "edited": True})
        self.date_to = fields.Date.subtract(day, days=1)
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": newer.id, "view_mode": "form",
            "views": [(False, "form")],
        }  # fmt: skip

    def action_verify(self):
        """Read every formula together with those of the other forms in force; UserError lists what is wrong."""
        for form in self:
            edition = "developed" if form.edition == "both" else form.edition
            forms = self._engine_forms(form.date_to or fields.Date.context_today(self), edition) | {
                form.code: form._engine()
            }
            faults = [fault for fault in faults_of(forms) if fault[0] == form.code]
            if faults:
                raise UserError(
                    "\n".join(
                        f"{part} {line} ({column}) : {self._said(error)}" for _form, part, line, column, error in faults
                    )
                )
            unknown = form._unknown_accounts()
            never, twice = form._misplaced_accounts()
        message = self.env._("Every formula can be read and counted.")
        if unknown:
            message += " " + self.env._("No account of the chart begins with: %(codes)s.", codes=", ".join(unknown))
        if never:
            message += " " + self.env._("On no line: %(codes)s.", codes=", ".join(never))
        if twice:
            message += " " + self.env._("On several lines: %(codes)s.", codes=", ".join(twice))
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {"type": "warning" if unknown or never or twice else "success", "message": message,
                "sticky": bool(unknown or never or twice)},
        }  # fmt: skip

    def _unknown_accounts(self):
        """Beginnings of account numbers in the formulas that no account of the chart has; not an error, but to be seen."""
        self.ensure_one()
        codes = self._chart_codes()
        prefixes = {
            node.prefix
            for cell in self.line_ids.cell_ids
            for node in walk(parse(cell.formula))
            if isinstance(node, Account)
        }
        return sorted(prefix for prefix in prefixes if not any(code.startswith(prefix) for code in codes))

    def _misplaced_accounts(self):
        """Accounts of the chart that the form counts never, and more than once, whichever side their balance has."""
        self.ensure_one()
        form, never, twice = self._engine(), set(), set()
        if form.covers:
            for franc in (Balance(debit=1), Balance(credit=1)):
                for gap in coverage(form, Facts(closing=dict.fromkeys(self._chart_codes(), franc))):
                    (twice if gap.lines else never).add(gap.code)
        return sorted(never), sorted(twice)

    def _chart_codes(self):
        root = self.env.company.sudo().root_id
        return list(filter(None, self.env["account.account"].sudo().with_company(root).search([]).mapped("code")))

    @api.model
    def _said(self, error):
        """A fault of a formula in the user's words."""
        reasons = {
            "syntax": self.env._("it cannot be read: %(what)s", what=error.what),
            "function": self.env._("there is no function “%(what)s”", what=error.what),
            "arguments": self.env._("wrong number of values in %(what)s", what=error.what),
            "months": self.env._("months are written 1.0, 3.0, 6.0, 12.0, 24.0, 36.0, 60.0 or 120.0: %(what)s", what=error.what),
            "unknown_line": self.env._("there is no line %(what)s", what=error.what),
            "unknown_column": self.env._("there is no column %(what)s", what=error.what),
            "cycle": self.env._("the line needs itself: %(what)s", what=error.what),
            "depth": self.env._("too many brackets: %(what)s", what=error.what),
        }  # fmt: skip
        return reasons[error.reason]

    # ------------------------------------------------------------------ for returns
    @api.model
    @api.private
    def _at(self, date, edition):
        """The forms in force on a day, of an edition ("developed" or "light"): the newest version of each code."""
        found = self.sudo().search(
            [
                ("date_from", "<=", date),
                "|", ("date_to", "=", False), ("date_to", ">=", date),
                ("edition", "in", (edition, "both")),
            ],
            order="code, date_from, id",
        )  # fmt: skip
        newest = {form.code: form.id for form in found}
        return self.browse(newest.values())

    @api.model
    @api.private
    def _engine_forms(self, date, edition):
        """{code: engine Form} of the forms in force."""
        forms = self._at(date, edition).sudo()
        forms.line_ids.cell_ids.mapped("formula")  # one query for all forms
        return {form.code: form._engine() for form in forms}

    @api.private
    def _engine(self):
        """The form as the engine reads it."""
        self.ensure_one()
        header = {
            "code": self.code,
            "version": self.version,
            "title": self.title,
            "unit": self.unit,
            "covers": self._listed(self.covers),
            "outside": self._listed(self.outside),
            "parts": self.layout["parts"],
        }
        return form_from(header, [line._row() for line in self.line_ids])

    @staticmethod
    def _listed(text):
        return [item.strip() for item in (text or "").split(",") if item.strip()]

    @api.constrains("layout")
    def _check_layout(self):
        for form in self:
            for part in form.layout.get("parts", ()):
                if not part.get("code") or not part.get("columns"):
                    raise ValidationError(self.env._("A part of a form has a code and at least one column."))
