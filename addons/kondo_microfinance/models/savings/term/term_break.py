from odoo import api, models
from odoo.exceptions import UserError

from ....engine.charts import percent, rate_text
from ....engine.term import BreakRule, term_break
from ...ledger.key import LEDGER


class KondoTermDeposit(models.Model):
    _inherit = "kondo.term.deposit"

    @api.private
    def _break_terms(self, date):
        """What ending this deposit on `date` gives, by the rule that was signed.

        :return: dict in francs of `principal`, `interest` (kept, gross), `paid` (gross, already paid), `tax` and
            `tax_paid` (withheld on each), `penalty`, `given` (what the member receives in the end); and `rate`
            (exact, % a year kept)
        """
        self.ensure_one()
        events = self.event_ids.filtered(lambda event: event.state == "paid")
        paid, tax_paid = sum(events.mapped("amount")), sum(events.mapped("withheld"))
        rule = BreakRule(
            self.break_rule,
            reduced_rate=percent(self.break_reduced_rate),
            points=percent(self.break_points),
            points_over=self.break_points_over,
            recover_paid=self.break_recover,
        )
        chart = self.env["kondo.term.rate"]._tiers(self.product_id, self.start)
        broken = term_break(self._terms(), date, rule, chart, paid=paid)
        tax = self.env["kondo.operation"]._withheld(broken.interest, self.product_id, date) if broken.interest else 0
        recovered = self.break_recover or self.interest_mode == "up_front"
        kept = (broken.interest - tax) - (0 if recovered else paid - tax_paid)
        penalty = min(self.break_penalty, max(0, kept))
        return {
            "principal": self.principal,
            "rate": broken.annual_rate,
            "interest": broken.interest,
            "paid": paid,
            "tax": tax,
            "tax_paid": tax_paid,
            "penalty": penalty,
            "given": self.principal + (broken.interest - tax) - (paid - tax_paid) - penalty,
        }


class KondoOperation(models.Model):
    """The end of a term deposit before its day, at the window or by a manager."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_term_break(self, posting, values):
        """values: session_id, partner_id, deposit, pay ("cash" or an account's id), reason, bearer?, approval_id?

        Without a session a manager ends it, and the money goes to an account of the member.
        """
        session_id = values.get("session_id")
        self.env["kondo.four.eyes"]._check_group("group_teller" if session_id else "group_caisse_manager")
        deposit = self._window_deposit(posting, values)
        reason = self._check_text(values.get("reason"))
        if not reason:
            raise UserError(self.env._("Say why the deposit is broken."))
        account = self._term_account(posting, deposit.partner_id, values.get("pay"))
        if not session_id and not account:
            raise UserError(self.env._("Choose the account of the member that receives the money."))
        deposit = self._lock_deposit(posting, deposit)
        self._check_breakable(posting, deposit)
        self._check_authorised(posting, values, deposit.product_id, deposit.principal)
        terms = deposit._break_terms(posting.business_date)
        self._show_break(posting, terms)
        given = terms["given"]
        self._book_break(posting, deposit, terms)
        till = posting.take_till(self._check_id(session_id), 0 if account else -given) if session_id else None
        if account and given:
            posting.move_savings(account, given, rule="house")
        elif given:
            posting.add_leg(till["account_id"], -given, till_id=till["id"])
        posting.label = self.env._("Early break of the term deposit %(number)s", number=deposit.name)
        self._about_deposit(posting, deposit, given)
        posting.values.update(
            counter_account_id=account.id or None, note=reason, bearer=self._check_text(values.get("bearer"))
        )
        if till:
            posting.answer.update(till_cash=till["cash"], cash_after={till["id"]: till["cash"]} if not account else {})
        deposit.event_ids.filtered(lambda event: event.state == "planned").with_context(kondo_ledger=LEDGER).write(
            {"cancelled": True}
        )
        self._end_deposit(posting, deposit, "broken")

    def _book_break(self, posting, deposit, terms):
        """The legs of an early break but the last, which gives the money: principal, interest put right, penalty."""
        product, partner_id = deposit.product_id, deposit.partner_id.id
        posting.move_savings(deposit.account_id, -deposit.principal, rule="house")
        changes = [
            (product.expense_account_id.id, terms["interest"] - terms["paid"]),
            (product.break_income_account_id.id, -terms["penalty"]),
        ]
        tax = terms["tax"] - terms["tax_paid"]
        if tax:
            changes.append((self._withholding_account_id(posting), -tax))
        for account_id, amount in changes:
            if amount:
                posting.add_leg(account_id, amount, partner_id=partner_id)

    def _check_breakable(self, posting, deposit):
        _ = self.env._
        self._check_free(deposit)
        if deposit.break_rule == "refused":
            raise UserError(_("The contract of the deposit %(number)s allows no early break.", number=deposit.name))
        if deposit.maturity <= posting.business_date:
            raise UserError(
                _("The deposit %(number)s matures today: the manager settles it without penalty.", number=deposit.name)
            )

    def _show_break(self, posting, terms):
        """Everything the member gains and loses, before anybody confirms."""
        _ = self.env._
        posting.show(_("Deposit"), terms["principal"])
        posting.show(_("Rate kept"), _("%(rate)s %% a year", rate=rate_text(terms["rate"])))
        posting.show(_("Interest kept"), terms["interest"])
        if terms["paid"]:
            posting.show(_("Interest already paid"), terms["paid"])
        if terms["paid"] > terms["interest"]:
            posting.show(_("Interest taken back"), terms["paid"] - terms["interest"])
        if terms["tax"] != terms["tax_paid"]:
            posting.show(_("Withheld"), terms["tax"] - terms["tax_paid"])
        if terms["penalty"]:
            posting.show(_("Penalty"), terms["penalty"])
        posting.show(_("Paid to the member"), terms["given"])

    @api.private
    def _approval_subject(self, kind, values):
        if kind not in ("term_break", "term_maturity"):
            return super()._approval_subject(kind, values)
        deposit = self.env["kondo.term.deposit"].sudo().browse(self._read_choice(values.get("deposit"))).exists()
        if not deposit:
            raise UserError(self.env._("Choose the term deposit."))
        return {
            "amount": deposit.principal,
            "partner_id": deposit.partner_id,
            "savings_account_id": deposit.account_id,
        }
