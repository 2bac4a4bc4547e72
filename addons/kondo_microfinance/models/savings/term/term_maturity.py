from odoo import api, models
from odoo.exceptions import UserError

from ....engine.words import spaced
from ...ledger.key import LEDGER


class KondoOperation(models.Model):
    """What a term deposit does by itself: periodic interest, and its maturity. Posted by the house, never by a client."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_term_interest(self, posting, values):
        """values: event_id"""
        self._check_house()
        event = self.env["kondo.term.event"].browse(values["event_id"])
        deposit = self._lock_deposit(posting, event.deposit_id)
        if event.state != "planned" or event.due > posting.business_date:
            raise UserError(self.env._("Nothing is due on the deposit %(number)s today.", number=deposit.name))
        paid = self._pay_interest(posting, deposit, event)
        posting.label = self.env._("Interest of the term deposit %(number)s", number=deposit.name)
        self._about_deposit(posting, deposit, paid)

    @api.private
    def _execute_term_maturity(self, posting, values):
        """values: deposit_id (the end of the day), or session_id, partner_id, deposit (money paid at the window)."""
        if values.get("session_id"):
            self._pay_waiting(posting, values)
            return
        self._check_house()
        deposit = self._lock_deposit(posting, self.env["kondo.term.deposit"].browse(values["deposit_id"]))
        if deposit.maturity > posting.business_date:
            raise UserError(self.env._("Nothing is due on the deposit %(number)s today.", number=deposit.name))
        posting.label = self.env._("Maturity of the term deposit %(number)s", number=deposit.name)
        events = deposit._owed_events(deposit.maturity)
        if deposit.at_maturity in ("renew_principal", "renew_all"):
            self._renew(posting, deposit, events)
            return
        self._check_free(deposit)
        paid = self._pay_interest(posting, deposit, events)
        principal = deposit.principal
        posting.move_savings(deposit.account_id, -principal, rule="house")
        if deposit.at_maturity == "transfer":
            self._give(posting, deposit, principal)
        else:
            self._keep_waiting(posting, deposit, principal)
        self._about_deposit(posting, deposit, principal + paid)
        self._end_deposit(posting, deposit, "matured" if deposit.waiting else "closed")

    def _renew(self, posting, deposit, events):
        """Close the contract and sign the next one on the same account, at the chart's rate of the day.

        The money moves to the ledger account of the new term when that is another (D old band, C new band).
        """
        account, product = deposit.account_id, deposit.product_id
        months = deposit.renewal_months or deposit.months
        if not product.active:
            raise UserError(self.env._("This product is not offered by this caisse."))
        product._check_term(deposit.principal, months, deposit.interest_mode, deposit.at_maturity)
        old, new = account.ledger_account_id, product._term_account(months)
        if new != old:
            posting.move_savings(account, -deposit.principal, rule="house")
            account.with_context(kondo_ledger=LEDGER).write({"ledger_account_id": new.id})
            posting.move_savings(account, deposit.principal, rule="house")
        capitalise = deposit.at_maturity == "renew_all" and deposit.interest_mode == "maturity"
        paid = self._pay_interest(posting, deposit, events, capitalise=capitalise)
        self._about_deposit(posting, deposit, deposit.principal + paid)
        self._end_deposit(posting, deposit, "matured" if deposit.waiting else "closed")
        deposit.flush_recordset()
        renewal = self.env["kondo.term.deposit"]._sign(
            account,
            {
                "principal": deposit.principal + (paid if capitalise else 0),
                "months": months,
                "start": deposit.maturity,
                "interest_mode": deposit.interest_mode,
                "at_maturity": deposit.at_maturity,
                "settlement_account_id": deposit.settlement_account_id.id,
                "renewed_from_id": deposit.id,
            },
            posting.operation_id,
        )
        self._pay_upfront(posting, renewal)
        if not posting.legs:
            # No interest fell due: the renewal itself is still written in the books.
            posting.move_savings(account, -deposit.principal, rule="house")
            posting.move_savings(account, deposit.principal, rule="house")

    # ------------------------------------------------------------------ money that waits
    def _keep_waiting(self, posting, deposit, amount):
        posting.add_leg(self._payable(posting).id, -amount, partner_id=deposit.partner_id.id)
        self._change_waiting(deposit, amount)

    def _pay_waiting(self, posting, values):
        """Cash for the member, out of what waited for him since a maturity or an interest day."""
        self.env["kondo.four.eyes"]._check_group("group_teller")
        deposit = self._window_deposit(posting, values)
        amount = deposit.waiting
        if not amount:
            raise UserError(self.env._("Nothing waits at the window for the deposit %(number)s.", number=deposit.name))
        till = posting.take_till(self._check_id(values.get("session_id")), -amount)
        posting.add_leg(self._payable(posting).id, amount, partner_id=deposit.partner_id.id)
        posting.add_leg(till["account_id"], -amount, till_id=till["id"])
        left = self._change_waiting(deposit, -amount)
        if not left and deposit.state == "matured":
            deposit.with_context(kondo_ledger=LEDGER).write({"state": "closed"})
        posting.label = self.env._("Payment of the term deposit %(number)s", number=deposit.name)
        self._about_deposit(posting, deposit, amount)
        posting.values.update(bearer=self._check_text(values.get("bearer")), note=self._check_text(values.get("note")))
        posting.answer.update(till_cash=till["cash"], cash_after={till["id"]: till["cash"]})
        posting.show(self.env._("Waiting at the window"), amount)

    # ------------------------------------------------------------------ helpers
    def _check_house(self):
        """The end of the day acts as superuser; no client does."""
        if not self.env.su:
            raise UserError(self.env._("This kind of operation is not made at the counter."))

    def _lock_deposit(self, posting, deposit):
        """The running deposit of this caisse, locked until the end of the operation."""
        self.env.cr.execute(
            "SELECT id FROM kondo_term_deposit WHERE id = %s AND company_id = %s AND state = 'open' FOR UPDATE",
            (deposit.id or 0, posting.company_id),
        )
        if not self.env.cr.fetchone():
            raise UserError(self.env._("This term deposit is not running."))
        deposit = deposit.sudo()
        deposit.invalidate_recordset()
        return deposit

    def _window_deposit(self, posting, values):
        """The deposit that a request of the window names, of the member who stands there."""
        partner = self._term_member(posting, values)
        deposit = self.env["kondo.term.deposit"].sudo().browse(self._read_choice(values.get("deposit"))).exists()
        if not deposit or deposit.partner_id != partner:
            raise UserError(self.env._("Choose the term deposit."))
        return deposit

    def _check_free(self, deposit):
        """A deposit given as guarantee stays where it is."""
        held = deposit.account_id.blocked
        if held:
            raise UserError(
                self.env._(
                    "The deposit %(number)s guarantees a debt: %(held)s F are held on it. It is not paid or broken "
                    "before they are released.",
                    number=deposit.name,
                    held=spaced(held),
                )
            )

    def _about_deposit(self, posting, deposit, amount):
        posting.values.update(amount=amount, partner_id=deposit.partner_id.id, savings_account_id=deposit.account_id.id)
        posting.answer.update(
            account_number=deposit.account_id.number, member_name=deposit.partner_id.name, deposit_id=deposit.id
        )
