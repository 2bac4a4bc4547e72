from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key

from ...engine.parts import largest_remainder


class KondoJointCall(models.Model):
    """The group is asked to pay for who does not: a notice with a date, so much of each guarantor, what each brought."""

    _name = "kondo.joint.call"
    _description = "Call of a joint guarantee"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset({"state", "called_by_id", "called_on", "closed_on", "closed_reason"})

    loan_id = fields.Many2one(
        "kondo.loan", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    split_id = fields.Many2one(
        "kondo.loan.split",
        string="Who does not pay",
        ondelete="restrict",
        check_company=True,
        domain="[('loan_id', '=', loan_id), ('amount_late', '>', 0)]",
        help="Empty: what is late of the whole loan.",
    )
    amount = Francs(string="Amount called", tracking=True)
    deadline = fields.Date(string="To be paid by", tracking=True)
    text = fields.Text(string="What the notice adds")
    state = fields.Selection(
        [("draft", "In preparation"), ("called", "Called"), ("paid", "Paid"), ("closed", "Given up")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    called_by_id = fields.Many2one("res.users", string="Called by", readonly=True, copy=False)
    called_on = fields.Date(string="Called on", readonly=True, copy=False)
    closed_on = fields.Date(readonly=True, copy=False)
    closed_reason = fields.Char(string="Why it was given up", readonly=True, copy=False)
    line_ids = fields.One2many("kondo.joint.call.line", "call_id", string="Of each", readonly=True)
    payment_ids = fields.One2many("kondo.joint.payment", "call_id", string="Payments", readonly=True)
    paid = fields.Integer(compute="_compute_paid")
    rest = fields.Integer(string="Left to pay", compute="_compute_paid")

    _sane = models.Constraint("CHECK (amount >= 0)", "An amount is never negative.")

    @api.depends("line_ids.paid", "line_ids.amount")
    def _compute_paid(self):
        for call in self:
            call.paid = sum(call.line_ids.mapped("paid"))
            call.rest = sum(call.line_ids.mapped("amount")) - call.paid

    @api.depends("loan_id", "split_id")
    def _compute_display_name(self):
        for call in self:
            names = [call.loan_id.name, call.split_id.person_id.name]
            call.display_name = " · ".join(name for name in names if name)

    @api.onchange("loan_id", "split_id")
    def _onchange_what_is_late(self):
        self.amount = self._late()

    def _late(self):
        return self.split_id.amount_late if self.split_id else self.loan_id.amount_late

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        calls = super().create(vals_list)
        for call in calls:
            call.company_id.with_env(self.env)._check_visible()
            if not call.amount:
                call.amount = call._late()
        return calls

    def write(self, vals):
        typed = [name for name in vals if name in self._fields and not name.startswith(("message_", "activity_"))]
        if typed and not has_ledger_key(self.env) and any(call.state != "draft" for call in self):
            raise AccessError(self.env._("The notice has been given: this call no longer changes."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_in_preparation(self):
        if any(call.state != "draft" for call in self):
            raise UserError(self.env._("The notice has been given: the call is given up, never deleted."))

    # ------------------------------------------------------------------ steps
    def action_call(self):
        """Give the notice: so much of each guarantor, in proportion to what may still be asked of him.

        :raises UserError: nothing is late, more is called than is late or than the guarantors still answer for
        """
        self.ensure_one()
        self._guard()
        if self.state != "draft":
            raise UserError(self.env._("This call has been made already."))
        loan = self.loan_id.sudo()
        loan._lock()
        if loan.state != "active" or not self._late():
            raise UserError(self.env._("The loan %(number)s is not late: nothing is called.", number=loan.name))
        if not 0 < self.amount <= self._late():
            raise UserError(self.env._("%(late)s F are late: no more than that is called.", late=spaced(self._late())))
        guarantees = self._who_answers(loan)
        able = [guarantee._left() for guarantee in guarantees]
        if sum(able) < self.amount:
            raise UserError(
                self.env._(
                    "The guarantors still answer for %(able)s F: call no more than that.", able=spaced(sum(able))
                )
            )
        parts = largest_remainder(self.amount, able)
        lines = self.env["kondo.joint.call.line"].sudo().with_context(kondo_ledger=LEDGER)
        lines.create(
            [
                {"call_id": self.id, "guarantee_id": guarantee.id, "amount": part}
                for guarantee, part in zip(guarantees, parts, strict=True)
                if part
            ]
        )
        for guarantee, part in zip(guarantees, parts, strict=True):
            if part:
                guarantee.with_context(kondo_ledger=LEDGER).called += part
        self._keep("called", called_by_id=self.env.uid, called_on=self.company_id.sudo().business_date)
        loan.message_post(
            body=self.env._(
                "Joint guarantee called: %(amount)s F of %(count)s guarantors%(who)s.",
                amount=spaced(self.amount),
                count=len(self.line_ids),
                who=self.env._(", for %(name)s", name=self.split_id.person_id.name) if self.split_id else "",
            )
        )

    def _who_answers(self, loan):
        """Guarantees that this call may turn to: signed, for everybody or for who does not pay, and not his own."""
        return loan.joint_ids.filtered(
            lambda one: (
                one.signed_on
                and one._left()
                and (not one.split_id or one.split_id == self.split_id)
                and (not self.split_id or one.person_id != self.split_id.person_id)
            )
        ).sorted("id")

    def action_give_up(self, reason=None):
        """What is not paid is no longer asked for; the guarantors stand for it again.

        :raises UserError: who may not, or no reason
        """
        self.ensure_one()
        self._guard()
        reason = self.env["kondo.operation"]._check_text(reason)
        if not reason:
            raise UserError(self.env._("Say why the call is given up."))
        if self.state != "called":
            raise UserError(self.env._("Nothing of this call is waited for."))
        self.loan_id.sudo()._lock()
        for line in self.sudo().line_ids:
            line.guarantee_id.with_context(kondo_ledger=LEDGER).called -= line.amount - line.paid
        self._keep("closed", closed_on=self.company_id.sudo().business_date, closed_reason=reason)

    def _guard(self):
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_second_person(
            self.loan_id.officer_id.sudo(), self.env._("You follow this loan: somebody else calls its guarantees.")
        )

    def _keep(self, state, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write({"state": state, **values})
