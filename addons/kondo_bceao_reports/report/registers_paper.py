from datetime import date
from math import ceil

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.paging import pages
from odoo.addons.kondo_microfinance.engine.words import spaced

FIRST_PAGE, NEXT_PAGES, FOOT = 26, 36, 8  # lines of an A4 page on its side; the foot is where one signs
LETTERS = 170  # that the width of a page holds
OVERHEAD = 5  # lines that the title, the note and the heading of a table take


class ReportRegister(models.AbstractModel):
    """A register on paper, to be signed: its tables one after the other, each page with its heading."""

    _name = "report.kondo_bceao_reports.report_register"
    _description = "Register"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        registers = self.env["kondo.register"].browse(docids).exists()
        if not registers:
            raise UserError(self.env._("Print from the register on the screen."))
        return {
            "doc_ids": docids,
            "doc_model": registers._name,
            "docs": registers,
            "title": registers[0].display_name,
            "papers": [self._paper(register) for register in registers],
        }

    def _paper(self, register):
        title, sentences = register._heading()
        return {
            **self._letterhead(register._speaker()),
            "register": title,
            "sentences": sentences,
            "sheets": self._sheets(register._tables()),
            "signatures": register._signatures(),
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _sheets(self, tables):
        """Pages of tables as texts; a table begins a page when it does not fit under the one before."""
        sheets, room = [[]], FIRST_PAGE
        for table in tables:
            rows = [self._row(table, row, False) for row in table["rows"]]
            if table["total"]:
                rows.append(self._row(table, table["total"], True))
            if sheets[-1] and OVERHEAD + sum(map(self._height, rows)) > room:
                sheets.append([])
                room = NEXT_PAGES
            shown = {
                "title": table["title"],
                "columns": [(label, kind) for _name, label, kind, _width in table["columns"]],
            }
            for place, part in enumerate(pages(rows, room - OVERHEAD, NEXT_PAGES - OVERHEAD, FOOT, self._height)):
                if place:
                    sheets.append([])
                    room = NEXT_PAGES
                sheets[-1].append({**shown, "note": "" if place else table["note"], "rows": part})
                room -= OVERHEAD + sum(map(self._height, part))
        return sheets

    @api.model
    def _height(self, row):
        """Lines that a row takes: the words of a review are long, and wrap in their column."""
        return row["height"]

    def _row(self, table, row, is_total):
        whole = sum(width for *_more, width in table["columns"])
        return {
            "height": max(
                ceil(len(row.get(name) or "") * whole / (LETTERS * width)) if kind == "text" else 1
                for name, _label, kind, width in table["columns"]
            )
            or 1,
            "is_total": is_total,
            "cells": [
                (self._text(row.get(name), kind), kind != "text") for name, _label, kind, _width in table["columns"]
            ],
        }

    def _text(self, value, kind):
        if value is None or value is False or value == "":
            return ""
        if kind == "share":
            return f"{value:.2f} %".replace(".", ",")
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return value if kind == "text" else spaced(value).replace("-", "−")
