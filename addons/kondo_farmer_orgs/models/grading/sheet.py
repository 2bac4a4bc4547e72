from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key
from odoo.addons.kondo_microfinance.models.loans.product_settings import exact_rate

from ...engine.grading import grade_of, weighted_score
from ...engine.grading import likelihood as likelihood_of

GRADES = [("a", "A"), ("b", "B"), ("c", "C"), ("d", "D")]
# What may still be added to a confirmed sheet: the conversation around it.
LOOSE = frozenset({"message_ids", "message_follower_ids", "message_main_attachment_id"})


class KondoGrading(models.Model):
    """A filled questionnaire: the officer's answers and the organisation's own beside them, a score, a grade.

    Draft until a second person confirms it; then nothing of it changes and it holds until its last day.
    """

    _name = "kondo.grading"
    _description = "Filled questionnaire"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "graded_on desc, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "state",
            "final_score",
            "final_own_score",
            "grade",
            "likelihood",
            "valid_until",
            "confirmed_by_id",
            "confirmed_on",
        }
    )

    partner_id = fields.Many2one(
        "res.partner",
        string="Organisation or member",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('is_kondo_member', '=', True)]",
    )
    person_id = fields.Many2one(
        "kondo.org.person", string="Person", index="btree_not_null", ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Caisse",
        compute="_compute_company",
        store=True,
        precompute=True,
        required=True,
        index=True,
    )
    form_id = fields.Many2one(
        "kondo.grading.form", string="Questionnaire", required=True, ondelete="restrict", index=True
    )
    purpose = fields.Selection(related="form_id.purpose", store=True, precompute=True, index=True)
    own_wanted = fields.Boolean(related="form_id.own_score")
    graded_on = fields.Date(string="On", required=True, default=lambda self: self._today(), tracking=True)
    officer_id = fields.Many2one("res.users", string="Filled by", required=True, default=lambda self: self.env.user)
    answered_by = fields.Char(string="Answered for the organisation", help="Who was there: president, treasurer…")
    note = fields.Text(string="Strong and weak points")
    line_ids = fields.One2many("kondo.grading.line", "grading_id", string="Questions")
    state = fields.Selection(
        [("draft", "Draft"), ("confirmed", "Confirmed")], required=True, readonly=True, default="draft", tracking=True,
        index=True, copy=False,
    )  # fmt: skip
    score = fields.Float(string="Officer's score", digits=(16, 2), compute="_compute_score", aggregator=None)
    own_score = fields.Float(string="Own score", digits=(16, 2), compute="_compute_score", aggregator=None)
    expected_grade = fields.Selection(GRADES, string="Grade by this score", compute="_compute_score")
    final_score = fields.Float(string="Score", digits=(16, 2), readonly=True, copy=False, aggregator=None)
    final_own_score = fields.Float(digits=(16, 2), readonly=True, copy=False, aggregator=None)
    grade = fields.Selection(GRADES, readonly=True, copy=False, tracking=True, index=True)
    likelihood = fields.Float(string="Likelihood (%)", digits=(16, 2), readonly=True, copy=False, aggregator="avg")
    valid_until = fields.Date(readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", string="Confirmed by", readonly=True, copy=False)
    confirmed_on = fields.Date(readonly=True, copy=False)

    _somebody = models.Constraint(
        "CHECK ((partner_id IS NULL) <> (person_id IS NULL))", "A sheet is about one member or one person."
    )

    # ------------------------------------------------------------------ defaults, computes
    def _today(self):
        return self.env.company.sudo().business_date or fields.Date.context_today(self)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "form_id" in fields_list and not values.get("form_id"):
            purpose = self.env.context.get("purpose", "grading")
            form = self.env["kondo.grading.form"]._form_on(self.env.company, purpose, self._today())
            values["form_id"] = form.id
        return values

    @api.depends("partner_id.company_id", "person_id.company_id")
    def _compute_company(self):
        for sheet in self:
            sheet.company_id = (sheet.partner_id or sheet.person_id).company_id

    @api.depends("partner_id.name", "person_id.name", "graded_on")
    def _compute_display_name(self):
        for sheet in self:
            name = sheet.partner_id.name or sheet.person_id.name or ""
            sheet.display_name = f"{name} · {sheet.graded_on:%d/%m/%Y}" if sheet.graded_on else name

    @api.depends(
        "state", "form_id", "line_ids.officer_answer_id", "line_ids.own_answer_id", "final_score", "final_own_score"
    )
    def _compute_score(self):
        """While it is a draft, of what is answered so far; afterwards what was confirmed."""
        for sheet in self:
            if sheet.state == "confirmed":
                sheet.score, sheet.own_score = sheet.final_score, sheet.final_own_score
                sheet.expected_grade = sheet.grade
                continue
            sheet.score = sheet._scored("officer_answer_id")
            own = sheet.line_ids.filtered(lambda line: line.kind == "choice" and line.own_answer_id)
            sheet.own_score = sheet._scored("own_answer_id") if own else 0
            complete = sheet.line_ids and all(line.officer_answer_id for line in sheet.line_ids)
            sheet.expected_grade = sheet._graded(sheet.score) if complete and sheet.purpose == "grading" else False

    def _scored(self, column):
        """Points of the answers of a column: 0 to 100 by weights, or the plain sum of a scorecard."""
        lines = self.line_ids.filtered(column)
        if self.purpose == "scorecard":
            return sum(line[column].points for line in lines)
        return float(
            weighted_score(
                (exact_rate(line.question_id.weight), line[column].points, line.question_id.best) for line in lines
            )
        )

    def _graded(self, score):
        form = self.form_id
        return grade_of(score, form.threshold_a, form.threshold_b, form.threshold_c)

    # ------------------------------------------------------------------ constrains
    @api.constrains("partner_id", "form_id", "graded_on", "company_id")
    def _check_subject(self):
        for sheet in self:
            if sheet.form_id.purpose == "grading" and not sheet.partner_id.is_organisation:
                raise ValidationError(self.env._("Only an organisation is graded: choose it, or give it a legal form."))
            if sheet.form_id.company_id != sheet.company_id.sudo().root_id:
                raise ValidationError(self.env._("This questionnaire is another network's."))
            if sheet.graded_on > sheet.company_id.sudo().business_date:
                raise ValidationError(self.env._("The day of the visit is not in the future."))

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        sheets = super().create(vals_list)
        for sheet in sheets:
            sheet.company_id.with_env(self.env)._check_visible()
            known = sheet.line_ids.question_id
            self.env["kondo.grading.line"].create(
                [
                    {"grading_id": sheet.id, "question_id": question.id}
                    for question in sheet.form_id.question_ids - known
                ]
            )
            sheet._count_lines()
        return sheets

    def write(self, vals):
        if not has_ledger_key(self.env):
            if set(vals) - LOOSE:
                self._check_draft()
            if "form_id" in vals and any(sheet.form_id.id != vals["form_id"] for sheet in self):
                raise UserError(self.env._("A sheet keeps its questionnaire: begin another one."))
        result = super().write(vals)
        if "graded_on" in vals or "partner_id" in vals:
            self._count_lines()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self._check_draft()

    def _check_draft(self):
        if any(sheet.state == "confirmed" for sheet in self):
            raise UserError(self.env._("This sheet is confirmed: it no longer changes. Fill a new one."))

    # ------------------------------------------------------------------ actions
    def action_count(self):
        """Count again what the system answers by itself."""
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        self.check_access("write")
        self._check_draft()
        self._count_lines()

    def action_confirm(self):
        """A manager who did not fill the sheet confirms it: score, grade and validity are fixed."""
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        for sheet in self:
            sheet.company_id.with_env(self.env)._check_visible()
            sheet.check_access("read")
            self.env["kondo.four.eyes"]._check_second_person(
                sheet.officer_id | sheet.create_uid,
                self.env._("You filled this sheet: another manager confirms it."),
            )
            sheet.sudo().lock_for_update()
            sheet._check_draft()
            sheet.sudo()._confirm()

    @api.private
    def _confirm(self):
        """Fix the figures of a complete sheet; UserError naming the questions that lack an answer."""
        self.ensure_one()
        self._count_lines()
        missing = self.line_ids.filtered(lambda line: not line.officer_answer_id)
        if missing or not self.line_ids:
            raise UserError(
                self.env._("Answer first: %(questions)s.", questions=", ".join(missing.question_id.mapped("name")))
            )
        own = self.line_ids.filtered(lambda line: line.kind == "choice" and line.own_answer_id)
        if own and any(not line.own_answer_id for line in self.line_ids):
            raise UserError(
                self.env._("The organisation answered some questions only: enter all its answers, or none.")
            )
        values = {"final_score": self._scored("officer_answer_id")}
        values["final_own_score"] = self._scored("own_answer_id") if own else 0
        if self.purpose == "grading":
            values["grade"] = self._graded(values["final_score"])
        else:
            if values["final_score"] > 100:
                raise UserError(self.env._("The answers come to more than 100 points: look at the questionnaire."))
            table = [(row.score_from, row.score_to, row.percent) for row in self.form_id.likelihood_ids]
            values["likelihood"] = likelihood_of(values["final_score"], table) or 0
        self.with_context(kondo_ledger=LEDGER).write(
            {
                **values,
                "state": "confirmed",
                "valid_until": fields.Date.subtract(
                    fields.Date.add(self.graded_on, months=self.form_id.validity_months), days=1
                ),
                "confirmed_by_id": self.env.uid if self.env.uid else False,
                "confirmed_on": self._today(),
            }
        )
