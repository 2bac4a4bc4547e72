from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..closing.bands import BUCKETS

GONE = ("repaid", "written_off")


class KondoPortfolio(models.AbstractModel):
    """Roll rates: where the loans of each bucket at a month end stand at the next one, or now.

    What stood in a bucket at the first day is shared by francs of that day over where it went; new loans have the
    francs they owe at the second. A loan gone between the two is repaid (or taken over by another) or written off.
    """

    _inherit = "kondo.portfolio"

    @api.model
    def _month_ends(self, bounds):
        """{company id: [month ends photographed up to a day, latest first]} of {company id: day}."""
        self.env.cr.execute(
            """
            WITH RECURSIVE ends AS (
                SELECT b.id, (SELECT max(date) FROM kondo_snapshot_account WHERE company_id = b.id AND date <= b.day) AS accounts,
                       (SELECT max(date) FROM kondo_snapshot_loan WHERE company_id = b.id AND date <= b.day) AS loans
                  FROM unnest(%s::int[], %s::date[]) AS b(id, day)
                 UNION ALL
                SELECT e.id,
                       (SELECT max(date) FROM kondo_snapshot_account WHERE company_id = e.id AND date < GREATEST(e.accounts, e.loans)),
                       (SELECT max(date) FROM kondo_snapshot_loan WHERE company_id = e.id AND date < GREATEST(e.accounts, e.loans))
                  FROM ends e WHERE GREATEST(e.accounts, e.loans) IS NOT NULL
            )
            SELECT id, GREATEST(accounts, loans) AS day FROM ends WHERE GREATEST(accounts, loans) IS NOT NULL ORDER BY day DESC
            """,
            (list(bounds), list(bounds.values())),
        )
        ends = {company: [] for company in bounds}
        for company, day in self.env.cr.fetchall():
            ends[company].append(day)
        return ends

    @api.model
    def _roll_pairs(self, asked):
        """({company id: first month end}, {company id: second}, {company id: business day read live as the second})."""
        ends = self._month_ends({source.company_id: source.day for source in asked.sources})
        first, second, live = {}, {}, {}
        for source in asked.sources:
            days = ends[source.company_id]
            if source.live and days:
                first[source.company_id], live[source.company_id] = days[0], source.day
            elif not source.live and len(days) > 1:
                second[source.company_id], first[source.company_id] = days[:2]
        return first, second, live

    @api.model
    def _moves(self, first, second, live):
        """SQL of the loans with where they stood and stand: loan_id, before_id, after_id, row, col, francs."""
        return SQL(
            """
            SELECT COALESCE(b.loan_id, a.loan_id) AS loan_id, b.id AS before_id, a.id AS after_id,
                   COALESCE(b.bucket, 'new') AS "row",
                   COALESCE(a.bucket, CASE WHEN l.state = 'written_off' THEN 'written_off' ELSE 'repaid' END) AS col,
                   COALESCE(b.principal, a.principal) AS francs
              FROM (SELECT id, loan_id, bucket, principal FROM kondo_snapshot_loan
                     WHERE (company_id, date) IN (%(first)s)) b
              FULL JOIN (SELECT id, loan_id, bucket, principal FROM kondo_snapshot_loan
                          WHERE (company_id, date) IN (%(second)s)
                          UNION ALL
                         SELECT NULL, loan_id, bucket, principal FROM (%(live)s) p) a ON a.loan_id = b.loan_id
              LEFT JOIN kondo_loan l ON l.id = b.loan_id
            """,
            first=self._days_sql(first),
            second=self._days_sql(second),
            live=self._positions(live),
        )

    @api.model
    def _add_tables(self, asked, cells):
        return [*super()._add_tables(asked, cells), self._roll_table(asked)]

    @api.model
    def _roll_table(self, asked):
        _ = self.env._
        first, second, live = self._roll_pairs(asked)
        self.env.cr.execute(
            SQL(
                'SELECT "row", col, count(*)::int, sum(francs)::bigint FROM (%s) m GROUP BY "row", col',
                self._moves(first, second, live),
            )
        )
        found = {(row, col): (loans, francs) for row, col, loans, francs in self.env.cr.fetchall()}
        labels = {
            **self._bucket_labels(),
            "repaid": _("Repaid"),
            "written_off": _("Written off"),
            "new": _("New loans"),
        }
        places = [key for key, _label in BUCKETS]
        columns = [
            {"name": name, "label": labels[name], "kind": "francs", "share": True, "count": True}
            for name in (*places, *GONE)
        ]
        columns.append({"name": "all", "label": _("Total"), "kind": "francs", "count": True})

        def line(key, label, rows):
            cells = {
                name: [sum(found.get((row, name), (0, 0))[i] for row in rows) for i in (0, 1)]
                for name in (*places, *GONE)
            }
            cells["all"] = [sum(cell[i] for cell in cells.values()) for i in (0, 1)]
            return {
                "key": key,
                "label": label,
                "cells": {name: francs for name, (_loans, francs) in cells.items()},
                "counts": {name: loans for name, (loans, _francs) in cells.items()},
                "shares": {name: self._share(cells[name][1], cells["all"][1]) for name in (*places, *GONE)},
                "opens": list(cells),
            }

        rows = [line(key, labels[key], [key]) for key in (*places, "new")] if first else []
        return {
            "key": "roll",
            "title": _("Roll rates from one month end to the next"),
            "note": self._roll_note(asked, first, {**second, **live}),
            "heading": _("Stood at"),
            "columns": columns,
            "rows": rows,
            "total": line("total", _("Total"), (*places, "new")) if first else None,
        }

    @api.model
    def _roll_note(self, asked, first, then):
        _ = self.env._
        if not first:
            return _("Two month ends are needed: none has been photographed before this day.")
        pairs = sorted({(first[company], then[company]) for company in first})
        words = [
            _("from %(first)s to %(then)s", first=format_date(self.env, one), then=format_date(self.env, other))
            for one, other in pairs
        ]
        note = _("Rows: where the loans stood; columns: where they stand, %(pairs)s.", pairs=", ".join(words))
        missing = len(asked.sources) - len(first)
        if missing:
            note += " " + _("Caisses without a month end before: %(count)s.", count=missing)
        return note

    # ------------------------------------------------------------------ the loans of a figure
    @api.model
    def _openers(self):
        return {**super()._openers(), "roll": self._open_roll}

    @api.model
    def _open_roll(self, asked, row, column):
        places = [key for key, _label in BUCKETS]
        if row not in (*places, "new", "total") or column not in (*places, *GONE, "all"):
            raise UserError(self.env._("The request is not readable."))
        conditions = [SQL("TRUE")]
        if row != "total":
            conditions.append(SQL('"row" = %s', row))
        if column != "all":
            conditions.append(SQL("col = %s", column))
        pairs = self._roll_pairs(asked)
        self.env.cr.execute(
            SQL(
                "SELECT loan_id, COALESCE(before_id, after_id) FROM (%s) m WHERE %s",
                self._moves(*pairs),
                SQL(" AND ").join(conditions),
            )
        )
        found = self.env.cr.fetchall()
        name = self.env._("Roll rates · %(day)s", day=format_date(self.env, asked.day))
        if all(photograph for _loan, photograph in found):
            return self._action(name, "kondo.snapshot.loan", [photograph for _loan, photograph in found])
        return self._action(name, "kondo.loan", [loan for loan, _photograph in found])
