from odoo import api, fields, models
from odoo.exceptions import UserError

from ....engine.allocation import allocate
from ....engine.names import phone_digits
from ....engine.words import spaced
from ...batch.batch import CASH
from ...batch.batch_check import Finder

LOAN_KINDS = ("loan", "loan_cash")
CASH.add("loan_cash")


class KondoBatchLine(models.Model):
    _inherit = "kondo.batch.line"

    loan_id = fields.Many2one(
        "kondo.loan", string="Loan", readonly=True, index="btree_not_null", check_company=True, ondelete="restrict"
    )


class KondoBatch(models.Model):
    """Repayments by a list: what an employer has kept of salaries, or what the officer brings from a market or a group."""

    _inherit = "kondo.batch"

    kind = fields.Selection(
        selection_add=[
            ("loan", "Loan repayments (kept of salaries, paid by another)"),
            ("loan_cash", "Loan repayments in cash (group, market)"),
        ],
        ondelete={"loan": "cascade", "loan_cash": "cascade"},
    )

    def _finder(self, entries):
        return LoanFinder(self, entries) if self.kind in LOAN_KINDS else super()._finder(entries)

    def _line_values(self, target):
        if self.kind not in LOAN_KINDS:
            return super()._line_values(target)
        return {"loan_id": target.id, "savings_account_id": False, "partner_id": target.partner_id.id}

    def _refusal(self, target, amount):
        """Why this payment is not possible now, by the rules that hold when it is posted; None when it is."""
        if self.kind not in LOAN_KINDS:
            return super()._refusal(target, amount)
        _ = self.env._
        if target.state != "active":
            return _("Nothing is owed on the loan %(number)s.", number=target.name)
        returned = self._too_much(target, amount)
        if returned == amount:
            return _("Nothing is due on the loan %(number)s today.", number=target.name)
        if returned and not target._overpaid_account():
            return _(
                "%(amount)s F too much: nothing more is to be paid now, and the loan has no account to put it on.",
                amount=spaced(returned),
            )
        return None

    def _warnings(self, target, entry):
        warnings = super()._warnings(target, entry)
        if self.kind in LOAN_KINDS and target.state == "active" and entry.amount:
            returned = self._too_much(target, entry.amount)
            if returned:
                warnings.append(self.env._("%(amount)s F too much go to his account", amount=spaced(returned)))
        return warnings

    def _too_much(self, loan, amount):
        """Francs of a payment that the loan does not take today."""
        rule, day = loan.product_id._allocation_rule(), loan.company_id.sudo().business_date
        return allocate(rule, loan._dues(), amount, day).returned


class LoanFinder(Finder):
    """Finds the loan that each entry means: its number, or the member or phone that has a single running one."""

    def __init__(self, batch, entries):
        super().__init__(batch, entries)
        texts = {self._plain(text) for entry in entries for text in entry.identifiers.values()}
        loans = self.env["kondo.loan"].sudo()
        domain = [("company_id", "=", self.company.id)]
        self.by_loan = {loan.name: loan for loan in loans.search([*domain, ("name", "in", list(texts))])}
        people = {partner.id for partner in self.by_member.values()}
        people.update(partner_id for partners in self.by_phone.values() for partner_id in partners)
        people.update(account.partner_id.id for account in self.by_number.values())
        self.running = {}
        for loan in loans.search([*domain, ("state", "=", "active"), ("partner_id", "in", list(people))], order="id"):
            self.running.setdefault(loan.partner_id.id, []).append(loan)

    def _find_one(self, text):
        _, plain = self.env._, self._plain(text)
        if plain in self.by_loan:
            return self.by_loan[plain], None
        if plain in self.by_number:
            return self._account_of(self.by_number[plain].partner_id)
        if plain in self.by_member:
            return self._account_of(self.by_member[plain])
        partners = self.by_phone.get(phone_digits(text), [])
        if len(partners) > 1:
            return None, _("Several members have this phone: give the loan number")
        if partners:
            return self._account_of(self.partners.browse(partners))
        return None, _("No loan, member nor phone like this in your caisse")

    def _account_of(self, partner):
        """The running loan of a member, when it is the only one."""
        loans = self.running.get(partner.id, [])
        if len(loans) == 1:
            return loans[0], None
        if loans:
            return None, self.env._("%(name)s has several running loans: give the loan number", name=partner.name)
        return None, self.env._("%(name)s has no running loan", name=partner.name)


class KondoOperation(models.Model):
    """The list posted: one operation, each loan paid by its own rule, all or nothing."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_batch(self, posting, values):
        """values: batch_id. A list of loan repayments; the other lists as ever."""
        batch = self.env["kondo.batch"].sudo().browse(values["batch_id"])
        if batch.kind not in LOAN_KINDS:
            super()._execute_batch(posting, values)
            return
        if batch.state != "submitted" or batch.company_id.id != posting.company_id:
            raise UserError(self.env._("This batch is not waiting for approval."))
        lines = batch.line_ids.sorted("row")
        if not lines or any(line.state == "error" for line in lines):
            raise UserError(self.env._("Check the file first: it must be without errors."))
        if sum(lines.mapped("amount")) != batch.total:
            raise UserError(
                self.env._("The rows of the batch no longer add up to its total. Take it back and check it.")
            )
        self._post_batch_other_side(posting, batch, batch.total)
        lines.loan_id._lock()
        for line in lines:
            try:
                if line.loan_id.state != "active":
                    raise UserError(self.env._("Nothing is owed on the loan %(number)s.", number=line.loan_id.name))
                self._pay_loan(posting, line.loan_id, line.amount)
            except UserError as refusal:
                raise UserError(
                    self.env._("Row %(row)s, nothing was posted: %(reason)s", row=line.row, reason=refusal)
                ) from None
        for name in ("paid", "returned", "outstanding", "due_left", "next_due", "next_amount"):
            posting.answer.pop(name, None)  # of one loan: a list has many
        posting.label = f"{batch.name} {batch.label}"
        posting.values.update(
            amount=batch.total, user_id=batch.submitted_by_id.id, approver_id=self.env.uid, note=batch.label
        )
        posting.answer.update(batch=batch.name, count=batch.count)
