from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ....engine.words import spaced
from ...fields import Francs
from ...ledger.key import LEDGER
from .account_block import MANAGERS


class KondoSavingsOverdraft(models.Model):
    """An overdraft on a demand account: asked by a manager, granted by a second person, until a day."""

    _name = "kondo.savings.overdraft"
    _description = "Overdraft"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset({"state", "requested_by_id", "decided_by_id", "decided_on", "company_id"})

    account_id = fields.Many2one(
        "kondo.savings.account",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'demand'), ('state', 'in', ('active', 'inactive'))]",
    )
    company_id = fields.Many2one(
        related="account_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Holder")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = Francs(string="Limit", tracking=True, help="How far the account may go below zero.")
    date_to = fields.Date(string="Last day", required=True, tracking=True)
    reason = fields.Char(required=True, tracking=True)
    rate_note = fields.Char(string="Rate", compute="_compute_rate_note", help="That of the product, on the day shown.")
    state = fields.Selection(
        [("requested", "Requested"), ("granted", "Granted"), ("refused", "Refused"), ("ended", "Ended")],
        required=True,
        readonly=True,
        default="requested",
        tracking=True,
    )
    requested_by_id = fields.Many2one("res.users", required=True, readonly=True, default=lambda self: self.env.user)
    decided_by_id = fields.Many2one("res.users", readonly=True, tracking=True)
    decided_on = fields.Date(readonly=True)

    _positive = models.Constraint("CHECK (amount > 0)", "An overdraft of nothing is no overdraft.")
    _one_request = models.UniqueIndex(
        "(account_id) WHERE state = 'requested'", "An overdraft is already requested for this account."
    )

    @api.depends("account_id", "amount")
    def _compute_display_name(self):
        for overdraft in self:
            overdraft.display_name = f"{overdraft.account_id.number or ''} · {spaced(overdraft.amount)} F"

    @api.depends("account_id")
    def _compute_rate_note(self):
        for overdraft in self:
            overdraft.rate_note = overdraft.account_id._overdraft_rate_note() if overdraft.account_id else False

    @api.constrains("account_id")
    def _check_kind(self):
        for overdraft in self:
            if overdraft.account_id.kind != "demand":
                raise ValidationError(self.env._("Only a demand account may be overdrawn."))

    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        vals_list = [{key: value for key, value in vals.items() if key != "requested_by_id"} for vals in vals_list]
        overdrafts = super(KondoSavingsOverdraft, self.with_context(kondo_ledger=LEDGER)).create(
            [{**vals, "state": "requested", "requested_by_id": self.env.uid} for vals in vals_list]
        )
        overdrafts = overdrafts.with_context(kondo_ledger=None)
        for overdraft in overdrafts:
            overdraft.company_id._check_visible()
            overdraft._check_request()
        return overdrafts

    def write(self, vals):
        if {"account_id", "amount", "date_to", "reason"} & set(vals) and any(o.state != "requested" for o in self):
            raise UserError(self.env._("An overdraft that has been decided no longer changes: request another."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An overdraft is kept: end it instead."))

    def _check_request(self):
        day = self.company_id.sudo().business_date
        if self.date_to < day:
            raise UserError(self.env._("The last day of the overdraft is past."))
        if self.account_id.state not in ("active", "inactive"):
            self.account_id._refuse_movement(-1)

    # ------------------------------------------------------------------ actions
    def action_grant(self):
        """A second person grants: the limit holds from now to its last day."""
        for overdraft in self:
            overdraft._check_decider("requested")
            overdraft._check_request()
            overdraft._set_limit(overdraft.amount, overdraft.date_to)
            replaced = overdraft.account_id.overdraft_ids.filtered(lambda other: other.state == "granted")
            replaced._set("ended")
            overdraft._set("granted", decided_by_id=self.env.uid, decided_on=overdraft._day())
            overdraft._tell(
                self.env._(
                    "Overdraft of %(amount)s F granted until %(date)s.",
                    amount=spaced(overdraft.amount),
                    date=format_date(self.env, overdraft.date_to),
                )
            )

    def action_refuse(self):
        for overdraft in self:
            overdraft._check_decider("requested")
            overdraft._set("refused", decided_by_id=self.env.uid, decided_on=overdraft._day())

    def action_end(self):
        """Nothing more may be drawn from now on; what is drawn already stays owed."""
        self.env["kondo.four.eyes"]._check_group(*MANAGERS)
        for overdraft in self:
            overdraft.check_access("read")
            overdraft.company_id._check_visible()
            overdraft._lock("granted")
            overdraft._set_limit(None, fields.Date.subtract(overdraft._day(), days=1))
            overdraft._set("ended")
            overdraft._tell(self.env._("Overdraft withdrawn."))

    # ------------------------------------------------------------------ business
    def _check_decider(self, state):
        self.env["kondo.four.eyes"]._check_group(*MANAGERS)
        self.check_access("read")
        self.company_id._check_visible()
        self._lock(state)
        self.env["kondo.four.eyes"]._check_second_person(
            self.requested_by_id.sudo(),
            self.env._("You requested this overdraft yourself: another person must decide."),
        )

    def _lock(self, state):
        self.env.flush_all()
        self.env.cr.execute("SELECT state FROM kondo_savings_overdraft WHERE id = %s FOR UPDATE", (self.id,))
        if self.env.cr.fetchone()[0] != state:
            raise UserError(self.env._("This overdraft is no longer in that state."))

    def _set_limit(self, amount, until):
        """Write limit and last day on the account; with no amount only what is drawn already remains."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE kondo_savings_account
                      SET overdraft_limit = greatest(COALESCE(%(amount)s::bigint, 0), -balance), overdraft_until = %(until)s
                    WHERE id = %(account)s AND state <> 'closed'
                      AND (%(amount)s::bigint IS NULL OR balance >= -%(amount)s::bigint)
                RETURNING id""",
                amount=amount,
                until=until,
                account=self.account_id.id,
            )
        )
        moved = self.env.cr.fetchone()
        self.account_id.invalidate_recordset(["overdraft_limit", "overdraft_until", "available", "balance"])
        if not moved:
            raise UserError(
                self.env._(
                    "The account %(number)s stands at %(balance)s F: the limit cannot be below what is drawn.",
                    number=self.account_id.number,
                    balance=spaced(self.account_id.balance),
                )
            )

    def _set(self, state, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write({"state": state, **values})
        self.flush_recordset()

    def _day(self):
        return self.company_id.sudo().business_date or fields.Date.context_today(self)

    def _tell(self, text):
        for overdraft in self.sudo():
            overdraft.account_id.message_post(body=text, author_id=self.env.user.partner_id.id)

    @api.model
    @api.private
    def _end_expired(self, company, next_date):
        """Close the files whose last day is over; the ledger's guard has stopped counting them already."""
        expired = self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", "granted"), ("date_to", "<", next_date)]
        )
        expired._set("ended")


class KondoSavingsAccount(models.Model):
    _inherit = "kondo.savings.account"

    overdraft_ids = fields.One2many("kondo.savings.overdraft", "account_id", string="Overdrafts", readonly=True)

    def _overdraft_rate_note(self):
        """The product's rate in force for overdrafts, in words; empty while it has none."""
        self.ensure_one()
        day = self.company_id.sudo().business_date or fields.Date.context_today(self)
        rules = self.product_id.sudo().interest_rule_ids.filtered(lambda rule: rule.date_from <= day)
        rate = rules.sorted("date_from")[-1:].overdraft_rate
        return self.env._("%(rate)s %% a year", rate=f"{rate:g}".replace(".", ",")) if rate else ""

    def action_overdraft(self):
        """Request an overdraft for this account."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Overdraft"),
            "res_model": "kondo.savings.overdraft",
            "view_mode": "form",
            "context": {"default_account_id": self.id},
        }

    def _next_events(self):
        events = super()._next_events()
        if self.overdraft_limit and self.overdraft_until:
            label = self.env._("End of the overdraft of %(amount)s F", amount=spaced(self.overdraft_limit))
            events.append(self._event(self.overdraft_until, label))
        return events
