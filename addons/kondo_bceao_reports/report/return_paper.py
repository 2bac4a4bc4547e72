from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.paging import pages

from ..engine.layout import unpacked
from ..engine.sheet import printed, sheets

FIRST_PAGE, NEXT_PAGES, FOOT = 30, 38, 8  # lines of an A4 page on its side; the foot holds the signatures
LABEL = 64  # characters of a label on a line


class KondoReturn(models.Model):
    """A return as its forms lay it out, from what it keeps: years later it is still printed as it was filed."""

    _inherit = "kondo.return"

    @api.private
    def _laid_out(self):
        """[(packed form, engine Form, its Sheets)] of the return's own forms."""
        self.ensure_one()
        values = {}
        for cell in self.sudo().cell_ids:
            number = None if cell.no_data else self._number(cell)
            values.setdefault(cell.form_code, {})[cell.part, cell.code, cell.column] = (number, cell.text or None)
            if cell.code.startswith("#"):
                values[cell.form_code][cell.part, cell.code, ""] = (None, cell.label)
        found = []
        for data in self.layout or ():
            if data.get("own"):
                form = unpacked(data)
                found.append((data, form, sheets(form, values.get(form.code, {}))))
        return found

    @staticmethod
    def _number(cell):
        """The value of a cell as an exact number: francs and counts are whole."""
        value = Fraction(str(cell.value))
        return value.numerator if value.denominator == 1 else value


class ReportReturn(models.AbstractModel):
    """A return on paper: each of its forms, the title block of the instruction, signatures, then the controls."""

    _name = "report.kondo_bceao_reports.report_return"
    _description = "Return"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        returns = self.env["kondo.return"].browse(docids).exists()
        if not returns or any(record.state == "draft" for record in returns):
            raise UserError(self.env._("Compute the return first: a draft has nothing to print."))
        return {
            "doc_ids": docids,
            "doc_model": returns._name,
            "docs": returns,
            "title": self.env._("Return"),
            "papers": [self._paper(record) for record in returns],
        }

    def _paper(self, record):
        final = record.state in ("filed", "replaced")
        return {
            **self._letterhead(record.company_id),
            "consolidated": record.scope == "network",
            "day": f"{record.date:%Y/%m/%d}",
            "mark": "" if final else self.env._("Not filed"),
            "seal": record.frozen_hash or "",
            "filed": self._time(record.filed_at) if final else "",
            "replaces": record.replaces_id.display_name or "",
            "why": record.replace_reason or "",
            "forms": [self._form(data, parts) for data, _form, parts in record._laid_out()],
            "checks": [
                {
                    "label": check.label,
                    "state": check.state,
                    "said": dict(check._fields["state"]._description_selection(self.env)).get(check.state, check.state),
                    "message": check.message or "",
                }
                for check in record.check_ids
            ],
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _form(self, data, parts):
        """A form as pages; a part that does not fit under the one before begins a page."""
        sheets_of_form = []
        for place, part in enumerate(parts):
            first = FIRST_PAGE if place == 0 else NEXT_PAGES
            cut = pages(part.rows, first, NEXT_PAGES, FOOT if place == len(parts) - 1 else 0, self._height)
            for number, rows in enumerate(cut):
                sheets_of_form.append(
                    {
                        "title": part.title,
                        "unit": self._unit(part.unit),
                        "columns": part.columns,
                        "first": number == 0,
                        "rows": [
                            {
                                "code": row.shown_code,
                                "label": row.label,
                                "level": row.level,
                                "indent": 3 * row.depth,
                                "cells": [
                                    {"text": printed(cell, part.unit), "figure": cell.kind not in ("text", "date")}
                                    for cell in row.cells
                                ],
                            }
                            for row in rows
                        ],
                    }
                )
        return {
            "code": data["code"],
            "title": data["title"],
            "document": data.get("document") or "",
            "reference": data.get("legal_reference") or "",
            "version": data.get("version") or "",
            "signatures": [name.strip() for name in (data.get("signatures") or "").split(";") if name.strip()],
            "sheets": sheets_of_form,
        }

    @api.model
    def _height(self, row):
        return 1 + len(row.label) // LABEL

    @api.model
    def _unit(self, unit):
        return self.env._("in thousands of FCFA") if unit == 1000 else self.env._("in FCFA")
