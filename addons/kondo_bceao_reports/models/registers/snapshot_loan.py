from odoo import api, models
from odoo.tools import SQL

from odoo.addons.kondo_microfinance.models.fields import Francs


class KondoSnapshotLoan(models.Model):
    """The photograph also keeps what the provision was counted on: the guarantee deposits held that evening.

    They are released and called later; without them the table of provisions by loan could not be shown again.
    """

    _inherit = "kondo.snapshot.loan"

    deposits = Francs(string="Guarantee deposits", readonly=True, help="Held for this loan on that evening.")

    @api.model
    def _columns(self):
        return (*super()._columns(), "deposits")

    @api.model
    def _query(self, company_id, date):
        names = ("company_id", "date", *super()._columns())
        return SQL(
            """
            SELECT q.*, COALESCE(h.held, 0)
              FROM (%(query)s) AS q (%(names)s)
              JOIN kondo_loan l ON l.id = q.loan_id
              LEFT JOIN (SELECT origin, sum(amount)::bigint AS held FROM kondo_savings_hold
                          WHERE company_id = %(company)s AND kind = 'guarantee' AND state = 'active' GROUP BY 1) h
                ON h.origin = l.name
            """,
            query=super()._query(company_id, date),
            names=SQL(", ").join(map(SQL.identifier, names)),
            company=company_id,
        )
