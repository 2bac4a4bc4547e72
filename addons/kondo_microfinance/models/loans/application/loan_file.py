from odoo import api, fields, models

from ...fields import Francs

RELATED = [
    ("none", "No"),
    ("elected", "Member of a governing body"),
    ("manager", "Manager"),
    ("staff", "Staff"),
    ("relative", "Relative of one of these"),
]
OPINIONS = [("favourable", "Favourable"), ("reserved", "With reservations"), ("unfavourable", "Unfavourable")]


class KondoLoan(models.Model):
    """What a file holds beside its terms: visit, people, pledges, papers, credit bureau, opinion."""

    _inherit = "kondo.loan"

    # Visit
    visited_on = fields.Date(string="Visited on")
    visited_place = fields.Char(string="Place of the visit")
    answer_ids = fields.One2many("kondo.loan.answer", "loan_id", string="Visit form")
    capacity = Francs(string="Left each month", compute="_compute_capacity", help="By the visit form: what may repay.")
    capacity_ratio = fields.Float(string="Instalment / what is left (%)", digits=(16, 1), compute="_compute_capacity")

    # People, pledges and papers
    coborrower_ids = fields.Many2many(
        "res.partner", "kondo_loan_coborrower_rel", "loan_id", "partner_id", string="Co-borrowers",
        domain="[('is_kondo_member', '=', True), ('company_id', '=', company_id), ('id', '!=', partner_id)]",
    )  # fmt: skip
    guarantor_ids = fields.One2many("kondo.loan.guarantor", "loan_id", string="Guarantors")
    collateral_ids = fields.One2many("kondo.loan.collateral", "loan_id", string="Collateral")
    document_ids = fields.One2many("kondo.loan.document", "loan_id", string="Documents")
    guarantor_total = fields.Integer(string="Answered for by guarantors", compute="_compute_guarantees")
    collateral_total = fields.Integer(string="Collateral counted", compute="_compute_guarantees")

    # Credit bureau
    bureau_consent_on = fields.Date(string="Consent signed on", tracking=True)
    bureau_on = fields.Date(string="Consulted on", tracking=True)
    bureau_reference = fields.Char(string="Report no.", tracking=True)
    bureau_score = fields.Char(string="Score")
    bureau_debts = Francs(string="Debts elsewhere")
    bureau_file = fields.Binary(string="Report", attachment=True)
    bureau_file_name = fields.Char()

    # Judgement
    related_party = fields.Selection(
        RELATED,
        required=True,
        default="none",
        tracking=True,
        help="Loans to those who govern or work for the institution, and to their relatives, are limited as a whole (10 %"
        " of own funds, instruction 010-08-2010).",
    )
    opinion = fields.Selection(OPINIONS, string="Officer's opinion", tracking=True)
    opinion_text = fields.Text(string="Reasons")
    warning = fields.Text(string="To settle before the decision", compute="_compute_warning")

    # ------------------------------------------------------------------ computes
    @api.depends("answer_ids.amount", "instalment_amount", "unit", "every")
    def _compute_capacity(self):
        for loan in self:
            lines = loan.answer_ids.filtered(lambda answer: answer.question_id.capacity)
            loan.capacity = sum(lines.mapped("amount"))
            months = {"days": loan.every / 30, "weeks": loan.every * 7 / 30}.get(
                loan.unit, loan.every * {"months": 1, "quarters": 3, "years": 12}.get(loan.unit, 1)
            )
            room = loan.capacity * months
            loan.capacity_ratio = 100 * loan.instalment_amount / room if room > 0 else 0

    @api.depends("guarantor_ids.ceiling", "collateral_ids.counted")
    def _compute_guarantees(self):
        for loan in self:
            loan.guarantor_total = sum(loan.guarantor_ids.mapped("ceiling"))
            loan.collateral_total = sum(loan.collateral_ids.mapped("counted"))

    @api.depends_context("uid")
    def _compute_warning(self):
        for loan in self:
            watched = loan.state in ("draft", "review", "committee", "approved")
            loan.warning = "\n".join(loan._check_blocking()) if watched and loan._origin else False

    # ------------------------------------------------------------------ create
    @api.model_create_multi
    def create(self, vals_list):
        loans = super().create(vals_list)
        for loan in loans:
            loan._add_forms()
        return loans

    def _add_forms(self):
        """Lay the lines of the visit form and of the papers of the product into the file, those that are not there yet."""
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.sudo().root_id.id),
            "|",
            ("product_ids", "=", False),
            ("product_ids", "in", self.product_id.ids),
        ]
        loan = self.sudo()
        questions = self.env["kondo.loan.question"].sudo().search(domain) - loan.answer_ids.question_id
        loan.env["kondo.loan.answer"].create(
            [{"loan_id": loan.id, "question_id": question.id} for question in questions]
        )
        types = self.env["kondo.loan.document.type"].sudo().search(domain) - loan.document_ids.type_id
        loan.env["kondo.loan.document"].create([{"loan_id": loan.id, "type_id": kind.id} for kind in types])
