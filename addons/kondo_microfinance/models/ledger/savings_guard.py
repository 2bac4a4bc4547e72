"""How far a movement may take a savings account, in SQL: one guarded statement decides and moves.

Four rules:

- window: the member's own operation at the counter. The account is in use, not blocked that way, its money not tied
  (a term deposit takes nothing either); what stays covers holds and the product's minimum; the delay between withdrawals is kept. It marks the account as alive.
- house: interest, fees, standing orders, maturities. Blocks and dormancy do not matter, holds do.
- release: as house, holds apart: the operation itself uses what was held.
- correction: a reversal, down to the overdraft limit.

An overdraft counts until its last day.
"""

from odoo.tools import SQL

RULES = ("window", "house", "release", "correction")
OVERDRAFT = SQL("CASE WHEN a.overdraft_until IS NULL OR a.overdraft_until >= v.day THEN a.overdraft_limit ELSE 0 END")
# What each rule demands of account `a` of product `p` for the movement `v.change` on `v.day`.
CONDITIONS = {
    "window": SQL(
        """a.state IN ('active', 'inactive')
           AND (NOT a.tied OR (v.change > 0 AND p.kind <> 'term'))
           AND a.block NOT IN ('all', CASE WHEN v.change > 0 THEN 'credit' ELSE 'debit' END)
           AND (v.change > 0 OR (a.balance + v.change + %s >= a.blocked + p.minimum_balance
                AND (p.withdrawal_delay = 0 OR a.last_withdrawal_on IS NULL
                     OR a.last_withdrawal_on + p.withdrawal_delay <= v.day)))""",
        OVERDRAFT,
    ),
    "house": SQL("a.state <> 'closed' AND (v.change > 0 OR a.balance + v.change + %s >= a.blocked)", OVERDRAFT),
    "release": SQL("a.state <> 'closed' AND (v.change > 0 OR a.balance + v.change + %s >= 0)", OVERDRAFT),
    "correction": SQL("a.state <> 'closed' AND (v.change > 0 OR a.balance + v.change + a.overdraft_limit >= 0)"),
}
# What the movement says of the account's life.
MARKS = {
    "window": SQL(
        """, state = 'active', last_movement_on = v.day,
           last_withdrawal_on = CASE WHEN v.change < 0 THEN v.day ELSE a.last_withdrawal_on END"""
    ),
}


def guarded_update(rule, account_id, change, company_id, day):
    """SQL that moves one account, or returns no row when the rule forbids it; returns its `balance`."""
    return SQL(
        """UPDATE kondo_savings_account a SET balance = a.balance + v.change %(marks)s
             FROM kondo_savings_product p, (VALUES (%(change)s::bigint, %(day)s::date)) AS v (change, day)
            WHERE a.id = %(account)s AND p.id = a.product_id AND a.company_id = %(company)s AND %(condition)s
        RETURNING a.balance""",
        marks=MARKS.get(rule, SQL()),
        change=change,
        day=day,
        account=account_id,
        company=company_id,
        condition=CONDITIONS[rule],
    )


def guarded_update_many(rule, changes, company_id, day):
    """SQL that moves every account of the relation `changes` (savings_account_id, change); returns their `id`."""
    return SQL(
        """UPDATE kondo_savings_account a SET balance = a.balance + v.change %(marks)s
             FROM kondo_savings_product p,
                  (SELECT savings_account_id, change, %(day)s::date AS day FROM %(changes)s) AS v
            WHERE a.id = v.savings_account_id AND p.id = a.product_id AND a.company_id = %(company)s AND %(condition)s
        RETURNING a.id""",
        marks=MARKS.get(rule, SQL()),
        changes=changes,
        company=company_id,
        day=day,
        condition=CONDITIONS[rule],
    )
