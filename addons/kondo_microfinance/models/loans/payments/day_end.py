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

        What could not be paid is noted on the loan with its reason, and tried again the next evening.
        """
        loans = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "active"),
                ("pays_from_savings", "=", True),
                ("savings_account_id", "!=", False),
            ],
            order="id",
        )
        for loan in loans:
            loan._pay_from_savings(company, date)

    def _pay_from_savings(self, company, date):
        """One evening's payment, once; what is taken is decided by the operation itself, under its locks."""
        self.ensure_one()
        self.invalidate_recordset()
        if not any(due.due <= date for due in self._dues()):
            failure = False
        else:
            account = self.savings_account_id
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.loan.repayment,{self.id},{date}"))
            values = {"loan_id": self.id, "source": account.id, "amount": "due"}
            try:
                answer = self.env["kondo.operation"]._submit("loan_repayment", key, values, company=company)
                failure = False
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
            env["kondo.loan"].browse(self.id).write({"payment_failure": failure})
        self.invalidate_recordset()
