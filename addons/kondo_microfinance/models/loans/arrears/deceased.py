import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

RECEIVABLE = "331"  # RCSSFD: débiteurs divers


class KondoLoan(models.Model):
    """A borrower has died: nothing runs on any more, and the insurer pays."""

    _inherit = "kondo.loan"

    def declare_deceased(self, day, document, insurer=None):
        """Note the death; interest and penalties stop.

        :param day: date of the death; document: number of the certificate
        """
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        document = self.env["kondo.operation"]._check_text(document)
        day = fields.Date.to_date(day)
        if self.state != "active":
            raise UserError(self.env._("Nothing is owed on the loan %(number)s.", number=self.name))
        if not document or not day or day > self.company_id.sudo().business_date:
            raise UserError(self.env._("Give the day of the death and the number of the certificate."))
        self._set(deceased_on=day, death_document=document, insurer=self.env["kondo.operation"]._check_text(insurer))

    def claim_insurance(self):
        """The insurer takes over what is owed: the loan is settled, he owes it (331). By a second person."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_accountant")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_second_person(self.officer_id.sudo())
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.loan.insurance,{self.id}"))
        values = {"loan_id": self.id}
        return self.env["kondo.operation"]._submit("loan_insurance", key, values, company=self.company_id)


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_insurance(self, posting, values):
        """D 331 C loan: principal, and interest to the day of the death. By `kondo.loan.claim_insurance`."""
        loan = self._loan_of(posting, values)
        loan._lock()
        if loan.state != "active" or not loan.deceased_on:
            raise UserError(self.env._("The death of the borrower of %(number)s is not noted.", number=loan.name))
        day = max(loan.deceased_on, loan.disbursed_on)
        quote = loan._payoff(day)
        paid = self._cleared(loan._dues(), day, quote._replace(penalties=0))
        paid = [due._replace(penalty=0) for due in paid]
        rows = self._paid_rows(loan, [due for due in paid if due.total])
        components = self._components(rows)
        amount = sum(components.values())
        company = self.env["res.company"].sudo().browse(posting.company_id)
        posting.add_leg(company._kondo_account(RECEIVABLE).id, amount, partner_id=loan.partner_id.id)
        self._loan_legs(posting, loan, components)
        self._write_allocations(posting, loan, rows)
        self._drop_unasked(posting, loan)
        posting.label = self.env._("Insurance of the loan %(number)s", number=loan.name)
        posting.values.update(amount=amount, partner_id=loan.partner_id.id, loan_id=loan.id, note=loan.insurer or None)
        posting.answer.update(member_name=loan.partner_id.name, loan_number=loan.name)
        self._settle(posting, loan)
