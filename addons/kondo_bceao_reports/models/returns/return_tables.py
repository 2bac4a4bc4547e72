from odoo import models

from odoo.addons.kondo_microfinance.engine.words import NARROW_SPACE, spaced


def shown(value, kind, unit=1):
    """A value as a form prints it.

    >>> [shown(value, kind).replace(NARROW_SPACE, "_") for value, kind in ((1234567, "amount"), (-5, "count"))]
    ['1_234_567', '-5']
    >>> shown(12.3456, "percent"), shown(1234567, "amount", 1000).replace(NARROW_SPACE, "_"), shown(2.5, "number")
    ('12,35 %', '1_235', '2,50')
    """
    if kind in ("percent", "number"):
        text = f"{value:,.2f}".replace(",", NARROW_SPACE).replace(".", ",")
        return f"{text} %" if kind == "percent" else text
    if kind == "amount" and unit > 1:
        value = value / unit
    return spaced(int(value + 0.5) if value >= 0 else -int(0.5 - value))


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
        """What the screen and the paper lay out: [{code, title, parts: [{title, columns, lines: [{code, cells}]}]}]."""
        self.ensure_one()
        cells = {(cell.form_code, cell.part, cell.code, cell.column): cell for cell in self.cell_ids}
        listed = {}
        for cell in self.cell_ids:
            if cell.code.startswith("#"):
                listed.setdefault((cell.form_code, cell.part), {})[cell.code] = cell.label
        found = []
        for form in self.layout or ():
            if not form["own"]:
                continue
            parts = []
            for part in form["parts"]:
                rows = [
                    {"code": "", "label": label, "level": "detail", "key": code}
                    for code, label in listed.get((form["code"], part["code"]), {}).items()
                ]
                rows += [
                    {
                        "code": line["code"] if line["printed"] == "yes" else "",
                        "label": line["label"],
                        "level": line["level"],
                        "key": line["code"],
                    }
                    for line in form["lines"]
                    if line["part"] == part["code"]
                ]
                for row in rows:
                    row["cells"] = [
                        self._table_cell(cells.get((form["code"], part["code"], row["key"], column["key"])))
                        for column in part["columns"]
                    ]
                columns = [column["label"] or column["key"] for column in part["columns"]]
                parts.append({"title": part["title"], "columns": columns, "rows": rows, "unit": part["unit"]})
            found.append(
                {**{name: form[name] for name in ("code", "title", "version", "legal_reference")}, "parts": parts}
            )
        return found

    def _table_cell(self, cell):
        if not cell:
            return {}
        return {
            "id": cell.id,
            "text": cell.display,
            "flagged": cell.flagged,
            "missing": cell.manual and cell.no_data and not cell.text,
        }
