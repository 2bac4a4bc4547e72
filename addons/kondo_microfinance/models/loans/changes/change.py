import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...fields import Francs
from ...ledger.key import LEDGER
from ..product_settings import UNITS, exact_rate

KINDS = [
    ("rescheduled", "Rescheduled"),
    ("postponed", "Due dates postponed"),
    ("consolidated", "Consolidated with others"),
    ("topped_up", "Topped up"),
]


class KondoLoanChange(models.Model):
    """A change of a running loan: asked by one, decided by another, with the schedule it leads to."""

    _name = "kondo.loan.change"
    _description = "Change of a loan"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset({"state", "asked_by_id", "decided_by_id", "decided_on", "operation_id", "failure"})

    loan_id = fields.Many2one(
        "kondo.loan",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('state', '=', 'active')]",
    )
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    partner_id = fields.Many2one(related="loan_id.partner_id", string="Member", store=True)
    kind = fields.Selection(KINDS, required=True, default="rescheduled")
    batch = fields.Char(string="Campaign", index="btree_not_null", help="Changes asked for together.")
    reason = fields.Char(required=True, tracking=True)
    months = fields.Integer(string="Months later", default=3)
    instalments = fields.Integer(compute="_compute_terms", store=True, readonly=False, precompute=True)
    every = fields.Integer(compute="_compute_terms", store=True, readonly=False, precompute=True)
    unit = fields.Selection(UNITS, compute="_compute_terms", store=True, readonly=False, precompute=True)
    annual_rate = fields.Float(
        string="Rate a year (%)", digits=(16, 6), compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    first_due = fields.Date(string="First due date")
    grace_principal = fields.Integer(string="Instalments without principal")
    extra = Francs(string="Added amount", help="Of a top-up: paid to the member's account with the decision.")
    other_ids = fields.Many2many(
        "kondo.loan", "kondo_loan_change_other_rel", "change_id", "loan_id", string="Taken over",
        domain="[('partner_id', '=', partner_id), ('state', '=', 'active'), ('id', '!=', loan_id)]",
    )  # fmt: skip
    state = fields.Selection(
        [("draft", "Asked"), ("done", "Done"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    asked_by_id = fields.Many2one("res.users", required=True, readonly=True, default=lambda self: self.env.user)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Date(readonly=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, check_company=True)
    failure = fields.Char(string="Why it was not done", readonly=True)
    preview = fields.Html(string="New schedule", compute="_compute_preview", sanitize=False)

    _sane = models.Constraint(
        "CHECK (months BETWEEN 0 AND 60 AND extra >= 0 AND grace_principal >= 0)",
        "A change moves due dates by 0 to 60 months, and adds no negative amount.",
    )
    _second_person = models.Constraint(
        "CHECK (decided_by_id IS NULL OR decided_by_id <> asked_by_id)", "Somebody else decides than who asked."
    )

    # ------------------------------------------------------------------ computes
    @api.depends("loan_id")
    def _compute_terms(self):
        for change in self:
            loan = change.loan_id
            change.instalments = change.instalments or len(loan.instalment_ids.filtered("rest")) or 1
            change.every = change.every or loan.every or 1
            change.unit = change.unit or loan.unit or "months"
            change.annual_rate = change.annual_rate or loan.annual_rate

    @api.depends("kind", "months", "instalments", "every", "unit", "annual_rate", "first_due", "extra", "other_ids")
    def _compute_preview(self):
        for change in self:
            change.preview = False
            if change.state != "draft" or change.loan_id.state != "active":
                continue
            try:
                _terms, schedule = change._plan()
            except UserError as fault:
                change.preview = self.env["ir.qweb"]._render(
                    "kondo_microfinance.loan_change_preview", {"fault": str(fault), "rows": []}
                )
                continue
            change.preview = self.env["ir.qweb"]._render(
                "kondo_microfinance.loan_change_preview", {"fault": False, "rows": schedule.rows}
            )

    def _rate(self):
        return exact_rate(self.annual_rate)

    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for change in self:
            change.display_name = f"{change.loan_id.name} · {kinds.get(change.kind, '')}"

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        changes = super(KondoLoanChange, self.with_context(kondo_ledger=LEDGER)).create(
            [{**vals, "asked_by_id": self.env.uid, "state": "draft"} for vals in vals_list]
        )
        for change in changes:
            change.company_id.with_env(self.env)._check_visible()
            if change.loan_id.state != "active":
                raise UserError(self.env._("Nothing is owed on the loan %(number)s.", number=change.loan_id.name))
        return changes.with_context(kondo_ledger=None)

    def write(self, vals):
        if any(change.state != "draft" for change in self) and "failure" not in vals:
            raise AccessError(self.env._("This change has been decided."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A change is refused, never deleted."))

    # ------------------------------------------------------------------ actions
    def action_approve(self):
        """Carry out the changes, each in a transaction of its own; what fails stays asked, with its reason.

        :raises UserError: one change only, and it failed
        """
        for change in self:
            change._guard_decision()
        for change in self:
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.loan.change,{change.id}"))
            try:
                self.env["kondo.operation"]._submit(
                    "loan_change",
                    key,
                    {"loan_id": change.loan_id.id, "change_id": change.id},
                    company=change.company_id,
                )
            except UserError as refusal:
                if len(self) == 1:
                    raise
                change.sudo().with_context(kondo_ledger=LEDGER).write({"failure": str(refusal)})
        self.invalidate_recordset()

    def action_refuse(self):
        for change in self:
            change._guard_decision()
            change._decide("refused")

    def _guard_decision(self):
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_second_person(self.asked_by_id)
        if self.state != "draft":
            raise UserError(self.env._("This change has been decided."))

    def _decide(self, state, operation_id=False):
        self.sudo().with_context(kondo_ledger=LEDGER).write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": self.company_id.sudo().business_date,
                "operation_id": operation_id,
                "failure": False,
            }
        )

    # ------------------------------------------------------------------ what it leads to
    def _plan(self):
        """(LoanTerms, LoanSchedule) that this change puts in force."""
        loan, others = self.loan_id.sudo(), self.other_ids.sudo()
        day = loan.company_id.business_date
        principal = loan.principal + sum(others.mapped("principal")) + self.extra
        carried = [sum(parts) for parts in zip(*(one._carried(day) for one in [loan, *others]), strict=True)]
        return loan._changed_plan(self, principal, carried)
