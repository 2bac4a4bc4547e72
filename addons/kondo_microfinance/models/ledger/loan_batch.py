"""Thousands of legs of loans in one operation, written by the database itself; as `batch.py` does for savings."""

from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.ledger import Leg


class LoanBatch:
    """The legs of one operation on one component of many loans.

    :ivar totals: [(ledger account id, francs)], debit positive
    """

    def __init__(self, posting, query, component):
        self.posting = posting
        self.component = component
        self.cr = posting.env.cr
        posting.env.flush_all()
        self.cr.execute("DROP TABLE IF EXISTS kondo_loan_leg")
        self.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE kondo_loan_leg ON COMMIT DROP AS
                   SELECT q.loan_id, q.change::bigint AS change, q.ledger_account_id, l.partner_id
                     FROM (%s) AS q (loan_id, change, ledger_account_id)
                     JOIN kondo_loan l ON l.id = q.loan_id AND l.company_id = %s
                    WHERE q.change <> 0""",
                query,
                posting.company_id,
            )
        )
        self.cr.execute("SELECT count(*), count(*) FILTER (WHERE ledger_account_id IS NULL) FROM kondo_loan_leg")
        self.count, homeless = self.cr.fetchone()
        if not self.count:
            raise UserError(posting.env._("There is nothing to post."))
        if homeless:
            raise UserError(posting.env._("%(count)s loans have no account for this yet.", count=homeless))
        self.sign = -1 if component == "provision" else 1
        self.cr.execute(
            "SELECT ledger_account_id, %s * sum(change)::bigint FROM kondo_loan_leg GROUP BY 1 ORDER BY 1", (self.sign,)
        )
        self.totals = self.cr.fetchall()

    def ledger_legs(self):
        """The batch as the journal entry shows it."""
        return [Leg(account_id, total) for account_id, total in self.totals if total]

    def write(self, before):
        """Lock the loans in the order of ids, move them, write their legs after the `before` legs of the operation."""
        column = SQL.identifier(self.component)
        self.cr.execute(
            """SELECT l.id FROM kondo_loan l WHERE l.id IN (SELECT loan_id FROM kondo_loan_leg)
                ORDER BY l.id FOR NO KEY UPDATE"""
        )
        self.cr.execute(
            SQL(
                """UPDATE kondo_loan l SET %(column)s = l.%(column)s + b.change
                     FROM kondo_loan_leg b WHERE b.loan_id = l.id AND l.%(column)s + b.change >= 0""",
                column=column,
            )
        )
        if self.cr.rowcount != self.count:
            raise UserError(self.posting.env._("A loan changed while its caisse was being closed. Close again."))
        self.cr.execute(
            SQL(
                """
                INSERT INTO kondo_operation_line (operation_id, sequence, company_id, business_date, account_id, amount,
                            loan_id, loan_component, partner_id, balance_after)
                SELECT %(operation)s, %(before)s + row_number() OVER (ORDER BY b.loan_id), %(company)s, %(date)s,
                       b.ledger_account_id, %(sign)s * b.change, b.loan_id, %(component)s, b.partner_id, l.%(column)s
                  FROM kondo_loan_leg b JOIN kondo_loan l ON l.id = b.loan_id
                """,
                operation=self.posting.operation_id,
                before=before,
                company=self.posting.company_id,
                date=self.posting.business_date,
                sign=self.sign,
                component=self.component,
                column=column,
            )
        )
        self.cr.execute("DROP TABLE kondo_loan_leg")
        self.posting.env["kondo.loan"].invalidate_model([self.component])
