from odoo import api, fields, models

from ....engine.formula import FormulaError, evaluate
from ....engine.rounding import half_up
from ...fields import Francs


class KondoLoanAnswer(models.Model):
    """What the officer found, line by line; formulas are counted from the other lines."""

    _name = "kondo.loan.answer"
    _description = "Answer of a visit"
    _order = "loan_id, section, sequence, id"
    _check_company_auto = True

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    question_id = fields.Many2one("kondo.loan.question", required=True, ondelete="restrict")
    section = fields.Selection(related="question_id.section", store=True)
    sequence = fields.Integer(related="question_id.sequence", store=True)
    kind = fields.Selection(related="question_id.kind")
    required = fields.Boolean(related="question_id.required")
    value = fields.Char(string="Answer")
    amount = Francs(string="Amount or number", compute="_compute_amount", store=True, readonly=False)
    filled = fields.Boolean(string="Answered")

    _one_answer = models.UniqueIndex("(loan_id, question_id)", "This question is on the form already.")

    # ------------------------------------------------------------------ computes
    @api.depends("question_id.formula", "loan_id.answer_ids.value", "loan_id.answer_ids.filled")
    def _compute_amount(self):
        """Lines of formulas, in an order in which each finds those it counts with."""
        for answer in self:
            if answer.kind != "formula":
                answer.amount = answer.amount or 0
        for loan in self.loan_id:
            formulas = loan.answer_ids.filtered(lambda answer: answer.kind == "formula")
            values = {a.question_id.code: a.amount for a in loan.answer_ids - formulas}
            for _round in formulas:
                for answer in formulas:
                    try:
                        answer.amount = half_up(evaluate(answer.question_id.formula, values))
                    except FormulaError:
                        answer.amount = 0
                    values[answer.question_id.code] = answer.amount

    # ------------------------------------------------------------------ write
    def write(self, vals):
        if {"value", "amount", "question_id"} & set(vals):
            self.loan_id._check_editable()
        result = super().write(vals)
        if {"value", "amount"} & set(vals) and "filled" not in vals:
            self.filtered(lambda answer: answer.kind != "formula").filled = True
        if "amount" in vals:
            self.loan_id._send_back(self.env._("the visit form"))
            self.loan_id.answer_ids.filtered(lambda answer: answer.kind == "formula")._compute_amount()
        return result
