from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class ResCompany(models.Model):
    """The business day ends by a recorded closing; days that were missed are closed one by one."""

    _inherit = "res.company"

    closed_weekdays = fields.Char(
        default="6",
        help="Days of the week without business, 0 for Monday to 6 for Sunday, separated by commas. On the union.",
    )

    @api.model
    @api.private
    def _day_end_steps(self):
        return [
            *super()._day_end_steps(),
            # here and not in the room of the ledger, which loads before the method that begins the list
            (74, "accruals", "kondo.accrual", "_day_end"),
            (85, "snapshot", "kondo.snapshot", "_day_end"),
            (90, "proof", "kondo.reconciliation", "_day_end_proof"),
            (95, "book_hash", "kondo.reconciliation", "_day_end_hash"),
        ]

    def _end_business_day(self, next_date):
        """Close the day. Returns the day that follows it: that of an earlier attempt when one has begun with another."""
        self._check_day_may_end(next_date)
        if not self.sudo().business_date:
            return next_date
        return self.env["kondo.closing"]._close(self, next_date)

    @api.private
    def _open_business_day(self, date):
        """Set the business date to `date` (later than the current one) once no till is open."""
        self.ensure_one()
        self._check_visible()
        reached = self._end_business_day(date)
        with self.env["kondo.operation"]._posting_env() as env:
            env[self._name].sudo().browse(self.id)._move_business_date(reached)
        self.invalidate_recordset(["business_date"])
        if reached < date:
            self._open_business_day(date)

    @api.private
    def _next_business_day(self, day):
        """The first day after `day` on which this caisse works: no closed weekday, no public holiday."""
        union = self.sudo().root_id
        weekdays = {int(part) for part in (union.closed_weekdays or "").split(",") if part.strip().isdigit()}
        holidays = self._closed_days(day, day, margin=40)
        following = day + timedelta(days=1)
        while (following.weekday() in weekdays or following in holidays) and following < day + timedelta(days=40):
            following += timedelta(days=1)
        return following

    def action_preview_closing(self):
        """Show what the end of the day would post, without posting anything."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager", "group_accountant")
        self._check_visible()
        current = self.sudo().business_date
        if not current:
            raise UserError(self.env._("No business day is open in this caisse. The manager opens it first."))
        rows, refusal = self.env["kondo.closing"]._preview(self, self._next_business_day(current))
        kinds = dict(self.env["kondo.operation"]._fields["kind"]._description_selection(self.env))
        wizard = self.env["kondo.closing.preview"].create(
            {
                "company_id": self.id,
                "date": current,
                "problem": refusal,
                "line_ids": [
                    (0, 0, {"label": kinds.get(kind, kind), "operations": count, "amount": amount})
                    for kind, count, amount in rows
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What the end of the day would post"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_next_day(self):
        """Move the caisse to today, closing each business day on the way as if it had been closed in time."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        today = fields.Date.context_today(self)
        current = self.sudo().business_date
        if current and current >= today:
            raise UserError(
                self.env._("The business day of %(date)s is already open.", date=format_date(self.env, current))
            )
        self._close_until(today)

    @api.private
    def _close_until(self, day):
        """Close each business day before `day`, one by one, as if each had been closed in time."""
        current = self.sudo().business_date
        while current and (following := self._next_business_day(current)) < day:
            self._open_business_day(following)
            current = following
        self._open_business_day(day)
