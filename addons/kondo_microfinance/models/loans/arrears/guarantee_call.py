import uuid
from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from ....engine.allocation import allocate
from ....engine.words import spaced
from ...ledger.key import LEDGER


class KondoLoan(models.Model):
    """Calling the guarantees: what is held for a late loan pays it."""

    _inherit = "kondo.loan"

    def call_guarantee(self, amount=None, key=None):
        """Let the savings held pay what is late, the borrower's first, then the guarantors' in their order.

        :param amount: francs, at most what is owed and held; default what is late, as far as it is held
        :return: answer of the operation
        """
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_second_person(
            self.officer_id.sudo(), self.env._("You follow this loan: somebody else calls its guarantees.")
        )
        if amount is not None:
            self.env["kondo.operation"]._check_amount(amount)
        values = {"loan_id": self.id, "amount": amount}
        key = key or str(uuid.uuid4())
        return self.env["kondo.operation"]._submit("loan_guarantee_call", key, values, company=self.company_id)


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_guarantee_call(self, posting, values):
        """values: loan_id, amount or None. By `kondo.loan.call_guarantee`."""
        loan = self._loan_of(posting, values)
        loan._lock()
        if loan.state != "active" or not loan.amount_late:
            raise UserError(self.env._("The loan %(number)s is not late: nothing is called.", number=loan.name))
        holds = self._holds_of(loan)
        own = holds.filtered(lambda hold: hold.account_id == loan.guarantee_account_id)
        held = sum(holds.mapped("amount"))
        owed = sum(due.total - due.guarantee for due in loan._dues())
        late = sum(due.total - due.guarantee for due in loan._dues() if due.due < posting.business_date)
        amount = min(values.get("amount") or late, held, owed)
        if not amount:
            raise UserError(self.env._("No savings are held for the loan %(number)s.", number=loan.name))
        posting.label = self.env._("Guarantee of the loan %(number)s called", number=loan.name)
        left = amount
        for hold in [*own.sorted("id"), *(holds - own).sorted("id")]:
            if not left:
                break
            part = min(left, hold.amount)
            hold._release(self.env._("Guarantee called"), origin=loan.name)
            posting.move_savings(hold.account_id, -part, rule="release", label=posting.label)
            self._note_called(loan, hold, part)
            if hold.amount > part:
                rest, account, reason = hold.amount - part, hold.account_id, hold.reason
                posting.after(
                    lambda rest=rest, account=account, reason=reason: self.env["kondo.savings.hold"]._place(
                        account, rest, "guarantee", reason, origin=loan.name
                    )
                )
            left -= part
        posting.values.update(amount=amount, partner_id=loan.partner_id.id, loan_id=loan.id)
        self._pay_loan_ahead(posting, loan, amount)
        posting.answer.update(member_name=loan.partner_id.name, loan_number=loan.name)

    def _note_called(self, loan, hold, part):
        guarantor = loan.guarantor_ids.filtered(lambda one: one.account_id == hold.account_id)[:1]
        if guarantor:
            guarantor.with_context(kondo_ledger=LEDGER).called += part

    def _pay_loan_ahead(self, posting, loan, amount):
        """Bring a guarantee to a loan: what is not due yet is paid too, whatever the product says of paying ahead."""
        rule = replace(loan.product_id._allocation_rule(), ahead_days=None)
        dues = [due._replace(guarantee=0) for due in loan._dues()]
        given = allocate(rule, dues, amount, posting.business_date)
        if given.returned:
            raise UserError(self.env._("%(amount)s F are more than is owed.", amount=spaced(amount)))
        rows = self._paid_rows(loan, given.paid)
        self._loan_legs(posting, loan, self._components(rows))
        self._write_allocations(posting, loan, rows)
        if not posting.dry:
            self._settle_loan(posting, loan)
