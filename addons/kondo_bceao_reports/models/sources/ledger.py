from collections import defaultdict
from typing import NamedTuple

from odoo import api, models

from ...engine.facts import Balance
from ...engine.sides import one_side

UNALLOCATED = "591"  # result of earlier years that no meeting has allocated
RESULT_CLASSES = ("6", "7")


class Row(NamedTuple):
    """An account in the books of a caisse, francs: `opening` is signed (debit positive), turnovers are of the year."""

    company_id: int
    account_id: int
    code: str
    control: str | None
    opening: int
    debit: int
    credit: int

    @property
    def closing(self):
        return self.opening + self.debit - self.credit


class KondoReturnSource(models.AbstractModel):
    """Balances and turnovers, by one reading of the journal items.

    Accounts of classes 1 to 5 and 9 carry their balance of all time; 6 and 7 begin anew with the financial year, and what
    they held before stands, with account 592 that no meeting has allocated, under 591: see `kondo.year.close`.
    """

    _inherit = "kondo.return.source"

    @api.model
    def _trial(self, scope):
        """[Row] of every account with a posted item by the end of the scope's day."""
        return scope.once("trial", lambda: self._read_trial(scope)[0])

    @api.model
    def _trial_before(self, scope):
        """[Row] of the same day one year earlier, read together with the scope's own: statements print both."""
        self._trial(scope)
        return scope.once("trial_before", lambda: self._read_trial(scope)[1])

    @api.model
    def _read_trial(self, scope):
        """([Row] of the scope's day, [Row] of the same day one year earlier), in one pass over the journal items."""
        earlier = scope.earlier("year")
        self._prepare_sums()
        self.env.cr.execute(
            """
            WITH sums AS MATERIALIZED (
                SELECT l.company_id, l.account_id,
                       sum(l.balance) FILTER (WHERE l.date < %(start_before)s) AS opening_before,
                       sum(l.debit) FILTER (WHERE l.date BETWEEN %(start_before)s AND %(date_before)s) AS debit_before,
                       sum(l.credit) FILTER (WHERE l.date BETWEEN %(start_before)s AND %(date_before)s) AS credit_before,
                       sum(l.balance) FILTER (WHERE l.date > %(date_before)s AND l.date < %(start)s) AS between,
                       sum(l.debit) FILTER (WHERE l.date >= %(start)s) AS debit,
                       sum(l.credit) FILTER (WHERE l.date >= %(start)s) AS credit
                  FROM account_move_line l
                 WHERE l.company_id = ANY(%(companies)s) AND l.parent_state = 'posted' AND l.date <= %(date)s
                   AND l.account_id IS NOT NULL
                 GROUP BY l.company_id, l.account_id
            )
            SELECT s.company_id, s.account_id,
                   CASE WHEN a.account_type = 'equity_unaffected' THEN %(unallocated)s
                        ELSE COALESCE(a.code_store ->> %(root)s, '') END,
                   a.kondo_control, COALESCE(s.opening_before, 0)::bigint, COALESCE(s.debit_before, 0)::bigint,
                   COALESCE(s.credit_before, 0)::bigint, COALESCE(s.between, 0)::bigint, COALESCE(s.debit, 0)::bigint,
                   COALESCE(s.credit, 0)::bigint, COALESCE(s.opening_before, s.debit_before, s.credit_before) IS NOT NULL
              FROM sums s JOIN account_account a ON a.id = s.account_id
             ORDER BY 3, 1, 2
            """,
            {
                "companies": scope.companies.ids,
                "start": scope.start,
                "date": scope.date,
                "start_before": earlier.start,
                "date_before": earlier.date,
                "root": str(scope.companies[:1].root_id.id),
                "unallocated": UNALLOCATED,
            },
        )
        now, before = [], []
        for *account, opening, debit_before, credit_before, between, debit, credit, known in self.env.cr.fetchall():
            now.append(Row(*account, opening + debit_before - credit_before + between, debit, credit))
            if known:
                before.append(Row(*account, opening, debit_before, credit_before))
        scope.memo.update(trial=now, trial_before=before)
        return now, before

    @api.model
    def _closing(self, scope):
        """{account: Balance} at the end of the day."""
        return self._balances(scope, "closing", scope.date)

    @api.model
    def _opening(self, scope):
        """{account: Balance} before the first day of the financial year; the year's incomes and expenses have none."""
        return self._balances(scope, "opening", scope.opening_date)

    @api.model
    def _movement(self, scope):
        """{account: Balance} of what was debited and credited in the year to date."""
        found = defaultdict(lambda: [0, 0])
        for row in self._trial(scope):
            found[row.code][0] += row.debit
            found[row.code][1] += row.credit
        if self._is_consolidated(scope):
            self._net_liaison(found)
        return {code: Balance(*sides) for code, sides in sorted(found.items()) if any(sides)}

    @api.model
    def _balances(self, scope, moment, day):
        """{account: Balance} of a moment, "closing" or "opening", which is the end of `day`."""
        prefixes = tuple(self._split_prefixes(scope))
        nets, split = defaultdict(int), []
        for row in self._trial(scope):
            net = getattr(row, moment)
            if row.code.startswith(RESULT_CLASSES):
                nets[UNALLOCATED] += row.opening
                nets[row.code] += net - row.opening
            elif prefixes and row.code.startswith(prefixes):
                split.append((row, net))
            else:
                nets[row.code] += net
        found = {code: one_side(net) for code, net in nets.items() if net}
        found.update(self._sides(scope, split, day))
        return dict(sorted(found.items()))

    @api.model
    def _is_consolidated(self, scope):
        return len(scope.companies) > 1
