"""How an operation reaches Odoo's journal: the lean way of writing an entry, and one entry for an evening's step."""

from .key import LEDGER

LEAN = {
    "kondo_ledger": LEDGER,
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
    "mail_create_nosubscribe": True,
    "skip_analytic_sync": True,
    "skip_invoice_sync": True,
    "skip_invoice_line_sync": True,
    "skip_account_move_synchronization": True,
    "skip_is_manually_modified": True,
    # The legs are proved to sum to zero here and again by the database; Odoo need not add them up a third time.
    "check_move_validity": False,
}


def entry_line(account_id, amount, label, currency_id, date, sequence):
    """Values of a line of `amount` francs, debit positive, with what Odoo would otherwise work out."""
    return {
        # currencies first: amounts are rounded by them when they reach the cache
        "currency_id": currency_id,
        "company_currency_id": currency_id,
        "account_id": account_id,
        "balance": amount,
        "debit": max(amount, 0),
        "credit": max(-amount, 0),
        "amount_currency": amount,
        "name": label,
        "display_type": "product",
        "tax_ids": False,
        "analytic_distribution": False,
        "sequence": sequence,
        "date": date,
        "parent_state": "draft",
    }


class SharedEntry:
    """The entry that the operations of one caisse, day and step have in common.

    Each operation keeps its own row, its legs and its guards; what the accountant reads is one entry, whose lines are
    the legs added up by ledger account and side. It is drafted by the first operation, in that operation's own
    savepoint, so that an evening without operations makes none, and posted when the step is over.
    """

    def __init__(self, company_id, date, label):
        self.company_id = company_id
        self.date = date
        self.label = label
        self.move_id = None

    def takes(self, posting):
        """Whether the entry of this operation is this one: same caisse and day, and no till's journal."""
        return (posting.company_id, posting.business_date) == (self.company_id, self.date) and not posting.journal_id

    def draft(self, env):
        """The entry, drafted when there is none yet."""
        move = self._moves(env).browse(self.move_id or 0).exists()
        if not move:
            company = env["res.company"].sudo().browse(self.company_id)
            move = self._moves(env).create(
                {
                    "move_type": "entry",
                    "company_id": self.company_id,
                    "journal_id": company.general_journal_id.id,
                    "date": self.date,
                    "ref": self.label,
                }
            )
            self.move_id = move.id
        return move

    def post(self, env):
        """Add up the legs of the operations that stand, and post."""
        move = self._moves(env).browse(self.move_id or 0).exists()
        if not move:
            return
        env.flush_all()
        env.cr.execute(
            """SELECT l.account_id, sum(l.amount)::bigint, min(o.id)
                 FROM kondo_operation o JOIN kondo_operation_line l ON l.operation_id = o.id
                WHERE o.move_id = %s GROUP BY l.account_id, l.amount > 0 ORDER BY min(l.id)""",
            (move.id,),
        )
        rows = env.cr.fetchall()
        currency_id = move.company_id.currency_id.id
        lines = [
            (0, 0, entry_line(account_id, amount, self.label, currency_id, self.date, index))
            for index, (account_id, amount, _operation) in enumerate(rows, 1)
        ]
        move.write({"kondo_operation_id": min(operation for *_, operation in rows), "line_ids": lines})
        move._post(soft=False)
        env.flush_all()

    def _moves(self, env):
        company = env["res.company"].sudo().browse(self.company_id)
        return env["account.move"].sudo().with_company(company).with_context(**LEAN)
