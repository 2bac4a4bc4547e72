from odoo import models
from odoo.exceptions import UserError

from ..engine.excel import spreadsheet_formula
from ..engine.sheet import in_units

NUMBER = {"amount": "#,##0", "count": "#,##0", "percent": '0.00" %"', "number": "0.00"}
FIRST_COLUMN = 2  # after the code and the label
LABEL_WIDTH = 58  # of the column of labels
# Characters of it on one line: no program makes the rows of a workbook higher by itself.
LABEL_LENGTH = {"detail": 66, "bold": 54}
LINE_HEIGHT = 15


class ReportReturnXlsx(models.AbstractModel):
    """A return as a workbook: a sheet for each form, sums written as formulas so that the authority can check them, and a
    sheet of the controls."""

    _name = "report.kondo_bceao_reports.return_xlsx"
    _description = "Return (XLSX)"
    _inherit = ["report.report_xlsx.abstract"]

    def generate_xlsx_report(self, workbook, data, objects):
        record = objects[:1]
        if not record or record.state == "draft":
            raise UserError(self.env._("Compute the return first: a draft has nothing to print."))
        formats = self._formats(workbook)
        used = set()
        for data, form, parts in record._laid_out():
            self._write_form(workbook, formats, record, data, form, parts, self._sheet_name(form.code, used))
        self._write_checks(workbook, formats, record, used)

    def _formats(self, workbook):
        green, line = "#1F4E45", "#B9CCC5"
        made = {
            "title": {"bold": True, "font_size": 14, "font_color": green},
            "label": {"font_color": "#555555"},
            "value": {"bold": True},
            "part": {"bold": True, "font_size": 12, "font_color": green, "bottom": 1, "bottom_color": green},
            "head": {"bold": True, "bg_color": "#E4ECE9", "border": 1, "border_color": line, "text_wrap": True,
                     "align": "center", "valign": "vcenter"},
            "red": {"font_color": "#A32A1C", "bold": True},
            "note": {"italic": True, "font_color": "#555555"},
        }  # fmt: skip
        formats = {name: workbook.add_format(options) for name, options in made.items()}
        for level, options in (
            ("detail", {}),
            ("subtotal", {"bold": True}),
            ("total", {"bold": True, "bg_color": "#F1F5F3"}),
            ("heading", {"bold": True, "font_color": green}),
        ):
            frame = {"border": 1, "border_color": "#D3DDD9", "valign": "vcenter", **options}
            for depth in range(4):
                indent = {"indent": depth} if depth else {}
                formats[level, "text", depth] = workbook.add_format({**frame, **indent, "text_wrap": True})
            for kind, number in NUMBER.items():
                formats[level, kind] = workbook.add_format({**frame, "num_format": number})
        return formats

    @staticmethod
    def _sheet_name(code, used):
        """The code of the form, once: a spreadsheet allows 31 characters and no second sheet of that name."""
        name = "".join("-" if letter in r"[]:*?/\'" else letter for letter in code)[:31]
        number = 2
        while name.lower() in used:
            name = f"{name[:27]} ({number})"
            number += 1
        used.add(name.lower())
        return name

    # ------------------------------------------------------------------ a form
    def _write_form(self, workbook, formats, record, data, form, parts, name):
        sheet = workbook.add_worksheet(name)
        widest = max(len(part.columns) for part in parts)
        if widest > 4:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.set_footer("&L&F&R&P / &N")
        sheet.set_column(0, 0, 9)
        sheet.set_column(1, 1, LABEL_WIDTH)
        sheet.set_column(FIRST_COLUMN, FIRST_COLUMN + widest, 17)
        top = self._write_title(sheet, formats, record, data)
        places, row = {}, top
        for part in parts:
            for number, line in enumerate(part.rows):
                for column, cell in enumerate(line.cells, FIRST_COLUMN):
                    places[part.part, line.code, cell.key] = (row + 2 + number, column)
            row += len(part.rows) + 3
        row = top
        for part in parts:
            row = self._write_part(sheet, formats, form, part, row, places)
        for place, signature in enumerate(filter(None, map(str.strip, (data.get("signatures") or "").split(";")))):
            sheet.write_string(row + 1, 1 + 2 * place, signature, formats["value"])
        sheet.freeze_panes(top, 0)

    def _write_title(self, sheet, formats, record, data):
        """The title block of the instruction; returns the first free row."""
        _ = self.env._
        company = record.company_id.sudo()
        sheet.write_string(0, 0, f"{data['code']} · {data['title']}", formats["title"])
        facts = [
            (_("Institution"), company.name + (f" ({_('consolidated')})" if record.scope == "network" else "")),
            (_("Agreement"), company.agreement_number or company.root_id.agreement_number or ""),
            (_("Date (YYYY/MM/DD)"), f"{record.date:%Y/%m/%d}"),
            (_("Document"), data.get("document") or ""),
            (_("Unit"), _("in thousands of FCFA") if data.get("unit") == 1000 else _("in FCFA")),
            (_("Legal reference"), data.get("legal_reference") or ""),
        ]
        final = record.state in ("filed", "replaced")
        facts.append(("SHA-256", record.frozen_hash) if final else (_("State"), _("Not filed")))
        row = 1
        for label, value in facts:
            if value:
                sheet.write_rich_string(row, 0, formats["label"], f"{label} : ", formats["value"], value)
                row += 1
        return row + 1

    def _write_part(self, sheet, formats, form, part, top, places):
        """Head and lines of a part; returns the row after an empty one."""
        _ = self.env._
        unit = f" ({_('in thousands of FCFA')})" if part.unit == 1000 else ""
        sheet.write_string(top, 0, part.title + unit, formats["part"])
        sheet.set_row(top + 1, 30)
        sheet.write_string(top + 1, 0, _("Code"), formats["head"])
        sheet.write_string(top + 1, 1, _("Line"), formats["head"])
        for column, laid_out in enumerate(part.columns, FIRST_COLUMN):
            sheet.write_string(top + 1, column, laid_out.label or laid_out.key, formats["head"])
        engine_part = form.part(part.part)
        for row, line in enumerate(part.rows, top + 2):
            text = formats[line.level, "text", 0]
            sheet.write_string(row, 0, line.shown_code, text)
            sheet.write_string(row, 1, line.label, formats[line.level, "text", line.depth])
            room = LABEL_LENGTH["detail" if line.level == "detail" else "bold"]
            sheet.set_row(row, LINE_HEIGHT * -(-(len(line.label) + 2 * line.depth) // room))
            for column, cell in enumerate(line.cells, FIRST_COLUMN):
                self._write_cell(sheet, formats, row, column, form, engine_part, line, cell, part.unit, places)
        return top + len(part.rows) + 3

    def _write_cell(self, sheet, formats, row, column, form, part, line, cell, unit, places):
        style = formats[line.level, cell.kind if cell.kind in NUMBER else "number"]
        if cell.text:
            sheet.write_string(row, column, cell.text, formats[line.level, "text", 0])
            return
        value = in_units(cell, unit)
        if value is None:
            sheet.write_blank(row, column, None, style)
            return
        formula = None
        if line.code in part.by_code:
            formula = spreadsheet_formula(
                form, part, part.by_code[line.code], part.by_key[cell.key], lambda *key: self._address(places.get(key))
            )
        number = int(value) if value == int(value) else float(value)
        if formula:
            sheet.write_formula(row, column, formula, style, number)
        else:
            sheet.write_number(row, column, number, style)

    @staticmethod
    def _address(place):
        """B12 of a (row, column), both from 0.

        >>> ReportReturnXlsx._address((11, 27))
        'AB12'
        """
        if place is None:
            return None
        row, column = place
        letters = ""
        column += 1
        while column:
            column, rest = divmod(column - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{row + 1}"

    # ------------------------------------------------------------------ the controls
    def _write_checks(self, workbook, formats, record, used):
        _ = self.env._
        sheet = workbook.add_worksheet(self._sheet_name(_("Controls"), used))
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, f"{_('Controls')} · {record.display_name}", formats["title"])
        columns = [(_("Control"), 60), (_("State"), 12), (_("Left"), 18), (_("Right"), 18), (_("Difference"), 16),
                   (_("What is wrong"), 70)]  # fmt: skip
        for column, (label, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, label, formats["head"])
        sheet.freeze_panes(3, 0)
        said = dict(record.check_ids._fields["state"]._description_selection(self.env))
        text, number = formats["detail", "text", 0], formats["detail", "amount"]
        for row, check in enumerate(record.check_ids, 3):
            sheet.write_string(row, 0, check.label or "", text)
            sheet.write_string(
                row, 1, said.get(check.state, check.state), formats["red"] if check.state == "failed" else text
            )
            for column, name in enumerate(("left", "right", "difference"), 2):
                if check.state != "no_data" and name in check._fields:
                    sheet.write_number(row, column, check[name] or 0, number)
            sheet.write_string(row, 5, check.message or "", text)
