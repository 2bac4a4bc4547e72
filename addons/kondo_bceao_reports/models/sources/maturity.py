from collections import defaultdict

from odoo import api, models

from ...engine.maturity import FIRST, band_on, from_the_end


class KondoReturnSource(models.AbstractModel):
    """When what stands in the books falls due, counted from the day of the return.

    Loans, term deposits and donors' lines have due dates; what an account holds beside them stands in the first band, and
    an account without any where the dated parameter `undated_maturity` says, at sight when it says nothing.
    """

    _inherit = "kondo.return.source"

    @api.model
    def _bands(self, scope, closing):
        """{account: {months or None: francs, debit positive}}; the bands of an account add up to its closing balance."""
        dated = defaultdict(lambda: defaultdict(int))
        codes = self._codes(scope)
        for account, due, amount in [*self._loan_dues(scope), *self._term_dues(scope)]:
            dated[codes.get(account)][band_on(due, scope.date)] += amount
        for code, bands in self._line_bands(scope, closing).items():
            for band, amount in bands.items():
                dated[code][band] += amount
        undated = self._undated_bands(scope)
        found = {}
        for code, balance in closing.items():
            bands = dict(dated.get(code, ()))
            rest = balance.net - sum(bands.values())
            band = FIRST if bands else next((band for prefix, band in undated if code.startswith(prefix)), FIRST)
            bands[band] = bands.get(band, 0) + rest
            found[code] = {band: amount for band, amount in bands.items() if amount}
        return found

    @api.model
    def _codes(self, scope):
        return {row.account_id: row.code for row in self._trial(scope)}

    @api.model
    def _undated_bands(self, scope):
        """[(beginning of an account, band)], the longest beginning first."""
        value = self.env["kondo.parameter"]._get("undated_maturity", scope.date)
        pairs = [part.split(":") for part in value.replace(" ", "").split(",") if ":" in part]
        found = [(prefix, int(band) if band.isdigit() else None) for prefix, band in pairs]
        return sorted(found, key=lambda pair: -len(pair[0]))

    # ------------------------------------------------------------------ loans
    @api.model
    def _principal_of(self, scope):
        """[(loan, ledger account, francs owed)] at the end of the day, from the legs of operations."""

        def read():
            self.env.cr.execute(
                """
                SELECT l.loan_id, l.account_id, sum(l.amount)::bigint FROM kondo_operation_line l
                 WHERE l.company_id = ANY(%(companies)s) AND l.business_date <= %(day)s AND l.loan_id IS NOT NULL
                   AND l.loan_component = 'principal'
                 GROUP BY l.loan_id, l.account_id HAVING sum(l.amount) <> 0
                """,
                {"companies": scope.companies.ids, "day": scope.date},
            )
            return self.env.cr.fetchall()

        return scope.once("principal", read)

    @api.model
    def _loan_dues(self, scope):
        """[(ledger account, due date, francs)] by the due dates of the schedule in force on that day.

        Payments settle the oldest instalments first: what is owed is the principal of the last ones.
        """
        owed = self._principal_of(scope)
        if not owed:
            return []
        loans, accounts, amounts = (list(column) for column in zip(*owed, strict=True))
        self.env.cr.execute(
            """
            WITH owed AS MATERIALIZED (
                SELECT * FROM unnest(%(loans)s::int[], %(accounts)s::int[], %(amounts)s::bigint[]) AS o(loan_id, account_id, amount)
            ), schedules AS (
                SELECT DISTINCT ON (s.loan_id) s.loan_id, s.id FROM kondo_loan_schedule s
                 WHERE s.loan_id IN (SELECT loan_id FROM owed) AND s.from_on <= %(day)s
                 ORDER BY s.loan_id, s.number DESC
            ), rows AS (
                SELECT i.loan_id, i.due, i.principal,
                       sum(i.principal) OVER (PARTITION BY i.loan_id ORDER BY i.due DESC, i.number DESC
                                              ROWS UNBOUNDED PRECEDING) - i.principal AS later
                  FROM schedules s JOIN kondo_loan_instalment i ON i.schedule_id = s.id
                 WHERE i.principal > 0
            )
            SELECT o.account_id, r.due,
                   sum(GREATEST(0, LEAST(r.principal, o.amount - r.later)))::bigint
              FROM owed o JOIN rows r ON r.loan_id = o.loan_id
             WHERE o.amount > r.later
             GROUP BY 1, 2
            """,
            {"loans": loans, "accounts": accounts, "amounts": amounts, "day": scope.date},
        )
        return self.env.cr.fetchall()

    # ------------------------------------------------------------------ term deposits
    @api.model
    def _term_dues(self, scope):
        """[(ledger account, due date, francs)] of term deposits by the maturity of the contract that ran on that day."""
        self.env.cr.execute(
            """
            WITH held AS MATERIALIZED (
                SELECT l.savings_account_id, l.account_id, sum(l.amount) AS amount FROM kondo_operation_line l
                 WHERE l.company_id = ANY(%(companies)s) AND l.business_date <= %(day)s
                   AND l.savings_account_id IN (SELECT d.account_id FROM kondo_term_deposit d
                                                 WHERE d.company_id = ANY(%(companies)s))
                 GROUP BY 1, 2 HAVING sum(l.amount) <> 0
            ), contracts AS (
                SELECT DISTINCT ON (d.account_id) d.account_id, d.maturity FROM kondo_term_deposit d
                 WHERE d.account_id IN (SELECT savings_account_id FROM held) AND d.start <= %(day)s
                   AND d.state <> 'cancelled'
                 ORDER BY d.account_id, d.start DESC, d.id DESC
            )
            SELECT h.account_id, c.maturity,
                   sum(h.amount)::bigint
              FROM held h JOIN contracts c ON c.account_id = h.savings_account_id
             GROUP BY 1, 2
            """,
            {"companies": scope.companies.ids, "day": scope.date},
        )
        return self.env.cr.fetchall()

    # ------------------------------------------------------------------ donors' lines
    @api.model
    def _line_bands(self, scope, closing):
        """{account: {band: francs}} of the lines that have a repayment calendar: what is still to be given back."""
        calendars = self.env["kondo.funding.repayment"].sudo().search(
            [("company_id", "=", scope.companies[:1].root_id.id)]
        )  # fmt: skip
        found = {}
        codes = self._codes(scope)
        for line, rows in calendars.grouped("line_id").items():
            code = codes.get(line.account_id.id)
            if code not in closing:
                continue
            left = from_the_end(-closing[code].net, [(row.due_on, row.amount) for row in rows])
            bands = found.setdefault(code, defaultdict(int))
            for due, amount in left.items():
                bands[band_on(due, scope.date)] -= amount
        return found
