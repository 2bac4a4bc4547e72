"""The interest of many accounts in SQL: the twin of `engine/interest.py` and `engine/dated_interest.py`.

The same rules, to the last of 12 decimals; whole numbers and numerics only, never a quotient that loses a digit. Three
relations come in (a test may put others in their place):

* accounts: account_id, opened_on, start_on (first day that counts), stop_on (first day that does not)
* movements: account_id, id (order of booking), booked_on, amount (francs, deposit positive), value_on (posted interest:
  the day from whose beginning it counts; else NULL), reversed_on (the day of the operation a reversal undoes, or NULL)
* balances: account_id, balance now: what stood at the start is what stands now less all that came since

and temporary tables follow one another: `kondo_interest_account`, `kondo_interest_step` (the history of each account,
day by day), `kondo_interest_period` (one row for each compounding period), `kondo_interest_result`.
"""

from datetime import date
from decimal import Decimal

from odoo.tools import SQL

from ....engine.dated_interest import segments
from ....engine.interest import BASES
from ....engine.periods import is_period_end, periods_between

# They live until the commit and are emptied for each calculation, so that many of them in one transaction stay cheap.
TABLES = """
CREATE TEMPORARY TABLE IF NOT EXISTS kondo_interest_account (
    account_id integer PRIMARY KEY, opened_on date, start_on date, stop_on date
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS kondo_interest_step (
    account_id integer, start_on date, stop_on date, balance bigint, low bigint
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS kondo_interest_period (
    account_id integer, start_on date, ends boolean, earned numeric, base numeric, more numeric,
    owed numeric, owed_base numeric, owed_more numeric, basis numeric, rated numeric, weight numeric
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS kondo_interest_result (
    account_id integer, start_on date, stop_on date, days integer, exact numeric, exact_overdraft numeric,
    basis bigint, rate numeric, interest bigint, withholding bigint, overdraft_interest bigint
) ON COMMIT DROP;
TRUNCATE kondo_interest_account, kondo_interest_step, kondo_interest_period, kondo_interest_result;
"""
# Carries the interest not yet posted from one compounding period to the next: {what earns, what waits for the end of a
# period that a new rule has cut}, each rounded half up to 12 decimals. round() is not used: a quotient of numerics is cut
# before it would be rounded.
COMPOUND = """
CREATE FUNCTION pg_temp.kondo_carry(carried numeric[], earned numeric, base numeric, more numeric, ends boolean)
RETURNS numeric[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    waiting numeric := carried[2] + div(2000000000000 * (carried[1] * more + earned) + base, 2 * base) * 0.000000000001;
BEGIN
    IF ends THEN
        RETURN ARRAY[carried[1] + waiting, 0];
    END IF;
    RETURN ARRAY[carried[1], waiting];
END $$;
CREATE FUNCTION pg_temp.kondo_carried(carried numeric[]) RETURNS numeric LANGUAGE sql IMMUTABLE
AS 'SELECT carried[1] + carried[2]';
CREATE AGGREGATE pg_temp.kondo_compound(numeric, numeric, numeric, boolean)
    (SFUNC = pg_temp.kondo_carry, STYPE = numeric[], FINALFUNC = pg_temp.kondo_carried, INITCOND = '{0,0}');
"""


def compute_interest(cr, rules, accounts, movements, balances, withholding_rate=0):
    """Fill `kondo_interest_result`: a row for each account that earned or owes something.

    account_id, start_on, stop_on, days, exact and exact_overdraft (12 decimals), basis (average in francs), rate
    (average percent), interest, withholding, overdraft_interest (francs).

    :param rules: [(day from which it holds, InterestRule)] in the order of the days
    :param accounts, balances: SQL of the relations above
    :param movements: function of SQL of a day to SQL of the movements booked from that day on
    :param withholding_rate: percent of the interest (Decimal)
    """
    cr.execute(TABLES)
    cr.execute("SELECT to_regprocedure('pg_temp.kondo_compound(numeric, numeric, numeric, boolean)') IS NULL")
    if cr.fetchone()[0]:
        cr.execute(COMPOUND)
    cr.execute(
        SQL(
            """INSERT INTO kondo_interest_account
               SELECT account_id, opened_on, start_on, stop_on FROM (%s) AS a WHERE start_on < stop_on""",
            accounts,
        )
    )
    cr.execute("ANALYZE kondo_interest_account")
    cr.execute("SELECT min(start_on), max(stop_on) FROM kondo_interest_account")
    start, stop = cr.fetchone()
    if not start:
        return
    back = max(rule.credit_days for _day, rule in rules) + 31
    cr.execute(_steps(rules, movements(SQL("%s::date - %s", start, back)), balances))
    cr.execute("ANALYZE kondo_interest_step")
    spans = segments(rules, start, stop)
    for first, end, rule in spans:
        for statement in Segment(first, end, rule, alone=len(spans) == 1).statements():
            cr.execute(statement)
    cr.execute(_result(withholding_rate))


