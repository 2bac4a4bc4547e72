from odoo import models


class ReportPortfolioXlsx(models.AbstractModel):
    """Portfolio quality as a spreadsheet: one sheet for each table, one for the loans in arrears. Figures are numbers."""

    _name = "report.kondo_microfinance.portfolio_xlsx"
    _description = "Portfolio quality (XLSX)"
    _inherit = ["report.report_xlsx.abstract"]

    def generate_xlsx_report(self, workbook, data, objects):
        portfolio = self.env["kondo.portfolio"]
        asked = portfolio._read(self.env["kondo.portfolio.print"].browse(objects.ids[:1])._asked())
        formats = {
            "title": workbook.add_format({"bold": True, "font_size": 13}),
            "head": workbook.add_format({"bold": True, "bg_color": "#E4ECE9", "border": 1, "text_wrap": True}),
            "bold": workbook.add_format({"bold": True, "top": 1}),
            "francs": workbook.add_format({"num_format": "#,##0"}),
            "share": workbook.add_format({"num_format": "0.00%"}),
            "total_francs": workbook.add_format({"num_format": "#,##0", "bold": True, "top": 1}),
            "total_share": workbook.add_format({"num_format": "0.00%", "bold": True, "top": 1}),
        }
        notes = portfolio._notes(asked)
        for table in portfolio._tables(asked):
            self._write_table(workbook, formats, table, notes)
        self._write_ageing(workbook, formats, portfolio._ageing_lines(asked), notes)

    def _sheet_name(self, key):
        _ = self.env._
        return {
            "quality": _("Portfolio at risk"),
            "ageing": _("Arrears by age"),
            "roll": _("Roll rates"),
            "campaign": _("Campaign recovery"),
            "provisions": _("Provisions"),
            "losses": _("Losses"),
        }.get(key, key)[:31]

    def _parts(self, table):
        """[(label, width, format, method(row) that gives the number or None)]: one column for a figure, its count, its share."""
        _ = self.env._
        parts = []
        for column in table["columns"]:
            name, label = column["name"], column["label"]
            if column["kind"] == "share":
                parts.append((label, "share", lambda row, name=name: self._hundredth(row["cells"][name])))
                continue
            if column.get("count"):
                title = _("%(column)s: loans", column=label)
                parts.append((title, "francs", lambda row, name=name: row["counts"][name]))
            parts.append((label, "francs", lambda row, name=name: row["cells"][name]))
            if column.get("share"):
                parts.append((f"{label} (%)", "share", lambda row, name=name: self._hundredth(row["shares"].get(name))))
        return parts

    def _hundredth(self, percent):
        return None if percent is None else percent / 100

    def _open_sheet(self, workbook, formats, name, title, notes):
        """(worksheet, number of its first free row) with the title and the sentences written."""
        sheet = workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, title, formats["title"])
        for row, note in enumerate(notes, 1):
            sheet.write_string(row, 0, note)
        return sheet, len(notes) + 2

    def _write_table(self, workbook, formats, table, notes):
        title = f"{table['title']} (FCFA)"
        sheet, top = self._open_sheet(workbook, formats, self._sheet_name(table["key"]), title, [*notes, table["note"]])
        parts = self._parts(table)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(parts), 14)
        sheet.write_string(top, 0, table["heading"], formats["head"])
        for column, (label, _kind, _value) in enumerate(parts, 1):
            sheet.write_string(top, column, label, formats["head"])
        sheet.freeze_panes(top + 1, 1)
        sheet.repeat_rows(top)
        lines = [(line, "") for line in table["rows"]] + ([(table["total"], "total_")] if table["total"] else [])
        for row, (line, style) in enumerate(lines, top + 1):
            sheet.write_string(row, 0, line["label"], formats["bold"] if style else None)
            for column, (_label, kind, value) in enumerate(parts, 1):
                number = value(line)
                if number is not None:
                    sheet.write_number(row, column, number, formats[style + kind])

    def _write_ageing(self, workbook, formats, lines, notes):
        _ = self.env._
        sheet, top = self._open_sheet(workbook, formats, _("Ageing list")[:31], f"{_('Ageing list')} (FCFA)", notes)
        columns = [
            (_("Caisse"), 22, "caisse"),
            (_("Loan"), 16, "number"),
            (_("Member"), 30, "member"),
            (_("Phone"), 14, "phone"),
            (_("Village or quarter"), 18, "village"),
            (_("Product"), 24, "product"),
            (_("Loan officer"), 22, "officer"),
            (_("Days late"), 9, "days"),
            (_("Late"), 13, "late"),
            (_("Outstanding"), 13, "principal"),
            (_("Class"), 26, "class"),
            (_("Next due date"), 12, "next"),
        ]
        for column, (label, width, _key) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(top, column, label, formats["head"])
        sheet.freeze_panes(top + 1, 3)
        sheet.repeat_rows(top)
        for row, line in enumerate(lines or [], top + 1):
            for column, (_label, _width, key) in enumerate(columns):
                if isinstance(line[key], int):
                    sheet.write_number(row, column, line[key], formats["francs"])
                else:
                    sheet.write_string(row, column, line[key])
        if lines:
            last = top + 1 + len(lines)
            sheet.write_string(last, 0, _("Total"), formats["bold"])
            for column, key in ((8, "late"), (9, "principal")):
                sheet.write_number(last, column, sum(line[key] for line in lines), formats["total_francs"])
            sheet.autofilter(top, 0, last - 1, len(columns) - 1)
