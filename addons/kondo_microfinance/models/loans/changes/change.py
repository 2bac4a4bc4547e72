import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...fields import Francs
from ...ledger.key import LEDGER, has_ledger_key
from ..product_settings import UNITS

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

    _guarded_fields = frozenset(
        {
            "state", "asked_by_id", "decided_by_id", "decided_on", "refused_reason", "operation_id", "schedule_id",
            "failure", "postponement_id",
        }
    )  # fmt: skip

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
    partner_id = fields.Many2one(related="loan_id.partner_id", string="Member", store=True, precompute=True, index=True)
    product_id = fields.Many2one(related="loan_id.product_id")
    postponement_id = fields.Many2one(
        "kondo.loan.postponement", string="Campaign", readonly=True, index="btree_not_null", check_company=True
    )
    kind = fields.Selection(KINDS, required=True, default="rescheduled", tracking=True)
    reason = fields.Char(required=True, tracking=True)
    months = fields.Integer(string="Months later", default=3, tracking=True)
    instalments = fields.Integer(
        string="New instalments", compute="_compute_terms", store=True, readonly=False, precompute=True, tracking=True
    )
    every = fields.Integer(compute="_compute_terms", store=True, readonly=False, precompute=True)
    unit = fields.Selection(UNITS, compute="_compute_terms", store=True, readonly=False, precompute=True)
    annual_rate = fields.Float(
        string="Rate a year (%)", digits=(16, 6), compute="_compute_terms", store=True, readonly=False, precompute=True,
        tracking=True,
    )  # fmt: skip
    first_due = fields.Date(string="First due date", help="Empty: one period from the day of the decision.")
    grace_principal = fields.Integer(
        string="Instalments without principal", help="Only interest is paid with the first ones."
    )
    extra = Francs(
        string="Added amount", tracking=True, help="Paid to the member's account with the decision, less the fees."
    )
    with_fees = fields.Boolean(
        string="Fees on the added amount",
        default=True,
        help="What the product takes at a disbursement, on this amount.",
    )
    other_ids = fields.Many2many(
        "kondo.loan", "kondo_loan_change_other_rel", "change_id", "loan_id", string="Loans taken over",
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id), ('state', '=', 'active'),"
        " ('id', '!=', loan_id)]",
        help="Their principal and what is open on them join this loan; they are closed.",
    )  # fmt: skip
    capitalise = fields.Boolean(
        string="Unpaid interest joins the principal",
        compute="_compute_terms",
        store=True,
        precompute=True,
        help="By the loan product.",
    )
    state = fields.Selection(
        [("draft", "To be decided"), ("done", "Done"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    asked_by_id = fields.Many2one(
        "res.users", string="Requested by", required=True, readonly=True, default=lambda self: self.env.user
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_on = fields.Date(string="Decided on", readonly=True)
    refused_reason = fields.Char(string="Why it was refused", readonly=True, tracking=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, check_company=True)
    schedule_id = fields.Many2one("kondo.loan.schedule", string="New schedule", readonly=True, check_company=True)
    failure = fields.Char(string="Why it was not done", readonly=True)
    editable = fields.Boolean(compute="_compute_editable")

    _one_open = models.UniqueIndex(
        "(loan_id) WHERE state = 'draft'", "A change of this loan already waits for its decision."
    )
    _sane = models.Constraint(
        "CHECK (months BETWEEN 0 AND 60 AND extra >= 0 AND grace_principal >= 0 AND instalments BETWEEN 1 AND 600"
        " AND every >= 1 AND annual_rate >= 0)",
        "A change moves due dates by 0 to 60 months, has 1 to 600 instalments, and no amount or rate below zero.",
    )
    _second_person = models.Constraint(
        "CHECK (decided_by_id IS NULL OR decided_by_id <> asked_by_id)", "Somebody else decides than who asked."
    )

    # ------------------------------------------------------------------ computes
    @api.depends("loan_id")
    def _compute_terms(self):
        for change in self:
            loan = change.loan_id
            change.instalments = len(loan.instalment_ids.filtered("rest")) or 1
            change.every = loan.every or 1
            change.unit = loan.unit or "months"
            change.annual_rate = loan.annual_rate
            change.capitalise = loan.product_id.sudo().change_capitalises

    @api.depends_context("uid")
    @api.depends("state", "asked_by_id")
    def _compute_editable(self):
        """Only who asked changes the request, and not after the decision."""
        for change in self:
            change.editable = change.state == "draft" and change.asked_by_id in (self.env.user, self.env["res.users"])

    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for change in self:
            change.display_name = f"{change.loan_id.name or ''} · {kinds.get(change.kind, '')}"

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        if not has_ledger_key(self.env):
            for vals in vals_list:
                self._refuse_guarded(name for name in vals if vals[name] and name not in ("state", "asked_by_id"))
        loans = self.env["kondo.loan"].browse([vals.get("loan_id") for vals in vals_list]).exists()
        waiting = self.sudo().search([("loan_id", "in", loans.ids), ("state", "=", "draft")], limit=1)
        if waiting:
            raise UserError(
                self.env._(
                    "A change of the loan %(number)s already waits for its decision.", number=waiting.loan_id.name
                )
            )
        changes = super(KondoLoanChange, self.with_context(kondo_ledger=LEDGER)).create(
            [{**vals, "asked_by_id": self.env.uid, "state": "draft"} for vals in vals_list]
        )
        for change in changes:
            change.company_id.with_env(self.env)._check_visible()
            if change.loan_id.state != "active":
                raise UserError(self.env._("Nothing is owed on the loan %(number)s.", number=change.loan_id.name))
        return changes.with_context(kondo_ledger=None)

    def write(self, vals):
        """Only who asked changes the request, and only before the decision: nobody decides on terms of his own."""
        asked = [name for name in vals if name in self._fields and not name.startswith(("message_", "activity_"))]
        if asked and not has_ledger_key(self.env):
            if any(change.state != "draft" for change in self):
                raise AccessError(self.env._("This change has been decided."))
            if any(change.asked_by_id != self.env.user for change in self):
                raise AccessError(
                    self.env._("Only who asked changes the request. Refuse it with a reason, or let it be asked anew.")
                )
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A change is refused, never deleted."))

    # ------------------------------------------------------------------ decision
    def action_approve(self):
        """Carry out the changes, each in a transaction of its own; of several, what fails keeps its reason.

        :raises UserError: who may not; or the only change failed
        """
        for change in self:
            change._guard_decision()
        for change in self:
            try:
                change._carry_out()
            except UserError as refusal:
                if len(self) == 1 and not self.env.context.get("kondo_keep_failure"):
                    raise
                change.sudo().with_context(kondo_ledger=LEDGER).write({"failure": str(refusal)})
        self.invalidate_recordset()

    def action_refuse(self):
        """Ask for the reason, see `kondo.loan.change.refuse`."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse the change"),
            "res_model": "kondo.loan.change.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_change_id": self.id},
        }

    def refuse(self, reason):
        """Refuse these changes.

        :raises UserError: who may not, or no reason
        """
        reason = self.env["kondo.operation"]._check_text(reason)
        if not reason:
            raise UserError(self.env._("Say why the change is refused."))
        for change in self:
            change._guard_decision()
        for change in self:
            change._decide("refused", refused_reason=reason)

    def _guard_decision(self):
        """Refuse who may not decide on this change, or one that is decided."""
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_second_person(self.sudo().asked_by_id)
        if self.env.user.partner_id in self._borrowers():
            raise UserError(self.env._("This loan is yours or a relative's: somebody else decides."))
        if self.state != "draft":
            raise UserError(self.env._("This change has been decided."))

    def _borrowers(self):
        """res.partner of who owes the loan, and their relatives."""
        loan = self.sudo().loan_id
        people = loan.partner_id | loan.coborrower_ids | loan.guarantor_ids.partner_id
        return people | self.env["kondo.member.relation"].sudo()._relatives(people)

    def _decide(self, state, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": self.company_id.sudo().business_date,
                "failure": False,
                **values,
            }
        )

    def _key(self):
        """The UUID of the operation of this change: made once, whoever tries again."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.loan.change,{self.id}"))
