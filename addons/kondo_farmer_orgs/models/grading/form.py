from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.grading import table_gap

PURPOSES = [("grading", "Grading of organisations"), ("scorecard", "Social scorecard")]
# What a confirmed sheet was made by.
FROZEN = frozenset(
    {
        "name", "purpose", "version", "company_id", "date_from", "threshold_a", "threshold_b", "threshold_c",
        "validity_months", "question_ids", "likelihood_ids",
    }
)  # fmt: skip


class KondoGradingForm(models.Model):
    """A questionnaire in one version: it grades organisations, or counts the points of a social scorecard.

    Once a sheet was confirmed with it, it no longer changes: a new version stands beside it, from its own day.
    """

    _name = "kondo.grading.form"
    _description = "Questionnaire"
    _inherit = ["mail.thread"]
    _order = "purpose, name, version desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    purpose = fields.Selection(PURPOSES, required=True, default="grading")
    version = fields.Integer(required=True, default=1, readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        string="Union",
        required=True,
        index=True,
        default=lambda self: self.env.company.sudo().root_id,
    )
    date_from = fields.Date(string="In use from", required=True, default=fields.Date.context_today, tracking=True)
    date_to = fields.Date(string="In use until", copy=False, tracking=True)
    source = fields.Text(help="Who made it, in which year, for which country: a scorecard is worth its survey.")
    own_score = fields.Boolean(
        string="The organisation scores itself", default=True, help="Its own answers stand beside the officer's."
    )
    threshold_a = fields.Float(string="A from (%)", digits=(16, 2), default=80)
    threshold_b = fields.Float(string="B from (%)", digits=(16, 2), default=65)
    threshold_c = fields.Float(string="C from (%)", digits=(16, 2), default=50, help="Below: D.")
    validity_months = fields.Integer(string="Valid for (months)", required=True, default=12)
    question_ids = fields.One2many("kondo.grading.question", "form_id", string="Questions", copy=True)
    likelihood_ids = fields.One2many("kondo.grading.likelihood", "form_id", string="Points and likelihood", copy=True)
    sheet_count = fields.Integer(compute="_compute_sheet_count")
    used = fields.Boolean(compute="_compute_sheet_count", help="A sheet was confirmed with it: it no longer changes.")

    _version_unique = models.UniqueIndex(
        "(company_id, purpose, (name->>'en_US'), version)", "This version is there already."
    )
    _sane = models.Constraint(
        "CHECK (threshold_a <= 100 AND threshold_a >= threshold_b AND threshold_b >= threshold_c AND threshold_c >= 0"
        " AND validity_months >= 1 AND version >= 1 AND (date_to IS NULL OR date_to >= date_from))",
        "Thresholds fall from A to C between 100 and 0; a version ends after it begins.",
    )

    # ------------------------------------------------------------------ computes
    def _compute_sheet_count(self):
        sheets = self.env["kondo.grading"].sudo()
        counts = dict(sheets._read_group([("form_id", "in", self.ids)], ["form_id"], ["__count"]))
        used = dict(
            sheets._read_group([("form_id", "in", self.ids), ("state", "=", "confirmed")], ["form_id"], ["__count"])
        )
        for form in self:
            form.sheet_count = counts.get(form._origin, 0)
            form.used = bool(used.get(form._origin))

    @api.depends("name", "version")
    def _compute_display_name(self):
        for form in self:
            form.display_name = f"{form.name} (v{form.version})" if form.name else ""

    # ------------------------------------------------------------------ constrains
    @api.constrains("purpose", "likelihood_ids")
    def _check_table(self):
        for form in self.filtered(lambda form: form.purpose == "scorecard" and form.likelihood_ids):
            table = [(row.score_from, row.score_to, row.percent) for row in form.likelihood_ids]
            gap = table_gap(table)
            if gap is not None:
                raise ValidationError(
                    self.env._("The table gives %(points)s points never or twice; it goes from 0 to 100.", points=gap)
                )

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        forms = super().create(vals_list)
        for form in forms:
            form.company_id.with_env(self.env)._check_visible()
        return forms

    def write(self, vals):
        if FROZEN.intersection(vals):
            self._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(form.sheet_count for form in self):
            raise UserError(self.env._("Sheets were filled with this questionnaire: end it instead."))

    def _check_unused(self):
        for form in self:
            if form.used:
                raise UserError(
                    self.env._(
                        "Sheets were confirmed with “%(name)s”: it no longer changes. Make a new version.",
                        name=form.display_name,
                    )
                )

    # ------------------------------------------------------------------ actions
    def action_new_version(self):
        """A version that may be changed, in use from today; this one ends on the eve."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_network_manager", "group_administrator")
        self.check_access("write")
        today = fields.Date.context_today(self)
        last = self.search(
            [("company_id", "=", self.company_id.id), ("purpose", "=", self.purpose), ("name", "=", self.name)],
            order="version desc",
            limit=1,
        )
        new = self.copy({"name": self.name, "version": last.version + 1, "date_from": today})
        if not self.date_to or self.date_to >= today:
            self.date_to = max(self.date_from, fields.Date.subtract(today, days=1))
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": new.id,
            "view_mode": "form",
        }

    def action_open_sheets(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "kondo.grading",
            "view_mode": "list,form",
            "domain": [("form_id", "=", self.id)],
        }

    # ------------------------------------------------------------------ helpers
    @api.model
    def _form_on(self, company, purpose, date):
        """The questionnaire of a network in use on a day: the latest that has begun; empty when there is none."""
        return self.search(
            [
                ("company_id", "=", company.sudo().root_id.id),
                ("purpose", "=", purpose),
                ("date_from", "<=", date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", date),
            ],
            order="date_from desc, version desc, id desc",
            limit=1,
        )
