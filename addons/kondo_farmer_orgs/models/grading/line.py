from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KondoGradingLine(models.Model):
    """A question of a sheet: what the officer found, what the organisation says of itself, what the system counted."""

    _name = "kondo.grading.line"
    _description = "Question of a sheet"
    _order = "grading_id, section, sequence, id"
    _check_company_auto = True

    grading_id = fields.Many2one("kondo.grading", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="grading_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    question_id = fields.Many2one("kondo.grading.question", required=True, ondelete="restrict", index=True)
    section = fields.Selection(related="question_id.section", store=True, precompute=True)
    sequence = fields.Integer(related="question_id.sequence", store=True, precompute=True)
    kind = fields.Selection(related="question_id.kind")
    officer_answer_id = fields.Many2one(
        "kondo.grading.answer", string="Officer", ondelete="restrict", domain="[('question_id', '=', question_id)]"
    )
    own_answer_id = fields.Many2one(
        "kondo.grading.answer", string="Organisation", ondelete="restrict", domain="[('question_id', '=', question_id)]"
    )
    officer_points = fields.Integer(string="Points", related="officer_answer_id.points")
    own_points = fields.Integer(string="Own points", related="own_answer_id.points")
    counted = fields.Float(string="Counted", digits=(16, 2), readonly=True)
    counted_text = fields.Char(string="Counted by the system", compute="_compute_counted_text")
    differs = fields.Boolean(compute="_compute_differs")
    remark = fields.Char()

    _once = models.UniqueIndex("(grading_id, question_id)", "This question is on the sheet already.")

    @api.depends("counted", "officer_answer_id", "kind")
    def _compute_counted_text(self):
        for line in self:
            known = line.kind == "counted" and line.officer_answer_id and not line.officer_answer_id.unknown
            line.counted_text = f"{line.counted:.1f}".removesuffix(".0").replace(".", ",") if known else False

    @api.depends("officer_answer_id", "own_answer_id")
    def _compute_differs(self):
        for line in self:
            line.differs = bool(
                line.own_answer_id and line.officer_answer_id and line.own_answer_id != line.officer_answer_id
            )

    # ------------------------------------------------------------------ constrains
    @api.constrains("officer_answer_id", "own_answer_id", "question_id")
    def _check_answers(self):
        for line in self:
            if (line.officer_answer_id | line.own_answer_id).question_id - line.question_id:
                raise ValidationError(
                    self.env._("This is no answer to “%(question)s”.", question=line.question_id.name)
                )
            if line.question_id.form_id != line.grading_id.form_id:
                raise ValidationError(self.env._("This question is of another questionnaire."))

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.grading_id._check_draft()
        return lines

    def write(self, vals):
        self.grading_id._check_draft()
        if {"officer_answer_id", "own_answer_id", "counted"}.intersection(vals) and not self.env.context.get(
            "kondo_counting"
        ):
            counted = self.filtered(lambda line: line.kind == "counted")
            if counted:
                raise ValidationError(
                    self.env._("“%(question)s” is counted by the system.", question=counted[0].question_id.name)
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self.grading_id._check_draft()
