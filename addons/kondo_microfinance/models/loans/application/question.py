import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....engine.formula import FUNCTIONS, FormulaError, names_in

KINDS = [
    ("amount", "Amount (F)"),
    ("number", "A number"),
    ("text", "Text"),
    ("yes_no", "Yes or no"),
    ("formula", "Counted by a formula"),
]


class KondoLoanQuestion(models.Model):
    """A line of the visit form: what the officer asks or notes in the village, or what is counted from it."""

    _name = "kondo.loan.question"
    _description = "Question of the visit form"
    _order = "section, sequence, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Union",
        required=True,
        index=True,
        default=lambda self: self.env.company.sudo().root_id,
    )
    name = fields.Char(string="Question", required=True, translate=True)
    code = fields.Char(required=True, help="How formulas name this line: small letters, digits and _.")
    section = fields.Selection(
        [("1_household", "Household"), ("2_activity", "Activity"), ("3_result", "Result")],
        required=True,
        default="2_activity",
    )
    kind = fields.Selection(KINDS, required=True, default="amount")
    formula = fields.Char(
        help="For instance: sales - purchases - transport. Other lines by their code; + - * / min max."
    )
    required = fields.Boolean(help="The file is not submitted without an answer.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    capacity = fields.Boolean(
        string="Capacity to repay", help="What this line says is left each month to pay an instalment."
    )
    product_ids = fields.Many2many("kondo.loan.product", string="Products", help="Empty: every product.")

    _code_unique = models.UniqueIndex("(company_id, code)", "Another question already has this code.")

    # ------------------------------------------------------------------ constraints
    @api.constrains("code")
    def _check_code(self):
        for question in self:
            if not re.fullmatch(r"[a-z][a-z0-9_]*", question.code) or question.code in FUNCTIONS:
                raise ValidationError(
                    self.env._("A code is made of small letters, digits and _, and begins with a letter.")
                )

    @api.constrains("kind", "formula", "code")
    def _check_formula(self):
        for question in self.filtered(lambda question: question.kind == "formula"):
            try:
                names = names_in(question.formula)
            except FormulaError as fault:
                raise ValidationError(
                    self.env._("The formula of “%(name)s” cannot be read: %(fault)s", name=question.name, fault=fault)
                ) from None
            known = self.search([("company_id", "=", question.company_id.id)]).mapped("code")
            unknown = sorted(set(names) - set(known))
            if unknown:
                raise ValidationError(
                    self.env._("The formula names what is no question: %(names)s", names=", ".join(unknown))
                )
            if question._counts_with_itself():
                raise ValidationError(
                    self.env._(
                        "The formula of “%(name)s” counts with itself, directly or through another formula.",
                        name=question.name,
                    )
                )

    def _counts_with_itself(self):
        """Whether following formulas from this one leads back to it."""
        formulas = self.search([("company_id", "=", self.company_id.id), ("kind", "=", "formula")])
        reads = {formula.code: names_in(formula.formula) for formula in formulas}
        seen, ahead = set(), list(reads.get(self.code, ()))
        while ahead:
            code = ahead.pop()
            if code == self.code:
                return True
            if code not in seen:
                seen.add(code)
                ahead += reads.get(code, ())
        return False