def _steps(rules, movements, balances):
    """The balance of each account at the end of every day from its start to its stop, as spans of days.

    `low` is the lowest balance of the span's first day.
    """
    return SQL(
        """
        INSERT INTO kondo_interest_step
        WITH move AS (
            SELECT m.account_id, m.id, m.amount, d.day
              FROM (%(movements)s) AS m JOIN kondo_interest_account a ON a.account_id = m.account_id
              CROSS JOIN LATERAL (
                  -- what is booked after the period never counts in it, what is booked in it never before
                  SELECT CASE WHEN m.value_on IS NOT NULL THEN m.value_on
                              WHEN m.booked_on >= a.stop_on THEN GREATEST(a.stop_on, %(value_date)s)
                              WHEN m.booked_on >= a.start_on AND m.reversed_on IS NULL
                              THEN GREATEST(a.start_on, %(value_date)s)
                              ELSE %(value_date)s END AS day
              ) AS d
             WHERE d.day >= a.start_on AND (m.value_on IS NULL OR m.value_on > a.start_on)
        ), change AS (
            SELECT account_id, day, sum(amount) AS change, LEAST(0, min(so_far)) AS low
              FROM (SELECT account_id, day, amount, sum(amount) OVER (PARTITION BY account_id, day ORDER BY id) AS so_far
                      FROM move
                    UNION ALL
                    SELECT account_id, start_on, 0, 0 FROM kondo_interest_account) AS change
             GROUP BY account_id, day
        ), history AS (
            SELECT account_id, day, change, low, lead(day) OVER w AS next,
                   sum(change) OVER w - sum(change) OVER (PARTITION BY account_id) AS back
              FROM change WINDOW w AS (PARTITION BY account_id ORDER BY day)
        )
        SELECT h.account_id, h.day AS start_on, LEAST(h.next, a.stop_on) AS stop_on,
               (b.balance + h.back)::bigint AS balance, (b.balance + h.back - h.change + h.low)::bigint AS low
          FROM history h
          JOIN kondo_interest_account a ON a.account_id = h.account_id
          JOIN (%(balances)s) AS b ON b.account_id = h.account_id
         WHERE h.day < a.stop_on
        """,
        value_date=_value_date(rules),
        movements=movements,
        balances=balances,
    )


def _value_date(rules):
    """The day a movement `m` counts from, by the rule in force on the day it, or what it reverses, was booked."""
    cases = [
        SQL("WHEN COALESCE(m.reversed_on, m.booked_on) < %s THEN %s", day, _days(rule))
        for (_day, rule), (day, _next) in zip(rules, rules[1:], strict=False)
    ]
    last = _days(rules[-1][1])
    return SQL("CASE %s ELSE %s END", SQL(" ").join(cases), last) if cases else last


def _days(rule):
    deposit = SQL("(CASE WHEN m.reversed_on IS NULL THEN m.amount ELSE -m.amount END) >= 0")
    day = SQL(
        "(COALESCE(m.reversed_on, m.booked_on) + CASE WHEN %s THEN %s ELSE %s END)",
        deposit,
        rule.credit_days,
        -rule.debit_days,
    )
    if rule.balance_basis != "quinzaine":
        return day
    # The 1st or the 16th that opens the fortnight of a withdrawal, that follows the fortnight of a deposit.
    return SQL(
        """CASE WHEN %(deposit)s
                THEN CASE WHEN extract(day FROM %(day)s) < 16 THEN date_trunc('month', %(day)s)::date + 15
                          ELSE (date_trunc('month', %(day)s) + interval '1 month')::date END
                ELSE date_trunc('month', %(day)s)::date + CASE WHEN extract(day FROM %(day)s) < 16 THEN 0 ELSE 15 END
           END""",
        deposit=deposit,
        day=day,
    )


