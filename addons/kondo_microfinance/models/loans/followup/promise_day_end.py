from odoo import api, models

from ...ledger.key import LEDGER


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (37, "loan_promises", "kondo.loan.followup", "_day_end_promises")]


class KondoLoanFollowup(models.Model):
    """Promises whose day is over: kept when as much was paid since, broken otherwise."""

    _inherit = "kondo.loan.followup"

    @api.model
    @api.private
    def _day_end_promises(self, company, date, next_date):
        with self.env["kondo.operation"]._posting_env() as env:
            env.flush_all()
            env.cr.execute(
                """SELECT f.id, COALESCE(sum(a.amount), 0) >= f.promise_amount
                     FROM kondo_loan_followup f
                     LEFT JOIN kondo_loan_allocation a
                       ON a.loan_id = f.loan_id AND a.business_date BETWEEN f.day AND f.promise_on
                    WHERE f.company_id = %s AND f.promise_state = 'waiting' AND f.promise_on < %s
                    GROUP BY f.id""",
                (company.id, next_date),
            )
            rows = env.cr.fetchall()
            promises = env["kondo.loan.followup"].sudo().with_context(kondo_ledger=LEDGER)
            for state, kept in (("kept", True), ("broken", False)):
                promises.browse(row_id for row_id, paid in rows if paid is kept).write({"promise_state": state})
        return len(rows) or None
