from odoo import api, fields, models
from odoo.exceptions import UserError

from ....engine.allocation import allocate
from ....engine.words import spaced

MODES = ("none", "shorten", "lower", "clear")


class KondoOperation(models.Model):
    """Paying a loan back: at a till by anybody, or from the member's savings."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_repayment(self, posting, values):
        """values: loan_id, amount, session_id (cash), or source (id of an account of the member), early ("none",
        "shorten", "lower", "clear"), bearer?, note?

        The end of the day sends "due" as the amount: what is due and the account holds, decided under their locks.
        """
        if not self.env.su:
            self.env["kondo.four.eyes"]._check_group("group_teller", "group_caisse_manager")
        loan = self._loan_of(posting, values)
        mode = values.get("early") or "none"
        if mode not in MODES:
            raise UserError(self.env._("The request is not readable."))
        source_id = self._read_choice(values.get("source"))
        by_order = self.env.su and values.get("amount") == "due"
        amount = None if by_order else self._check_amount(values.get("amount"))
        till = None
        if values.get("session_id"):
            till = posting.take_till(self._check_id(values["session_id"]), 0 if source_id else amount)
        elif not source_id:
            raise UserError(self.env._("Your till is not open. Open it before any operation."))
        loan._lock()
        if loan.state != "active":
            raise UserError(self.env._("Nothing is owed on the loan %(number)s.", number=loan.name))
        if source_id:
            source = self._repayment_source(posting, loan, source_id)
            if by_order:
                amount = self._ordered_amount(posting, loan, source)
            posting.move_savings(source, -amount, rule="house" if self.env.su else "window")
            posting.values["savings_account_id"] = source.id
        else:
            posting.add_leg(till["account_id"], amount, till_id=till["id"])
            posting.answer.update(till_cash=till["cash"], cash_after={till["id"]: till["cash"]})
        posting.values.update(
            amount=amount,
            partner_id=loan.partner_id.id,
            loan_id=loan.id,
            bearer=self._check_text(values.get("bearer")),
            note=self._check_text(values.get("note")),
        )
        posting.label = self.env._("Repayment of the loan %(number)s", number=loan.name)
        self._pay_loan(posting, loan, amount, mode)
        posting.answer.update(member_name=loan.partner_id.name, loan_number=loan.name)

    def _repayment_source(self, posting, loan, account_id):
        """The account that pays: the borrower's own, or one that the teller was given for a third person."""
        account = self._window_account(posting, account_id)
        if account.kind in ("term", "guarantee"):
            raise UserError(
                self.env._("Nothing is paid from the account %(number)s: its money is tied.", number=account.number)
            )
        if account.partner_id != loan.partner_id:
            raise UserError(self.env._("The account that pays belongs to the borrower."))
        return account

    def _ordered_amount(self, posting, loan, source):
        """Francs that the member's standing word lets the end of the day take: what is due, as far as it is there."""
        self.env.cr.execute("SELECT id FROM kondo_savings_account WHERE id = %s FOR NO KEY UPDATE", (source.id,))
        source.invalidate_recordset()
        if source.state not in ("active", "inactive") or source.block in ("all", "debit"):
            raise UserError(source._why_not(-1))
        due = sum(due.total for due in loan._dues() if due.due <= posting.business_date)
        amount = min(due, max(0, source.balance - source.blocked - source.product_id.minimum_balance))
        if not due:
            raise UserError(self.env._("Nothing is due on the loan %(number)s today.", number=loan.name))
        if not amount:
            raise UserError(self.env._("Nothing is free on the account %(number)s.", number=source.number))
        return amount

    @api.private
    def _pay_loan(self, posting, loan, amount, mode="none"):
        """Bring `amount` francs to a locked loan: legs, allocation rows, what is too much to the member's account."""
        if mode == "none":
            given = allocate(loan.product_id._allocation_rule(), loan._dues(), amount, posting.business_date)
            rows, fee, returned = self._paid_rows(loan, given.paid), 0, given.returned
        else:
            rows, fee, returned = self._early_rows(posting, loan, amount, mode)
        paid = self._components(rows, fee)
        if not paid:
            raise UserError(self.env._("Nothing is due on the loan %(number)s today.", number=loan.name))
        self._loan_legs(posting, loan, paid)
        if returned:
            self._return_overpaid(posting, loan, returned)
        self._write_allocations(posting, loan, rows, fee=fee)
        if mode in ("shorten", "lower"):
            self._restart_schedule(posting, loan, mode == "shorten")
        elif mode == "clear":
            self._drop_unasked(posting, loan)
        self._show_split(posting, loan, paid, returned)
        if not posting.dry:
            self._settle_loan(posting, loan)

    @api.private
    def _share_repayment(self, posting, loan, shares):
        """Called after `_pay_loan` when the payer names who of a group brought how much: {person id: francs}.

        A loan has one debtor: nothing is done with the names here. Rooms that split a loan among people keep them.
        """

    def _return_overpaid(self, posting, loan, returned):
        """What is too much goes to the member's account; without one it is refused."""
        if not loan._overpaid_account():
            raise UserError(
                self.env._(
                    "%(amount)s F too much: nothing more is to be paid now, and the loan has no account to put it on.",
                    amount=spaced(returned),
                )
            )
        posting.move_savings(loan._overpaid_account(), returned, rule="house")

    def _show_split(self, posting, loan, paid, returned):
        """How the payment is shared out and what remains due, for the window and the receipt."""
        _ = self.env._
        labels = dict(self.env["kondo.loan.allocation"]._fields["component"]._description_selection(self.env))
        for component, amount in paid.items():
            posting.show(labels[component], amount)
        if returned:
            posting.show(_("To the account %(number)s", number=loan._overpaid_account().number), returned)
        left = loan.principal + posting.loans.get((loan.id, "principal"), 0)
        posting.show(_("Principal outstanding after"), left)
        if posting.dry:
            return
        # the rows still unpaid; those that a clearing payment no longer asks for are out of force already
        dues = loan._dues()
        late = sum(due.total for due in dues if due.due <= posting.business_date)
        coming = next((due for due in dues if due.due > posting.business_date), None)
        posting.answer.update(
            paid=paid,
            returned=returned,
            outstanding=left,
            due_left=late,
            next_due=fields.Date.to_string(coming.due) if coming else False,
            next_amount=coming.total if coming else 0,
        )
