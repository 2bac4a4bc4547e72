import logging
import uuid

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError

from ....engine.words import spaced

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (25, "loan_repayments", "kondo.loan", "_day_end_repayments")]


class KondoLoan(models.Model):
    """The evening of the loans whose members have ordered that their account pays."""

    _inherit = "kondo.loan"

    @api.model
    @api.private
    def _day_end_repayments(self, company, date, next_date):
        """Take what is due up to `date` from the accounts, as far as they hold it; safe to run again.

        What could not be paid is noted on the loan with its reason and tried again the next evening, not before: money
        that the same evening brings later (interest, a standing order) waits, whether the evening was interrupted or not.
        """
        label = self.env._("Loan instalments taken from savings")
        with self.env["kondo.operation"]._one_entry(company, date, label) as env:
            loans = env["kondo.loan"].sudo()
            for loan in loans.browse(loans._due_from_savings(company.id, date)):
                loan._pay_from_savings(company, date)

    @api.model
    @api.private
    def _due_from_savings(self, company_id, date):
        """Ids of the loans that an account pays, with something due up to `date` or a failure to be looked at again."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT l.id FROM kondo_loan l
                WHERE l.company_id = %(company)s AND l.state = 'active' AND l.pays_from_savings
                  AND l.savings_account_id IS NOT NULL
                  AND (l.payment_tried_on IS NULL OR l.payment_tried_on < %(date)s)
                  AND (l.payment_failure IS NOT NULL OR EXISTS (
                       SELECT 1 FROM kondo_loan_instalment i
                        WHERE i.loan_id = l.id AND i.current AND i.due <= %(date)s
                          AND i.principal + i.interest + i.fee + i.tax + i.insurance + i.guarantee + i.penalty
                              - i.waived_penalty > i.paid_principal + i.paid_interest + i.paid_fee + i.paid_tax
                              + i.paid_insurance + i.paid_guarantee + i.paid_penalty))
                ORDER BY l.id""",
            {"company": company_id, "date": date},
        )
        return [loan_id for (loan_id,) in self.env.cr.fetchall()]

    def _pay_from_savings(self, company, date):
        """One evening's payment, once; what is taken is decided by the operation itself, under its locks."""
        self.ensure_one()
        self.invalidate_recordset()
        failure = False
        if any(due.due <= date for due in self._dues()):
            account = self.savings_account_id
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.loan.repayment,{self.id},{date}"))
            values = {"loan_id": self.id, "source": account.id, "amount": "due"}
            try:
                answer = self.env["kondo.operation"]._submit("loan_repayment", key, values, company=company)
                if answer["due_left"]:
                    failure = self.env._(
                        "The account %(number)s paid a part only: %(left)s F are still due.",
                        number=account.number,
                        left=spaced(answer["due_left"]),
                    )
            except UserError as refusal:
                failure = str(refusal)
            except psycopg2.Error:
                _logger.exception("loan %s was not paid from its account", self.name)
                failure = self.env._("The database refused the operation. Call the administrator.")
        with self.env["kondo.operation"]._posting_env() as env:
            env["kondo.loan"].browse(self.id).write(
                {"payment_failure": failure, "payment_tried_on": date if failure else False}
            )
        self.invalidate_recordset()
