import logging
import uuid

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

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
        self.ensure_one()
        self.invalidate_recordset()
        due = sum(due.total for due in self._dues() if due.due <= date)
        account = self.savings_account_id
        amount = min(due, max(0, account.balance - account.blocked - account.product_id.minimum_balance))
        if not due:
            return
        failure = False
        if amount <= 0:
            failure = self.env._("Nothing is free on the account %(number)s.", number=account.number)
        else:
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.loan.repayment,{self.id},{date},{due}"))
            values = {"loan_id": self.id, "source": account.id, "amount": amount}
            try:
                self.env["kondo.operation"]._submit("loan_repayment", key, values, company=company)
                if amount < due:
                    failure = self.env._("The account %(number)s paid a part only.", number=account.number)
            except (UserError, ValidationError, psycopg2.Error) as refusal:
                _logger.info("loan %s was not paid from its account: %s", self.name, refusal)
                failure = str(refusal)
        with self.env["kondo.operation"]._posting_env() as env:
            env["kondo.loan"].browse(self.id).write({"payment_failure": failure})
