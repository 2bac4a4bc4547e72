from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ....engine.words import spaced
from ...fields import Francs
from ...ledger.key import LEDGER


class KondoLoanWaiver(models.Model):
    """Penalties given up: asked by one, decided by another."""

    _name = "kondo.loan.waiver"
    _description = "Waiver of penalties"
    _inherit = ["kondo.guarded"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {"loan_id", "amount", "reason", "state", "asked_by_id", "decided_by_id", "decided_on", "waived"}
    )

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="restrict", index=True, check_company=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    amount = Francs(required=True, help="At most; what the penalties unpaid come to when it is decided.")
    reason = fields.Char(required=True)
    state = fields.Selection(
        [("asked", "To be decided"), ("granted", "Granted"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="asked",
    )
    asked_by_id = fields.Many2one("res.users", required=True, readonly=True, default=lambda self: self.env.user)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Date(readonly=True)
    waived = Francs(readonly=True)
    unpaid = Francs(string="Penalties unpaid", compute="_compute_unpaid", help="Today, on the whole loan.")

    _positive = models.Constraint("CHECK (amount > 0)", "A waiver is above zero.")

    # ------------------------------------------------------------------ computes
    def _compute_unpaid(self):
        for waiver in self:
            waiver.unpaid = waiver.loan_id.penalties_unpaid

    def _compute_display_name(self):
        for waiver in self:
            waiver.display_name = f"{waiver.loan_id.name} · {spaced(waiver.amount)} F"

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        asked = [{name: vals.get(name) for name in ("loan_id", "amount", "reason")} for vals in vals_list]
        waivers = super(KondoLoanWaiver, self.with_context(kondo_ledger=LEDGER)).create(
            [{**vals, "asked_by_id": self.env.uid} for vals in asked]
        )
        for waiver in waivers:
            waiver.company_id.with_env(self.env)._check_visible()
            if waiver.loan_id.state != "active":
                raise UserError(self.env._("Nothing is owed on the loan %(number)s.", number=waiver.loan_id.name))
            if waiver.amount > waiver.unpaid:
                raise UserError(
                    self.env._("At most %(unpaid)s F of penalties are unpaid.", unpaid=spaced(waiver.unpaid))
                )
        return waivers.with_context(kondo_ledger=None)

    def write(self, vals):
        if any(waiver.state != "asked" for waiver in self):
            raise AccessError(self.env._("This waiver has been decided."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A waiver is refused, never deleted."))

    # ------------------------------------------------------------------ actions
    def action_grant(self):
        """Give up the penalties, oldest instalment first."""
        for waiver in self:
            loan = waiver.loan_id.sudo()
            loan._lock()
            waiver._check_decide()
            left = waiver.amount
            for row in loan.schedule_id.instalment_ids.filtered("current").sorted("number"):
                part = min(left, row.penalty - row.waived_penalty - row.paid_penalty)
                if part > 0:
                    row.with_context(kondo_ledger=LEDGER).waived_penalty += part
                    left -= part
            if left == waiver.amount:
                raise UserError(self.env._("No penalty is unpaid on the loan %(number)s.", number=loan.name))
            waiver._decide("granted", waiver.amount - left)
            loan.message_post(
                body=self.env._(
                    "%(amount)s F of penalties waived: %(why)s", amount=spaced(waiver.waived), why=waiver.reason
                )
            )
            loan._close_when_settled()

    def action_refuse(self):
        for waiver in self:
            waiver._check_decide()
            waiver._decide("refused", 0)

    def _check_decide(self):
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_second_person(self.asked_by_id)
        if self.state != "asked":
            raise UserError(self.env._("This waiver has been decided."))

    def _decide(self, state, waived):
        self.sudo().with_context(kondo_ledger=LEDGER).write(
            {
                "state": state,
                "waived": waived,
                "decided_by_id": self.env.uid,
                "decided_on": self.company_id.sudo().business_date,
            }
        )


class KondoLoan(models.Model):
    _inherit = "kondo.loan"

    penalties_unpaid = Francs(compute="_compute_penalties_unpaid", help="Charged, not paid and not waived.")

    def _compute_penalties_unpaid(self):
        for loan in self:
            loan.penalties_unpaid = sum(due.penalty for due in loan._dues()) if loan.state == "active" else 0

    def _close_when_settled(self):
        """Close a loan of which the last that was owed has been given up."""
        self.env.flush_all()
        self.invalidate_recordset()
        if not self.principal and not self._dues():
            self._set_state("closed", closed_on=self.company_id.business_date)
            self.env["kondo.operation"]._release_guarantees(self)
        self._refresh_position()

    def _ask_waiver(self, amount, reason):
        """Put a waiver of penalties before a second person."""
        self.ensure_one()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the penalties are given up."))
        waiver = self.env["kondo.loan.waiver"].create({"loan_id": self.id, "amount": amount, "reason": reason.strip()})
        self.sudo().message_post(
            body=self.env._("Waiver of %(amount)s F of penalties asked for: %(why)s", amount=spaced(amount), why=reason)
        )
        return waiver
