from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.loan_schedule import loan_schedule
from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .loan import MEASURED


class KondoOperation(models.Model):
    """Paying out a loan in kind: the principal is owed by the organisation, its price to the supplier of the inputs."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_disbursement(self, posting, values):
        """values: as ever; paid "supplier" with delivery_id, by a delivery note being confirmed only."""
        in_kind = values.get("paid") == "supplier"
        if in_kind and self.env.context.get("kondo_delivery") is not LEDGER:
            raise UserError(self.env._("A loan is paid out in kind by its delivery note."))
        loan = self._loan_of(posting, values)
        if not loan.in_kind_amount and not in_kind:
            super()._execute_loan_disbursement(posting, values)
            return
        if values.get("session_id"):  # the till before the loan, as every operation at the window locks them
            self.env.cr.execute(
                "SELECT t.id FROM kondo_till t JOIN kondo_till_session s ON s.till_id = t.id WHERE s.id = %s"
                " FOR NO KEY UPDATE OF t",
                (self._check_id(values["session_id"]),),
            )
        loan._lock()
        amount = self._amount_in_kind(loan, values) if in_kind else loan._next_payout()
        if amount:
            loan._measure_payout(amount, posting.business_date)
        super(KondoOperation, self.with_context(**{MEASURED: bool(amount)}))._execute_loan_disbursement(posting, values)
        if in_kind:
            delivery = self._delivery_of(values)
            loan._set(in_kind_delivered=loan.in_kind_delivered + amount)
            posting.label = self.env._(
                "Delivery %(delivery)s on the loan %(number)s", delivery=delivery.name, number=loan.name
            )
            posting.values["note"] = delivery.name

    def _delivery_of(self, values):
        return self.env["kondo.input.delivery"].sudo().browse(self._check_id(values.get("delivery_id"))).exists()

    def _amount_in_kind(self, loan, values):
        """Francs of the delivery note, never more than the loan still has in kind."""
        delivery = self._delivery_of(values)
        if not delivery or delivery.loan_id != loan:
            raise UserError(self.env._("This delivery note is not of this loan."))
        if delivery.amount > loan.in_kind_left:
            raise UserError(
                self.env._(
                    "The delivery is worth %(amount)s F; %(left)s F are left in kind on the loan %(number)s.",
                    amount=spaced(delivery.amount),
                    left=spaced(loan.in_kind_left),
                    number=loan.name,
                )
            )
        return delivery.amount

    # ------------------------------------------------------------------ what differs from a payout in cash
    def _charges_taken(self, loan, values):
        """Nothing can be taken off a bag of fertiliser: charges come from the organisation's account."""
        return "account" if values.get("paid") == "supplier" else super()._charges_taken(loan, values)

    def _pay_elsewhere(self, posting, loan, net, values):
        if values.get("paid") != "supplier":
            super()._pay_elsewhere(posting, loan, net, values)
            return
        delivery = self._delivery_of(values)
        supplier = delivery.supplier_id
        account = delivery.company_id._input_account()
        posting.add_leg(account.id, -net, partner_id=supplier.partner_id.id, label=delivery.name)
        posting.after(lambda: supplier._move_supplier(posting, "delivered", net, delivery=delivery))

    def _payout_plan(self, posting, loan):
        """Of two payouts on one day the second bears what the first has not borne of the day's charges."""
        terms, schedule, charges = super()._payout_plan(posting, loan)
        if not loan.in_kind_amount or loan.state != "active" or not charges:
            return terms, schedule, charges
        before = {}
        for charge in loan_schedule(loan._stored_terms()).charges:
            if charge.due == posting.business_date:
                before[charge.name] = before.get(charge.name, 0) + charge.amount
        left = [(charge, amount - before.get(str(charge.id), 0)) for charge, amount in charges]
        return terms, schedule, [(charge, amount) for charge, amount in left if amount > 0]
