from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ....engine.words import spaced
from ...fields import Francs
from ...ledger.key import LEDGER
from .account_block import MANAGERS

KINDS = [
    ("manager", "Decision of the manager"),
    ("guarantee", "Guarantee of a loan"),
    ("legal", "Seizure or court order"),
    ("payment", "Payment expected"),
]


class KondoSavingsHold(models.Model):
    """Part of a balance that may not leave, with its reason and its last day.

    `blocked` of the account is the sum of its active holds, moved in the same transaction as the hold.
    """

    _name = "kondo.savings.hold"
    _description = "Hold on a savings account"
    _inherit = ["kondo.guarded"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {"account_id", "company_id", "amount", "kind", "reason", "origin", "date_from", "date_to", "state", "set_by_id"}
        | {"released_by_id", "released_on", "release_reason"}
    )

    account_id = fields.Many2one(
        "kondo.savings.account", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="account_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Holder")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = Francs(readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, default="manager")
    reason = fields.Char(required=True, readonly=True)
    origin = fields.Char(readonly=True, help="What it stands for, such as the number of a loan: only that releases it.")
    date_from = fields.Date(string="Since", required=True, readonly=True)
    date_to = fields.Date(string="Until", readonly=True, help="Last day; empty: until it is released.")
    state = fields.Selection(
        [("active", "Active"), ("released", "Released"), ("expired", "Expired")],
        required=True,
        readonly=True,
        default="active",
    )
    set_by_id = fields.Many2one("res.users", required=True, readonly=True)
    released_by_id = fields.Many2one("res.users", readonly=True)
    released_on = fields.Date(readonly=True)
    release_reason = fields.Char(string="Why released", readonly=True)

    _positive = models.Constraint("CHECK (amount > 0)", "A hold of nothing is no hold.")
    _active_index = models.Index("(company_id, date_to) WHERE state = 'active'")

    @api.depends("amount", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for hold in self:
            hold.display_name = f"{spaced(hold.amount)} F · {labels.get(hold.kind)}"

    def unlink(self):
        raise UserError(self.env._("A hold is released, never deleted."))

    # ------------------------------------------------------------------ placing
    @api.model
    @api.private
    def _place(self, account, amount, kind, reason, until=None, origin=None):
        """Hold `amount` francs of an account, in the transaction of `self`; refused beyond what is not held yet.

        :param origin: what only its owner releases (a loan's number); required for a guarantee
        :return: the hold, as superuser
        """
        amount = self.env["kondo.operation"]._check_amount(amount)
        day = account.sudo().company_id.business_date
        if until and fields.Date.to_date(until) < day:
            raise UserError(self.env._("A hold cannot end before it begins."))
        if kind == "guarantee" and not origin:
            raise UserError(self.env._("The guarantee of a loan is held by the loan's own file."))
        self._move_blocked(account, amount)
        return (
            self.sudo()
            .with_context(kondo_ledger=LEDGER)
            .create(
                {
                    "account_id": account.id,
                    "amount": amount,
                    "kind": kind,
                    "reason": reason,
                    "origin": origin,
                    "date_from": day,
                    "date_to": until,
                    "set_by_id": self.env.uid,
                }
            )
            .with_context(kondo_ledger=None)
        )

    @api.model
    def _move_blocked(self, account, change):
        """Move what is held of an account by one guarded UPDATE, or say how much can be."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE kondo_savings_account SET blocked = blocked + %(change)s
                    WHERE id = %(account)s AND blocked + %(change)s >= 0
                      AND (%(change)s < 0 OR (state <> 'closed' AND balance >= blocked + %(change)s))
                RETURNING blocked""",
                change=change,
                account=account.id,
            )
        )
        moved = self.env.cr.fetchone()
        account.invalidate_recordset(["blocked", "balance", "available"])
        if not moved:
            account = account.sudo()
            raise UserError(
                self.env._(
                    "At most %(free)s F of the account %(number)s can be held.",
                    free=spaced(max(0, account.balance - account.blocked) if account.state != "closed" else 0),
                    number=account.number,
                )
            )

    # ------------------------------------------------------------------ releasing
    @api.private
    def _release(self, reason, origin=None, state="released"):
        """Give the money free again, in the transaction of `self`; safe to call twice.

        :param origin: the owner of a guarantee says who he is
        """
        for hold in self.sudo().sorted("account_id"):
            if hold.kind == "guarantee" and (not origin or hold.origin != origin):
                raise UserError(
                    self.env._(
                        "This guarantee is released by %(origin)s only, when the loan is paid.", origin=hold.origin
                    )
                )
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    """UPDATE kondo_savings_hold SET state = %s, released_by_id = %s, released_on = %s, release_reason = %s
                        WHERE id = %s AND state = 'active' RETURNING id""",
                    state,
                    self.env.uid,
                    hold.company_id.business_date,
                    reason,
                    hold.id,
                )
            )
            if self.env.cr.fetchone():
                self._move_blocked(hold.account_id, -hold.amount)
        self.invalidate_recordset()

    # ------------------------------------------------------------------ actions
    def action_release(self):
        """Ask the reason, then `_release_by_manager`."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*MANAGERS)
        return self.env["kondo.savings.decision"]._open("release", self.account_id, hold_id=self.id)

    @api.private
    def _release_by_manager(self, reason):
        """A manager releases a hold; a seizure by another person than the one who entered it."""
        self.ensure_one()
        reason = self.account_id._check_hold(reason)
        if self.state != "active":
            raise UserError(self.env._("This hold no longer stands."))
        if self.kind == "legal":
            self.env["kondo.four.eyes"]._check_second_person(
                self.set_by_id.sudo(),
                self.env._("You entered this seizure yourself: another person must release it."),
            )
        with self.env["kondo.operation"]._posting_env() as env:
            hold = self.with_env(env)
            hold._release(reason)
            hold._log(env._("Hold released: %(hold)s. %(reason)s", hold=hold.display_name, reason=reason))
        self.invalidate_recordset()
        self.account_id.invalidate_recordset()

    @api.model
    @api.private
    def _place_by_manager(self, account, amount, kind, reason, until=None):
        """A manager holds an amount, with a reason; returns the id of the hold, committed by itself."""
        reason = account._check_hold(reason)
        with self.env["kondo.operation"]._posting_env() as env:
            hold = env[self._name]._place(account.with_env(env), amount, kind, reason, until)
            hold._log(env._("Held: %(hold)s. %(reason)s", hold=hold.display_name, reason=reason))
            hold_id = hold.id
        account.invalidate_recordset()
        return hold_id

    def _log(self, text):
        for hold in self.sudo():
            hold.account_id.message_post(body=text, author_id=self.env.user.partner_id.id)

    # ------------------------------------------------------------------ end of the day
    @api.model
    @api.private
    def _day_end(self, company, date, next_date):
        """Holds whose last day ends give their money free; so do overdrafts whose last day ends close their file."""
        with self.env["kondo.operation"]._posting_env() as env:
            env.flush_all()
            env.cr.execute(
                """WITH ended AS (
                       UPDATE kondo_savings_hold SET state = 'expired', released_on = %(date)s
                        WHERE company_id = %(company)s AND state = 'active' AND date_to < %(next)s
                    RETURNING account_id, amount
                   ), totals AS (SELECT account_id, sum(amount)::bigint AS amount FROM ended GROUP BY account_id)
                   UPDATE kondo_savings_account a SET blocked = a.blocked - t.amount FROM totals t WHERE a.id = t.account_id""",
                {"company": company.id, "date": date, "next": next_date},
            )
            env["kondo.savings.overdraft"]._end_expired(company, next_date)
            env.invalidate_all()


class KondoSavingsAccount(models.Model):
    _inherit = "kondo.savings.account"

    hold_ids = fields.One2many("kondo.savings.hold", "account_id", string="Holds", readonly=True)

    def action_hold(self):
        """Ask how much is held, why and until when."""
        return self._decide("hold")

    def _check_hold(self, reason):
        """The manager's right and reason, without the lock: the guarded UPDATE of another cursor takes it."""
        self.env["kondo.four.eyes"]._check_group(*MANAGERS)
        self.check_access("read")
        self.company_id._check_visible()
        reason = self.env["kondo.operation"]._check_text(reason)
        if not reason:
            raise UserError(self.env._("Give the reason."))
        return reason

    def _next_events(self):
        """The holds that end."""
        events = super()._next_events()
        for hold in self.hold_ids.filtered(lambda hold: hold.state == "active" and hold.date_to):
            label = self.env._(
                "End of the hold of %(amount)s F: %(reason)s", amount=spaced(hold.amount), reason=hold.reason
            )
            events.append(self._event(hold.date_to, label))
        return events

    def _hold_summary(self):
        """One sentence for each active hold."""
        self.ensure_one()
        return [
            self.env._("%(amount)s F held: %(reason)s", amount=spaced(hold.amount), reason=hold.reason)
            + (self.env._(" (until %(date)s)", date=format_date(self.env, hold.date_to)) if hold.date_to else "")
            for hold in self.sudo().hold_ids.filtered(lambda hold: hold.state == "active")
        ]
