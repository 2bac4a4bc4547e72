from odoo import api, fields, models


class KondoReconciliation(models.AbstractModel):
    """Members' loans against the accounts of loans, accrued interest and provisions."""

    _inherit = "kondo.reconciliation"

    @api.model
    @api.private
    def _reconcile(self, company, date=None):
        rows = super()._reconcile(company, date)
        return self._with_balances(rows, company, self._loan_balances(company, date))

    def _loan_balances(self, company, date=None):
        """{ledger account id: francs, debit positive} that the loans of a caisse demand at the end of `date`."""
        self.env["kondo.loan"].flush_model()
        self.env.cr.execute(
            """
            SELECT account_id, sum(total) FROM (
                SELECT ledger_account_id AS account_id, principal AS total FROM kondo_loan WHERE company_id = %(company)s
                UNION ALL
                SELECT accrued_account_id, accrued FROM kondo_loan WHERE company_id = %(company)s
                UNION ALL
                SELECT provision_account_id, -provision FROM kondo_loan WHERE company_id = %(company)s
                UNION ALL
                SELECT account_id, -amount FROM kondo_operation_line
                 WHERE company_id = %(company)s AND loan_id IS NOT NULL AND loan_component <> 'reserved'
                   AND business_date > %(date)s
            ) s WHERE account_id IS NOT NULL GROUP BY account_id
            """,
            {"company": company.id, "date": date or fields.Date.to_date("9999-12-31")},
        )
        return {account_id: int(total) for account_id, total in self.env.cr.fetchall()}

    @api.model
    @api.private
    def _sub_account_gaps(self, company, limit=50):
        """Also loans that are not the sum of their legs, and instalments that are not the sum of their allocations."""
        self.env["kondo.loan.instalment"].flush_model()
        self.env["kondo.loan.allocation"].flush_model()
        self.env.cr.execute(
            """
            SELECT name, stands, legs FROM (
                SELECT l.name, l.principal AS stands, COALESCE((SELECT sum(amount) FROM kondo_operation_line
                         WHERE loan_id = l.id AND loan_component = 'principal'), 0) AS legs
                  FROM kondo_loan l WHERE l.company_id = %(company)s
                UNION ALL
                SELECT l.name, l.accrued, COALESCE((SELECT sum(amount) FROM kondo_operation_line
                         WHERE loan_id = l.id AND loan_component = 'accrued'), 0)
                  FROM kondo_loan l WHERE l.company_id = %(company)s
                UNION ALL
                SELECT l.name, l.provision, COALESCE((SELECT -sum(amount) FROM kondo_operation_line
                         WHERE loan_id = l.id AND loan_component = 'provision'), 0)
                  FROM kondo_loan l WHERE l.company_id = %(company)s
                UNION ALL
                SELECT l.name, l.reserved, COALESCE((SELECT -sum(amount) FROM kondo_operation_line
                         WHERE loan_id = l.id AND loan_component = 'reserved'), 0)
                  FROM kondo_loan l WHERE l.company_id = %(company)s
                UNION ALL
                SELECT l.name,
                       (SELECT COALESCE(sum(paid_principal + paid_interest + paid_fee + paid_tax + paid_insurance
                                            + paid_guarantee + paid_penalty), 0)
                          FROM kondo_loan_instalment WHERE loan_id = l.id),
                       (SELECT COALESCE(sum(amount), 0) FROM kondo_loan_allocation
                         WHERE loan_id = l.id AND instalment_id IS NOT NULL)
                  FROM kondo_loan l WHERE l.company_id = %(company)s
            ) s WHERE stands <> legs LIMIT %(limit)s
            """,
            {"company": company.id, "limit": limit},
        )
        gaps = [(name, int(stands), int(legs)) for name, stands, legs in self.env.cr.fetchall()]
        return [*super()._sub_account_gaps(company, limit), *gaps][:limit]
