from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...fields import Francs
from ...ledger.key import LEDGER


class KondoLoanPostponement(models.Model):
    """Due dates of many loans moved together, after a bad campaign: one request, one decision, a result for each loan."""

    _name = "kondo.loan.postponement"
    _description = "Postponement of due dates"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {"state", "asked_by_id", "asked_on", "decided_by_id", "decided_on", "refused_reason", "change_ids"}
    )

    name = fields.Char(string="Campaign", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", string="Caisse", required=True, index=True, default=lambda self: self.env.company
    )
    product_ids = fields.Many2many(
        "kondo.loan.product", "kondo_loan_postponement_product_rel", string="Products", help="Empty: all."
    )
    purpose_ids = fields.Many2many(
        "kondo.loan.purpose", "kondo_loan_postponement_purpose_rel", string="Purposes", help="Empty: all."
    )
    due_from = fields.Date(string="Due from", required=True, default=lambda self: self._business_day())
    due_to = fields.Date(
        string="to",
        required=True,
        default=lambda self: fields.Date.add(self._business_day(), months=3),
        help="Loans of which an unpaid instalment falls due in these days.",
    )
    months = fields.Integer(string="Months later", required=True, default=3, tracking=True)
    reason = fields.Char(required=True, tracking=True)
    loan_ids = fields.Many2many(
        "kondo.loan",
        "kondo_loan_postponement_loan_rel",
        string="Loans",
        domain="[('company_id', '=', company_id), ('state', '=', 'active')]",
    )
    change_ids = fields.One2many("kondo.loan.change", "postponement_id", string="Loan by loan", readonly=True)
    state = fields.Selection(
        [("draft", "In preparation"), ("asked", "To be decided"), ("done", "Decided"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    asked_by_id = fields.Many2one("res.users", string="Requested by", readonly=True)
    asked_on = fields.Date(string="Asked on", readonly=True)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_on = fields.Date(string="Decided on", readonly=True)
    refused_reason = fields.Char(string="Why it was refused", readonly=True)
    loan_count = fields.Integer(string="Number of loans", compute="_compute_counts")
    outstanding = Francs(string="Outstanding", compute="_compute_counts", required=False)
    done_count = fields.Integer(string="Loans postponed", compute="_compute_counts")
    failed_count = fields.Integer(string="Not done", compute="_compute_counts")

    _months_sane = models.Constraint("CHECK (months BETWEEN 1 AND 60)", "Due dates move by 1 to 60 months.")
    _window = models.Constraint("CHECK (due_from <= due_to)", "The last day is not before the first.")
    _second_person = models.Constraint(
        "CHECK (decided_by_id IS NULL OR decided_by_id <> asked_by_id)", "Somebody else decides than who asked."
    )

    # ------------------------------------------------------------------ defaults, computes
    def _business_day(self):
        return self.env.company.sudo().business_date or fields.Date.context_today(self)

    @api.depends("loan_ids.principal", "change_ids.state", "change_ids.failure", "state")
    def _compute_counts(self):
        for request in self:
            loans = request.change_ids.loan_id if request.change_ids else request.loan_ids
            request.loan_count = len(loans)
            request.outstanding = sum(loans.mapped("principal"))
            request.done_count = len(request.change_ids.filtered(lambda change: change.state == "done"))
            request.failed_count = len(
                request.change_ids.filtered(lambda change: change.state == "draft" and change.failure)
            )

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        requests = super().create(vals_list)
        for request in requests:
            request.company_id.with_env(self.env)._check_visible()
        return requests

    def write(self, vals):
        asked = [name for name in vals if name in self._fields and not name.startswith(("message_", "activity_"))]
        if asked and self.env.context.get("kondo_ledger") is not LEDGER:
            if any(request.state != "draft" for request in self):
                raise AccessError(self.env._("This request has been sent for decision: it no longer changes."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_in_preparation(self):
        if any(request.state != "draft" for request in self):
            raise UserError(self.env._("This request has been sent for decision: it is refused, never deleted."))

    # ------------------------------------------------------------------ the request
    def action_find(self):
        """List the running loans that the request is about; those that wait for another change are left out."""
        for request in self:
            request._check_maker()
            rows = self.env["kondo.loan.instalment"].search(
                [
                    ("company_id", "=", request.company_id.id),
                    ("current", "=", True),
                    ("due", ">=", request.due_from),
                    ("due", "<=", request.due_to),
                    ("loan_id.state", "=", "active"),
                ]
            )
            loans = rows.filtered("rest").loan_id
            if request.product_ids:
                loans = loans.filtered(lambda loan, request=request: loan.product_id in request.product_ids)
            if request.purpose_ids:
                loans = loans.filtered(lambda loan, request=request: loan.purpose_id in request.purpose_ids)
            waiting = self.env["kondo.loan.change"].search([("loan_id", "in", loans.ids), ("state", "=", "draft")])
            request.loan_ids = (loans - waiting.loan_id).sorted("name")

    def action_ask(self):
        """Send the request: one change for each loan, decided together."""
        for request in self:
            request._check_maker()
            if not request.loan_ids:
                raise UserError(self.env._("No loan is in the list: list the loans first."))
            changes = self.env["kondo.loan.change"].create(
                [
                    {"loan_id": loan.id, "kind": "postponed", "months": request.months, "reason": request.reason}
                    for loan in request.loan_ids
                ]
            )
            changes.sudo().with_context(kondo_ledger=LEDGER).write({"postponement_id": request.id})
            request.sudo().with_context(kondo_ledger=LEDGER).write(
                {
                    "state": "asked",
                    "asked_by_id": self.env.uid,
                    "asked_on": request.company_id.sudo().business_date,
                }
            )

    def _check_maker(self):
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This request has been sent for decision: it no longer changes."))

    # ------------------------------------------------------------------ the decision
    def action_approve(self):
        """Postpone loan by loan, each in a transaction of its own; what fails keeps its reason and may be tried again.

        :raises UserError: who may not decide
        """
        self.ensure_one()
        self._guard_decision()
        waiting = self.change_ids.filtered(lambda change: change.state == "draft")
        for change in waiting:
            try:
                change.with_context(kondo_keep_failure=True).action_approve()
            except UserError as refusal:
                change.sudo().with_context(kondo_ledger=LEDGER).write({"failure": str(refusal)})
        self.invalidate_recordset()
        self._decide("done")
        return self._told()

    def action_refuse(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse the postponement"),
            "res_model": "kondo.loan.change.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_postponement_id": self.id},
        }

    def refuse(self, reason):
        """Refuse the request, or what of it could not be done.

        :raises UserError: who may not, or no reason
        """
        self.ensure_one()
        reason = self.env["kondo.operation"]._check_text(reason)
        if not reason:
            raise UserError(self.env._("Say why the change is refused."))
        self._guard_decision()
        self.change_ids.filtered(lambda change: change.state == "draft").refuse(reason)
        if self.state == "asked":
            self._decide("refused", refused_reason=reason)

    def _guard_decision(self):
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_second_person(self.sudo().asked_by_id)
        open_changes = self.change_ids.filtered(lambda change: change.state == "draft")
        if self.state == "draft" or self.state == "refused" or not open_changes:
            raise UserError(self.env._("Nothing of this request waits for a decision."))

    def _decide(self, state, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": self.company_id.sudo().business_date,
                **values,
            }
        )

    def _told(self):
        """The screen says how many loans were postponed."""
        left = len(self.change_ids.filtered(lambda change: change.state == "draft"))
        message = self.env._("%(done)s loans postponed.", done=self.done_count)
        if left:
            message += " " + self.env._("%(left)s could not be: the reason stands beside each.", left=left)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
