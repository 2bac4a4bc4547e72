"""Thousands of savings legs in one operation, written by the database itself.

The rows stand in a temporary table: guarded all at once like any movement, written as legs of the operation, and
booked as one line of the journal entry for each ledger account.
"""

from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.ledger import Leg
from .savings_guard import guarded_update_many


class SavingsBatch:
    """The legs of one operation that come from a query.

    :ivar totals: [(ledger account id, francs)], debit positive
    """

    def __init__(self, posting, query, rule):
        self.posting = posting
        self.rule = rule
        self.cr = posting.env.cr
        posting.env.flush_all()
        self.cr.execute("DROP TABLE IF EXISTS kondo_batch_leg")
        self.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE kondo_batch_leg ON COMMIT DROP AS
                   SELECT q.account_id, q.change::bigint AS change, q.label, q.sequence,
                          a.ledger_account_id, a.partner_id, a.company_id
                     FROM (%s) AS q (account_id, change, label, sequence)
                     LEFT JOIN kondo_savings_account a ON a.id = q.account_id""",
                query,
            )
        )
        self.cr.execute(
            """SELECT count(*), count(*) FILTER (WHERE change = 0), count(*) FILTER (WHERE company_id = %s)
                 FROM kondo_batch_leg""",
            (posting.company_id,),
        )
        count, zero, ours = self.cr.fetchone()
        if not count:
            raise UserError(posting.env._("There is nothing to post."))
        if zero:
            raise UserError(posting.env._("The amount must be a whole number of francs above zero."))
        if ours != count:
            raise UserError(posting.env._("This account does not exist in your caisse."))
        self.count = count
        self.cr.execute("SELECT ledger_account_id, -sum(change)::bigint FROM kondo_batch_leg GROUP BY 1 ORDER BY 1")
        self.totals = self.cr.fetchall()

    def ledger_legs(self):
        """The batch as the journal entry shows it."""
        return [Leg(account_id, total) for account_id, total in self.totals if total]

    def write(self, before):
        """Guard and move the accounts, then write their legs after the `before` legs of the operation's own."""
        posting = self.posting
        self.cr.execute(
            """SELECT a.id FROM kondo_savings_account a WHERE a.id IN (SELECT account_id FROM kondo_batch_leg)
                ORDER BY a.id FOR NO KEY UPDATE"""
        )
        accounts = {account_id for (account_id,) in self.cr.fetchall()}
        changes = SQL(
            """(SELECT account_id AS savings_account_id, sum(change)::bigint AS change
                  FROM kondo_batch_leg GROUP BY account_id) AS changes"""
        )
        self.cr.execute(guarded_update_many(self.rule, changes, posting.company_id, posting.business_date))
        refused = accounts - {account_id for (account_id,) in self.cr.fetchall()}
        if refused:
            account = posting.env["kondo.savings.account"].sudo().browse(min(refused))
            self.cr.execute("SELECT sum(change)::bigint FROM kondo_batch_leg WHERE account_id = %s", (account.id,))
            account.invalidate_recordset()
            account._refuse_movement(self.cr.fetchone()[0], self.rule)
        self.cr.execute(
            """
            INSERT INTO kondo_operation_line (operation_id, sequence, company_id, business_date, account_id, amount,
                        savings_account_id, partner_id, balance_after, label)
            SELECT %(operation)s, %(before)s + row_number() OVER w, l.company_id, %(date)s, l.ledger_account_id, -l.change,
                   l.account_id, l.partner_id,
                   a.balance - sum(l.change) OVER (PARTITION BY l.account_id)
                             + sum(l.change) OVER (PARTITION BY l.account_id ORDER BY l.sequence, l.change),
                   l.label
              FROM kondo_batch_leg l JOIN kondo_savings_account a ON a.id = l.account_id
            WINDOW w AS (ORDER BY l.sequence, l.account_id, l.change)
            """,
            {"operation": posting.operation_id, "before": before, "date": posting.business_date},
        )
        self.cr.execute("DROP TABLE kondo_batch_leg")
