from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...engine.portfolio import average, percent
from ..loans.loan import STAGES


class KondoPortfolio(models.AbstractModel):
    """Provisions needed and booked by class, and what was lost in a period over the average outstanding."""

    _inherit = "kondo.portfolio"

    @api.model
    def _add_tables(self, asked, cells):
        return [*super()._add_tables(asked, cells), self._provision_table(asked, cells), self._loss_table(asked, cells)]

    @api.model
    def _provision_table(self, asked, cells):
        _ = self.env._
        names = ("loans", "principal", "needed", "provision", "gap")
        found = self._summed(cells, "stage", ("loans", "principal", "needed", "provision"))
        for sums in found.values():
            sums["gap"] = sums["needed"] - sums["provision"]
        labels = self._stage_labels()
        opens = list(names) if self._loans_kept(asked) else []
        rows = [
            {
                "key": stage,
                "label": labels[stage],
                "cells": found.get(stage, dict.fromkeys(names, 0)),
                "shares": {},
                "opens": opens,
            }
            for stage, _label in STAGES
        ]
        return {
            "key": "provisions",
            "title": _("Provisions needed and booked by class"),
            "note": _(
                "Needed: the outstanding less the savings held in guarantee, times the rate of the class. A gap below"
                " zero is to be taken back."
            ),
            "heading": _("Class"),
            "columns": [
                {"name": "loans", "label": _("Loans"), "kind": "count"},
                {"name": "principal", "label": _("Outstanding"), "kind": "francs"},
                {"name": "needed", "label": _("Provision needed"), "kind": "francs"},
                {"name": "provision", "label": _("Provision booked"), "kind": "francs"},
                {"name": "gap", "label": _("Gap"), "kind": "francs"},
            ],
            "rows": rows,
            "total": {
                "key": "total",
                "label": _("Total"),
                "cells": {name: sum(row["cells"][name] for row in rows) for name in names},
                "shares": {},
                "opens": opens,
            },
        }

    @api.model
    def _stage_labels(self):
        return dict(self.env["kondo.loan"]._fields["stage"]._description_selection(self.env))

    # ------------------------------------------------------------------ losses
    @api.model
    def _averages(self, asked, cells):
        """{company id: average outstanding}: month ends from the last before the period, and the day itself."""
        ends = self._month_ends({source.company_id: source.day for source in asked.sources})
        wanted = []
        for source in asked.sources:
            days = ends[source.company_id]
            before = next((day for day in days if day < asked.loss_from), None)
            inside = [day for day in days if asked.loss_from <= day < source.day]
            wanted += [(source.company_id, day) for day in [*inside, *([before] if before else [])]]
        self.env.cr.execute(
            SQL(
                """
                SELECT d.company_id, COALESCE(sum(s.principal), 0)::bigint
                  FROM unnest(%(companies)s::int[], %(days)s::date[]) AS d(company_id, day)
                  LEFT JOIN kondo_snapshot_portfolio s ON s.company_id = d.company_id AND s.date = d.day
                 GROUP BY d.company_id, d.day
                """,
                companies=[company for company, _day in wanted],
                days=[day for _company, day in wanted],
            )
        )
        amounts = {
            company: [sums["principal"]] for company, sums in self._summed(cells, "company_id", ("principal",)).items()
        }
        for company, amount in self.env.cr.fetchall():
            amounts.setdefault(company, []).append(amount)
        return {source.company_id: average(amounts.get(source.company_id, [])) for source in asked.sources}

    @api.model
    def _losses(self, asked):
        """SQL of loans with what was lost and recovered of them in the period: company_id, loan_id, lost, recovered."""
        days = {source.company_id: source.day for source in asked.sources}
        return SQL(
            """
            SELECT l.company_id, l.id AS loan_id, l.lost, 0 AS recovered
              FROM kondo_loan l JOIN (%(days)s) d ON d.company_id = l.company_id
             WHERE l.state = 'written_off' AND l.written_off_on BETWEEN %(first)s AND d.day
             UNION ALL
            SELECT o.company_id, o.loan_id, 0, CASE WHEN o.reversal_of_id IS NULL THEN o.amount ELSE -o.amount END
              FROM kondo_operation o JOIN (%(days)s) d ON d.company_id = o.company_id
              LEFT JOIN kondo_operation r ON r.id = o.reversal_of_id
             WHERE o.kind IN ('loan_recovery', 'reversal') AND COALESCE(r.kind, o.kind) = 'loan_recovery'
               AND o.state = 'posted' AND o.business_date BETWEEN %(first)s AND d.day
            """,
            days=self._days_sql(days),
            first=asked.loss_from,
        )

    @api.model
    def _loss_table(self, asked, cells):
        _ = self.env._
        averages = self._averages(asked, cells)
        self.env.cr.execute(
            SQL(
                """SELECT company_id, count(DISTINCT loan_id) FILTER (WHERE lost > 0)::int, sum(lost)::bigint, sum(recovered)::bigint
                     FROM (%s) l GROUP BY company_id""",
                self._losses(asked),
            )
        )
        found = {company: figures for company, *figures in self.env.cr.fetchall()}
        names = {company.id: company.name for company in self.env["res.company"].sudo().browse(asked.companies)}
        rows = []
        for company in sorted(asked.companies, key=names.get):
            loans, lost, recovered = found.get(company, (0, 0, 0))
            rows.append(self._loss_line(str(company), names[company], loans, lost, recovered, averages[company]))
        sums = [sum(row["cells"][name] for row in rows) for name in ("loans", "lost", "recovered", "average")]
        return {
            "key": "losses",
            "title": _("Losses"),
            "note": _(
                "From %(first)s to %(last)s. Loss rate: written off over the average outstanding of the month ends and of"
                " the last day; the norm of the BCEAO is under 2 %%. Recoveries stand beside it.",
                first=format_date(self.env, asked.loss_from),
                last=format_date(self.env, asked.day),
            ),
            "heading": _("Caisse"),
            "columns": [
                {"name": "loans", "label": _("Loans written off"), "kind": "count"},
                {"name": "lost", "label": _("Written off"), "kind": "francs"},
                {"name": "average", "label": _("Average outstanding"), "kind": "francs"},
                {"name": "rate", "label": _("Loss rate"), "kind": "share"},
                {"name": "recovered", "label": _("Recovered"), "kind": "francs"},
            ],
            "rows": rows,
            "total": self._loss_line("total", _("Total"), *sums) if rows else None,
        }

    @api.model
    def _loss_line(self, key, label, loans, lost, recovered, outstanding):
        rate = percent(lost, outstanding)
        return {
            "key": key,
            "label": label,
            "cells": {
                "loans": loans,
                "lost": lost,
                "average": outstanding,
                "rate": None if rate is None else float(rate),
                "recovered": recovered,
            },
            "shares": {},
            "opens": ["loans", "lost", "recovered", "rate"],
        }

    # ------------------------------------------------------------------ the loans of a figure
    @api.model
    def _openers(self):
        return {**super()._openers(), "provisions": self._open_provisions, "losses": self._open_losses}

    @api.model
    def _open_provisions(self, asked, row, column):
        condition, words = self._column_condition(column)
        if row != "total":
            condition = SQL("%s AND stage = %s", condition, row)
            words = f"{self._stage_labels().get(row, row)} · {words}"
        return self._open_loans(asked, condition, words)

    @api.model
    def _open_losses(self, asked, row, column):
        if column not in ("loans", "lost", "recovered", "rate"):
            raise UserError(self.env._("The request is not readable."))
        condition = SQL("recovered <> 0") if column == "recovered" else SQL("lost > 0")
        if row != "total":
            condition = SQL("%s AND company_id = %s", condition, self._row_id(row))
        self.env.cr.execute(SQL("SELECT DISTINCT loan_id FROM (%s) l WHERE %s", self._losses(asked), condition))
        name = self.env._("Recovered") if column == "recovered" else self.env._("Written off")
        return self._action(name, "kondo.loan", [loan for (loan,) in self.env.cr.fetchall()])
