import logging
import uuid

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ....engine.standing import next_due
from ...ledger.key import LEDGER

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (30, "standing_orders", "kondo.standing.order", "_day_end")]


class KondoStandingOrder(models.Model):
    """The evening of the standing orders: each due date is paid once, or noted with its reason and tried again."""

    _inherit = "kondo.standing.order"

    @api.model
    @api.private
    def _day_end(self, company, date, next_date):
        """Carry out what is due up to `date`. One order that cannot be paid stops no other."""
        with self.env["kondo.operation"]._one_entry(company, date, self.env._("Standing orders")) as env:
            due = self.with_env(env).search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "active"),
                    ("next_due", "<=", date),
                    "|",
                    ("last_try_on", "=", False),
                    ("last_try_on", "<", date),
                ],
                order="next_due, sequence, id",
            )
            for order in due:
                order._settle_until(date)

    def _settle_until(self, date):
        """Every due date up to `date`, the oldest first; the first failure is noted and ends the evening of this order."""
        try:
            while self._settle(date):
                pass
            self.env.invalidate_all()
        except (UserError, ValidationError) as refusal:
            self._note_failure(date, str(refusal))
        except psycopg2.Error:
            _logger.exception("standing order %s", self.id)
            self._note_failure(date, self.env._("The database refused the operation. Call the administrator."))

    def _settle(self, date):
        """One due date in one transaction: the operation, its row and the next due date together.

        What is due is read here, under the order's lock: the caller's own transaction may see an older state.

        :return: whether another due date has come
        """
        with self.env["kondo.operation"]._posting_env() as env:
            env.cr.execute("SELECT id FROM kondo_standing_order WHERE id = %s FOR NO KEY UPDATE", (self.id,))
            order = env[self._name].browse(self.id)
            order.invalidate_recordset()
            if not order._is_due(date):
                return False
            due = order._due_on(date)
            order._lock_accounts()
            if order._amount_now():
                operations = env["kondo.operation"]
                number = operations._order_number(order, due)
                key = str(uuid.uuid5(uuid.NAMESPACE_OID, number))
                values = {"order_id": order.id, "due": fields.Date.to_string(due)}
                operations._post_here("standing_order", key, order.company_id.id, values, number)
                order.invalidate_recordset()
            else:
                order._note_nothing(date, due)
            return order._is_due(date)

    def _is_due(self, date):
        return self.state == "active" and bool(self.next_due) and self.next_due <= date

    def _due_on(self, date):
        """The due date that this closing settles; an order of every business day has only today's."""
        return date if self.frequency == "daily" else self.next_due

    def _due_after(self, due):
        return next_due(self.frequency, due, self.month_day)

    # ------------------------------------------------------------------ what is noted
    def _note_paid(self, date, due, amount, operation_id):
        self._note(date, due, "done", amount, operation_id=operation_id)
        self._move_on(due, date, total=self.total + amount)

    def _note_nothing(self, date, due):
        reason = self.env._(
            "The account %(number)s held nothing to pay (%(what)s).",
            number=self.source_account_id.number,
            what=self._amount_text(),
        )
        self._note(date, due, "nothing", 0, reason=reason)
        self._move_on(due, date)

    def _note(self, date, due, result, amount, **values):
        self.env["kondo.standing.order.try"].sudo().with_context(kondo_ledger=LEDGER).create(
            {
                "order_id": self.id,
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "date": date,
                "due": due,
                "number": self.tries + 1,
                "result": result,
                "amount": amount,
                **values,
            }
        )

    def _move_on(self, due, date, **values):
        """The next due date, or the end of the order after its last one."""
        following = self._due_after(due)
        done = self.done + 1
        over = (self.end_kind == "count" and done >= self.count) or (
            self.end_kind == "date" and following > self.date_to
        )
        values.update(done=done, tries=0, failure=False, last_try_on=False, next_due=following)
        if over:
            values.update(state="ended", ended_on=date, next_due=False)
        self._set(**values)

    def _note_failure(self, date, reason):
        """In a transaction of its own, as that of the payment is undone; after the last try the order is suspended."""
        self.env.invalidate_all()
        with self.env["kondo.operation"]._posting_env() as env:
            order = env[self._name].browse(self.id)
            env.cr.execute("SELECT id FROM kondo_standing_order WHERE id = %s FOR NO KEY UPDATE", (self.id,))
            order.invalidate_recordset()
            if not order._is_due(date) or order.last_try_on == date:
                return
            due, tries = order._due_on(date), order.tries + 1
            order._note(date, due, "failed", order._amount_now(), reason=reason)
            values = {"tries": tries, "last_try_on": date, "failure": reason}
            if tries >= order.max_tries:
                values.update(
                    state="suspended",
                    suspended_reason=self.env._("%(tries)s tries in vain: %(reason)s", tries=tries, reason=reason),
                )
            order._set(**values)
        self.env.invalidate_all()

    def _skip_until(self, date):
        """Give up what fell due before `date`; each due date keeps its row."""
        while self.next_due and self.next_due < date and self.state == "active":
            reason = self.env._("Given up by %(user)s", user=self.env.user.name)
            self._note(date, self.next_due, "skipped", 0, reason=f"{reason}, {format_date(self.env, date)}")
            self._move_on(self.next_due, date)
