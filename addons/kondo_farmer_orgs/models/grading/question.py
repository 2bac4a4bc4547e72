from odoo import api, fields, models

SECTIONS = [
    ("1_governance", "Governance"),
    ("2_accounts", "Accounts"),
    ("3_campaigns", "Past campaigns"),
    ("4_delivery", "Delivery"),
    ("5_arrears", "Arrears"),
    ("6_household", "Household"),
]
MEASURES = [
    ("paid_on_time", "Share of what fell due that was paid on its day, over two years (%)"),
    ("days_late", "Days late now, of its worst loan"),
    ("loans_repaid", "Loans repaid to the end"),
    ("loans_lost", "Loans written off"),
    ("meetings_held", "General meetings held in the last 12 months"),
    ("years", "Years since it was founded"),
    ("people", "Number of people"),
    ("women_share", "Share of women (%)"),
    ("youth_share", "Share of young people (%)"),
]


class KondoGradingQuestion(models.Model):
    """A question with its possible answers; a counted one is answered from the books."""

    _name = "kondo.grading.question"
    _description = "Question of a questionnaire"
    _order = "form_id, section, sequence, id"
    _check_company_auto = True

    form_id = fields.Many2one("kondo.grading.form", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="form_id.company_id", string="Union", store=True, precompute=True, required=True, index=True
    )
    sequence = fields.Integer(default=10)
    section = fields.Selection(SECTIONS, required=True, default="1_governance")
    name = fields.Char(string="Question", required=True, translate=True)
    weight = fields.Float(digits=(16, 2), required=True, default=1, help="In a scorecard the points alone count.")
    kind = fields.Selection(
        [("choice", "Asked"), ("counted", "Counted by the system")], required=True, default="choice"
    )
    measure = fields.Selection(MEASURES, string="What is counted")
    answer_ids = fields.One2many("kondo.grading.answer", "question_id", string="Answers", copy=True)
    best = fields.Integer(string="Most points", compute="_compute_best")

    _sane = models.Constraint("CHECK (weight >= 0)", "A weight is not negative.")
    _measured = models.Constraint(
        "CHECK (kind <> 'counted' OR measure IS NOT NULL)", "Say what a counted question counts."
    )

    @api.depends("answer_ids.points")
    def _compute_best(self):
        for question in self:
            question.best = max(question.answer_ids.mapped("points"), default=0)

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        questions = super().create(vals_list)
        questions.form_id._check_unused()
        return questions

    def write(self, vals):
        self.form_id._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.form_id._check_unused()


class KondoGradingAnswer(models.Model):
    """A possible answer and its points; of a counted question, from which value on it holds."""

    _name = "kondo.grading.answer"
    _description = "Answer of a questionnaire"
    _order = "question_id, sequence, id"
    _check_company_auto = True

    question_id = fields.Many2one("kondo.grading.question", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="question_id.company_id", string="Union", store=True, precompute=True, required=True, index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Answer", required=True, translate=True)
    points = fields.Integer(required=True, default=0)
    from_value = fields.Float(string="From", digits=(16, 2), help="Counted questions: this value and above.")
    unknown = fields.Boolean(string="Nothing to count", help="For instance no loan yet.")

    _sane = models.Constraint("CHECK (points BETWEEN 0 AND 100)", "An answer gives 0 to 100 points.")

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        answers.question_id.form_id._check_unused()
        return answers

    def write(self, vals):
        self.question_id.form_id._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.question_id.form_id._check_unused()
