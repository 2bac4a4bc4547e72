from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.paging import pages
from ..engine.words import spaced

FIRST_PAGE, NEXT_PAGES, FOOT = 26, 31, 2  # lines of an A4 page on its side


class ReportPortfolio(models.AbstractModel):
    """Portfolio quality on paper: a table after the other, then the loans in arrears one by one."""

    _name = "report.kondo_microfinance.report_portfolio"
    _description = "Portfolio quality"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        papers = self.env["kondo.portfolio.print"].browse(docids).exists()
        if not papers:
            raise UserError(self.env._("Print from the screen of portfolio quality."))
        return {
            "doc_ids": docids,
            "doc_model": papers._name,
            "docs": papers,
            "title": self.env._("Portfolio quality"),
            "papers": [self._paper(paper) for paper in papers],
        }

    def _paper(self, paper):
        portfolio = self.env["kondo.portfolio"]
        asked = portfolio._read(paper._asked())
        lines = portfolio._ageing_lines(asked)
        sheets = [sheet for table in portfolio._tables(asked) for sheet in self._sheets(table)]
        ageing = pages(lines or [], NEXT_PAGES, NEXT_PAGES, FOOT)
        return {
            **self._letterhead(self._speaker(asked)),
            "day": self._date(asked.day),
            "notes": portfolio._notes(asked),
            "sheets": sheets,
            "ageing": [[self._ageing_row(line) for line in page] for page in ageing] if lines else [],
            "ageing_total": {
                "count": spaced(len(lines or [])),
                "late": spaced(sum(line["late"] for line in lines or [])),
                "principal": spaced(sum(line["principal"] for line in lines or [])),
            },
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _speaker(self, asked):
        """The caisse when there is one, else the union it belongs to."""
        companies = self.env["res.company"].sudo().browse(asked.companies) or self.env.company.sudo()
        return companies if len(companies) == 1 else companies[0].root_id

    def _sheets(self, table):
        """A table over as many pages as it needs, as texts."""
        parted = pages(table["rows"], FIRST_PAGE // 2, NEXT_PAGES // 2, FOOT, lambda row: 1)
        return [
            {
                **{name: table[name] for name in ("title", "note", "heading", "columns")},
                "rows": [self._row(table, row) for row in page],
                "total": self._row(table, table["total"]) if last and table["total"] else None,
                "first": first,
            }
            for page, first, last in ((page, not index, index == len(parted) - 1) for index, page in enumerate(parted))
        ]

    def _row(self, table, row):
        return {
            "label": row["label"],
            "cells": [
                {"text": self._text(column, row["cells"][column["name"]]), "beside": self._beside(column, row)}
                for column in table["columns"]
            ],
        }

    def _text(self, column, value):
        if value is None:
            return "–"
        return f"{self._percent(value)} %" if column["kind"] == "share" else spaced(value).replace("-", "−")

    def _beside(self, column, row):
        """The count and the share under a figure."""
        name, parts = column["name"], []
        if column.get("count") and row["counts"][name]:
            parts.append(spaced(row["counts"][name]))
        if column.get("share") and row["cells"][name] and row["shares"].get(name) is not None:
            parts.append(f"{self._percent(row['shares'][name])} %")
        return " · ".join(parts)

    def _percent(self, value):
        return f"{value:.2f}".replace(".", ",")

    def _ageing_row(self, line):
        return {**line, "late": spaced(line["late"]), "principal": spaced(line["principal"])}
