from fractions import Fraction

from odoo import api, models


class KondoReturnSource(models.AbstractModel):
    """Rates that members are paid and pay, per cent a year."""

    _inherit = "kondo.return.source"

    @api.model
    def _savings_rates(self, scope):
        """Rates above zero in force on the day: rules and tiers of products, charts of term deposits."""

        def read():
            self.env.cr.execute(
                """
                WITH rules AS (
                    SELECT DISTINCT ON (r.product_id) r.id, r.annual_rate FROM kondo_savings_interest_rule r
                      JOIN kondo_savings_product p ON p.id = r.product_id
                     WHERE p.company_id = %(union)s AND p.active AND r.date_from <= %(day)s
                     ORDER BY r.product_id, r.date_from DESC, r.id DESC
                ), charts AS (
                    SELECT t.*, max(t.date_from) OVER (PARTITION BY t.product_id) AS last FROM kondo_term_rate t
                      JOIN kondo_savings_product p ON p.id = t.product_id
                     WHERE p.company_id = %(union)s AND p.active AND t.date_from <= %(day)s
                )
                SELECT DISTINCT rate FROM (
                    SELECT COALESCE(t.rate, r.annual_rate)::numeric AS rate
                      FROM rules r LEFT JOIN kondo_savings_interest_tier t ON t.rule_id = r.id
                    UNION ALL
                    SELECT rate::numeric FROM charts WHERE date_from = last) q
                 WHERE rate > 0 ORDER BY 1
                """,
                {"union": scope.companies[:1].root_id.id, "day": scope.date},
            )
            return [Fraction(rate) for (rate,) in self.env.cr.fetchall()]

        return scope.once("savings_rates", read)

    @api.model
    def _loan_rates(self, scope):
        """(lowest and highest rate, lowest, highest and average TEG) of the loans paid out in the year; Nones without any.

        The average weighs each loan by what was paid out.
        """

        def read():
            self.env.cr.execute(
                """
                SELECT min(l.annual_rate::numeric), max(l.annual_rate::numeric),
                       min(l.teg::numeric) FILTER (WHERE l.teg > 0), max(l.teg::numeric) FILTER (WHERE l.teg > 0),
                       sum(l.teg::numeric * l.disbursed) FILTER (WHERE l.teg > 0),
                       sum(l.disbursed) FILTER (WHERE l.teg > 0)
                  FROM kondo_loan l
                 WHERE l.company_id = ANY(%(companies)s) AND l.disbursed_on BETWEEN %(start)s AND %(day)s
                   AND l.state IN ('active', 'closed', 'written_off')
                """,
                {"companies": scope.companies.ids, "start": scope.start, "day": scope.date},
            )
            *bounds, weighed, weight = self.env.cr.fetchone()
            average = Fraction(weighed) / Fraction(weight) if weight else None
            return [*(None if rate is None else Fraction(rate) for rate in bounds), average]

        return scope.once("loan_rates", read)

    @api.model
    def _measure_rates_savings_min(self, scope, filters):
        """Lowest rate above zero that savings earn."""
        self._check_filters("rates.savings_min", filters, ())
        return next(iter(self._savings_rates(scope)), None)

    @api.model
    def _measure_rates_savings_max(self, scope, filters):
        """Highest rate that savings earn."""
        self._check_filters("rates.savings_max", filters, ())
        return next(reversed(self._savings_rates(scope)), None)

    @api.model
    def _measure_rates_loan_min(self, scope, filters):
        """Lowest rate of the loans paid out in the year."""
        self._check_filters("rates.loan_min", filters, ())
        return self._loan_rates(scope)[0]

    @api.model
    def _measure_rates_loan_max(self, scope, filters):
        """Highest rate of the loans paid out in the year."""
        self._check_filters("rates.loan_max", filters, ())
        return self._loan_rates(scope)[1]

    @api.model
    def _measure_rates_teg_min(self, scope, filters):
        """Lowest TEG of the loans paid out in the year."""
        self._check_filters("rates.teg_min", filters, ())
        return self._loan_rates(scope)[2]

    @api.model
    def _measure_rates_teg_max(self, scope, filters):
        """Highest TEG of the loans paid out in the year."""
        self._check_filters("rates.teg_max", filters, ())
        return self._loan_rates(scope)[3]

    @api.model
    def _measure_rates_teg_average(self, scope, filters):
        """TEG of the loans paid out in the year, each weighed by its francs."""
        self._check_filters("rates.teg_average", filters, ())
        return self._loan_rates(scope)[4]
