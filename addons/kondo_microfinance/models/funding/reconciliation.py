from odoo import api, fields, models


class KondoReconciliation(models.AbstractModel):
    """What donors' lines have received and given back against their accounts; their figures against their movements."""

    _inherit = "kondo.reconciliation"

    @api.model
    @api.private
    def _reconcile(self, company, date=None):
        rows = super()._reconcile(company, date)
        self.env["kondo.funding.move"].flush_model()
        self.env.cr.execute(
            """
            SELECT l.account_id, -sum(CASE m.flow WHEN 'received' THEN m.amount ELSE -m.amount END)
              FROM kondo_funding_move m JOIN kondo_funding_line l ON l.id = m.line_id
             WHERE m.company_id = %(company)s AND m.flow IN ('received', 'returned') AND m.business_date <= %(date)s
             GROUP BY l.account_id
            """,
            {"company": company.id, "date": date or fields.Date.to_date("9999-12-31")},
        )
        standing = {account_id: int(total) for account_id, total in self.env.cr.fetchall()}
        return self._with_balances(rows, company, standing)

    @api.model
    @api.private
    def _sub_account_gaps(self, company, limit=50):
        """Also lines that are not the sum of their movements, and loans whose lines are not."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT name, stands, moved FROM (
                SELECT l.name, l.received - l.returned - l.lent + l.repaid AS stands,
                       COALESCE((SELECT sum(CASE WHEN flow IN ('received', 'repaid', 'moved_out') THEN amount
                                                 WHEN flow IN ('returned', 'lent', 'moved_in') THEN -amount ELSE 0 END)
                                   FROM kondo_funding_move WHERE line_id = l.id), 0) AS moved
                  FROM kondo_funding_line l WHERE l.company_id = %(union)s
                UNION ALL
                SELECT l.name, l.lent - l.repaid - l.written_off,
                       COALESCE((SELECT sum(outstanding) FROM kondo_loan_funding WHERE line_id = l.id), 0)
                  FROM kondo_funding_line l WHERE l.company_id = %(union)s
            ) s WHERE stands <> moved LIMIT %(limit)s
            """,
            {"union": company.sudo().root_id.id, "limit": limit},
        )
        gaps = [(name, int(stands), int(moved)) for name, stands, moved in self.env.cr.fetchall()]
        return [*super()._sub_account_gaps(company, limit), *gaps][:limit]
