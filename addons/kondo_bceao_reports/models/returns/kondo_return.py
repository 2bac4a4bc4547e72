from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_date

from odoo.addons.kondo_microfinance.models.ledger.database_rules import apply_rules
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key

from ...engine.obligations import period_start
from .database_rules import RETURN_RULES
from .obligation import SCOPES
from .return_type import FREQUENCIES

PREPARERS = ("group_accountant", "group_caisse_manager", "group_network_manager")
DECIDERS = ("group_caisse_manager", "group_network_manager")
STATES = [
    ("draft", "Draft"),
    ("computed", "Computed"),
    ("checked", "Checked"),
    ("validated", "Validated"),
    ("filed", "Filed"),
    ("replaced", "Replaced"),
]
FINAL = ("filed", "replaced")


class KondoReturn(models.Model):
    """What an institution, or a network, declares about a period: forms counted from the books, checked, filed, proved.

    One person has it computed, another validates it. Once filed its values, its formulas and what was typed in are kept
    with a hash and never change; a correction is a new return that says which one it replaces.
    """

    _name = "kondo.return"
    _description = "Return"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "date desc, type_id, company_id, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "company_id", "type_id", "scope", "frequency", "date_from", "date", "edition", "state", "form_ids", "layout",
            "computed_by_id", "computed_at", "checked_by_id", "checked_at", "validated_by_id", "validated_at",
            "filed_by_id", "filed_at", "replaces_id", "replaced_by_id", "replace_reason", "obligation_id",
            "compared_with_id", "frozen", "frozen_hash",
        }
    )  # fmt: skip
    _asked_fields = ("company_id", "type_id", "scope", "frequency", "date", "edition")

    company_id = fields.Many2one(
        "res.company",
        string="Caisse",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        domain="[('kondo_kind', '!=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    type_id = fields.Many2one("kondo.return.type", string="Return", required=True, ondelete="restrict", index=True)
    scope = fields.Selection(SCOPES, required=True, default="caisse")
    frequency = fields.Selection(FREQUENCIES, string="Period", required=True, default="year")
    date_from = fields.Date(string="From", compute="_compute_date_from", store=True, precompute=True)
    date = fields.Date(string="Period ends on", required=True, default=lambda self: self._default_date())
    edition = fields.Selection([("developed", "Developed"), ("light", "Light")], required=True, default="developed")
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", tracking=True, index=True)
    obligation_id = fields.Many2one("kondo.return.obligation", readonly=True, ondelete="restrict")
    due_date = fields.Date(related="obligation_id.due_date", string="File by")
    form_ids = fields.Many2many("kondo.form", string="Forms", readonly=True)
    layout = fields.Json(readonly=True, prefetch=False)
    cell_ids = fields.One2many("kondo.return.cell", "return_id", string="Cells", readonly=True)
    check_ids = fields.One2many("kondo.return.check", "return_id", string="Controls", readonly=True)
    input_ids = fields.One2many("kondo.return.input", "return_id", string="Typed in")
    explanation_ids = fields.One2many("kondo.return.explanation", "return_id", string="Explanations")
    sending_ids = fields.One2many("kondo.return.sending", "return_id", string="Copies")
    computed_by_id = fields.Many2one("res.users", string="Computed by", readonly=True, ondelete="restrict")
    computed_at = fields.Datetime(string="Computed on", readonly=True)
    checked_by_id = fields.Many2one("res.users", string="Checked by", readonly=True, ondelete="restrict")
    checked_at = fields.Datetime(string="Checked on", readonly=True)
    validated_by_id = fields.Many2one("res.users", string="Validated by", readonly=True, ondelete="restrict")
    validated_at = fields.Datetime(string="Validated on", readonly=True)
    filed_by_id = fields.Many2one("res.users", string="Filed by", readonly=True, ondelete="restrict")
    filed_at = fields.Datetime(string="Filed on", readonly=True, tracking=True)
    compared_with_id = fields.Many2one(
        "kondo.return",
        string="Compared with",
        readonly=True,
        ondelete="restrict",
        help="The return of the period before. Empty: the books of that period are counted again.",
    )
    replaces_id = fields.Many2one("kondo.return", string="Replaces", readonly=True, ondelete="restrict", index=True)
    replaced_by_id = fields.Many2one("kondo.return", string="Replaced by", readonly=True, ondelete="restrict")
    replace_reason = fields.Char(string="Why it replaces", readonly=True)
    frozen = fields.Text(readonly=True, prefetch=False, help="Values, formulas and their versions as they were filed.")
    frozen_hash = fields.Char(string="SHA-256", readonly=True)
    red_count = fields.Integer(string="Failed controls", compute="_compute_counts")
    missing_inputs = fields.Integer(string="Values to type in", compute="_compute_counts")
    missing_explanations = fields.Integer(string="Changes to explain", compute="_compute_counts")
    problem = fields.Text(string="What is missing", compute="_compute_problem")
    tables = fields.Html(string="Statements", compute="_compute_tables", sanitize=False)

    _one_begun = models.UniqueIndex(
        "(company_id, type_id, scope, frequency, date) WHERE state NOT IN ('filed', 'replaced')",
        "This return is already being prepared.",
    )
    _one_filed = models.UniqueIndex(
        "(company_id, type_id, scope, frequency, date) WHERE state = 'filed'",
        "This return is already filed: a correction replaces it.",
    )

    def init(self):
        apply_rules(self.env, self._table, RETURN_RULES, ("kondo_return_frozen", "kondo_return_no_truncate"))

    def _default_date(self):
        """The last day of the year that ended last."""
        return fields.Date.subtract(fields.Date.start_of(fields.Date.context_today(self), "year"), days=1)

    @api.depends("date", "frequency")
    def _compute_date_from(self):
        for record in self:
            try:
                record.date_from = record.date and period_start(record.date, record.frequency)
            except ValueError:
                record.date_from = False

    @api.depends("type_id", "date", "company_id", "scope")
    def _compute_display_name(self):
        for record in self:
            ends = format_date(self.env, record.date) if record.date else ""
            names = [record.type_id.name or "", ends, record.company_id.sudo().name or ""]
            if record.scope == "network":
                names.append(self.env._("consolidated"))
            record.display_name = " · ".join(filter(None, names))

    @api.depends("check_ids.state", "input_ids.complete", "explanation_ids.text")
    def _compute_counts(self):
        for record in self:
            red = record.check_ids.filtered(lambda check: check.state == "failed")
            record.red_count = len(red)
            record.missing_inputs = len(record.input_ids.filtered(lambda one: not one.complete))
            record.missing_explanations = len(record.explanation_ids.filtered(lambda one: not one.complete))

    @api.depends("state", "check_ids.state", "input_ids.complete", "explanation_ids.text")
    def _compute_problem(self):
        for record in self:
            waiting = record.id and record.state in ("computed", "checked")
            record.problem = "\n".join(record._problems()) if waiting else False

    @api.constrains("date", "frequency")
    def _check_period(self):
        for record in self:
            if not record.date_from:
                raise ValidationError(self.env._("No period of that length ends on this day."))

    # ------------------------------------------------------------------ create, write, unlink
    @api.onchange("type_id", "company_id")
    def _onchange_type(self):
        """Frequency and edition as the institution's profile has them."""
        if self.type_id and self.company_id:
            self.frequency = self.type_id._frequency_on(self.company_id, self.date or fields.Date.context_today(self))
            self.edition = self.company_id.sudo().root_id.kondo_return_edition

    @api.model_create_multi
    def create(self, vals_list):
        if has_ledger_key(self.env):
            return super().create(vals_list)
        self.env["kondo.four.eyes"]._check_group(*PREPARERS)
        prepared = []
        for vals in vals_list:
            self._refuse_guarded(name for name in vals if vals[name] and name not in (*self._asked_fields, "state"))
            prepared.append(self._begun(vals))
        records = super(KondoReturn, self._keyed()).create(prepared).with_env(self.env)
        records._lay_out()
        return records

    @api.model
    def _begun(self, vals):
        """The values of a draft: the institution is the user's, the period is over, nobody has filed it."""
        company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
        company._check_visible()
        kind = self.env["kondo.return.type"].browse(vals.get("type_id"))
        scope = vals.get("scope") or "caisse"
        date = fields.Date.to_date(vals.get("date")) or self._default_date()
        if not company.sudo().kondo_kind:
            raise UserError(self.env._("Choose the caisse."))
        if scope == "network" and company.sudo().kondo_kind != "union":
            raise UserError(self.env._("A consolidated return is that of the union."))
        if date > fields.Date.context_today(self):
            raise UserError(self.env._("The period is not over yet."))
        values = {
            **{name: vals[name] for name in vals if name in self._asked_fields},
            "company_id": company.id,
            "scope": scope,
            "date": date,
            "frequency": vals.get("frequency") or kind._frequency_on(company, date),
            "edition": vals.get("edition") or company.sudo().root_id.kondo_return_edition,
            "state": "draft",
        }
        period = [(name, "=", values[name]) for name in ("company_id", "scope", "frequency", "date")]
        period.append(("type_id", "=", kind.id))
        if self.sudo().search_count([*period, ("state", "=", "filed")], limit=1):
            raise UserError(self.env._("This return is already filed: a correction replaces it."))
        values["obligation_id"] = self.env["kondo.return.obligation"].sudo().search(period, limit=1).id
        return values

    @api.private
    def _lay_out(self):
        """What is to be typed in, whom it is sent to, its place in the calendar."""
        for record in self:
            record._lay_out_forms()
            self.env["kondo.return.sending"].sudo()._lay_out(record)
            if record.obligation_id and not record.replaces_id:
                record.sudo().obligation_id._set(return_id=record.id)

    @api.private
    def _keyed(self):
        return self.with_context(kondo_ledger=LEDGER)

    def write(self, vals):
        """Of a filed return only its conversation and the proofs of its delivery go on."""
        if not has_ledger_key(self.env) and any(record.state in FINAL for record in self):
            if not all(name == "sending_ids" or name.startswith(("message_", "activity_")) for name in vals):
                raise AccessError(self.env._("A return that was filed never changes: a correction replaces it."))
        return super().write(vals)

    def unlink(self):
        if any(record.state in FINAL or record.validated_at for record in self):
            raise AccessError(self.env._("A return that was validated is kept."))
        self.env["kondo.four.eyes"]._check_group(*PREPARERS)
        return super().unlink()

    # ------------------------------------------------------------------ helpers
    @api.private
    def _open_transition(self, states, *groups):
        """Check role, institution and state, with the row locked."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*groups)
        self.check_access("read")
        self.company_id._check_visible()
        self.env.flush_all()
        self.env.cr.execute("SELECT state FROM kondo_return WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        self.invalidate_recordset()
        if self.state not in states:
            raise UserError(self.env._("The return is no longer in that state. Reload the page."))

    @api.private
    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)

    @api.private
    def _companies(self):
        """The institution, or the union and all its caisses."""
        self.ensure_one()
        company = self.sudo().company_id
        if self.scope == "caisse":
            return company
        return company.search([("id", "child_of", company.id), ("kondo_kind", "!=", False)], order="id")
