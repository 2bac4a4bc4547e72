import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ...engine.words import spaced
from ..ledger.key import LEDGER

OPEN = ("draft", "requested", "approved")


class KondoShareRequest(models.Model):
    """A member asks for the refund of his shares, or hands some to another member; a second person decides.

    A refund waits for the end of the notice and for what the member owes; a transfer is done as soon as it is decided.
    """

    _name = "kondo.share.request"
    _description = "Request on shares"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "state",
            "company_id",
            "requested_by_id",
            "decided_by_id",
            "decided_on",
            "paid_by_id",
            "done_on",
            "operation_id",
            "payable_from",
            "refusal_reason",
        }
    )

    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    kind = fields.Selection(
        [("refund", "Refund"), ("transfer", "Transfer to another member")],
        required=True,
        default="refund",
        tracking=True,
    )
    holding_id = fields.Many2one(
        "kondo.share.holding",
        string="Shares",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('state', '=', 'active')]",
    )
    partner_id = fields.Many2one(related="holding_id.partner_id", string="Holder", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    held = fields.Integer(string="Shares held", related="holding_id.subscribed")
    shares = fields.Integer(string="Number of shares", required=True, default=1, tracking=True)
    amount = fields.Integer(compute="_compute_amount", help="Francs refunded, or moved to the other member.")
    target_id = fields.Many2one(
        "res.partner",
        string="To the member",
        check_company=True,
        ondelete="restrict",
        domain="[('is_kondo_member', '=', True), ('member_state', 'in', ('applicant', 'active')), ('id', '!=', partner_id)]",
    )
    notice_date = fields.Date(
        string="Asked on",
        required=True,
        default=lambda self: self._today(),
        tracking=True,
        help="Day of the member's letter or word.",
    )
    payable_from = fields.Date(string="Refundable from", readonly=True, help="End of the notice.")
    reason = fields.Char(required=True, tracking=True)
    payment = fields.Selection(
        [("cash", "In cash at the window"), ("account", "To an account")],
        string="Means of payment",
        default="cash",
        tracking=True,
    )
    savings_account_id = fields.Many2one(
        "kondo.savings.account",
        string="Account",
        check_company=True,
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), ('kind', 'in', ('demand', 'passbook')), ('state', '!=', 'closed')]",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "To decide"),
            ("approved", "Agreed"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        index=True,
    )
    obstacles = fields.Text(compute="_compute_obstacles", string="What stands in the way")
    requested_by_id = fields.Many2one("res.users", string="Entered by", readonly=True)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_on = fields.Date(readonly=True)
    paid_by_id = fields.Many2one("res.users", string="Paid by", readonly=True)
    done_on = fields.Date(readonly=True)
    refusal_reason = fields.Char(readonly=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, check_company=True)

    _one_open = models.UniqueIndex(
        "(holding_id) WHERE state IN ('draft', 'requested', 'approved')",
        "A request on these shares is already under way.",
    )
    _shares_positive = models.Constraint("CHECK (shares > 0)", "The number of shares is above zero.")

    def _today(self):
        return self.env.company.sudo().business_date or fields.Date.context_today(self)

    # ------------------------------------------------------------------ constraints, computes
    @api.constrains("kind", "target_id", "payment", "savings_account_id", "holding_id")
    def _check_ends(self):
        for request in self:
            if request.kind == "transfer" and (not request.target_id or request.target_id == request.partner_id):
                raise ValidationError(self.env._("Choose the member who receives the shares."))
            if request.kind == "transfer" and request.target_id.company_id != request.company_id:
                raise ValidationError(self.env._("Shares are handed to a member of the same caisse."))
            if request.kind == "refund" and request.payment == "account":
                account = request.savings_account_id
                if not account or account.partner_id != request.partner_id:
                    raise ValidationError(self.env._("Choose an account of the holder."))

    @api.depends("shares", "holding_id.subscribed", "holding_id.paid", "holding_id.nominal", "state", "operation_id")
    def _compute_amount(self):
        for request in self:
            holding = request.holding_id
            if request.operation_id:
                request.amount = request.operation_id.sudo().amount
            elif request.kind == "refund" and request.shares == holding.subscribed:
                request.amount = holding.paid
            else:
                request.amount = request.shares * holding.nominal

    @api.depends("state", "kind", "shares", "holding_id", "notice_date")
    def _compute_obstacles(self):
        for request in self:
            request.obstacles = (
                "\n".join(request.sudo()._obstacles()) if request.holding_id and request.state in OPEN else False
            )

    @api.depends("kind", "holding_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            request.display_name = f"{kinds.get(request.kind, '')} {request.holding_id.number or ''}".strip()

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_teller", "group_caisse_manager")
        prepared = []
        for vals in vals_list:
            self._refuse_guarded(name for name in vals if name not in ("company_id", "state") and vals[name])
            holding = self.env["kondo.share.holding"].browse(vals.get("holding_id"))
            if not holding.exists():
                raise UserError(self.env._("Choose the shares."))
            holding.check_access("read")
            holding.company_id._check_visible()
            prepared.append(
                {**vals, "company_id": holding.company_id.id, "state": "draft", "requested_by_id": self.env.uid}
            )
        return super(KondoShareRequest, self.with_context(kondo_ledger=LEDGER)).create(prepared).with_env(self.env)

    def write(self, vals):
        if self._own_fields(vals) and any(request.state != "draft" for request in self):
            raise UserError(self.env._("This request is sent: withdraw it and enter another."))
        return super().write(vals)

    def unlink(self):
        if any(request.state != "draft" for request in self):
            raise UserError(self.env._("A request that was sent is kept: withdraw it."))
        return super().unlink()

    def _own_fields(self, vals):
        """What the person fills in, as opposed to what the ledger and the chatter write."""
        return {
            "kind", "holding_id", "shares", "target_id", "notice_date", "reason", "payment", "savings_account_id",
        }.intersection(vals)  # fmt: skip

    # ------------------------------------------------------------------ actions
    def action_submit(self):
        """Put the request before a manager; the notice of a refund runs from the day on which it was asked for."""
        for request in self:
            request._open_transition(("draft",), "group_teller", "group_caisse_manager")
            request._check_request()
            holding = request.sudo().holding_id
            values = {"state": "requested", "requested_by_id": self.env.uid}
            if request.kind == "refund":
                deceased = holding.partner_id.member_state == "deceased"
                months = 0 if deceased else holding.product_id.notice_months
                values["payable_from"] = fields.Date.add(request.notice_date, months=months)
                if request.shares == holding.subscribed:
                    holding._settle({"state": "leaving"})
            request._set(values)

    def action_approve(self):
        """Agree, by a second person. A transfer is carried out at once; a refund is paid at the end of its notice."""
        self.env.flush_all()
        for request in self:
            with self.env["kondo.operation"]._posting_env() as env:
                env[self._name].browse(request.id)._approve_here()
        self.invalidate_recordset()

    @api.private
    def _approve_here(self):
        """In a posting's transaction: the decision and what follows from it, together or not at all."""
        self._open_transition(("requested",), "group_caisse_manager")
        self.env["kondo.four.eyes"]._check_second_person(
            self.sudo().requested_by_id, self.env._("You entered this request: another person decides.")
        )
        self._check_request()
        self._set(
            {
                "state": "approved",
                "decided_by_id": self.env.uid,
                "decided_on": self.sudo().company_id.business_date,
            }
        )
        if self.kind == "transfer":
            self._carry_out("share_transfer")

    def action_refuse(self, reason=None):
        for request in self:
            request._open_transition(("requested", "approved"), "group_caisse_manager")
            self.env["kondo.four.eyes"]._check_second_person(
                request.sudo().requested_by_id, self.env._("You entered this request: another person decides.")
            )
            request._give_back()
            request._set(
                {"state": "refused", "decided_by_id": self.env.uid, "refusal_reason": (reason or "").strip() or False}
            )

    def action_cancel(self):
        """The member changed his mind."""
        for request in self:
            request._open_transition(OPEN, "group_teller", "group_caisse_manager")
            request._give_back()
            request._set({"state": "cancelled"})

    def action_pay(self):
        """Pay an agreed refund to the holder's account. In cash, the teller pays it at the window."""
        self.env.flush_all()
        for request in self:
            with self.env["kondo.operation"]._posting_env() as env:
                paid = env[self._name].browse(request.id)
                paid._open_transition(("approved",), "group_teller", "group_caisse_manager")
                paid._carry_out("share_refund")
        self.invalidate_recordset()

    def action_open_operation(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.operation",
            "res_id": self.operation_id.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------ helpers
    def _open_transition(self, states, *groups):
        """Rights, caisse, lock, then the state the request is in now."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*groups)
        self.check_access("read")
        self.company_id._check_visible()
        self._lock(states)

    def _lock(self, states):
        self.env.flush_all()
        self.env.cr.execute("SELECT state FROM kondo_share_request WHERE id = %s FOR UPDATE", (self.id,))
        state = self.env.cr.fetchone()[0]
        self.invalidate_recordset()
        if state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(self.env._("This request is now: %(state)s. Nothing was changed.", state=labels[state]))

    def _set(self, values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)

    def _give_back(self):
        """The holder keeps his shares after all."""
        holding = self.sudo().holding_id
        if holding.state == "leaving":
            holding._settle({"state": "active"})

    def _carry_out(self, kind):
        """Post the operation of this request in the transaction of `self`, once."""
        self.env.flush_all()
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.share.request,{self.id}"))
        company = self.sudo().company_id
        self.env["kondo.operation"]._post_here(kind, key, company.id, {"request_id": self.id}, key)

    def _check_request(self):
        """Refuse shares that the holder cannot give: he has fewer, they are not paid, or he keeps too few."""
        _ = self.env._
        request = self.sudo()
        holding, product = request.holding_id, request.holding_id.product_id
        if request.notice_date > (request.company_id.business_date or request.notice_date):
            raise UserError(_("The day of the request is not in the future."))
        if request.shares > holding.subscribed:
            raise UserError(_("The member holds %(count)s shares.", count=holding.subscribed))
        whole = request.kind == "refund" and request.shares == holding.subscribed
        if not whole and request.shares > holding.full_count:
            raise UserError(
                _("Only shares paid in full are handed over: %(count)s of them are.", count=holding.full_count)
            )
        left = holding.subscribed - request.shares
        if left and holding.paid <= request.shares * holding.nominal:
            raise UserError(_("Something must be paid on the shares the member keeps: he pays it first."))
        if left and left < product.minimum_shares and holding.partner_id.member_state in ("applicant", "active"):
            raise UserError(
                _("A member keeps at least %(count)s shares, or gives them all.", count=product.minimum_shares)
            )
        if request.kind == "transfer":
            self._check_target(product)

    def _check_target(self, product):
        _ = self.env._
        target = self.sudo().target_id
        if target.company_id != self.sudo().company_id or target.member_state not in ("applicant", "active"):
            raise UserError(_("%(name)s is no longer a member.", name=target.name))
        theirs = target._held_shares().filtered(lambda holding: holding.product_id == product)
        if theirs.state == "leaving":
            raise UserError(_("%(name)s has asked for the refund of his shares.", name=target.name))
        total = theirs.subscribed + self.shares
        if product.maximum_shares and total > product.maximum_shares:
            raise UserError(_("A member holds at most %(count)s shares.", count=product.maximum_shares))
        if total < product.minimum_shares:
            raise UserError(_("A member subscribes at least %(count)s shares.", count=product.minimum_shares))

    def _obstacles(self):
        """Sentences: why this refund may not be paid today. Called as superuser."""
        self.ensure_one()
        if self.kind != "refund":
            return []
        found = self.partner_id._share_refund_obstacles()
        day = self.company_id.business_date or fields.Date.context_today(self)
        if self.payable_from and self.payable_from > day:
            found.insert(
                0,
                self.env._(
                    "The notice ends on %(date)s.", date=format_date(self.env, self.payable_from, date_format="dd/MM/y")
                ),
            )
        return found

    def _window_label(self):
        return f"{self.holding_id.number} · {self.shares} × {spaced(self.holding_id.nominal)} F"
