from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...ledger.key import has_ledger_key


class ResCompany(models.Model):
    """Odoo's lock dates follow the months that are closed: nobody sets them back by hand."""

    _inherit = "res.company"

    def write(self, vals):
        if "fiscalyear_lock_date" in vals and not has_ledger_key(self.env):
            self._refuse_unlocking(vals["fiscalyear_lock_date"])
        return super().write(vals)

    def _refuse_unlocking(self, date):
        closed = self.env["kondo.month.close"].sudo()._last_closed(self)
        if closed and (not date or fields.Date.to_date(date) < closed.date_to):
            raise UserError(
                self.env._("%(month)s is closed. The network manager reopens it first.", month=closed.display_name)
            )


class AccountLockException(models.Model):
    """A closed month has no exceptions: it is reopened, by two persons, or it stays closed."""

    _inherit = "account.lock_exception"

    @api.model_create_multi
    def create(self, vals_list):
        exceptions = super().create(vals_list)
        if not has_ledger_key(self.env):
            for exception in exceptions.filtered(lambda one: one.lock_date_field == "fiscalyear_lock_date"):
                exception.company_id._refuse_unlocking(exception.lock_date)
        return exceptions


class AccountMove(models.Model):
    """An entry dated in a closed month is refused. Odoo itself would date it later without a word."""

    _inherit = "account.move"

    def _post(self, soft=True):
        if not has_ledger_key(self.env):
            for move in self.filtered(lambda one: one.move_type == "entry"):
                move._refuse_closed(move._get_violated_lock_dates(move.date, False))
        return super()._post(soft)

    def _get_violated_lock_dates(self, invoice_date, has_tax):
        """An operation stands on the business day of its legs or not at all."""
        locks = super()._get_violated_lock_dates(invoice_date, has_tax)
        if locks and has_ledger_key(self.env):
            self._refuse_closed(locks)
        return locks

    def _refuse_closed(self, locks):
        if locks:
            raise UserError(
                self.env._(
                    "The books of %(caisse)s are closed up to %(lock)s: nothing is posted there on %(date)s any more. "
                    "Give the entry a later date, or ask the network to reopen the month.",
                    caisse=self.company_id.sudo().name,
                    lock=format_date(self.env, max(lock[0] for lock in locks)),
                    date=format_date(self.env, self.date),
                )
            )
