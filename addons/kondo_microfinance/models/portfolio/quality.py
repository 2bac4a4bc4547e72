from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...engine.portfolio import PAR, buckets_from
from .portfolio import AMOUNTS


class KondoPortfolio(models.AbstractModel):
    """Portfolio at risk by product, officer, caisse, fund, sector, sex or age, with the provisions beside it."""

    _inherit = "kondo.portfolio"

    @api.model
    def _dimensions(self):
        _ = self.env._
        snapshot = self.env["kondo.snapshot.portfolio"]._fields
        return {
            **super()._dimensions(),
            "product": (_("Product"), "product_id", "kondo.loan.product"),
            "officer": (_("Loan officer"), "officer_id", "res.users"),
            "caisse": (_("Caisse"), "company_id", "res.company"),
            "fund": (_("Donor's line"), "line_id", "kondo.funding.line"),
            "sector": (_("Sector"), "sector_id", "kondo.loan.sector"),
            "sex": (_("Sex"), "sex", dict(snapshot["sex"]._description_selection(self.env))),
            "age": (_("Age"), "age", dict(snapshot["age"]._description_selection(self.env))),
        }

    @api.model
    def _figures(self, asked):
        """Rows of figures of all caisses asked for, live or photographed, as SQL with the columns of the photographs."""
        common = SQL(
            "company_id, product_id, officer_id, line_id, sector_id, sex, age, stage, bucket, principal, late, provision,"
            " needed, restructured"
        )
        return SQL(
            """
            SELECT %(common)s, (rank = 1)::int AS loans, 1 AS parts FROM (%(parts)s) live
             UNION ALL
            SELECT %(common)s, loans, parts FROM kondo_snapshot_portfolio s
             WHERE (company_id, date) IN (%(evenings)s)
            """,
            common=common,
            parts=self._parts(asked.live),
            evenings=self._days_sql(asked.evenings),
        )

    @api.model
    def _add_tables(self, asked, cells):
        return [*super()._add_tables(asked, cells), self._quality_table(asked, cells)]

    @api.model
    def _quality_table(self, asked, cells):
        _ = self.env._
        label, _column, model = self._dimensions()[asked.by]
        at_risk = {f"par_{days}": set(buckets_from(days)) for days in PAR}
        found = {}
        for cell in cells:
            for key, count in (
                (("row", cell["key"]), cell["parts" if asked.by == "fund" else "loans"]),
                ("total", cell["loans"]),
            ):
                sums = found.setdefault(key, dict.fromkeys(("loans", *AMOUNTS, *at_risk), 0))
                sums["loans"] += count
                for name in AMOUNTS:
                    sums[name] += cell[name]
                for name, buckets in at_risk.items():
                    sums[name] += cell["principal"] if cell["bucket"] in buckets else 0
        empty = _("Own funds") if asked.by == "fund" else _("Not given")
        labels = self._labels([key[1] for key in found if key != "total"], model, empty)
        par = [
            {"name": name, "label": f"PAR {days}", "kind": "francs", "share": True}
            for name, days in zip(at_risk, PAR, strict=True)
        ]
        columns = [
            {"name": "loans", "label": _("Loans"), "kind": "count"},
            {"name": "principal", "label": _("Outstanding"), "kind": "francs"},
            *par,
            {"name": "restructured", "label": _("Restructured"), "kind": "francs"},
            {"name": "needed", "label": _("Provision needed"), "kind": "francs"},
            {"name": "provision", "label": _("Provision booked"), "kind": "francs"},
        ]
        opens = [column["name"] for column in columns] if self._loans_kept(asked) else []

        def line(key, words, sums):
            return {
                "key": key,
                "label": words,
                "cells": {column["name"]: sums[column["name"]] for column in columns},
                "shares": {name: self._share(sums[name], sums["principal"]) for name in at_risk},
                "opens": opens,
            }

        total = line("total", _("Total"), found.pop("total")) if found else None
        rows = [line(str(value or ""), labels[value], sums) for (_row, value), sums in found.items()]
        order = list(model) if isinstance(model, dict) else None
        rows.sort(key=lambda row: order.index(row["key"]) if order else row["label"].lower())
        return {
            "key": "quality",
            "title": _("Portfolio at risk by %(dimension)s", dimension=label.lower()),
            "note": _(
                "PAR x: outstanding of the loans late by x days or more, and its share of the outstanding. Restructured"
                " loans stand beside it, whether they are late or not."
            ),
            "heading": label,
            "columns": columns,
            "rows": rows,
            "total": total,
        }

    # ------------------------------------------------------------------ the loans of a figure
    @api.model
    def _openers(self):
        return {**super()._openers(), "quality": self._open_quality}

    @api.model
    def _open_quality(self, asked, row, column):
        _ = self.env._
        _label, field, model = self._dimensions()[asked.by]
        condition, words = self._column_condition(column)
        if row != "total":
            value = row if isinstance(model, dict) else (self._row_id(row) if row else False)
            empty = _("Own funds") if asked.by == "fund" else _("Not given")
            of_row = self._labels([value], model, empty)[value]
            words = f"{of_row} · {words}"
            condition = SQL("%s AND %s IS NOT DISTINCT FROM %s", condition, SQL.identifier(field), value or None)
        return self._open_loans(asked, condition, words, by_line=asked.by == "fund" and row != "total")

    @api.model
    def _row_id(self, row):
        if not row.isdigit():
            raise UserError(self.env._("The request is not readable."))
        return int(row)

    @api.model
    def _column_condition(self, column):
        """(SQL over positions, words) of what a column counts."""
        _ = self.env._
        conditions = {
            "loans": (SQL("TRUE"), _("Loans")),
            "principal": (SQL("TRUE"), _("Loans")),
            "late": (SQL("bucket <> '0'"), _("Late loans")),
            "restructured": (SQL("restructured > 0"), _("Restructured")),
            "needed": (SQL("needed > 0"), _("Provision needed")),
            "provision": (SQL("provision > 0"), _("Provision booked")),
            "gap": (SQL("needed <> provision"), _("Provision to adjust")),
            **{f"par_{days}": (SQL("days_late >= %s", days), f"PAR {days}") for days in PAR},
        }
        if column not in conditions:
            raise UserError(self.env._("The request is not readable."))
        return conditions[column]

    @api.model
    def _open_loans(self, asked, condition, name, by_line=False):
        """The loans of the caisses asked for that meet a condition on positions, from where their figures were read."""
        kept = self._loans_kept(asked)
        if not kept:
            raise UserError(self._not_kept())
        name = f"{name} · {format_date(self.env, asked.day)}"
        if kept == "live":
            source = self._parts(asked.live) if by_line else self._positions(asked.live)
            self.env.cr.execute(SQL("SELECT DISTINCT loan_id FROM (%s) p WHERE %s", source, condition))
            return self._action(name, "kondo.loan", [loan for (loan,) in self.env.cr.fetchall()])
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT id FROM (
                       SELECT s.id, s.loan_id, s.company_id, s.product_id, s.officer_id, s.sector_id, s.sex, s.age, s.stage,
                              s.bucket, s.days_late, s.late, s.provision, s.needed,
                              CASE WHEN s.restructured THEN s.principal ELSE 0 END AS restructured, %(line)s
                         FROM kondo_snapshot_loan s %(join)s WHERE (s.company_id, s.date) IN (%(evenings)s)) p
                    WHERE %(condition)s""",
                line=SQL("f.line_id") if by_line else SQL("s.line_id"),
                join=SQL(
                    "JOIN kondo_snapshot_funding f"
                    " ON f.company_id = s.company_id AND f.date = s.date AND f.loan_id = s.loan_id"
                )
                if by_line
                else SQL(""),
                evenings=self._days_sql(asked.evenings),
                condition=condition,
            )
        )
        return self._action(name, "kondo.snapshot.loan", [row for (row,) in self.env.cr.fetchall()])
