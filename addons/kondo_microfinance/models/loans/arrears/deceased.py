import uuid
from dataclasses import replace
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....engine.arrears import penalty
from ....engine.early_repayment import EarlyRule, payoff
from ....engine.loan_json import terms_to_json
from ...ledger.key import LEDGER

RECEIVABLE = "331"  # RCSSFD: débiteurs divers


class KondoLoanSchedule(models.Model):
    _inherit = "kondo.loan.schedule"

    reason = fields.Selection(selection_add=[("deceased", "Borrower died")], ondelete={"deceased": "cascade"})


class KondoLoan(models.Model):
    """A borrower has died: nothing runs on any more, and the insurer pays."""

    _inherit = "kondo.loan"

    def declare_deceased(self, day, document, insurer=None):
        """Note the death: interest, premiums and penalties stop on that day.

        What is unpaid becomes the schedule in force; heirs pay it on the dates it had, or the insurer takes it over.

        :param day: date of the death; document: number of the certificate
        """
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        document = self.env["kondo.operation"]._check_text(document)
        day = fields.Date.to_date(day)
        loan = self.sudo()
        loan._lock()
        if loan.state != "active":
            raise UserError(self.env._("Nothing is owed on the loan %(number)s.", number=loan.name))
        if loan.deceased_on:
            raise UserError(self.env._("The death of the borrower of %(number)s is noted already.", number=loan.name))
        if not document or not day or day > loan.company_id.business_date:
            raise UserError(self.env._("Give the day of the death and the number of the certificate."))
        loan._set(deceased_on=day, death_document=document, insurer=self.env["kondo.operation"]._check_text(insurer))
        loan._stop_running(max(day, loan.disbursed_on))
        loan._refresh_position()
        loan.message_post(
            body=self.env._("The borrower died on %(day)s (%(document)s).", day=f"{day:%d/%m/%Y}", document=document)
        )

    def cancel_death(self, reason):
        """The borrower lives: the schedule from before is in force again. By somebody who does not follow the loan."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        reason = self.env["kondo.operation"]._check_text(reason)
        loan = self.sudo()
        loan._lock()
        if not reason:
            raise UserError(self.env._("Say why the death is taken back."))
        if loan.state != "active" or loan.schedule_id.reason != "deceased":
            raise UserError(self.env._("The death of the borrower of %(number)s is not noted.", number=loan.name))
        if any(row.paid for row in loan.schedule_id.instalment_ids):
            raise UserError(
                self.env._(
                    "The loan %(number)s has been paid on since: reverse those payments first.", number=loan.name
                )
            )
        self.env["kondo.operation"]._schedule_before(loan, loan.schedule_id)
        loan._set(deceased_on=False, death_document=False, insurer=False)
        loan._refresh_position()
        loan.message_post(body=self.env._("The death is taken back: %(why)s", why=reason))

    def _stop_running(self, day):
        """Put in force what is unpaid, with interest as earned by `day`, no premium after it, no penalty for later days."""
        loan = self.with_context(kondo_ledger=LEDGER)
        before, schedule, dues = loan.schedule_id, loan._schedule(), loan._dues()
        interest = payoff(schedule, dues, day, EarlyRule()).interest
        rule = loan.product_id._penalty_rule()
        rows, balance, outstanding = [], sum(due.principal for due in dues), loan.principal
        by_number = {row.number: row for row in before.instalment_ids}
        for due in dues:
            row = by_number[due.number]
            earned = min(due.interest, interest)
            interest -= earned
            balance -= due.principal
            charged = penalty(rule, due, day, balance=outstanding) if row.penalty and due.due < day else 0
            tax = min(due.fee, row.tax - row.paid_tax)
            rows.append(
                {
                    "loan_id": loan.id,
                    "company_id": loan.company_id.id,
                    "current": True,
                    "number": row.number,
                    "start": row.start,
                    "due": row.due,
                    "days": max(1, (min(day, row.due) - row.start).days),
                    "principal": due.principal,
                    "interest": earned,
                    "accrues": earned,
                    "fee": due.fee - tax,
                    "tax": tax,
                    "insurance": due.insurance if due.due <= day else 0,
                    "guarantee": 0,
                    "balance": balance,
                    "penalty": min(charged, due.penalty),
                    "penalty_until": day,
                }
            )
        before.instalment_ids.current = False
        before.current = False
        before.flush_recordset()
        record = loan.env["kondo.loan.schedule"].create(
            {
                "loan_id": loan.id,
                "company_id": loan.company_id.id,
                "number": max(loan.schedule_ids.mapped("number")) + 1,
                "reason": "deceased",
                "from_on": day,
                "current": True,
                "terms": terms_to_json(replace(loan._stored_terms(), annual_rate=Fraction(0))),
                "note": loan.death_document,
            }
        )
        loan.env["kondo.loan.instalment"].create([{**row, "schedule_id": record.id} for row in rows])
        loan.write({"schedule_id": record.id})
        loan.invalidate_recordset(["instalment_ids", "schedule_ids"])

    def claim_insurance(self):
        """The insurer takes over what is owed: the loan is settled, he owes it (331). By a second person."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_accountant")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_second_person(
            self.officer_id.sudo(), self.env._("You follow this loan: somebody else settles it with the insurer.")
        )
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.loan.insurance,{self.id}"))
        values = {"loan_id": self.id}
        return self.env["kondo.operation"]._submit("loan_insurance", key, values, company=self.company_id)


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_insurance(self, posting, values):
        """D 331 C loan: principal and interest to the day of the death; no penalty. By `kondo.loan.claim_insurance`."""
        loan = self._loan_of(posting, values)
        loan._lock()
        if loan.state != "active" or not loan.deceased_on:
            raise UserError(self.env._("The death of the borrower of %(number)s is not noted.", number=loan.name))
        day = max(loan.deceased_on, loan.disbursed_on)
        covered = [
            due._replace(penalty=0, **({} if due.due <= day else {"fee": 0, "insurance": 0})) for due in loan._dues()
        ]
        rows = self._paid_rows(loan, [due for due in covered if due.total])
        components = self._components(rows)
        amount = sum(components.values())
        company = self.env["res.company"].sudo().browse(posting.company_id)
        posting.add_leg(company._kondo_account(RECEIVABLE).id, amount, partner_id=loan.partner_id.id)
        self._loan_legs(posting, loan, components)
        accrued = loan.accrued + posting.loans.get((loan.id, "accrued"), 0)
        self._accrued_dropped(posting, loan, accrued)
        self._write_allocations(posting, loan, rows)
        self._drop_unasked(posting, loan)
        self._move_commitment(posting, loan, -loan.commitment, "dropped")
        posting.label = self.env._("Insurance of the loan %(number)s", number=loan.name)
        posting.values.update(amount=amount, partner_id=loan.partner_id.id, loan_id=loan.id, note=loan.insurer or None)
        posting.answer.update(member_name=loan.partner_id.name, loan_number=loan.name)
        self._settle_loan(posting, loan)

    def _check_loan_reversal(self, original, loan):
        """What was paid before the death was noted stands: the schedule in force was made of what it left."""
        super()._check_loan_reversal(original, loan)
        paid = self.env["kondo.loan.allocation"].sudo().search([("payment_id", "=", original.id)]).instalment_id
        if loan.schedule_id.reason == "deceased" and paid.schedule_id - loan.schedule_id:
            raise UserError(
                self.env._(
                    "The death of the borrower of %(number)s was noted since: take that back first.", number=loan.name
                )
            )
