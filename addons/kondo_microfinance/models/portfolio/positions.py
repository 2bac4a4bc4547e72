from odoo import api, models
from odoo.tools import SQL

from ..closing.bands import age_sql, bucket_sql, sex_sql

SHARED = ("late", "accrued", "provision", "needed", "restructured")


class KondoPortfolio(models.AbstractModel):
    """Where running loans stand, as SQL: the one source of the screen, of the prints and of the photographs."""

    _inherit = "kondo.portfolio"

    @api.model
    def _days_sql(self, days):
        """Rows (company_id, day) of {company id: day}."""
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::date[]) AS days(company_id, day)", list(days), list(days.values())
        )

    @api.model
    def _provision_needed_query(self, days):
        """Rows (loan_id, needed) of the loans of caisses that have or need a provision, each on its day."""
        loans = self.env["kondo.loan"]
        queries = [loans._provision_query(company_id, day) for company_id, day in days.items()]
        return (
            SQL(" UNION ALL ").join(queries) if queries else SQL("SELECT NULL::int AS loan_id, 0 AS needed WHERE FALSE")
        )

    @api.model
    def _positions(self, days):
        """One row for each running loan of caisses as it stands now.

        :param days: {company id: day} on which ages and rates are read: the evening photographed, the open business day
        :return: SQL with loan_id, company_id, product_id, officer_id, sector_id, sex, age, stage, days_late, bucket and
            the francs principal, late, accrued, provision, needed, restructured (the principal of changed loans)
        """
        partner = SQL("p")
        return SQL(
            """
            SELECT l.id AS loan_id, l.company_id, l.product_id, l.officer_id, l.sector_id, %(sex)s AS sex, %(age)s AS age,
                   l.stage, COALESCE(l.days_late, 0) AS days_late, %(bucket)s AS bucket, l.principal,
                   l.amount_late AS late, l.accrued, l.provision, COALESCE(n.needed, 0) AS needed,
                   CASE WHEN l.restructured THEN l.principal ELSE 0 END AS restructured
              FROM kondo_loan l
              JOIN (%(days)s) d ON d.company_id = l.company_id
              JOIN res_partner p ON p.id = l.partner_id
              LEFT JOIN (%(needed)s) n ON n.loan_id = l.id
             WHERE l.state = 'active'
            """,
            sex=sex_sql(partner),
            age=age_sql(partner, SQL("d.day")),
            bucket=bucket_sql(SQL("l.days_late")),
            days=self._days_sql(days),
            needed=self._provision_needed_query(days),
        )

    @api.model
    def _parts(self, days):
        """As `_positions`, one row for each loan and line that pays a part of it (line_id, none: own funds).

        The principal of a line is what its share owes; the other francs follow it, each part being the running total
        rounded down less the one before, as `engine.sharing.share_out` does: sums over the lines are those of the loans.
        `rank` is 1 for the first part of a loan.
        """
        shared = SQL(", ").join(
            SQL(
                "CASE WHEN l.principal = 0 THEN (CASE WHEN s.rank = 1 THEN l.%(name)s ELSE 0 END)"
                " ELSE div(l.%(name)s::numeric * s.reached, l.principal)"
                " - div(l.%(name)s::numeric * (s.reached - s.part), l.principal) END::bigint AS %(name)s",
                name=SQL.identifier(name),
            )
            for name in SHARED
        )
        return SQL(
            """
            WITH loans AS (%(positions)s),
            owed AS (
                SELECT q.loan_id, q.line_id, q.place, q.outstanding AS part
                  FROM (SELECT f.loan_id, f.line_id, f.id AS place, f.outstanding, l.principal,
                               row_number() OVER (PARTITION BY f.loan_id ORDER BY f.id) AS rank
                          FROM kondo_loan_funding f JOIN loans l ON l.loan_id = f.loan_id) q
                 WHERE q.outstanding > 0 OR q.principal = 0 AND q.rank = 1
            ), own AS (
                SELECT l.loan_id, l.principal - COALESCE(sum(o.part), 0)::bigint AS part, count(o.place) AS lines
                  FROM loans l LEFT JOIN owed o ON o.loan_id = l.loan_id
                 GROUP BY l.loan_id, l.principal
            ), shares AS (
                SELECT q.loan_id, q.line_id, q.part, row_number() OVER w AS rank,
                       sum(q.part) OVER (w ROWS UNBOUNDED PRECEDING) AS reached
                  FROM (SELECT loan_id, line_id, place, part FROM owed
                         UNION ALL
                        SELECT loan_id, NULL, NULL, part FROM own WHERE part > 0 OR lines = 0) q
                WINDOW w AS (PARTITION BY q.loan_id ORDER BY q.place NULLS LAST)
            )
            SELECT l.loan_id, l.company_id, l.product_id, l.officer_id, l.sector_id, l.sex, l.age, l.stage, l.days_late,
                   l.bucket, s.line_id, s.rank, s.part AS principal, %(shared)s
              FROM loans l JOIN shares s ON s.loan_id = l.loan_id
            """,
            positions=self._positions(days),
            shared=shared,
        )
