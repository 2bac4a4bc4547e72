import uuid

from odoo import api, models
from odoo.exceptions import UserError

OFF_BALANCE = ("903", "999")  # RCSSFD class 9: financing commitments given to members, and its counterpart


class KondoLoan(models.Model):
    """The commitment to lend: booked off balance with the decision, taken back when the file is given up."""

    _inherit = "kondo.loan"

    @api.private
    def _grant(self, amount, decision=None):
        """Grant the loan in the name of the current user, with its entry; the caller has checked that he may.

        :param decision: what the committee changed and why, written in the same transaction (see `_decide_grant`)
        """
        self.ensure_one()
        values = {"loan_id": self.id, "change": amount, "why": "granted", **(decision or {})}
        key = self._commitment_key()
        return self.env["kondo.operation"]._submit("loan_commitment", key, values, company=self.company_id)

    @api.private
    def _take_back_grant(self, reason):
        """Give up a granted loan of which nothing was paid out."""
        self.ensure_one()
        values = {"loan_id": self.id, "change": -self.commitment, "why": "given_up", "reason": reason}
        key = self._commitment_key()
        return self.env["kondo.operation"]._submit("loan_commitment", key, values, company=self.company_id)

    def _decide_grant(self, values):
        """What the decision changes of the file, under its lock, before it is checked a last time."""

    def _commitment_key(self):
        """The UUID of the next movement of this loan's commitment: made once, whoever tries again."""
        done = (
            self.env["kondo.operation"]
            .sudo()
            .search_count([("loan_id", "=", self.id), ("kind", "=", "loan_commitment")])
        )
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.loan.commitment,{self.id},{done}"))


class KondoOperation(models.Model):
    """Commitments to lend in the books: entries of their own, since off-balance accounts stand apart."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_commitment(self, posting, values):
        """values: loan_id, change (francs), why: "granted", "given_up" (with reason), "paid_out", "reversed". By the house."""
        loan = self._loan_of(posting, values)
        loan._lock()
        change, why = values["change"], values["why"]
        texts = {
            "granted": self.env._("Loan %(number)s granted", number=loan.name),
            "given_up": self.env._("Loan %(number)s given up", number=loan.name),
            "paid_out": self.env._("Loan %(number)s paid out", number=loan.name),
            "reversed": self.env._("Disbursement of the loan %(number)s reversed", number=loan.name),
            "dropped": self.env._("Loan %(number)s: the rest is not paid out", number=loan.name),
        }
        if why == "granted":
            if loan.state not in ("draft", "review", "committee"):
                raise UserError(self.env._("The loan %(number)s has been decided already.", number=loan.name))
            loan._decide_grant(values)
            blocking = loan._check_blocking()
            if blocking:
                raise UserError("\n".join(blocking))
            loan._set_state("approved", approved_by_id=self.env.uid, approved_on=posting.business_date)
            loan._store_schedule("initial")
        elif why == "given_up":
            if loan.state != "approved" or loan.commitment != -change:
                raise UserError(
                    self.env._("The loan %(number)s is no longer waiting to be paid out.", number=loan.name)
                )
            loan._set_state("cancelled", ended_reason=self._check_text(values.get("reason")))
        company = self.env["res.company"].sudo().browse(posting.company_id)
        account, counterpart = (company._kondo_account(code) for code in OFF_BALANCE)
        posting.add_leg(account.id, change, partner_id=loan.partner_id.id)
        posting.add_leg(counterpart.id, -change, partner_id=loan.partner_id.id)
        loan._set(commitment=loan.commitment + change)
        posting.label = texts[why]
        posting.values.update(amount=abs(change), partner_id=loan.partner_id.id, loan_id=loan.id)
        posting.answer.update(loan_number=loan.name, member_name=loan.partner_id.name)

    @api.private
    def _move_commitment(self, posting, loan, change, why):
        """Move the commitment in the transaction of another operation, once that one is sealed."""
        if change:
            key = loan._commitment_key()
            values = {"loan_id": loan.id, "change": change, "why": why}
            posting.after(lambda: self._post_here("loan_commitment", key, posting.company_id, values, key))
