from odoo import api, fields, models


class KondoReconciliation(models.AbstractModel):
    """The stock in warehouse receipts against its off-balance account, and each lot against its movements."""

    _inherit = "kondo.reconciliation"

    @api.model
    @api.private
    def _reconcile(self, company, date=None):
        rows = super()._reconcile(company, date)
        self.env["kondo.warrant.move"].flush_model()
        self.env.cr.execute(
            """SELECT account_id, -sum(amount) FROM kondo_warrant_move
                WHERE company_id = %s AND business_date <= %s GROUP BY account_id""",
            (company.id, date or fields.Date.to_date("9999-12-31")),
        )
        standing = {account_id: int(total) for account_id, total in self.env.cr.fetchall()}
        return self._with_balances(rows, company, standing)

    @api.model
    @api.private
    def _sub_account_gaps(self, company, limit=50):
        """Also lots whose francs, kilos or bags are not the sum of their movements."""
        self.env["kondo.warrant"].flush_model()
        self.env.cr.execute(
            """
            WITH moved AS (
                SELECT warrant_id, sum(amount) AS value, sum(kg) AS kg, sum(bags) AS bags
                  FROM kondo_warrant_move WHERE company_id = %(company)s GROUP BY warrant_id
            )
            SELECT w.name, s.stands, COALESCE(s.moved, 0)
              FROM kondo_warrant w LEFT JOIN moved m ON m.warrant_id = w.id
             CROSS JOIN LATERAL (VALUES (w.value, m.value), (COALESCE(w.kg_left, 0), m.kg),
                    (COALESCE(w.bags_left, 0), m.bags), (w.value, COALESCE(w.kg_left, 0) * w.price)) s (stands, moved)
             WHERE w.company_id = %(company)s AND s.stands <> COALESCE(s.moved, 0) LIMIT %(limit)s
            """,
            {"company": company.id, "limit": limit},
        )
        gaps = [(name, int(stands), int(moved)) for name, stands, moved in self.env.cr.fetchall()]
        return [*super()._sub_account_gaps(company, limit), *gaps][:limit]
