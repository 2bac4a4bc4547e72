from odoo import api, models
from odoo.tools import SQL


class KondoReturnSource(models.AbstractModel):
    """Which photograph shows how a caisse stood at the end of a day."""

    _inherit = "kondo.return.source"

    @api.model
    def _begun(self, scope, day):
        """Ids of the caisses of a scope that had posted anything by the end of a day, or had closed one."""

        def read():
            self.env.cr.execute(
                """SELECT c.id FROM res_company c WHERE c.id = ANY(%(companies)s) AND c.kondo_kind = 'caisse'
                      AND (EXISTS (SELECT 1 FROM account_move m WHERE m.company_id = c.id AND m.state = 'posted'
                                      AND m.date <= %(day)s)
                           OR EXISTS (SELECT 1 FROM kondo_closing k WHERE k.company_id = c.id AND k.date <= %(day)s))
                    ORDER BY c.id""",
                {"companies": scope.companies.ids, "day": day},
            )
            return [company for (company,) in self.env.cr.fetchall()]

        return scope.once(("begun", day), read)

    @api.model
    def _evenings(self, scope, day):
        """{caisse id: evening photographed that shows the end of `day`}; caisses without one are not in it.

        It is the evening of that day, or the last business day of a month that ended without business: nothing moved
        between. Only month ends have loans and accounts one by one.
        """

        def read():
            self.env.cr.execute(
                """
                SELECT c.id, COALESCE(
                       (SELECT k.date FROM kondo_closing k
                         WHERE k.company_id = c.id AND k.state = 'done' AND k.date <= %(day)s AND k.next_date > %(day)s
                           AND date_trunc('month', k.date) <> date_trunc('month', k.next_date)
                         ORDER BY k.date DESC LIMIT 1),
                       (SELECT s.date FROM kondo_snapshot_account s WHERE s.company_id = c.id AND s.date = %(day)s LIMIT 1),
                       (SELECT s.date FROM kondo_snapshot_loan s WHERE s.company_id = c.id AND s.date = %(day)s LIMIT 1))
                  FROM unnest(%(companies)s::int[]) AS c(id)
                """,
                {"companies": self._begun(scope, day), "day": day},
            )
            return {company: evening for company, evening in self.env.cr.fetchall() if evening}

        return scope.once(("evenings", day), read)

    @api.model
    def _photographed(self, scope):
        """SQL (company_id, day) of the evenings that show the scope's day; None when one of its caisses has none."""
        evenings = self._evenings(scope, scope.date)
        if not evenings or len(evenings) < len(self._begun(scope, scope.date)):
            return None
        return self._days(evenings)

    @api.model
    def _days(self, evenings):
        """SQL of the rows (company_id, day) of {company id: day}."""
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::date[]) AS days(company_id, day)",
            list(evenings),
            list(evenings.values()),
        )
