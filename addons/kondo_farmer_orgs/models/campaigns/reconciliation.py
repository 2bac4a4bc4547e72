from odoo import api, fields, models


class KondoReconciliation(models.AbstractModel):
    """What suppliers of inputs delivered and were paid, against the account that owes them."""

    _inherit = "kondo.reconciliation"

    @api.model
    @api.private
    def _reconcile(self, company, date=None):
        rows = super()._reconcile(company, date)
        self.env["kondo.input.supplier.move"].flush_model()
        account = company.sudo().root_id.input_account_id
        self.env.cr.execute(
            """SELECT COALESCE(-sum(CASE flow WHEN 'delivered' THEN amount ELSE -amount END), 0)
                 FROM kondo_input_supplier_move WHERE company_id = %s AND business_date <= %s""",
            (company.id, date or fields.Date.to_date("9999-12-31")),
        )
        owed = int(self.env.cr.fetchone()[0])
        return self._with_balances(rows, company, {account.id: owed} if account else {})

    @api.model
    @api.private
    def _sub_account_gaps(self, company, limit=50):
        """Also suppliers whose figures are not the sum of their movements, and loans whose deliveries are not."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT name, stands, moved FROM (
                SELECT 'supplier ' || s.id AS name, v.stands,
                       COALESCE((SELECT sum(amount) FROM kondo_input_supplier_move
                                  WHERE supplier_id = s.id AND flow = v.flow), 0) AS moved
                  FROM kondo_input_supplier s
                 CROSS JOIN LATERAL (VALUES ('delivered', s.delivered), ('settled', s.settled)) v (flow, stands)
                 WHERE s.company_id = %(company)s
                UNION ALL
                SELECT l.name, l.in_kind_delivered,
                       COALESCE((SELECT sum(d.amount) FROM kondo_input_delivery d
                                  WHERE d.loan_id = l.id AND d.state = 'done'), 0)
                  FROM kondo_loan l WHERE l.company_id = %(company)s AND l.in_kind_amount > 0
            ) g WHERE stands <> moved LIMIT %(limit)s
            """,
            {"company": company.id, "limit": limit},
        )
        gaps = [(name, int(stands), int(moved)) for name, stands, moved in self.env.cr.fetchall()]
        return [*super()._sub_account_gaps(company, limit), *gaps][:limit]
