from odoo import models

from ..engine.bureau import columns


class ReportRegisterXlsx(models.AbstractModel):
    """A register as a spreadsheet: one sheet for each of its tables. Figures are numbers, days are days."""

    _name = "report.kondo_bceao_reports.register_xlsx"
    _description = "Register (XLSX)"
    _inherit = ["report.report_xlsx.abstract"]

    def generate_xlsx_report(self, workbook, data, objects):
        register = self.env["kondo.register"].browse(objects.ids[:1])
        formats = self._formats(workbook)
        title, sentences = register._heading()
        for number, table in enumerate(register._tables(), 1):
            name = "".join(letter for letter in f"{number} {table['title']}" if letter not in "[]:*?/\\")[:31].strip()
            sheet = workbook.add_worksheet(name)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.write_string(0, 0, f"{title} (FCFA)", formats["title"])
            notes = [*sentences, *filter(None, [table["note"]])]
            for row, note in enumerate(notes, 1):
                sheet.write_string(row, 0, note)
            self._write_table(sheet, formats, table, len(notes) + 2)

    def _formats(self, workbook):
        figures = {"francs": "#,##0", "count": "#,##0", "share": '0.00" %"', "day": "dd/mm/yyyy", "text": "@"}
        formats = {
            "title": workbook.add_format({"bold": True, "font_size": 13}),
            "head": workbook.add_format({"bold": True, "bg_color": "#E4ECE9", "border": 1, "text_wrap": True}),
        }
        for kind, pattern in figures.items():
            formats[kind] = workbook.add_format({"num_format": pattern})
            formats[f"total_{kind}"] = workbook.add_format({"num_format": pattern, "bold": True, "top": 1})
        return formats

    def _write_table(self, sheet, formats, table, top):
        for column, (_name, label, _kind, width) in enumerate(table["columns"]):
            sheet.set_column(column, column, width)
            sheet.write_string(top, column, label, formats["head"])
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(top)
        for row, line in enumerate(table["rows"], top + 1):
            self._write_line(sheet, formats, table["columns"], row, line, "")
        last = top + len(table["rows"])
        if table["rows"]:
            sheet.autofilter(top, 0, last, len(table["columns"]) - 1)
        if table["total"]:
            self._write_line(sheet, formats, table["columns"], last + 1, table["total"], "total_")

    def _write_line(self, sheet, formats, columns, row, line, style):
        for column, (name, _label, kind, _width) in enumerate(columns):
            value = line.get(name)
            form = formats[f"{style}{kind}"]
            if value is None or value is False or value == "":
                sheet.write_blank(row, column, None, form)
            elif kind == "day":
                sheet.write_datetime(row, column, value, form)
            elif kind == "text":
                sheet.write_string(row, column, value, form)
            else:
                sheet.write_number(row, column, value, form)


class ReportBureauXlsx(models.AbstractModel):
    """The file for the credit bureau as a spreadsheet: the columns of the CSV, and the members left out."""

    _name = "report.kondo_bceao_reports.bureau_xlsx"
    _description = "File for the credit bureau (XLSX)"
    _inherit = ["report.report_xlsx.abstract"]

    def generate_xlsx_report(self, workbook, data, objects):
        _ = self.env._
        file = self.env["kondo.bureau.file"].browse(objects.ids[:1])
        file._check_reader()
        head = workbook.add_format({"bold": True, "bg_color": "#E4ECE9", "border": 1, "text_wrap": True})
        number = workbook.add_format({"num_format": "#,##0"})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet = workbook.add_worksheet(_("Contracts")[:31])
        sheet.freeze_panes(1, 2)
        for column, one in enumerate(columns()):
            sheet.set_column(column, column, 16)
            sheet.write_string(0, column, one.heading, head)
        for row, line in enumerate(file._rows(), 1):
            for column, one in enumerate(columns()):
                value = line[one.field]
                if value is None:
                    continue
                if str(value) in one.words:
                    sheet.write_string(row, column, one.words[str(value)])
                elif hasattr(value, "year"):
                    sheet.write_datetime(row, column, value, day)
                elif isinstance(value, int):
                    sheet.write_number(row, column, value, number)
                else:
                    sheet.write_string(row, column, value)
        self._write_left_out(workbook, file, head, day)

    def _write_left_out(self, workbook, file, head, day):
        """For the caisse, not for the bureau: whose consent is to be asked for."""
        _ = self.env._
        sheet = workbook.add_worksheet(_("Left out (not sent)")[:31])
        for column, (label, width) in enumerate(
            (
                (_("Caisse"), 20),
                (_("Member no."), 16),
                (_("Member"), 32),
                (_("Loans"), 8),
                (_("Reason"), 30),
                (_("Withdrawn on"), 12),
            )
        ):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, head)
        sheet.freeze_panes(1, 0)
        reasons = dict(file.left_out_ids._fields["reason"]._description_selection(self.env))
        for row, line in enumerate(file.left_out_ids, 1):
            for column, text in enumerate((line.caisse, line.member_number, line.name)):
                sheet.write_string(row, column, text or "")
            sheet.write_number(row, 3, line.loans)
            sheet.write_string(row, 4, reasons[line.reason])
            if line.withdrawn_on:
                sheet.write_datetime(row, 5, line.withdrawn_on, day)
