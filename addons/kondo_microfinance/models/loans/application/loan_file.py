from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....engine.loan_schedule import loan_schedule
from ...fields import Francs

RELATED = [
    ("none", "No"),
    ("elected", "Member of a governing body"),
    ("manager", "Manager"),
    ("staff", "Staff"),
    ("relative", "Relative of one of these"),
]
OPINIONS = [("favourable", "Favourable"), ("reserved", "With reservations"), ("unfavourable", "Unfavourable")]
# Months in a unit of the schedule.
MONTHS = {"days": Fraction(12, 365), "weeks": Fraction(84, 365), "months": 1, "quarters": 3, "years": 12}


class KondoLoan(models.Model):
    """What a file holds beside its terms: visit, people, pledges, papers, credit bureau, opinion."""

    _inherit = "kondo.loan"

    # Visit
    visited_on = fields.Date(string="Visited on")
    visited_place = fields.Char(string="Place of the visit")
    answer_ids = fields.One2many("kondo.loan.answer", "loan_id", string="Visit form")
    capacity = Francs(
        string="May repay each month",
        compute="_compute_capacity",
        help="By the visit form: what is left for instalments.",
    )
    capacity_ratio = fields.Float(
        string="Taken by the loan (%)",
        digits=(16, 1),
        compute="_compute_capacity",
        help="What the loan asks for against what is left, at its tightest moment. Above 100 the member cannot repay.",
    )

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
    bureau_debts = Francs(string="Debts elsewhere", help="At other institutions, by the report.")
    bureau_late = Francs(string="Of which late", help="Francs late at other institutions, by the report.")
    bureau_required = fields.Boolean(string="Consultation required", compute="_compute_exposure")
    bureau_file = fields.Binary(string="Report", attachment=True)
    bureau_file_name = fields.Char()

    # Judgement
    related_party = fields.Selection(
        RELATED,
        string="Tied to the institution",
        required=True,
        default="none",
        tracking=True,
        help="Loans to those who govern or work for the institution, and to their relatives, are limited as a whole (10 %"
        " of own funds, instruction 010-08-2010).",
    )
    exposure = fields.Integer(
        string="All loans of the member",
        compute="_compute_exposure",
        help="Outstanding, granted and not paid out, and this request.",
    )
    exposure_limit = fields.Integer(
        string="Limit of a single signature", compute="_compute_exposure", help="0: no own funds in the books."
    )
    opinion = fields.Selection(OPINIONS, string="Officer's opinion", tracking=True)
    opinion_text = fields.Text(string="Reasons")
    warning = fields.Text(string="To settle before the decision", compute="_compute_warning")

    # ------------------------------------------------------------------ computes
    @api.depends("answer_ids.counted", "answer_ids.question_id.capacity", "instalment_amount", "every", "unit")
    def _compute_capacity(self):
        """The tightest moment of the loan: what is due up to an instalment against what is left until then.

        For level instalments that is an instalment against the same time's rest; for a campaign loan, all of it
        against the rest of the whole campaign.
        """
        for loan in self:
            lines = loan.answer_ids.filtered(lambda answer: answer.question_id.capacity)
            loan.capacity = sum(lines.mapped("counted"))
            loan.capacity_ratio = loan._capacity_used() if loan.capacity > 0 and loan.product_id else 0

    def _capacity_used(self):
        """Percent of what is left that the schedule takes at its tightest; 0 while there is no schedule."""
        try:
            terms = self._terms()
            rows = loan_schedule(terms).rows
        except (UserError, ValueError):
            return 0
        months, owed, worst = Fraction(MONTHS.get(self.unit, Fraction(12, 365))), 0, Fraction(0)
        for row in rows:
            owed += row.total
            typed = bool(self.planned_ids) or self.first_due
            time = Fraction((row.due - terms.start).days * 12, 365) if typed else row.number * self.every * months
            if time > 0:
                worst = max(worst, owed / time / self.capacity)
        return float(100 * worst)

    @api.depends("guarantor_ids.ceiling", "collateral_ids.counted")
    def _compute_guarantees(self):
        for loan in self:
            loan.guarantor_total = sum(loan.guarantor_ids.mapped("ceiling"))
            loan.collateral_total = sum(loan.collateral_ids.mapped("counted"))

    @api.depends("amount", "partner_id", "state")
    def _compute_exposure(self):
        for loan in self:
            company = loan.company_id.sudo() or self.env.company.sudo()
            loan.bureau_required = company.root_id.bureau_required
            day = loan._business_day()
            loan.exposure_limit = company._limit_of_own_funds("single_signature_limit", day) or 0
            loan.exposure = loan._exposure_of([("partner_id", "=", loan.partner_id.id)]) if loan.partner_id else 0

    def _exposure_of(self, people):
        """Francs lent and promised in the network to the borrowers of a domain, with what this file asks for."""
        self.ensure_one()
        others = (
            self.env["kondo.loan"]
            .sudo()
            .search(
                [
                    *people,
                    ("company_id", "child_of", self.company_id.sudo().root_id.id),
                    ("id", "not in", self._origin.ids),
                    ("state", "in", ("approved", "active")),
                ]
            )
        )
        asked = self.amount if self.state in ("draft", "review", "committee", "approved") else self.principal
        return asked + sum(others.mapped("principal")) + sum(others.mapped("commitment"))

    @api.depends_context("uid")
    def _compute_warning(self):
        for loan in self:
            watched = loan.state in ("draft", "review", "committee", "approved")
            loan.warning = "\n".join(loan._check_blocking()) if watched and loan._origin else False

    # ------------------------------------------------------------------ create
    @api.model_create_multi
    def create(self, vals_list):
        loans = super().create(vals_list)
        for loan, vals in zip(loans, vals_list, strict=True):
            if "related_party" not in vals:
                loan.related_party = loan._earlier_related_party()
            loan._add_forms()
        return loans

    def _known_tie(self):
        """Tie of the member with the institution that is on record: his seat, or one of a relative, or his family's work."""
        seats = self.env["kondo.committee.seat"].sudo()
        relations = self.env["kondo.member.relation"]
        member = relations._same(self.partner_id)
        if seats.search_count([("partner_id", "in", member.ids)], limit=1):
            return "elected"
        if member.user_ids:
            return "staff"
        relatives = relations._relatives(member) - member
        if relatives.user_ids or seats.search_count([("partner_id", "in", relatives.ids)], limit=1):
            return "relative"
        return "none"

    def _earlier_related_party(self):
        """What the records, or else the member's file before this one, say of his ties with the institution."""
        tie = self._known_tie()
        if tie != "none":
            return tie
        earlier = self.sudo().search(
            [("partner_id", "=", self.partner_id.id), ("id", "<", self.id)], order="id desc", limit=1
        )
        return earlier.related_party or "none"

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
