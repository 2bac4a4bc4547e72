from fractions import Fraction

from odoo import models

from ...engine.sheet import Cell, printed


def shown(value, kind, unit=1):
    """A stored value as a form prints it.

    >>> shown(1234567.0, "amount"), shown(-5.0, "count"), shown(12.3456, "percent"), shown(2.5, "number")
    ('1\u202f234\u202f567', '−5', '12,35\xa0%', '2,50')
    >>> shown(1234567.0, "amount", 1000)
    '1\u202f235'
    """
    return printed(Cell("", kind, Fraction(str(value))), unit)


class KondoReturn(models.Model):
    """The forms of a return laid out as they are printed; each cell leads to what is behind it."""

    _inherit = "kondo.return"

    def _compute_tables(self):
        for record in self:
            record.tables = False
            if record.id and record.layout:
                record.tables = self.env["ir.qweb"]._render(
                    "kondo_bceao_reports.return_tables", {"forms": record._tables(), "counted": bool(record.cell_ids)}
                )

    def _tables(self):
        """The forms as they are laid out, each cell with the record behind it."""
        self.ensure_one()
        cells = {(cell.form_code, cell.part, cell.code, cell.column): cell for cell in self.cell_ids}
        return [
            {
                **{name: data[name] for name in ("code", "title", "version", "legal_reference")},
                "parts": [
                    {
                        "title": part.title,
                        "unit": part.unit,
                        "columns": [column.label or column.key for column in part.columns],
                        "rows": [
                            {
                                "code": row.shown_code,
                                "label": row.label,
                                "level": row.level,
                                "cells": [
                                    self._table_cell(cells.get((form.code, part.part, row.code, cell.key)))
                                    for cell in row.cells
                                ],
                            }
                            for row in part.rows
                        ],
                    }
                    for part in parts
                ],
            }
            for data, form, parts in self._laid_out()
        ]

    def _table_cell(self, cell):
        if not cell:
            return {}
        return {
            "id": cell.id,
            "text": cell.display,
            "flagged": cell.flagged,
            "missing": cell.manual and cell.no_data and not cell.text,
        }
