"""Provisions of a caisse brought to what is needed, by set-based SQL."""

from odoo.tools import SQL

from .loan import RISING, STAGE_ACCOUNTS


class ProvisionMoves:
    """The loans whose provision is not what is needed, or stands on the account of another class.

    They are locked and noted in `kondo_loan_provision`.

    :ivar count: loans that change
    """

    def __init__(self, env, company_id, day):
        self.env, self.cr = env, env.cr
        env.flush_all()
        query = env["kondo.loan"]._provision_query(company_id, day)
        self.cr.execute("DROP TABLE IF EXISTS kondo_loan_provision_move")
        self.cr.execute(
            """SELECT id FROM kondo_loan WHERE company_id = %s AND (provision > 0 OR state = 'active' AND stage = ANY(%s))
                ORDER BY id FOR NO KEY UPDATE""",
            (company_id, list(RISING)),
        )
        self.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE kondo_loan_provision_move ON COMMIT DROP AS
                   SELECT q.loan_id, q.needed, l.provision, l.product_id, l.stage, l.provision_account_id,
                          l.provision_account_id AS account_id
                     FROM (%s) q JOIN kondo_loan l ON l.id = q.loan_id""",
                query,
            )
        )
        self._enter_accounts()
        self.cr.execute(
            """DELETE FROM kondo_loan_provision_move
                WHERE needed = provision AND (provision = 0 OR account_id = provision_account_id)"""
        )
        self.cr.execute("SELECT count(*) FROM kondo_loan_provision_move")
        self.count = self.cr.fetchone()[0]

    def _enter_accounts(self):
        """Where what is needed stands; a loan that needs nothing any more leaves the account it has."""
        self.cr.execute("SELECT DISTINCT product_id, stage FROM kondo_loan_provision_move WHERE needed > 0")
        for product_id, stage in self.cr.fetchall():
            account = self.env["kondo.loan.product"].sudo().browse(product_id)._account(STAGE_ACCOUNTS[stage][1])
            self.cr.execute(
                """UPDATE kondo_loan_provision_move SET account_id = %s
                    WHERE product_id = %s AND stage = %s AND needed > 0""",
                (account.id, product_id, stage),
            )

    def legs(self):
        """SQL of the legs: on one account the difference; from one account to another the whole."""
        return SQL(
            """
            SELECT loan_id, 'provision', needed - CASE WHEN account_id = provision_account_id THEN provision ELSE 0 END,
                   account_id, 2
              FROM kondo_loan_provision_move
            UNION ALL
            SELECT loan_id, 'provision', -provision, provision_account_id, 1
              FROM kondo_loan_provision_move WHERE account_id <> provision_account_id
            """
        )

    def results(self):
        """[(account, francs)]: expense of what is set aside, income of what is taken back."""
        self.cr.execute(
            SQL(
                """SELECT m.product_id, q.account_id, sum(GREATEST(q.change, 0))::bigint, sum(LEAST(q.change, 0))::bigint
                     FROM (%s) q (loan_id, component, change, account_id, sequence)
                     JOIN kondo_loan_provision_move m ON m.loan_id = q.loan_id
                    WHERE q.change <> 0 GROUP BY 1, 2 ORDER BY 1, 2""",
                self.legs(),
            )
        )
        sums = {}
        for product_id, account_id, more, less in self.cr.fetchall():
            product = self.env["kondo.loan.product"].sudo().browse(product_id)
            charge, reversal = product._provision_results(self.env["account.account"].sudo().browse(account_id))
            sums[charge.id] = sums.get(charge.id, 0) + more
            sums[reversal.id] = sums.get(reversal.id, 0) + less
        return [(account_id, amount) for account_id, amount in sorted(sums.items()) if amount]

    def changed(self):
        """Francs set aside and taken back, added up."""
        self.cr.execute("SELECT COALESCE(sum(abs(needed - provision)), 0)::bigint FROM kondo_loan_provision_move")
        return self.cr.fetchone()[0]

    def write(self):
        """Note on which account each provision stands now."""
        self.cr.execute(
            """UPDATE kondo_loan l SET provision_account_id = m.account_id
                 FROM kondo_loan_provision_move m WHERE m.loan_id = l.id"""
        )
        self.cr.execute("DROP TABLE kondo_loan_provision_move")
        self.env["kondo.loan"].invalidate_model(["provision_account_id"])
