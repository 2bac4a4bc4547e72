from odoo import api, models
from odoo.exceptions import UserError

from ....engine.early_repayment import payoff, prepay, terms_after
from ....engine.loan_json import terms_from_json
from ....engine.loan_schedule import loan_schedule
from ....engine.words import spaced
from ...ledger.key import LEDGER


class KondoLoan(models.Model):
    """What it takes to clear a loan on a day."""

    _inherit = "kondo.loan"

    def _stored_terms(self):
        return terms_from_json(self.schedule_id.sudo().terms)

    def _payoff(self, day):
        """The engine's `Payoff` on a day."""
        self.ensure_one()
        return payoff(self._schedule(), self._dues(), day, self.product_id.sudo()._early_rule())

    def early_quote(self, day=None):
        """What clears this loan on a day (default: the business day), in francs by component.

        :return: dict on (ISO date), principal, interest, penalties, fees, insurance, fee, total, saved
        :raises UserError: the loan is not running, or the day lies before it
        """
        self.ensure_one()
        self.check_access("read")
        self.company_id.with_env(self.env)._check_visible()
        if self.state != "active":
            raise UserError(self.env._("Nothing is owed on the loan %(number)s.", number=self.name))
        try:
            quote = self.sudo()._payoff(day or self.company_id.sudo().business_date)
        except ValueError as fault:
            raise UserError(self.env._("No quote can be made: %(fault)s.", fault=fault)) from None
        names = ("principal", "interest", "penalties", "fees", "insurance", "fee", "total", "saved")
        return {"on": quote.on.isoformat(), **{name: getattr(quote, name) for name in names}}


class KondoOperation(models.Model):
    """Repaying before the time: the whole, or a part that shortens the term or lowers the instalments."""

    _inherit = "kondo.operation"

    @api.private
    def _early_rows(self, posting, loan, amount, mode):
        """(rows, fee, returned) of an early payment, see `_write_allocations`."""
        waiting = loan._next_tranche()
        if waiting:
            raise UserError(
                self.env._(
                    "A tranche of %(amount)s F is still to be paid out: repay before the time once it has been.",
                    amount=spaced(waiting.amount),
                )
            )
        day, rule, dues = posting.business_date, loan.product_id._early_rule(), loan._dues()
        schedule = loan._schedule()
        quote = payoff(schedule, dues, day, rule)
        if mode == "clear":
            if amount < quote.total:
                raise UserError(
                    self.env._(
                        "%(total)s F clear this loan today; %(missing)s F are missing.",
                        total=spaced(quote.total),
                        missing=spaced(quote.total - amount),
                    )
                )
            paid = self._cleared(dues, day, quote)
            return self._paid_rows(loan, paid), quote.fee, amount - quote.total
        try:
            part = prepay(schedule, dues, day, rule, amount)
        except ValueError:
            raise UserError(
                self.env._(
                    "First what is late and the interest to today are paid: this is not enough for an early part."
                )
            ) from None
        if not part.principal or not part.left:
            raise UserError(
                self.env._(
                    "This amount leaves nothing to shorten or lower: choose to clear the loan, or no early payment."
                )
            )
        early = [due for due in dues if due.due > day]
        paid = [*part.late, *self._spread(early, part.interest, part.principal)]
        return self._paid_rows(loan, paid), part.fee, part.returned

    def _cleared(self, dues, day, quote):
        """The dues that clear a loan: all principal, interest and fees as far as they are asked."""
        late = [due._replace(guarantee=0) for due in dues if due.due <= day]
        early = [due for due in dues if due.due > day]
        rest = {
            "interest": quote.interest - sum(due.interest for due in late),
            "fee": quote.fees - sum(due.fee for due in late),
            "insurance": quote.insurance - sum(due.insurance for due in late),
            "penalty": quote.penalties - sum(due.penalty for due in late),
        }
        paid = []
        for due in early:
            parts = {name: min(left, getattr(due, name)) for name, left in rest.items()}
            rest = {name: left - parts[name] for name, left in rest.items()}
            paid.append(due._replace(guarantee=0, **parts))
        return [due for due in [*late, *paid] if due.total]

    def _spread(self, dues, interest, principal):
        """Interest and principal over dues not due yet, oldest first."""
        paid = []
        for due in dues:
            parts = {"interest": min(interest, due.interest), "principal": min(principal, due.principal)}
            interest, principal = interest - parts["interest"], principal - parts["principal"]
            blank = due._replace(penalty=0, fee=0, insurance=0, guarantee=0)
            paid.append(blank._replace(**parts))
        return [due for due in paid if due.total]

    def _restart_schedule(self, posting, loan, shorten):
        """Put the schedule of what is left in force."""
        left = loan.principal + posting.loans.get((loan.id, "principal"), 0)
        after = terms_after(loan._stored_terms(), loan._schedule(), posting.business_date, left, shorten)
        loan._store_schedule(
            "early", after, loan_schedule(after), operation_id=posting.operation_id, from_on=posting.business_date
        )

    def _drop_unasked(self, posting, loan):
        """What an early repayment no longer asks for is not due any more; it stays to be read."""
        rows = loan.schedule_id.instalment_ids.filtered("rest")
        rows.with_context(kondo_ledger=LEDGER).write({"current": False})
