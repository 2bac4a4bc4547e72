from odoo import api, fields, models

from ...engine.share_scheme import share_balances


class KondoReconciliation(models.AbstractModel):
    """Members' shares against the accounts of the capital."""

    _inherit = "kondo.reconciliation"

    @api.model
    @api.private
    def _reconcile(self, company, date=None):
        rows = super()._reconcile(company, date)
        return self._with_balances(rows, company, self._share_balances(company, date))

    def _share_balances(self, company, date=None):
        """{ledger account id: francs, debit positive} that the holdings of a caisse demand at the end of `date`.

        What stands on the holdings now, less what the register entered later.
        """
        self.env.cr.execute(
            """
            SELECT h.product_id, sum(h.subscribed * h.nominal - COALESCE(later.shares, 0) * h.nominal),
                   sum(h.paid - COALESCE(later.amount, 0))
              FROM kondo_share_holding h
              LEFT JOIN (SELECT holding_id, sum(shares) AS shares, sum(amount) AS amount FROM kondo_share_entry
                          WHERE company_id = %(company)s AND date > %(date)s GROUP BY holding_id
                        ) later ON later.holding_id = h.id
             WHERE h.company_id = %(company)s GROUP BY h.product_id
            """,
            {"company": company.id, "date": date or fields.Date.to_date("9999-12-31")},
        )
        balances = {}
        for product_id, subscribed, paid in self.env.cr.fetchall():
            product = self.env["kondo.share.product"].sudo().browse(product_id)
            accounts = product._capital_accounts()
            for role, amount in share_balances(product.scheme, int(subscribed), int(paid)).items():
                balances[accounts[role].id] = balances.get(accounts[role].id, 0) + amount
        return balances

    @api.model
    @api.private
    def _sub_account_gaps(self, company, limit=50):
        """Also the holdings whose paid-up money is not the sum of their legs, or of their lines in the register."""
        self.env.cr.execute(
            """
            SELECT number, paid, legs FROM (
                SELECT h.number, h.paid,
                       COALESCE((SELECT -sum(l.amount) FROM kondo_operation_line l WHERE l.share_holding_id = h.id), 0) AS legs,
                       COALESCE((SELECT sum(e.amount) FROM kondo_share_entry e WHERE e.holding_id = h.id), 0) AS register,
                       h.subscribed - COALESCE((SELECT sum(e.shares) FROM kondo_share_entry e WHERE e.holding_id = h.id), 0)
                           AS missing
                  FROM kondo_share_holding h WHERE h.company_id = %(company)s
            ) s WHERE paid <> legs OR paid <> register OR missing <> 0 LIMIT %(limit)s
            """,
            {"company": company.id, "limit": limit},
        )
        gaps = [(number, int(paid), int(legs)) for number, paid, legs in self.env.cr.fetchall()]
        return [*super()._sub_account_gaps(company, limit), *gaps][:limit]
