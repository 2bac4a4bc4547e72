from odoo import api, models


class KondoReconciliation(models.AbstractModel):
    """The people of a loan paid what the loan received: proved each evening with the other sub-accounts."""

    _inherit = "kondo.reconciliation"

    @api.model
    @api.private
    def _sub_account_gaps(self, company, limit=50):
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH split AS (
                SELECT s.loan_id, sum(s.repaid)::bigint AS stands FROM kondo_loan_split s
                 WHERE s.company_id = %(company)s GROUP BY s.loan_id
            ), named AS (
                SELECT p.loan_id, sum(p.amount)::bigint AS total FROM kondo_loan_split_payment p
                 WHERE p.company_id = %(company)s GROUP BY p.loan_id
            ), received AS (
                SELECT a.loan_id, sum(a.amount)::bigint AS total
                  FROM kondo_loan_allocation a JOIN split ON split.loan_id = a.loan_id GROUP BY a.loan_id
            )
            SELECT l.name, f.stands, f.received
              FROM split JOIN kondo_loan l ON l.id = split.loan_id
              LEFT JOIN named ON named.loan_id = l.id
              LEFT JOIN received ON received.loan_id = l.id
             CROSS JOIN LATERAL (VALUES (split.stands, COALESCE(named.total, 0)),
                    (COALESCE(named.total, 0), COALESCE(received.total, 0))) f (stands, received)
             WHERE f.stands <> f.received ORDER BY l.id LIMIT %(limit)s
            """,
            {"company": company.id, "limit": limit},
        )
        gaps = self.env.cr.fetchall()
        return [*super()._sub_account_gaps(company, limit), *gaps][:limit]
