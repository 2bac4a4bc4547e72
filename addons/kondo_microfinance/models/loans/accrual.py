import uuid

from odoo import api, fields, models
from odoo.tools import SQL

from ..ledger.loan_batch import NothingToPost
from .arrears.loan import RISING


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (34, "loan_accrual", "kondo.loan", "_day_end_accrual")]


class KondoLoan(models.Model):
    """Interest that loans have earned and nobody has paid yet, booked each evening (20227, 2037, 2047 against income).

    What stands as accrued is brought to what the engine's `accrual` says of each loan, in one statement: interest paid
    at the window goes to income at once, and the evening takes as much off what had been booked before.
    """

    _inherit = "kondo.loan"

    @api.model
    def _accrual_query(self, company_id, day):
        """SQL of (loan, change of its accrued interest in francs, its ledger account) up to the morning of `day`."""
        return SQL(
            """
            SELECT l.id, CASE WHEN l.state = 'active' THEN COALESCE(t.target, 0) ELSE 0 END - l.accrued, l.accrued_account_id
              FROM kondo_loan l
              LEFT JOIN (
                  SELECT i.loan_id, GREATEST(0, sum(
                           CASE WHEN %(day)s::date >= i.due THEN i.accrues
                                WHEN %(day)s::date <= i.start THEN 0
                                ELSE (2 * i.accrues * (%(day)s::date - i.start) + (i.due - i.start)) / (2 * (i.due - i.start))
                           END - i.paid_interest))::bigint AS target
                    FROM kondo_loan_instalment i JOIN kondo_loan a ON a.id = i.loan_id
                   WHERE a.company_id = %(company)s AND a.state = 'active' AND i.current
                   GROUP BY i.loan_id
              ) t ON t.loan_id = l.id
             WHERE l.company_id = %(company)s AND l.stage <> ALL(%(rising)s) AND l.deceased_on IS NULL
               AND (l.state = 'active' OR l.accrued <> 0)
            """,
            day=day,
            company=company_id,
            rising=list(RISING),
        )

    @api.model
    @api.private
    def _day_end_accrual(self, company, date, next_date):
        day = company._evening_of(date, next_date)
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.loan.accrual,{company.id},{date}"))
        values = {"day": fields.Date.to_string(day)}
        try:
            with self.env["kondo.operation"]._posting_env() as env:
                answer = env["kondo.operation"].sudo()._post_here("loan_accrual", key, company.id, values, key)
        except NothingToPost:
            return None
        return answer["amount"]


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_accrual(self, posting, values):
        """values: day (ISO), up to whose morning interest has run. One leg per loan, income by product and term."""
        loans = self.env["kondo.loan"].sudo()
        query = loans._accrual_query(posting.company_id, fields.Date.to_date(values["day"]))
        posting.move_many_loans(
            SQL("SELECT loan_id, 'accrued', change, account_id, 1 FROM (%s) q (loan_id, change, account_id)", query)
        )
        self.env.cr.execute(
            """SELECT l.product_id, l.term_class, sum(b.change)::bigint FROM kondo_loan_leg b
                 JOIN kondo_loan l ON l.id = b.loan_id GROUP BY 1, 2 ORDER BY 1, 2"""
        )
        incomes = {}
        for product_id, term_class, change in self.env.cr.fetchall():
            account = self.env["kondo.loan.product"].sudo().browse(product_id)._account("interest_income", term_class)
            incomes[account.id] = incomes.get(account.id, 0) + change
        for account_id, change in sorted(incomes.items()):
            if change:
                posting.add_leg(account_id, -change)
        posting.label = self.env._("Interest earned on loans")
        posting.values.update(amount=sum(abs(change) for change in incomes.values()))
