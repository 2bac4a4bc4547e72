from fractions import Fraction

from odoo import api, models
from odoo.tools import SQL

from .people import PEOPLE

LOANS = (*PEOPLE, "term", "class", "purpose", "sector", "late", "first_time")
# Columns of the parts of a loan that are paid by donors' lines and by own funds: with a filter "fund" one of them counts.
COUNTS = {"line": "line_loans", "own": "own_loans"}
PRINCIPALS = {"line": "line_principal", "own": "own_principal"}


class KondoReturnSource(models.AbstractModel):
    """Running loans at the end of a day, from the photograph of that evening."""

    _inherit = "kondo.return.source"

    @api.model
    def _loan_dimensions(self, scope, day=None):
        """The columns by which loans `l` of the partner `p` are cut, for a SELECT."""
        return SQL(
            """%(people)s, COALESCE(l.term_class, '') AS term, COALESCE(u.code, '') AS purpose,
               COALESCE(e.code, '') AS sector, COALESCE(l.cycle, 1) <= 1 AS first_time""",
            people=self._people_sql(scope, day),
        )

    @api.model
    def _portrait(self, scope):
        """SQL of the running loans photographed, one row each."""
        return SQL(
            """
            SELECT l.partner_id, s.officer_id, %(dimensions)s, s.stage AS class, COALESCE(s.days_late, 0) AS days_late,
                   s.principal, s.accrued, s.provision, s.needed, s.deposits, COALESCE(f.lent, 0) AS lent,
                   f.loan_id IS NOT NULL AS on_line, s.principal > COALESCE(f.lent, 0) OR f.loan_id IS NULL AS on_own
              FROM (%(rows)s) s
              JOIN kondo_loan l ON l.id = s.loan_id
              JOIN res_partner p ON p.id = l.partner_id
              LEFT JOIN kondo_loan_purpose u ON u.id = l.purpose_id
              LEFT JOIN kondo_loan_sector e ON e.id = s.sector_id
              LEFT JOIN (SELECT r.loan_id, sum(r.principal) AS lent FROM (%(parts)s) r WHERE r.line_id IS NOT NULL
                          GROUP BY 1) f ON f.loan_id = s.loan_id
            """,
            dimensions=self._loan_dimensions(scope),
            rows=self._evening_rows(scope, "kondo_snapshot_loan"),
            parts=self._evening_rows(scope, "kondo_snapshot_funding"),
        )

    @api.model
    def _stock_rows(self, scope):
        """Running loans by all that they are cut by; None: no data."""

        def read():
            if not self._photographed(scope):
                return None
            return self._fetch(
                SQL(
                    """
                    SELECT sex, kind, young, term, purpose, sector, first_time, class, days_late, count(*) AS loans,
                           count(*) FILTER (WHERE on_line) AS line_loans, count(*) FILTER (WHERE on_own) AS own_loans,
                           sum(principal)::bigint AS principal, sum(lent)::bigint AS line_principal,
                           sum(principal - lent)::bigint AS own_principal, sum(accrued)::bigint AS accrued,
                           sum(provision)::bigint AS provision, sum(needed)::bigint AS needed,
                           sum(deposits)::bigint AS deposits
                      FROM (%s) q GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
                    """,
                    self._portrait(scope),
                )
            )

        return scope.once("stock", read)

    @api.model
    def _borrower_rows(self, scope):
        """Borrowers of running loans, a row for each way in which a borrower's loans are cut; None: no data."""

        def read():
            if not self._photographed(scope):
                return None
            return self._fetch(
                SQL(
                    """SELECT DISTINCT partner_id, sex, kind, young, term, purpose, sector, first_time, class, days_late,
                              CASE WHEN on_line THEN 'line' ELSE 'own' END AS fund FROM (%s) q""",
                    self._portrait(scope),
                )
            )

        return scope.once("borrowers", read)

    @api.model
    def _stock(self, name, scope, filters, columns, whole, known=LOANS):
        """The sum of a column, or of that of the fund that is asked for.

        :param columns: {fund: column}, empty when the figure is not shared between funds
        """
        rest = dict(filters)
        column = columns.get(rest.pop("fund", None), whole) if columns else whole
        if "fund" in filters and columns:
            self._check_value("fund", filters["fund"])
        return self._sum(name, self._stock_rows(scope), rest, known, column)

    # ------------------------------------------------------------------ measures
    @api.model
    def _measure_loans_active(self, scope, filters):
        """Running loans. One that a line and own funds pay together counts with each of them."""
        return self._stock("loans.active", scope, filters, COUNTS, "loans")

    @api.model
    def _measure_loans_outstanding(self, scope, filters):
        """Principal owed on running loans."""
        return self._stock("loans.outstanding", scope, filters, PRINCIPALS, "principal")

    @api.model
    def _measure_loans_late_outstanding(self, scope, filters):
        """Whole principal of the loans that are late, by one day or by as many as `late` says."""
        return self._stock("loans.late_outstanding", scope, {"late": "1", **filters}, PRINCIPALS, "principal")

    @api.model
    def _measure_loans_provision(self, scope, filters):
        """Francs set aside in the books for running loans."""
        return self._stock("loans.provision", scope, filters, {}, "provision")

    @api.model
    def _measure_loans_provision_needed(self, scope, filters):
        """Francs that the rules ask to be set aside."""
        return self._stock("loans.provision_needed", scope, filters, {}, "needed")

    @api.model
    def _measure_loans_guarantee_held(self, scope, filters):
        """Francs of guarantee deposits held for running loans, which provisions are counted without."""
        return self._stock("loans.guarantee_held", scope, filters, {}, "deposits")

    @api.model
    def _measure_loans_interest_late(self, scope, filters):
        """Interest accrued on the loans that are late, by one day or by as many as `late` says."""
        return self._stock("loans.interest_late", scope, {"late": "1", **filters}, {}, "accrued")

    @api.model
    def _measure_loans_borrowers(self, scope, filters):
        """Members with a running loan, each once."""
        rows = self._select("loans.borrowers", self._borrower_rows(scope), filters, (*LOANS, "fund"))
        return None if rows is None else len({row["partner_id"] for row in rows})

    @api.model
    def _measure_groups_borrowing(self, scope, filters):
        """Groups with a running loan."""
        return self._measure_loans_borrowers(scope, {**filters, "kind": "group"})

    @api.model
    def _measure_loans_average(self, scope, filters):
        """Outstanding of a running loan on average; no data when none runs."""
        number = self._measure_loans_active(scope, filters)
        return Fraction(self._measure_loans_outstanding(scope, filters), number) if number else None

    @api.model
    def _measure_loans_guarantee_deposits(self, scope, filters):
        """Francs on the members' guarantee accounts."""
        return self._sum(
            "loans.guarantee_deposits", self._deposit_rows(scope), {**filters, "product": "guarantee"},
            (*PEOPLE, "product"), "balance",
        )  # fmt: skip

    @api.model
    def _measure_officers(self, scope, filters):
        """Loan officers with running loans."""
        self._check_filters("officers", filters, ())

        def read():
            if not self._photographed(scope):
                return None
            return self._fetch(SQL("SELECT count(DISTINCT officer_id) AS officers FROM (%s) q", self._portrait(scope)))[
                0
            ]["officers"]

        return scope.once("officers", read)
