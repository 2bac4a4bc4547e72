from odoo import api, models
from odoo.tools import SQL

from odoo.addons.kondo_microfinance.engine.portfolio import percent
from odoo.addons.kondo_microfinance.models.portfolio.portfolio import Asked, Source

from .people import PEOPLE

FLOWS = (*PEOPLE, "term", "purpose", "sector", "first_time")


class KondoReturnSource(models.AbstractModel):
    """What was lent, paid back and lost from the first day of the year, and of the period, to the day of the return.

    Granted is what was paid out: disbursements, and what a top-up adds. A reversal takes back on its own day.
    """

    _inherit = "kondo.return.source"

    @api.model
    def _flow_rows(self, scope):
        """Sums by what moved, fund, and all that loans are cut by: number, amount, of the year and of the period."""

        def read():
            return self._fetch(
                SQL(
                    """
                    WITH legs AS (
                        SELECT l.loan_id, l.business_date AS day, l.amount
                          FROM kondo_operation_line l JOIN kondo_operation o ON o.id = l.operation_id
                          LEFT JOIN kondo_operation r ON r.id = o.reversal_of_id
                         WHERE l.company_id = ANY(%(companies)s) AND l.business_date BETWEEN %(start)s AND %(day)s
                           AND l.loan_component = 'principal' AND COALESCE(r.kind, o.kind) = 'loan_disbursement'
                    ), sums AS (
                        SELECT COALESCE(r.loan_id, o.loan_id) AS loan_id, COALESCE(r.kind, o.kind) AS kind,
                               o.business_date AS day, CASE WHEN r.id IS NULL THEN o.amount ELSE -r.amount END AS amount
                          FROM kondo_operation o LEFT JOIN kondo_operation r ON r.id = o.reversal_of_id
                         WHERE o.company_id = ANY(%(companies)s) AND o.business_date BETWEEN %(start)s AND %(day)s
                           AND COALESCE(r.kind, o.kind) IN ('loan_write_off', 'loan_recovery')
                    ), lines AS (
                        SELECT m.loan_id, m.flow, m.business_date AS day, m.amount FROM kondo_funding_move m
                         WHERE m.company_id = ANY(%(companies)s) AND m.business_date BETWEEN %(start)s AND %(day)s
                           AND m.loan_id IS NOT NULL AND m.flow IN ('lent', 'repaid', 'written_off')
                    ), moves AS (
                        SELECT 'granted' AS what, 'own' AS fund, loan_id, day, 0 AS number, amount FROM legs
                        UNION ALL
                        SELECT 'granted', CASE WHEN EXISTS (SELECT 1 FROM kondo_loan_funding f WHERE f.loan_id = l.id)
                                               THEN 'line' ELSE 'own' END, l.id, l.disbursed_on, 1, 0
                          FROM kondo_loan l
                         WHERE l.company_id = ANY(%(companies)s) AND l.disbursed_on BETWEEN %(start)s AND %(day)s
                           AND l.state IN ('active', 'closed', 'written_off')
                        UNION ALL
                        SELECT 'granted', 'own', c.loan_id, o.business_date, 0, c.extra
                          FROM kondo_loan_change c JOIN kondo_operation o ON o.id = c.operation_id
                         WHERE o.company_id = ANY(%(companies)s) AND o.business_date BETWEEN %(start)s AND %(day)s
                           AND c.extra > 0 AND NOT EXISTS (SELECT 1 FROM kondo_operation r WHERE r.reversal_of_id = o.id)
                        UNION ALL
                        SELECT 'repaid', 'own', a.loan_id, a.business_date, 0, a.amount FROM kondo_loan_allocation a
                         WHERE a.company_id = ANY(%(companies)s) AND a.business_date BETWEEN %(start)s AND %(day)s
                           AND a.component = 'principal'
                        UNION ALL
                        SELECT CASE kind WHEN 'loan_write_off' THEN 'written_off' ELSE 'recovered' END, 'own', loan_id, day,
                               0, amount FROM sums
                        UNION ALL
                        SELECT CASE m.flow WHEN 'lent' THEN 'granted' ELSE m.flow END, f.fund, m.loan_id, m.day, 0,
                               f.sign * m.amount FROM lines m, (VALUES ('line', 1), ('own', -1)) AS f (fund, sign)
                    )
                    SELECT m.what, m.fund, %(dimensions)s, sum(m.number) AS number, sum(m.amount)::bigint AS amount,
                           COALESCE(sum(m.number) FILTER (WHERE m.day >= %(period)s), 0) AS number_period,
                           COALESCE(sum(m.amount) FILTER (WHERE m.day >= %(period)s), 0)::bigint AS amount_period
                      FROM moves m JOIN kondo_loan l ON l.id = m.loan_id JOIN res_partner p ON p.id = l.partner_id
                      LEFT JOIN kondo_loan_purpose u ON u.id = l.purpose_id
                      LEFT JOIN kondo_loan_sector e ON e.id = l.sector_id
                     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
                    """,
                    dimensions=self._loan_dimensions(scope, SQL("COALESCE(l.disbursed_on, %s::date)", scope.date)),
                    companies=scope.companies.ids,
                    start=scope.start,
                    period=scope.period_start,
                    day=scope.date,
                )
            )

        return scope.once("flows", read)

    @api.model
    def _flow(self, name, scope, filters, what, column):
        rows = [row for row in self._flow_rows(scope) if row["what"] == what]
        found = self._sum(name, rows, filters, (*FLOWS, "fund"), column)
        return int(found)

    # ------------------------------------------------------------------ measures
    @api.model
    def _measure_loans_granted_number(self, scope, filters):
        """Loans paid out in the year; one that a donor's line helped to pay counts as the line's."""
        return self._flow("loans.granted_number", scope, filters, "granted", "number")

    @api.model
    def _measure_loans_granted_amount(self, scope, filters):
        """Francs paid out in the year."""
        return self._flow("loans.granted_amount", scope, filters, "granted", "amount")

    @api.model
    def _measure_loans_granted_number_period(self, scope, filters):
        """Loans paid out in the month or quarter of the return."""
        return self._flow("loans.granted_number_period", scope, filters, "granted", "number_period")

    @api.model
    def _measure_loans_granted_amount_period(self, scope, filters):
        """Francs paid out in the month or quarter of the return."""
        return self._flow("loans.granted_amount_period", scope, filters, "granted", "amount_period")

    @api.model
    def _measure_loans_repaid(self, scope, filters):
        """Principal paid back in the year."""
        return self._flow("loans.repaid", scope, filters, "repaid", "amount")

    @api.model
    def _measure_loans_repaid_period(self, scope, filters):
        """Principal paid back in the month or quarter of the return."""
        return self._flow("loans.repaid_period", scope, filters, "repaid", "amount_period")

    @api.model
    def _measure_loans_written_off(self, scope, filters):
        """Principal written off in the year."""
        return self._flow("loans.written_off", scope, filters, "written_off", "amount")

    @api.model
    def _measure_loans_written_off_period(self, scope, filters):
        """Principal written off in the month or quarter of the return."""
        return self._flow("loans.written_off_period", scope, filters, "written_off", "amount_period")

    @api.model
    def _measure_loans_recovered(self, scope, filters):
        """Francs recovered in the year on loans written off."""
        return self._flow("loans.recovered", scope, filters, "recovered", "amount")

    @api.model
    def _measure_loans_recovered_period(self, scope, filters):
        """Francs recovered in the month or quarter of the return on loans written off."""
        return self._flow("loans.recovered_period", scope, filters, "recovered", "amount_period")

    # ------------------------------------------------------------------ what fell due
    @api.model
    def _due_rows(self, scope):
        """What fell due in the year and what of it was paid by the day of the return, as portfolio quality counts it."""

        def read():
            sources = [Source(company, False, scope.date, False) for company in self._begun(scope, scope.date)]
            asked = Asked(scope.date, sources, "product", scope.start, scope.date, "caisse", False, scope.start)
            if not sources:
                return []
            return self._fetch(
                SQL(
                    """
                    SELECT %(dimensions)s, sum(q.asked)::bigint AS asked, sum(LEAST(q.paid, q.asked))::bigint AS paid
                      FROM (%(campaign)s) q JOIN kondo_loan l ON l.id = q.loan_id JOIN res_partner p ON p.id = l.partner_id
                      LEFT JOIN kondo_loan_purpose u ON u.id = l.purpose_id
                      LEFT JOIN kondo_loan_sector e ON e.id = l.sector_id
                     GROUP BY 1, 2, 3, 4, 5, 6, 7
                    """,
                    dimensions=self._loan_dimensions(scope),
                    campaign=self.env["kondo.portfolio"]._campaign(asked),
                )
            )

        return scope.once("due", read)

    @api.model
    def _measure_loans_due(self, scope, filters):
        """Francs that fell due in the year: principal, interest, fees, insurance."""
        return self._sum("loans.due", self._due_rows(scope), filters, FLOWS, "asked")

    @api.model
    def _measure_loans_recovered_share(self, scope, filters):
        """What of it was paid by the day of the return, per cent; no data when nothing fell due."""
        rows = self._select("loans.recovered_share", self._due_rows(scope), filters, FLOWS)
        return percent(sum(row["paid"] for row in rows), sum(row["asked"] for row in rows))
