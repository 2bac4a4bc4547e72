from odoo import api, models
from odoo.tools import SQL

# Kinds whose credit to an account is what the money earned.
EARNINGS = ("interest", "term_interest", "bonus")


class KondoHistory(models.AbstractModel):
    """The movements of savings accounts as people read them: one row a leg, each with its own running balance.

    An account begins at nothing and the ledger alone moves it, so the balance after a leg is the sum of its legs so
    far. The stored `balance_after` is that of the whole operation: two legs of one operation on one account (a
    withdrawal and its fee) would show it twice.
    """

    _name = "kondo.history"
    _description = "Movements of accounts"

    @api.model
    @api.private
    def _movements(
        self, accounts, date_from=None, date_to=None, after=0, up_to=0, newest_first=False, offset=0, limit=None
    ):
        """Rows of `accounts` (kondo.savings.account, readable by the caller).

        :param after: only legs with a higher id (what a passbook does not hold yet)
        :param up_to: only legs with this id or a lower one
        :return: list of dicts: id, account_id, account, operation_id, date, receipt, kind, text, credit, debit, balance
            (francs; credit is the member's gain)
        """
        if not accounts:
            return []
        where = [SQL("TRUE")]
        if date_from:
            where.append(SQL("h.business_date >= %s", date_from))
        if date_to:
            where.append(SQL("h.business_date <= %s", date_to))
        if after:
            where.append(SQL("h.id > %s", after))
        if up_to:
            where.append(SQL("h.id <= %s", up_to))
        page = SQL(" LIMIT %s OFFSET %s", limit, offset) if limit else SQL()
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT h.id, h.account_id, h.account, h.business_date AS date, h.change, h.balance, h.label,
                          o.id AS operation_id, o.kind, o.note, COALESCE(o.receipt_number, m.name) AS receipt,
                          CASE WHEN o.savings_account_id = h.account_id THEN c.number ELSE s.number END AS other,
                          r.receipt_number AS reversed
                     FROM (SELECT l.id, l.savings_account_id AS account_id, a.number AS account, l.operation_id,
                                  l.business_date, l.label, -l.amount AS change,
                                  sum(-l.amount) OVER (PARTITION BY l.savings_account_id ORDER BY l.id)::bigint AS balance
                             FROM kondo_operation_line l JOIN kondo_savings_account a ON a.id = l.savings_account_id
                            WHERE l.savings_account_id IN %s) h
                     JOIN kondo_operation o ON o.id = h.operation_id
                     LEFT JOIN account_move m ON m.id = o.move_id
                     LEFT JOIN kondo_savings_account s ON s.id = o.savings_account_id
                     LEFT JOIN kondo_savings_account c ON c.id = o.counter_account_id
                     LEFT JOIN kondo_operation r ON r.id = o.reversal_of_id
                    WHERE %s ORDER BY h.id %s %s""",
                tuple(accounts.ids),
                SQL(" AND ").join(where),
                SQL("DESC") if newest_first else SQL("ASC"),
                page,
            )
        )
        kinds = dict(self.env["kondo.operation"]._fields["kind"]._description_selection(self.env))
        return [
            {
                **{key: row[key] for key in ("id", "account_id", "account", "operation_id", "date", "kind", "balance")},
                "receipt": row["receipt"] or "",
                "text": self._movement_text(row, kinds),
                "credit": max(row["change"], 0),
                "debit": max(-row["change"], 0),
            }
            for row in rows
        ]

    def _movement_text(self, row, kinds):
        """What the movement was, in the member's words."""
        _ = self.env._
        text = row["label"] or kinds.get(row["kind"], "")
        if row["kind"] == "transfer" and not row["label"] and row["other"]:
            change, other = row["change"], row["other"]
            text = (
                _("Transfer from %(account)s", account=other)
                if change > 0
                else _("Transfer to %(account)s", account=other)
            )
        elif row["reversed"]:
            text = _("Reversal of %(receipt)s", receipt=row["reversed"])
        note = row["note"]
        return f"{text} – {note}" if note and note not in text else text

    @api.model
    @api.private
    def _opening(self, accounts, date):
        """{account id: balance in francs} before the first operation of `date`."""
        rows = self.env.execute_query(
            SQL(
                """SELECT savings_account_id, -sum(amount)::bigint FROM kondo_operation_line
                    WHERE savings_account_id IN %s AND business_date < %s GROUP BY savings_account_id""",
                tuple(accounts.ids or [0]),
                date,
            )
        )
        return {account_id: 0 for account_id in accounts.ids} | dict(rows)

    @api.model
    @api.private
    def _count(self, accounts):
        """How many movements the accounts have."""
        return self.env["kondo.operation.line"].sudo().search_count([("savings_account_id", "in", accounts.ids)])

    @api.model
    @api.private
    def _statement(self, account, date_from, date_to):
        """One account between two dates, both included: opening, movements, totals, closing, interest earned.

        Amounts are francs. The closing balance is the opening plus what moved; it equals the last running balance.
        """
        rows = self._movements(account, date_from, date_to)
        opening = self._opening(account, date_from)[account.id]
        credit, debit = sum(row["credit"] for row in rows), sum(row["debit"] for row in rows)
        return {
            "opening": opening,
            "rows": rows,
            "credit": credit,
            "debit": debit,
            "closing": opening + credit - debit,
            "interest": sum(row["credit"] - row["debit"] for row in rows if row["kind"] in EARNINGS),
        }
