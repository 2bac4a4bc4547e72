"""What lateness costs, for all instalments of a caisse in one statement: the twin of `engine/arrears.penalty`.

Whole numbers and exact numerics only: an amount is a quotient n / d, rounded half up as `div(2 n + d, 2 d)`.
"""

from odoo.tools import SQL

# Days in leap years before a day: what makes a year of 365 or 366 days exact, each day in its own year.
LEAP_DAYS = """(366 * (div(extract(year FROM {day}) - 1, 4) - div(extract(year FROM {day}) - 1, 100)
                   + div(extract(year FROM {day}) - 1, 400))
    + CASE WHEN extract(year FROM {day})::int %% 4 = 0
                AND (extract(year FROM {day})::int %% 100 <> 0 OR extract(year FROM {day})::int %% 400 = 0)
           THEN extract(doy FROM {day}) - 1 ELSE 0 END)::bigint"""
# Months begun from a first day to the one before another.
BEGUN = """CASE WHEN {day} > {first} THEN
    1 + 12 * (extract(year FROM {day} - 1) - extract(year FROM {first}))::int
      + (extract(month FROM {day} - 1) - extract(month FROM {first}))::int
      - CASE WHEN ({first} + make_interval(months => 12 * (extract(year FROM {day} - 1) - extract(year FROM {first}))::int
                        + (extract(month FROM {day} - 1) - extract(month FROM {first}))::int))::date > {day} - 1
             THEN 1 ELSE 0 END
    ELSE 0 END"""


def penalties_query(company_id, day):
    """SQL (instalment id, francs to be added) of every instalment that is late beyond its grace on the morning of `day`."""
    return SQL(
        f"""
        WITH late AS (
            SELECT i.id, i.due + COALESCE(p.penalty_grace, 0) AS grace_end, i.penalty_until AS since, i.penalty AS charged,
                   CASE WHEN p.penalty_from_due THEN i.due ELSE i.due + COALESCE(p.penalty_grace, 0) END AS first,
                   CASE p.penalty_base
                        WHEN 'principal' THEN i.principal - i.paid_principal
                        WHEN 'interest' THEN i.interest - i.paid_interest
                        WHEN 'principal_interest'
                            THEN i.principal - i.paid_principal + i.interest - i.paid_interest
                        WHEN 'balance' THEN l.principal
                        ELSE i.principal - i.paid_principal + i.interest - i.paid_interest + i.fee - i.paid_fee
                             + i.tax - i.paid_tax + i.insurance - i.paid_insurance END::numeric AS base,
                   p.penalty_rate AS rate, p.penalty_per AS per, p.penalty_fixed AS fixed, p.penalty_cap AS cap,
                   p.penalty_cap_percent AS cap_percent, p.days_in_year
              FROM kondo_loan_instalment i
              JOIN kondo_loan l ON l.id = i.loan_id
              JOIN kondo_loan_product p ON p.id = l.product_id
             WHERE i.company_id = %(company)s AND i.current AND i.due < %(day)s AND l.state = 'active'
               AND l.deceased_on IS NULL AND (p.penalty_rate > 0 OR p.penalty_fixed > 0)
               AND i.due + COALESCE(p.penalty_grace, 0) < %(day)s
               AND i.principal - i.paid_principal + i.interest - i.paid_interest + i.fee - i.paid_fee + i.tax - i.paid_tax
                   + i.insurance - i.paid_insurance + i.guarantee - i.paid_guarantee > 0
        ), spans AS (
            SELECT late.*, CASE WHEN since IS NULL OR since <= grace_end THEN first ELSE GREATEST(first, since) END AS start
              FROM late
        ), counted AS (
            SELECT s.*, %(day)s::date - start AS days,
                   {LEAP_DAYS.format(day="%(day)s::date")} - {LEAP_DAYS.format(day="start")} AS leap,
                   CASE per WHEN 'day' THEN %(day)s::date - start
                            WHEN 'month' THEN {BEGUN.format(day="%(day)s::date", first="first")}
                                            - {BEGUN.format(day="start", first="first")}
                            ELSE CASE WHEN start = first THEN 1 ELSE 0 END END AS units
              FROM spans s WHERE start < %(day)s
        ), quotients AS (
            SELECT c.*, CASE WHEN per <> 'year' THEN 100 WHEN days_in_year = 'actual' THEN 100 * 365 * 366
                             ELSE 100 * days_in_year::numeric END AS divisor,
                   base * rate * CASE WHEN per <> 'year' THEN units
                                      WHEN days_in_year = 'actual' THEN (days - leap) * 366 + leap * 365
                                      ELSE days END AS dividend
              FROM counted c
        )
        SELECT id, GREATEST(0, LEAST(
                   div(2 * (dividend + fixed * units * divisor) + divisor, 2 * divisor),
                   CASE WHEN cap > 0 THEN cap - charged END,
                   CASE WHEN cap_percent > 0 THEN div(2 * base * cap_percent + 100, 200) - charged END))::bigint
          FROM quotients
        """,
        company=company_id,
        day=day,
    )