def _result(withholding_rate):
    return SQL(
        """
        INSERT INTO kondo_interest_result
        SELECT r.account_id, a.start_on, a.stop_on, a.stop_on - a.start_on AS days, r.exact, r.exact_overdraft,
               round(r.basis / (a.stop_on - a.start_on))::bigint AS basis, round(r.rate, 6) AS rate,
               round(r.exact)::bigint AS interest,
               round(round(r.exact) * %s::numeric * 0.01)::bigint AS withholding,
               round(r.exact_overdraft)::bigint AS overdraft_interest
          FROM (SELECT account_id,
                       pg_temp.kondo_compound(earned, base, more, ends ORDER BY start_on)
                           FILTER (WHERE earned IS NOT NULL) AS exact,
                       pg_temp.kondo_compound(owed, owed_base, owed_more, ends ORDER BY start_on)
                           FILTER (WHERE owed IS NOT NULL) AS exact_overdraft,
                       COALESCE(sum(basis), 0) AS basis, COALESCE(sum(rated) / NULLIF(sum(weight), 0), 0) AS rate
                  FROM kondo_interest_period
                 GROUP BY account_id) AS r
          JOIN kondo_interest_account a ON a.account_id = r.account_id
        """,
        str(withholding_rate),
    )


class Segment:
    """The part of the calculation where one rule holds: [start, end).

    Shares of a year are whole numbers over `whole`: days over 100 x days in the year; with years of their real length,
    366ths and 365ths over their product.
    """

    def __init__(self, start, end, rule, alone=True):
        self.start = start
        self.end = end
        self.rule = rule
        self.alone = alone  # else every compounding period has its row, for what waits for its end
        self.whole = 100 * (365 * 366 if rule.days_in_year == "actual" else int(rule.days_in_year))
        self.over = BASES[rule.balance_basis]
        self.daily = self.over == "daily"

    def statements(self):
        if not self.alone or self.rule.annual_rate or any(tier.rate for tier in self.rule.tiers):
            yield self.earned()
        if not self.alone or self.rule.overdraft_rate:
            yield self.owed()

    # ------------------------------------------------------------------ spans
    def calendar(self, code):
        """SQL rows (start_on, stop_on, whole) of the calendar's periods in the segment; not `whole` where it cuts them."""
        year_start = self.rule.year_start
        rows = periods_between(code, self.start, self.end, year_start)
        values = (SQL("(%s::date, %s::date, %s)", *row, is_period_end(code, row[1], year_start)) for row in rows)
        return SQL("(VALUES %s)", SQL(", ").join(values))

    def compounding(self):
        """SQL rows (account_id, opened_on, start_on, stop_on, ends): the compounding periods of each account.

        One that `ends` with its stop does so by the calendar, or with the calculation.
        """
        cut = SQL(
            """a.account_id, a.opened_on, GREATEST(c.start_on, a.start_on, %(start)s) AS start_on,
               LEAST(c.stop_on, a.stop_on, %(end)s) AS stop_on,
               (c.whole OR LEAST(c.stop_on, a.stop_on, %(end)s) = a.stop_on) AS ends""",
            start=self.start,
            end=self.end,
        )
        if self.rule.compounding == "anniversary":
            return SQL(
                """SELECT %(cut)s FROM kondo_interest_account a
                     CROSS JOIN LATERAL (
                         SELECT (a.opened_on + make_interval(years => y))::date AS start_on,
                                (a.opened_on + make_interval(years => y + 1))::date AS stop_on,
                                (a.opened_on + make_interval(years => y + 1))::date <= %(end)s AS whole
                           FROM generate_series((extract(year FROM a.start_on) - extract(year FROM a.opened_on))::int - 1,
                                                (extract(year FROM a.stop_on) - extract(year FROM a.opened_on))::int) AS y
                     ) AS c
                    WHERE GREATEST(c.start_on, a.start_on, %(start)s) < LEAST(c.stop_on, a.stop_on, %(end)s)""",
                cut=cut,
                start=self.start,
                end=self.end,
            )
        return SQL(
            """SELECT %(cut)s FROM kondo_interest_account a
                 JOIN %(calendar)s AS c (start_on, stop_on, whole) ON c.start_on < a.stop_on AND c.stop_on > a.start_on""",
            cut=cut,
            calendar=self.calendar(self.rule.compounding),
        )

    def weight(self, day):
        """SQL: how much of a year lies before `day`, as a whole number over `whole`; only differences mean something."""
        if self.rule.days_in_year != "actual":
            return self.count(day)
        terms = [SQL("366 * (%s)::bigint", self.count(day))]
        for year in range(self.start.year, self.end.year + 1):
            if (date(year + 1, 1, 1) - date(year, 1, 1)).days == 366:
                inside = SQL("LEAST(GREATEST(%s, %s::date), %s::date)", day, date(year, 1, 1), date(year + 1, 1, 1))
                terms.append(SQL("(%s - %s)", self.count(inside), self.count(SQL("%s::date", date(year, 1, 1)))))
        return SQL("(%s)", SQL(" - ").join(terms))

    def count(self, day):
        """SQL: the number of a day, every month having 30 when the rule says so."""
        if self.rule.days_in_month == "actual":
            return SQL("(%s - %s::date)", day, self.start)
        return SQL(
            """(360 * extract(year FROM %(day)s) + 30 * extract(month FROM %(day)s)
                + LEAST(extract(day FROM %(day)s), 30))::bigint""",
            day=day,
        )

    def share(self, start, stop):
        """SQL: the part of a year in [start, stop), as a whole number over `whole`."""
        return SQL("(%s - %s)", self.weight(stop), self.weight(start))

    # ------------------------------------------------------------------ what is earned
    def earned(self):
        """Statement: what each compounding period earns, and what a franc of interest carried into it does.

        In each piece `amount` / `t` is the basis: t is the number of days of an average, else 1.
        """
        return SQL(
            """
            WITH compounding AS MATERIALIZED (%(compounding)s), piece AS (%(pieces)s), weighed AS (
                SELECT account_id, period, ends, amount, t, stop_on - start_on AS days, %(share)s::numeric AS part,
                       %(top)s AS top, %(earning)s AS earning, amount >= %(minimum)s::bigint * t AS earns
                  FROM piece p
            )
            INSERT INTO kondo_interest_period (account_id, start_on, ends, earned, base, more, basis, rated, weight)
            SELECT account_id, period, ends, COALESCE(sum(earning * part) FILTER (WHERE earns), 0), %(whole)s::numeric * max(t),
                   COALESCE(sum(top * part) FILTER (WHERE earns), 0) * max(t), sum(amount * days) / max(t),
                   COALESCE(sum(earning * part) FILTER (WHERE earns), 0) / max(t),
                   COALESCE(sum(amount * part) FILTER (WHERE earns), 0) / max(t)
              FROM weighed GROUP BY account_id, period, ends
            """,
            compounding=self.compounding(),
            pieces=self.pieces(),
            share=self.share(SQL("start_on"), SQL("stop_on")),
            top=self.rate(SQL("amount")),
            earning=self.earning(),
            minimum=self.rule.minimum_balance,
            whole=self.whole,
        )

    def pieces(self):
        """SQL rows (account_id, period, ends, opened_on, start_on, stop_on, amount, t): the basis, never below zero."""
        if self.daily:
            return self.daily_pieces()
        spans = SQL("SELECT account_id, opened_on, ends, start_on AS period, start_on, stop_on FROM compounding")
        if self.over:
            spans = SQL(
                """SELECT c.account_id, c.opened_on, c.ends, c.start_on AS period, GREATEST(o.start_on, c.start_on) AS start_on,
                          LEAST(o.stop_on, c.stop_on) AS stop_on
                     FROM compounding c
                     JOIN %s AS o (start_on, stop_on, whole) ON o.start_on < c.stop_on AND o.stop_on > c.start_on""",
                self.calendar(self.over),
            )
        if self.rule.balance_basis == "average_daily_balance":
            amount = SQL(
                "sum(GREATEST(s.balance, 0) * (LEAST(s.stop_on, n.stop_on) - GREATEST(s.start_on, n.start_on)))"
            )
            t = SQL("n.stop_on - n.start_on")
        elif self.rule.balance_basis.startswith("lowest"):
            amount, t = SQL("GREATEST(min(s.balance), 0)"), SQL("1")
        else:
            amount, t = SQL("GREATEST(sum(s.balance) FILTER (WHERE s.stop_on >= n.stop_on), 0)"), SQL("1")
        return SQL(
            """SELECT n.account_id, n.period, n.ends, n.opened_on, n.start_on, n.stop_on, (%(amount)s)::numeric AS amount, %(t)s AS t
                 FROM (%(spans)s) AS n
                 JOIN kondo_interest_step s
                   ON s.account_id = n.account_id AND s.start_on < n.stop_on AND s.stop_on > n.start_on
                GROUP BY n.account_id, n.period, n.ends, n.opened_on, n.start_on, n.stop_on""",
            amount=amount,
            t=t,
            spans=spans,
        )

    def daily_pieces(self):
        steps = SQL("kondo_interest_step")
        if self.rule.balance_basis == "lowest_of_day":
            steps = SQL(
                """(SELECT account_id, start_on, start_on + 1 AS stop_on, low AS balance FROM kondo_interest_step
                    UNION ALL
                    SELECT account_id, start_on + 1, stop_on, balance FROM kondo_interest_step WHERE stop_on > start_on + 1)"""
            )
        months = sorted({tier.months for tier in self.rule.tiers if tier.months})
        if months:
            borders = zip([None, *months], [*months, None], strict=True)
            steps = SQL(
                """(SELECT s.account_id, GREATEST(s.start_on, a.opened_on + make_interval(months => b.low))::date AS start_on,
                           LEAST(s.stop_on, a.opened_on + make_interval(months => b.high))::date AS stop_on, s.balance
                      FROM %s AS s JOIN kondo_interest_account a ON a.account_id = s.account_id
                      JOIN (VALUES %s) AS b (low, high)
                        ON (b.low IS NULL OR a.opened_on + make_interval(months => b.low) < s.stop_on)
                       AND (b.high IS NULL OR a.opened_on + make_interval(months => b.high) > s.start_on))""",
                steps,
                SQL(", ").join(SQL("(%s::int, %s::int)", low, high) for low, high in borders),
            )
        return SQL(
            """SELECT c.account_id, c.start_on AS period, c.ends, c.opened_on, GREATEST(s.start_on, c.start_on) AS start_on,
                      LEAST(s.stop_on, c.stop_on) AS stop_on, GREATEST(s.balance, 0)::numeric AS amount, 1 AS t
                 FROM compounding c
                 JOIN %s AS s ON s.account_id = c.account_id AND s.start_on < c.stop_on AND s.stop_on > c.start_on""",
            steps,
        )

    def rate(self, amount, threshold=None):
        """SQL: percent a year on `amount` (over t) of piece `p`: of the tiers reached the longest, then the highest."""
        cases = []
        for tier in sorted(self.rule.tiers, key=lambda tier: (tier.months, tier.amount), reverse=True):
            reached = SQL("TRUE") if tier.amount <= 0 else SQL("%s >= %s::bigint * t", amount, tier.amount)
            if threshold is not None:
                reached = SQL("TRUE") if tier.amount <= threshold else SQL("FALSE")
            held = SQL("TRUE")
            if tier.months:
                held = SQL("(opened_on + make_interval(months => %s))::date <= start_on", tier.months)
            cases.append(SQL("WHEN %s AND %s THEN %s::numeric", reached, held, _number(tier.rate)))
        base = SQL("%s::numeric", _number(self.rule.annual_rate))
        return SQL("(CASE %s ELSE %s END)", SQL(" ").join(cases), base) if cases else base

    def earning(self):
        """SQL: francs x percent of piece `p`, times t."""
        if self.rule.tier_mode == "whole" or not self.rule.tiers:
            return SQL("amount * %s", self.rate(SQL("amount")))
        floors = [0, *sorted({tier.amount for tier in self.rule.tiers if tier.amount > 0})]
        slices = []
        for floor, ceiling in zip(floors, [*floors[1:], None], strict=True):
            top = SQL("amount") if ceiling is None else SQL("LEAST(amount, %s::bigint * t)", ceiling)
            slices.append(SQL("GREATEST(%s - %s::bigint * t, 0) * %s", top, floor, self.rate(SQL("0"), floor)))
        return SQL("(%s)", SQL(" + ").join(slices))

    # ------------------------------------------------------------------ what is owed
    def owed(self):
        """Statement: the agios of each compounding period, apart from its interest."""
        return SQL(
            """
            WITH compounding AS (%(compounding)s), piece AS (
                SELECT c.account_id, c.start_on AS period, c.ends, GREATEST(s.start_on, c.start_on) AS start_on,
                       LEAST(s.stop_on, c.stop_on) AS stop_on, -s.balance AS amount
                  FROM compounding c
                  %(join)s JOIN kondo_interest_step s
                    ON s.account_id = c.account_id AND s.start_on < c.stop_on AND s.stop_on > c.start_on
                   AND s.balance < 0 AND -s.balance >= %(minimum)s
            )
            INSERT INTO kondo_interest_period (account_id, start_on, ends, owed, owed_base, owed_more)
            SELECT account_id, period, ends, COALESCE(sum(amount * %(rate)s::numeric * %(share)s), 0), %(whole)s,
                   COALESCE(sum(%(rate)s::numeric * %(share)s) FILTER (WHERE amount IS NOT NULL), 0)
              FROM piece GROUP BY account_id, period, ends
            """,
            compounding=self.compounding(),
            join=SQL("" if self.alone else "LEFT"),
            minimum=self.rule.minimum_overdraft,
            rate=_number(self.rule.overdraft_rate),
            share=self.share(SQL("start_on"), SQL("stop_on")),
            whole=self.whole,
        )


def _number(rate):
    """A rate as exact decimal text; ValueError when it has none (a third)."""
    text = Decimal(rate.numerator) / Decimal(rate.denominator)
    if rate != type(rate)(text):
        raise ValueError(f"not a decimal rate: {rate}")
    return format(text, "f")
