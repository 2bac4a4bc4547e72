from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ....engine.standing import first_due
from ....engine.words import spaced
from ...fields import Francs
from ...ledger.key import LEDGER, has_ledger_key

STAFF = ("group_teller", "group_loan_officer", "group_caisse_manager")
# What the member signed: it does not change once the order is active.
SIGNED = frozenset(
    {
        "source_account_id", "target_kind", "target_account_id", "target_loan_id", "amount_kind", "amount", "frequency",
        "month_day", "date_from", "end_kind", "date_to", "count", "authorisation", "authorised_on",
    }
)  # fmt: skip


class KondoStandingOrder(models.Model):
    """A payment that a member has ordered once and that the end of the day makes for him, as often as he said.

    Each due date is paid once. A failure is tried again at the following closings, up to `max_tries` times; then the
    order waits for somebody to look at it.
    """

    _name = "kondo.standing.order"
    _description = "Standing order"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "name", "company_id", "state", "activated_by_id", "activated_on", "next_due", "tries", "last_try_on", "failure",
            "done", "total", "ended_on", "suspended_reason",
        }
    )  # fmt: skip

    name = fields.Char(string="Number", readonly=True, copy=False)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    source_account_id = fields.Many2one(
        "kondo.savings.account",
        string="From account",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', 'in', ('active', 'inactive')), ('kind', 'not in', ('term', 'guarantee'))]",
    )
    partner_id = fields.Many2one(
        related="source_account_id.partner_id", string="Member", store=True, index=True, readonly=True
    )
    target_kind = fields.Selection([("account", "A savings account")], string="Pays", required=True, default="account")
    target_account_id = fields.Many2one(
        "kondo.savings.account",
        string="To account",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('state', 'in', ('active', 'inactive')), ('kind', '!=', 'term')]",
    )
    target_partner_id = fields.Many2one(related="target_account_id.partner_id", string="Beneficiary", readonly=True)
    amount_kind = fields.Selection(
        [
            ("fixed", "A fixed amount"),
            ("up_to", "What there is, up to an amount"),
            ("above", "Everything above an amount"),
        ],
        string="How much",
        required=True,
        default="fixed",
        help="What the product's minimum balance and holds tie up always stays. An authorised overdraft serves a fixed "
        "amount only.",
    )
    amount = Francs(help="The amount to pay, the most to pay, or what stays on the account.")
    frequency = fields.Selection(
        [
            ("daily", "On every business day"),
            ("weekly", "Every week"),
            ("fortnightly", "Every two weeks"),
            ("monthly", "Every month"),
            ("quarterly", "Every quarter"),
        ],
        required=True,
        default="monthly",
        help="A day on which the caisse is closed is made up at its next closing. An order of every business day makes "
        "nothing up: the next day brings its own.",
    )
    month_day = fields.Integer(
        string="Day of the month", required=True, default=5, help="31: the last day of each month."
    )
    date_from = fields.Date(string="From", required=True, default=lambda self: self._business_day())
    end_kind = fields.Selection(
        [("none", "Until it is ended"), ("date", "Until a date"), ("count", "A number of payments")],
        string="How long",
        required=True,
        default="none",
    )
    date_to = fields.Date(string="Until")
    count = fields.Integer(string="Number of payments", required=True, default=0)
    purpose = fields.Char(help="Stands on both statements: school fees, savings of the year…")
    sequence = fields.Integer(
        string="Rank", required=True, default=10, help="Orders of the same day on one account: the smallest rank first."
    )
    max_tries = fields.Integer(
        string="Tries",
        required=True,
        default=3,
        help="How many closings in a row an amount that is due is tried; then the order is suspended.",
    )
    authorisation = fields.Char(
        string="Signed order", help="Number of the paper that the member has signed, kept in his file."
    )
    authorised_on = fields.Date(string="Signed on")
    state = fields.Selection(
        [("draft", "To activate"), ("active", "Active"), ("suspended", "Suspended"), ("ended", "Ended")],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        tracking=True,
    )
    activated_by_id = fields.Many2one("res.users", string="Activated by", readonly=True)
    activated_on = fields.Date(readonly=True)
    next_due = fields.Date(readonly=True, index=True)
    tries = fields.Integer(
        string="Failed tries", readonly=True, required=True, default=0, help="Failures in a row of what is due now."
    )
    last_try_on = fields.Date(string="Last failure", readonly=True)
    failure = fields.Char(string="Why it failed", readonly=True)
    suspended_reason = fields.Char(string="Why it is suspended", readonly=True, tracking=True)
    done = fields.Integer(string="Due dates settled", readonly=True, required=True, default=0)
    total = Francs(string="Paid in all", readonly=True)
    ended_on = fields.Date(readonly=True)
    try_ids = fields.One2many("kondo.standing.order.try", "order_id", string="Tries and payments", readonly=True)

    _sane = models.Constraint(
        "CHECK (amount >= 0 AND (amount > 0 OR amount_kind = 'above') AND max_tries BETWEEN 1 AND 60"
        " AND month_day BETWEEN 1 AND 31 AND count >= 0)",
        "An order has an amount, a day of the month from 1 to 31, and is tried 1 to 60 times.",
    )
    _second_person = models.Constraint(
        "CHECK (activated_by_id IS NULL OR activated_by_id <> create_uid)",
        "A standing order is activated by a second person.",
    )
    _due = models.Index("(company_id, next_due) WHERE state = 'active'")

    # ------------------------------------------------------------------ defaults, constraints, computes
    def _business_day(self):
        return self.env.company.sudo().business_date or fields.Date.context_today(self)

    @api.constrains("end_kind", "date_to", "count", "date_from")
    def _check_end(self):
        for order in self:
            if order.end_kind == "date" and (not order.date_to or order.date_to < order.date_from):
                raise UserError(self.env._("The last day of the order is on or after its first one."))
            if order.end_kind == "count" and order.count < 1:
                raise UserError(self.env._("Give the number of payments."))

    @api.constrains("source_account_id", "target_kind", "target_account_id")
    def _check_ends(self):
        for order in self:
            source = order.source_account_id.sudo()
            if source.kind in ("term", "guarantee"):
                raise UserError(
                    self.env._(
                        "Nothing is ordered from the account %(number)s: its money is tied.", number=source.number
                    )
                )
            getattr(order, f"_check_{order.target_kind}")()

    @api.depends("name", "amount", "amount_kind")
    def _compute_display_name(self):
        for order in self:
            order.display_name = order.name or self.env._("New order")

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group(*STAFF)
        prepared = []
        for vals in vals_list:
            if not has_ledger_key(self.env):
                self._refuse_guarded(name for name in vals if vals[name])
            source = self.env["kondo.savings.account"].browse(vals.get("source_account_id")).exists()
            if not source:
                raise UserError(self.env._("Choose the account that pays."))
            source.check_access("read")
            company = source.sudo().company_id
            company.with_env(self.env)._check_visible()
            prepared.append({**vals, "company_id": company.id})
        orders = super(KondoStandingOrder, self.with_context(kondo_ledger=LEDGER)).create(prepared)
        for order in orders:
            order.name = f"OP-{order.company_id.sudo().kondo_code}-{order.id:05d}"
        return orders.with_context(kondo_ledger=None)

    def write(self, vals):
        if not has_ledger_key(self.env):
            if "source_account_id" in vals and any(
                order.company_id
                != self.env["kondo.savings.account"].browse(vals["source_account_id"]).sudo().company_id
                for order in self
            ):
                raise UserError(self.env._("This account does not exist in your caisse."))
            if SIGNED.intersection(vals) and any(order.state != "draft" for order in self):
                raise UserError(
                    self.env._("What the member has signed does not change. End this order and enter another.")
                )
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A standing order is ended, never deleted."))

    # ------------------------------------------------------------------ actions
    def action_activate(self):
        """A second person has seen the signed paper: from now on the order is carried out."""
        for order in self:
            order._guard()
            order._lock("draft", self.env._("This order is already active."))
            self.env["kondo.four.eyes"]._check_second_person(
                order.create_uid, self.env._("You entered this order: another person must activate it.")
            )
            if not (order.authorisation and order.authorised_on):
                raise UserError(self.env._("Give the number and the date of the paper that the member has signed."))
            day = order.company_id.sudo().business_date or fields.Date.context_today(self)
            due = order._first_due_from(day)
            if order.end_kind == "date" and due > order.date_to:
                raise UserError(self.env._("No payment falls due before the last day of this order."))
            order._set(state="active", activated_by_id=self.env.uid, activated_on=day, next_due=due)

    def action_suspend(self, reason=None):
        """Stop for a while, on the member's word."""
        reason = self.env["kondo.operation"]._check_text(reason) or self.env._("At the member's request")
        for order in self:
            order._guard()
            order._lock("active", self.env._("This order is not active."))
            order._set(state="suspended", suspended_reason=reason)

    def action_resume(self):
        """Go on: what is due is tried at the next closing, as often as at first."""
        self._resume(skip=False)

    def action_resume_skip(self):
        """Go on, giving up the payments that fell due in the meantime."""
        self._resume(skip=True)

    def action_end(self):
        """The member wants it no longer, or it was entered by mistake."""
        for order in self:
            order._guard()
            order._lock(("draft", "active", "suspended"), self.env._("This order has already ended."))
            order._set(
                state="ended",
                ended_on=order.company_id.sudo().business_date or fields.Date.context_today(self),
                next_due=False,
                failure=False,
            )

    def action_open_tries(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kondo.standing.order.try",
            "view_mode": "list,form",
            "domain": [("order_id", "=", self.id)],
        }

    # ------------------------------------------------------------------ helpers
    def _first_due_from(self, day):
        """The first due date on or after `day` of the calendar that began on the order's first day."""
        due = first_due(self.frequency, self.date_from, self.month_day)
        while due < day:
            due = self._due_after(due)
        return due

    def _resume(self, skip):
        for order in self:
            order._guard()
            order._lock("suspended", self.env._("This order is not suspended."))
            order._set(state="active", suspended_reason=False, failure=False, tries=0)
            if skip:
                order.sudo()._skip_until(order.company_id.sudo().business_date)

    def _guard(self):
        self.env["kondo.four.eyes"]._check_group(*STAFF)
        self.company_id._check_visible()
        self.check_access("write")

    def _lock(self, states, message):
        """Lock the row and refuse unless the order is in one of the states."""
        self.flush_recordset()
        self.env.cr.execute("SELECT state FROM kondo_standing_order WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        row = self.env.cr.fetchone()
        if not row or row[0] not in (states if isinstance(states, tuple) else (states,)):
            raise UserError(message)
        self.invalidate_recordset(["state"])

    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)

    def _amount_text(self):
        """The amount in words of the order: "5 000 F", "up to 5 000 F", "above 50 000 F"."""
        amount = spaced(self.amount)
        if self.amount_kind == "up_to":
            return self.env._("up to %(amount)s F", amount=amount)
        if self.amount_kind == "above":
            return self.env._("what is above %(amount)s F", amount=amount)
        return f"{amount} F"
