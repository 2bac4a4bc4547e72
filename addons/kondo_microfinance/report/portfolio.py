from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.paging import pages
from ..engine.words import spaced

FIRST_PAGE, NEXT_PAGES, FOOT = 33, 42, 2  # lines of an A4 page on its side
OVERHEAD = 5  # lines that the title, the note and the heading of a table take


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
        ageing = pages(lines or [], NEXT_PAGES, NEXT_PAGES, FOOT)
        return {
            **self._letterhead(self._speaker(asked)),
            "day": self._date(asked.day),
            "notes": portfolio._notes(asked),
            "sheets": self._sheets(portfolio._tables(asked)),
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

    def _sheets(self, tables):
        """Pages of tables as texts; a table that does not fit under the one before begins a page."""
        sheets, room = [[]], FIRST_PAGE
        for table in tables:
            rows = [self._row(table, row) for row in [*table["rows"], *([table["total"]] if table["total"] else [])]]
            if sheets[-1] and OVERHEAD + sum(map(self._height, rows)) > room:
                sheets.append([])
                room = NEXT_PAGES
            parts = pages(rows, room - OVERHEAD, NEXT_PAGES - OVERHEAD, 0, self._height)
            for place, part in enumerate(parts):
                if place:
                    sheets.append([])
                    room = NEXT_PAGES
                shown = {name: table[name] for name in ("title", "heading", "columns")}
                sheets[-1].append({**shown, "note": "" if place else table["note"], "rows": part})
                room -= OVERHEAD + sum(map(self._height, part))
        return sheets

    @api.model
    def _height(self, row):
        """Lines that a row takes: two with something under a figure."""
        return 1 + any(cell["beside"] for cell in row["cells"])

    def _row(self, table, row):
        return {
            "label": row["label"],
            "is_total": row is table["total"],
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
