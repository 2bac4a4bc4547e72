from odoo import fields, models
from odoo.tools import SQL

from ..fields import Francs


class KondoCashDay(models.Model):
    """Cash of each till and vault by business day: at the opening, in, out, at the end."""

    _name = "kondo.cash.day"
    _description = "Cash by day"
    _auto = False
    _order = "business_date desc, company_id, till_id"
    _rec_name = "till_id"

    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    till_id = fields.Many2one("kondo.till", string="Till or vault", readonly=True)
    kind = fields.Selection([("till", "Till"), ("vault", "Vault")], readonly=True)
    business_date = fields.Date(readonly=True)
    opening = Francs(string="Start of the day", readonly=True, aggregator=None)
    cash_in = Francs(readonly=True)
    cash_out = Francs(readonly=True)
    closing = Francs(string="End of the day", readonly=True, aggregator=None)
    operations = fields.Integer(readonly=True)

    @property
    def _table_query(self):
        """One row for each place and day with a movement."""
        return SQL(
            """
            WITH days AS (
                SELECT l.till_id, l.company_id, l.business_date, min(l.id) AS id, sum(l.amount) AS change,
                       COALESCE(sum(l.amount) FILTER (WHERE l.amount > 0), 0) AS cash_in,
                       COALESCE(-sum(l.amount) FILTER (WHERE l.amount < 0), 0) AS cash_out,
                       count(DISTINCT l.operation_id) AS operations
                  FROM kondo_operation_line l WHERE l.till_id IS NOT NULL
                 GROUP BY l.till_id, l.company_id, l.business_date
            )
            SELECT d.id, d.company_id, d.till_id, t.kind, d.business_date, d.cash_in, d.cash_out, d.operations,
                   sum(d.change) OVER past - d.change AS opening, sum(d.change) OVER past AS closing
              FROM days d JOIN kondo_till t ON t.id = d.till_id
            WINDOW past AS (PARTITION BY d.till_id ORDER BY d.business_date)
            """
        )

    def action_open(self):
        """The movements of that day in that place."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.till_id.display_name} · {self.business_date:%d/%m/%Y}",
            "res_model": "kondo.operation.line",
            "views": [(False, "list")],
            "domain": [("till_id", "=", self.till_id.id), ("business_date", "=", self.business_date)],
        }
