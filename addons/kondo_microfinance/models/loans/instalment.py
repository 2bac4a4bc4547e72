from odoo import api, fields, models

from ...engine.allocation import Due
from ..fields import Francs

PARTS = ("fee", "tax", "insurance", "interest", "principal", "guarantee")


class KondoLoanInstalment(models.Model):
    """What is due on a day, and what of it has been paid. The paid columns move with the ledger's operations only."""

    _name = "kondo.loan.instalment"
    _description = "Instalment of a loan"
    _inherit = ["kondo.loan.own"]
    _order = "schedule_id, number"
    _log_access = False
    _check_company_auto = True

    schedule_id = fields.Many2one(
        "kondo.loan.schedule", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    loan_id = fields.Many2one(
        "kondo.loan", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    current = fields.Boolean(string="In force", readonly=True, help="Of the schedule in force.")
    number = fields.Integer(string="No.", required=True, readonly=True)
    start = fields.Date(readonly=True)
    due = fields.Date(string="Due on", required=True, readonly=True)
    days = fields.Integer(readonly=True)
    principal = Francs(readonly=True)
    interest = Francs(readonly=True)
    fee = Francs(string="Fees", readonly=True)
    tax = Francs(string="Taxes", readonly=True)
    insurance = Francs(readonly=True)
    guarantee = Francs(string="Guarantee savings", readonly=True)
    balance = Francs(string="Principal left", readonly=True)
    accrues = Francs(string="Interest earned", readonly=True, help="What its period earns, whenever it is collected.")
    penalty = Francs(string="Penalties counted", readonly=True)
    penalty_until = fields.Date(readonly=True, help="Penalties have been counted up to this day.")
    waived_penalty = Francs(string="Penalties waived", readonly=True)
    paid_penalty = Francs(readonly=True)
    paid_fee = Francs(readonly=True)
    paid_tax = Francs(readonly=True)
    paid_insurance = Francs(readonly=True)
    paid_interest = Francs(readonly=True)
    paid_principal = Francs(readonly=True)
    paid_guarantee = Francs(readonly=True)
    penalty_asked = fields.Integer(string="Penalties", compute="_compute_rest", help="Without those that were waived.")
    total = fields.Integer(compute="_compute_rest", help="What the member brings to the counter, penalties included.")
    paid = fields.Integer(string="Paid so far", compute="_compute_rest")
    rest = fields.Integer(string="Left to pay", compute="_compute_rest")
    state = fields.Selection(
        [
            ("paid", "Settled"),
            ("late", "Late"),
            ("due", "Due today"),
            ("partial", "Partly paid"),
            ("coming", "To come"),
            ("replaced", "Replaced"),
        ],
        compute="_compute_rest",
    )
    allocation_ids = fields.One2many("kondo.loan.allocation", "instalment_id", readonly=True)
    receipts = fields.Char(string="Receipts", compute="_compute_receipts")
    paid_on = fields.Date(string="Last paid on", compute="_compute_receipts", help="Day of the last payment.")

    _unpaid = models.Index("(company_id, due, loan_id) WHERE current")
    _sane = models.Constraint(
        "CHECK (paid_principal BETWEEN 0 AND principal AND paid_interest BETWEEN 0 AND interest"
        " AND paid_fee BETWEEN 0 AND fee AND paid_tax BETWEEN 0 AND tax AND paid_insurance BETWEEN 0 AND insurance"
        " AND paid_guarantee BETWEEN 0 AND guarantee AND penalty >= 0 AND waived_penalty >= 0"
        " AND paid_penalty BETWEEN 0 AND penalty - waived_penalty)",
        "No more is paid of an instalment than was due.",
    )

    # ------------------------------------------------------------------ computes
    @api.depends_context("uid")
    @api.depends(*PARTS, *(f"paid_{part}" for part in PARTS), "penalty", "waived_penalty", "paid_penalty", "current")
    def _compute_rest(self):
        for row in self:
            row.penalty_asked = row.penalty - row.waived_penalty
            row.total = sum(row[part] for part in PARTS) + row.penalty_asked
            row.paid = sum(row[f"paid_{part}"] for part in PARTS) + row.paid_penalty
            row.rest = row.total - row.paid
            today = row.company_id.sudo().business_date or fields.Date.context_today(self)
            if not row.current:
                row.state = "paid" if not row.rest else "replaced"
            elif not row.rest:
                row.state = "paid"
            elif row.due < today:
                row.state = "late"
            elif row.due == today:
                row.state = "due"
            else:
                row.state = "partial" if row.paid else "coming"

    def _compute_receipts(self):
        for row in self:
            standing = {}
            for allocation in row.allocation_ids:
                standing[allocation.payment_id] = standing.get(allocation.payment_id, 0) + allocation.amount
            payments = [payment.sudo() for payment, amount in standing.items() if amount]
            row.receipts = ", ".join(payment.receipt_number or payment.move_id.name or "" for payment in payments)
            row.paid_on = max((payment.business_date for payment in payments), default=False)

    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.loan_id.name} · {row.number}"

    # ------------------------------------------------------------------ for the engine
    def _due(self):
        """The engine's `Due` of what is unpaid: taxes go with the fees they are on."""
        return Due(
            self.number,
            self.due,
            penalty=self.penalty - self.waived_penalty - self.paid_penalty,
            fee=self.fee + self.tax - self.paid_fee - self.paid_tax,
            insurance=self.insurance - self.paid_insurance,
            interest=self.interest - self.paid_interest,
            principal=self.principal - self.paid_principal,
            guarantee=self.guarantee - self.paid_guarantee,
        )
