from odoo import api, fields, models
from odoo.exceptions import UserError

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
    amount = Francs(string="Amount or number")
    value = fields.Char(string="Note", help="The answer in words, or what the officer adds to a figure.")
    yes_no = fields.Selection([("yes", "Yes"), ("no", "No")], string="Yes or no", help="In formulas yes is 1, no is 0.")
    counted = Francs(string="Amount counted", compute="_compute_counted", store=True, help="What formulas count with.")
    fault = fields.Char(compute="_compute_counted", store=True, help="Why the formula has no result.")
    filled = fields.Boolean(string="Answered", readonly=True)

    _one_answer = models.UniqueIndex("(loan_id, question_id)", "This question is on the form already.")

    # ------------------------------------------------------------------ computes
    @api.depends(
        "question_id.kind", "question_id.formula", "question_id.code", "loan_id.answer_ids.amount",
        "loan_id.answer_ids.yes_no",
    )  # fmt: skip
    def _compute_counted(self):
        """Every line of the forms concerned: a formula follows whatever it is counted from."""
        for loan in self.loan_id:
            answers = loan.answer_ids | self.filtered(lambda answer, loan=loan: answer.loan_id == loan)
            formulas = answers.filtered(lambda answer: answer.kind == "formula")
            values, faults = {}, {}
            for answer in answers - formulas:
                values[answer.question_id.code] = (
                    int(answer.yes_no == "yes") if answer.kind == "yes_no" else answer.amount
                )
            # exact values pass from formula to formula; a chain of them is as long as there are formulas
            for _round in formulas:
                for answer in formulas:
                    code = answer.question_id.code
                    try:
                        values[code], faults[code] = evaluate(answer.question_id.formula, values), False
                    except FormulaError as fault:
                        values[code], faults[code] = 0, str(fault)
            for answer in answers & self:
                code = answer.question_id.code
                answer.counted = half_up(values.get(code, 0))
                answer.fault = faults.get(code, False)
        for answer in self.filtered(lambda answer: not answer.loan_id):
            answer.counted, answer.fault = answer.amount, False

    @api.onchange("amount", "value", "yes_no")
    def _onchange_answer(self):
        self.filled = True

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        answers.loan_id._check_editable()
        return answers

    def write(self, vals):
        typed = {"value", "amount", "yes_no"}.intersection(vals)
        if {"loan_id", "question_id"} & set(vals):
            raise UserError(self.env._("A line of the visit form stays where it is: change its answer."))
        if typed:
            self.loan_id._check_editable()
            vals = {**vals, "filled": True}
        result = super().write(vals)
        if typed:
            self.loan_id._send_back(self.env._("the visit form"))
        return result

    def unlink(self):
        self.loan_id._check_editable()
        self.loan_id._send_back(self.env._("the visit form"))
        return super().unlink()
