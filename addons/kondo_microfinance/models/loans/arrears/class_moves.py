"""Loans of a caisse whose class changes, moved together by set-based SQL."""

from odoo.tools import SQL

from ....engine.classification import RISING


class ClassMoves:
    """The loans whose class of a day is not the one they stand in: locked, and noted in `kondo_loan_class`.

    :ivar count: loans that move
    """

    def __init__(self, env, company_id, day):
        self.env, self.cr = env, env.cr
        query = env["kondo.loan"]._class_query(company_id, day)
        env.flush_all()
        self.cr.execute("DROP TABLE IF EXISTS kondo_loan_class")
        self.cr.execute(
            SQL(
                """SELECT id FROM kondo_loan WHERE id IN (SELECT loan_id FROM (%s) q WHERE stage <> new_stage)
                    ORDER BY id FOR NO KEY UPDATE""",
                query,
            )
        )
        self.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE kondo_loan_class ON COMMIT DROP AS
                   SELECT q.loan_id, q.new_stage, q.new_stage = ANY(%s) AS rising, l.product_id, l.term_class,
                          NULL::integer AS new_account_id, NULL::integer AS new_reserved_id
                     FROM (%s) q JOIN kondo_loan l ON l.id = q.loan_id WHERE q.stage <> q.new_stage""",
                list(RISING),
                query,
            )
        )
        self.count = self.cr.rowcount
        self._enter_accounts()
        self.interest = env["kondo.parameter"]._get("interest_on_npl", day)

    def _enter_accounts(self):
        self.cr.execute("SELECT DISTINCT product_id, term_class, new_stage FROM kondo_loan_class")
        for product_id, term_class, stage in self.cr.fetchall():
            product = self.env["kondo.loan.product"].sudo().browse(product_id)
            self.cr.execute(
                """UPDATE kondo_loan_class SET new_account_id = %s, new_reserved_id = %s
                    WHERE product_id = %s AND term_class = %s AND new_stage = %s""",
                (
                    product._account("principal" if stage == "performing" else stage, term_class).id,
                    product._account("reserved", term_class).id,
                    product_id,
                    term_class,
                    stage,
                ),
            )

    def legs(self):
        """SQL of the legs: the principal from account to account, and what becomes of interest booked and not paid."""
        return SQL(
            """
            SELECT l.id, 'principal', -l.principal, l.ledger_account_id, 1
              FROM kondo_loan_class c JOIN kondo_loan l ON l.id = c.loan_id WHERE l.ledger_account_id <> c.new_account_id
            UNION ALL
            SELECT l.id, 'principal', l.principal, c.new_account_id, 2
              FROM kondo_loan_class c JOIN kondo_loan l ON l.id = c.loan_id WHERE l.ledger_account_id <> c.new_account_id
            UNION ALL
            SELECT l.id, 'accrued', -l.accrued, l.accrued_account_id, 3
              FROM kondo_loan_class c JOIN kondo_loan l ON l.id = c.loan_id WHERE c.rising AND %(how)s = 'reverse'
            UNION ALL
            SELECT l.id, 'reserved', CASE WHEN c.rising AND %(how)s = 'reserve' THEN l.accrued ELSE 0 END - l.reserved,
                   COALESCE(l.reserved_account_id, c.new_reserved_id), 4
              FROM kondo_loan_class c JOIN kondo_loan l ON l.id = c.loan_id WHERE NOT c.rising OR %(how)s <> 'suspend'
            """,
            how=self.interest,
        )

    def has_legs(self):
        """Whether any franc moves with the classes."""
        self.cr.execute(
            SQL(
                "SELECT 1 FROM (%s) q (loan_id, component, change, account_id, sequence) WHERE change <> 0", self.legs()
            )
        )
        return bool(self.cr.fetchone())

    def incomes(self):
        """[(account of interest income, francs)]: the other side of accrued and reserved interest."""
        self.cr.execute(
            SQL(
                """SELECT c.product_id, c.term_class,
                          sum(CASE q.component WHEN 'accrued' THEN -q.change WHEN 'reserved' THEN q.change ELSE 0 END)::bigint
                     FROM (%s) q (loan_id, component, change, account_id, sequence)
                     JOIN kondo_loan_class c ON c.loan_id = q.loan_id GROUP BY 1, 2 ORDER BY 1, 2""",
                self.legs(),
            )
        )
        sums = {}
        for product_id, term_class, change in self.cr.fetchall():
            product = self.env["kondo.loan.product"].sudo().browse(product_id)
            account = product._account("interest_income", term_class)
            sums[account.id] = sums.get(account.id, 0) + change
        return [(account_id, change) for account_id, change in sorted(sums.items()) if change]

    def moved(self):
        """Francs of principal that change account."""
        self.cr.execute(
            """SELECT COALESCE(sum(l.principal), 0)::bigint FROM kondo_loan_class c JOIN kondo_loan l ON l.id = c.loan_id
                WHERE l.ledger_account_id <> c.new_account_id"""
        )
        return self.cr.fetchone()[0]

    def write(self):
        """Put the loans into their new classes."""
        self.cr.execute(
            """UPDATE kondo_loan l SET stage = c.new_stage, ledger_account_id = c.new_account_id,
                      reserved_account_id = CASE WHEN l.reserved > 0
                                                 THEN COALESCE(l.reserved_account_id, c.new_reserved_id) END
                 FROM kondo_loan_class c WHERE c.loan_id = l.id"""
        )
        self.cr.execute("DROP TABLE kondo_loan_class")
        self.env["kondo.loan"].invalidate_model(["stage", "ledger_account_id", "reserved_account_id"])
