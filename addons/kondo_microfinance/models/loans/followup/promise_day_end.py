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
            promises = (
                env["kondo.loan.followup"]
                .sudo()
                .search(
                    [("company_id", "=", company.id), ("promise_state", "=", "waiting"), ("promise_on", "<", next_date)]
                )
            )
            for promise in promises:
                paid = sum(
                    env["kondo.loan.allocation"]
                    .sudo()
                    .search(
                        [
                            ("loan_id", "=", promise.loan_id.id),
                            ("business_date", ">=", promise.day),
                            ("business_date", "<=", promise.promise_on),
                        ]
                    )
                    .mapped("amount")
                )
                state = "kept" if paid >= promise.promise_amount else "broken"
                promise.with_context(kondo_ledger=LEDGER).write({"promise_state": state})
            loans = (
                env["kondo.loan"]
                .sudo()
                .search([("company_id", "=", company.id), ("state", "in", ("active", "approved"))])
            )
            env.add_to_compute(loans._fields["todo"], loans)
            loans.flush_recordset(["todo"])
