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
        """Also loans that are not the sum of their legs, and instalments that are not the sum of their allocations.

        Each table is read once, whatever the number of loans: a leg, an instalment or an allocation is summed with those
        of its loan, and loans without any count as zero.
        """
        self.env["kondo.loan.instalment"].flush_model()
        self.env["kondo.loan.allocation"].flush_model()
        self.env.cr.execute(
            """
            WITH legs AS (
                SELECT o.loan_id, sum(o.amount) FILTER (WHERE o.loan_component = 'principal') AS principal,
                       sum(o.amount) FILTER (WHERE o.loan_component = 'accrued') AS accrued,
                       -sum(o.amount) FILTER (WHERE o.loan_component = 'provision') AS provision,
                       -sum(o.amount) FILTER (WHERE o.loan_component = 'reserved') AS reserved
                  FROM kondo_operation_line o JOIN kondo_loan l ON l.id = o.loan_id
                 WHERE l.company_id = %(company)s GROUP BY o.loan_id
            ), paid AS (
                SELECT i.loan_id, sum(i.paid_principal + i.paid_interest + i.paid_fee + i.paid_tax + i.paid_insurance
                                      + i.paid_guarantee + i.paid_penalty) AS total
                  FROM kondo_loan_instalment i JOIN kondo_loan l ON l.id = i.loan_id
                 WHERE l.company_id = %(company)s GROUP BY i.loan_id
            ), allocated AS (
                SELECT a.loan_id, sum(a.amount) AS total
                  FROM kondo_loan_allocation a JOIN kondo_loan l ON l.id = a.loan_id
                 WHERE l.company_id = %(company)s AND a.instalment_id IS NOT NULL GROUP BY a.loan_id
            )
            SELECT l.name, s.stands, COALESCE(s.legs, 0)
              FROM kondo_loan l
              LEFT JOIN legs ON legs.loan_id = l.id
              LEFT JOIN paid ON paid.loan_id = l.id
              LEFT JOIN allocated ON allocated.loan_id = l.id
             CROSS JOIN LATERAL (VALUES (l.principal, legs.principal), (l.accrued, legs.accrued),
                    (l.provision, legs.provision), (l.reserved, legs.reserved),
                    (COALESCE(paid.total, 0), allocated.total)) s (stands, legs)
             WHERE l.company_id = %(company)s AND s.stands <> COALESCE(s.legs, 0)
             ORDER BY l.id LIMIT %(limit)s
            """,
            {"company": company.id, "limit": limit},
        )
        gaps = [(name, int(stands), int(legs)) for name, stands, legs in self.env.cr.fetchall()]
        return [*super()._sub_account_gaps(company, limit), *gaps][:limit]
