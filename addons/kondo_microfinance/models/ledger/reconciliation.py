from odoo import api, fields, models

from ...engine.ledger import BookHash


class KondoReconciliation(models.AbstractModel):
    """The proof: legs of operations, journal items and balances of sub-accounts say the same, to the franc."""

    _name = "kondo.reconciliation"
    _description = "Sub-ledger against general ledger"

    @api.model
    @api.private
    def _reconcile(self, company, date=None):
        """Compare the three sides for every controlled account of a caisse, at the end of `date` (default: now).

        :return: list of dicts account_id, code, name, legs, items, balances, gap; signed francs, debit positive.
            `gap` is the largest difference between two sides, 0 when they agree.
        """
        date = date or fields.Date.to_date("9999-12-31")
        self.env["account.move.line"].flush_model()
        self.env.cr.execute(
            """
            WITH controlled AS (
                SELECT id FROM account_account WHERE kondo_control IS NOT NULL
            ), legs AS (
                SELECT l.account_id, sum(l.amount) AS total FROM kondo_operation_line l
                 WHERE l.company_id = %(company)s AND l.business_date <= %(date)s AND l.account_id IN (SELECT id FROM controlled)
                 GROUP BY l.account_id
            ), items AS (
                SELECT l.account_id, sum(l.balance) AS total FROM account_move_line l
                 WHERE l.company_id = %(company)s AND l.date <= %(date)s AND l.parent_state = 'posted'
                   AND l.account_id IN (SELECT id FROM controlled)
                 GROUP BY l.account_id
            ), later AS (
                SELECT l.account_id, sum(l.amount) AS total FROM kondo_operation_line l
                 WHERE l.company_id = %(company)s AND l.business_date > %(date)s
                   AND (l.savings_account_id IS NOT NULL OR l.till_id IS NOT NULL)
                 GROUP BY l.account_id
            ), standing AS (
                SELECT account_id, sum(total) AS total FROM (
                    SELECT a.ledger_account_id AS account_id, -sum(a.balance) AS total FROM kondo_savings_account a
                     WHERE a.company_id = %(company)s GROUP BY a.ledger_account_id
                    UNION ALL
                    SELECT t.account_id, sum(t.cash) FROM kondo_till t WHERE t.company_id = %(company)s GROUP BY t.account_id
                    UNION ALL
                    -- between caisses there is no sub-account: the counterpart caisse is the partner of the leg
                    SELECT l.account_id, sum(l.amount) FROM kondo_operation_line l
                      JOIN account_account c ON c.id = l.account_id AND c.kondo_control = 'liaison'
                     WHERE l.company_id = %(company)s AND l.business_date <= %(date)s GROUP BY l.account_id
                ) s GROUP BY account_id
            )
            SELECT c.id, COALESCE(legs.total, 0), COALESCE(items.total, 0), COALESCE(standing.total, 0) - COALESCE(later.total, 0)
              FROM controlled c
              LEFT JOIN legs ON legs.account_id = c.id
              LEFT JOIN items ON items.account_id = c.id
              LEFT JOIN later ON later.account_id = c.id
              LEFT JOIN standing ON standing.account_id = c.id
             WHERE legs.total IS NOT NULL OR items.total IS NOT NULL OR standing.total IS NOT NULL
             ORDER BY c.id
            """,
            {"company": company.id, "date": date},
        )
        rows = self.env.cr.fetchall()
        accounts = (
            self.env["account.account"].sudo().with_company(company.sudo().root_id).browse(row[0] for row in rows)
        )
        result = []
        for account, (_id, *sides) in zip(accounts, rows, strict=True):
            legs, items, balances = (int(side) for side in sides)
            result.append(
                {
                    "account_id": account.id,
                    "code": account.code,
                    "name": account.name,
                    "legs": legs,
                    "items": items,
                    "balances": balances,
                    "gap": max(legs, items, balances) - min(legs, items, balances),
                }
            )
        return result

    @api.model
    def _with_balances(self, rows, company, balances):
        """`_reconcile`'s rows with what the sub-accounts of another room demand: {ledger account id: francs}."""
        for row in rows:
            row["balances"] += balances.pop(row["account_id"], 0)
            sides = row["legs"], row["items"], row["balances"]
            row["gap"] = max(sides) - min(sides)
        accounts = self.env["account.account"].sudo().with_company(company.sudo().root_id)
        for account_id, balance in balances.items():
            if balance:
                account = accounts.browse(account_id)
                rows.append(
                    {
                        "account_id": account_id,
                        "code": account.code,
                        "name": account.name,
                        "legs": 0,
                        "items": 0,
                        "balances": balance,
                        "gap": abs(balance),
                    }
                )
        return rows

    @api.model
    @api.private
    def _sub_account_gaps(self, company, limit=50):
        """Savings accounts and tills whose balance is not the sum of their own legs: [(name, stands, legs)]."""
        self.env.cr.execute(
            """
            SELECT a.number, a.balance, COALESCE(-sum(l.amount), 0) FROM kondo_savings_account a
              LEFT JOIN kondo_operation_line l ON l.savings_account_id = a.id
             WHERE a.company_id = %(company)s GROUP BY a.id HAVING a.balance <> COALESCE(-sum(l.amount), 0)
            UNION ALL
            SELECT t.code, t.cash, COALESCE(sum(l.amount), 0) FROM kondo_till t
              LEFT JOIN kondo_operation_line l ON l.till_id = t.id
             WHERE t.company_id = %(company)s GROUP BY t.id HAVING t.cash <> COALESCE(sum(l.amount), 0)
             LIMIT %(limit)s
            """,
            {"company": company.id, "limit": limit},
        )
        return [(name, int(stands), int(legs)) for name, stands, legs in self.env.cr.fetchall()]

    @api.model
    @api.private
    def _book_hash(self, companies, date=None, date_from=None):
        """SHA-256 of the books of these caisses from `date_from` to `date`; equal for equal books, whatever the ids and clocks."""
        book = BookHash()
        with self.env.cr.savepoint():
            self.env.cr.execute(
                """DECLARE kondo_book NO SCROLL CURSOR FOR
                   SELECT c.kondo_code, l.business_date, o.uuid, l.sequence,
                          a.code_store ->> split_part(c.parent_path, '/', 1), l.amount
                     FROM kondo_operation_line l
                     JOIN kondo_operation o ON o.id = l.operation_id
                     JOIN res_company c ON c.id = l.company_id
                     JOIN account_account a ON a.id = l.account_id
                    WHERE l.company_id = ANY(%s) AND l.business_date BETWEEN %s AND %s
                    ORDER BY c.kondo_code, l.business_date, o.uuid, l.sequence""",
                (
                    companies.ids,
                    date_from or fields.Date.to_date("0001-01-01"),
                    date or fields.Date.to_date("9999-12-31"),
                ),
            )
            while True:
                self.env.cr.execute("FETCH 10000 FROM kondo_book")
                rows = self.env.cr.fetchall()
                if not rows:
                    break
                for row in rows:
                    book.add(*row)
            self.env.cr.execute("CLOSE kondo_book")
        return book.hexdigest()

    @api.model
    def book_hash(self, company_id, date=None):
        """The book hash of one caisse of the user's, for a controller who compares two copies of the books."""
        self.env["kondo.four.eyes"]._check_group(
            "group_accountant",
            "group_controller",
            "group_network_manager",
            "group_caisse_manager",
            "group_administrator",
        )
        company = self.env["res.company"].browse(company_id)
        company._check_visible()
        return self._book_hash(company, fields.Date.to_date(date) if date else None)
