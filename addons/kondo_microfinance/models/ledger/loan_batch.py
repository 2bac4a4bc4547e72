"""Thousands of legs of loans in one operation, written by the database itself; as `batch.py` does for savings."""

from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.ledger import Leg

# What a loan stands for, and the side of the ledger on which more of it stands.
SIDES = {"principal": 1, "accrued": 1, "provision": -1, "reserved": -1}


class NothingToPost(UserError):
    """No loan of the query moves."""


class LoanBatch:
    """The legs of one operation on many loans, of one or several components.

    :ivar totals: [(ledger account id, francs)], debit positive
    """

    def __init__(self, posting, query):
        self.posting = posting
        self.cr = posting.env.cr
        posting.env.flush_all()
        self.cr.execute("DROP TABLE IF EXISTS kondo_loan_leg")
        self.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE kondo_loan_leg ON COMMIT DROP AS
                   SELECT q.loan_id, q.component, q.change::bigint AS change, q.ledger_account_id, q.sequence, l.partner_id,
                          CASE WHEN q.component IN ('provision', 'reserved') THEN -q.change ELSE q.change END::bigint AS amount
                     FROM (%s) AS q (loan_id, component, change, ledger_account_id, sequence)
                     JOIN kondo_loan l ON l.id = q.loan_id AND l.company_id = %s
                    WHERE q.change <> 0""",
                query,
                posting.company_id,
            )
        )
        self.cr.execute("SELECT count(*), count(*) FILTER (WHERE ledger_account_id IS NULL) FROM kondo_loan_leg")
        self.count, homeless = self.cr.fetchone()
        if not self.count:
            raise NothingToPost(posting.env._("There is nothing to post."))
        if homeless:
            raise UserError(posting.env._("%(count)s loans have no account for this yet.", count=homeless))
        self.cr.execute("SELECT ledger_account_id, sum(amount)::bigint FROM kondo_loan_leg GROUP BY 1 ORDER BY 1")
        self.totals = self.cr.fetchall()

    def ledger_legs(self):
        """The batch as the journal entry shows it."""
        return [Leg(account_id, total) for account_id, total in self.totals if total]

    def write(self, before):
        """Lock the loans in the order of ids, move them, write their legs after the `before` legs of the operation."""
        self.cr.execute(
            """SELECT l.id FROM kondo_loan l WHERE l.id IN (SELECT loan_id FROM kondo_loan_leg)
                ORDER BY l.id FOR NO KEY UPDATE"""
        )
        self.cr.execute("SELECT DISTINCT component FROM kondo_loan_leg ORDER BY 1")
        components = [component for (component,) in self.cr.fetchall()]
        for component in components:
            self._move(SQL.identifier(component), component)
        self.cr.execute(
            SQL(
                """
                INSERT INTO kondo_operation_line (operation_id, sequence, company_id, business_date, account_id, amount,
                            loan_id, loan_component, partner_id, balance_after)
                SELECT %(operation)s, %(before)s + row_number() OVER (ORDER BY b.loan_id, b.sequence), %(company)s, %(date)s,
                       b.ledger_account_id, b.amount, b.loan_id, b.component, b.partner_id,
                       CASE b.component WHEN 'principal' THEN l.principal WHEN 'accrued' THEN l.accrued
                            WHEN 'provision' THEN l.provision ELSE l.reserved END
                       - sum(b.change) OVER w + sum(b.change) OVER (w ORDER BY b.sequence)
                  FROM kondo_loan_leg b JOIN kondo_loan l ON l.id = b.loan_id
                WINDOW w AS (PARTITION BY b.loan_id, b.component)
                """,
                operation=self.posting.operation_id,
                before=before,
                company=self.posting.company_id,
                date=self.posting.business_date,
            )
        )
        self.cr.execute("DROP TABLE kondo_loan_leg")
        self.posting.env["kondo.loan"].invalidate_model(components)

    def _move(self, column, component):
        """Add up the changes of a component of each loan; none may fall below zero."""
        self.cr.execute(
            SQL(
                """WITH net AS (SELECT loan_id, sum(change)::bigint AS change FROM kondo_loan_leg
                                 WHERE component = %(component)s GROUP BY 1 HAVING sum(change) <> 0),
                        moved AS (UPDATE kondo_loan l SET %(column)s = l.%(column)s + n.change
                                    FROM net n WHERE n.loan_id = l.id AND l.%(column)s + n.change >= 0 RETURNING l.id)
                   SELECT (SELECT count(*) FROM net) - (SELECT count(*) FROM moved)""",
                column=column,
                component=component,
            )
        )
        if self.cr.fetchone()[0]:
            raise UserError(self.posting.env._("A loan changed while its caisse was being closed. Close again."))
