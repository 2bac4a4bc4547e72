from odoo import models

ROWS_MOST = 1_000_000  # a sheet holds 1 048 576 rows: a longer table goes on in another


class ReportBooksXlsx(models.AbstractModel):
    """A book as a spreadsheet, written row after row so that its length does not matter. Figures are numbers."""

    _name = "kondo.books.xlsx"
    _description = "Book of accounts (XLSX)"
    _inherit = ["report.report_xlsx.abstract"]

    _book = ""

    def get_workbook_options(self):
        return {"constant_memory": True}

    def generate_xlsx_report(self, workbook, data, objects):
        title, sentences, tables = self.env[self._book].browse(objects.ids[:1])._read()
        formats = self._formats(workbook)
        for table in tables:
            self._write_table(workbook, formats, title, sentences, table)

    def _formats(self, workbook):
        kinds = {"text": "@", "day": "dd/mm/yyyy", "francs": "#,##0"}
        styles = {
            "line": {},
            "heading": {"bold": True},
            "section": {"bold": True, "font_color": "#1F4E45"},
            "total": {"bold": True, "top": 1},
        }
        formats = {
            (style, kind): workbook.add_format({"num_format": pattern, **look})
            for style, look in styles.items()
            for kind, pattern in kinds.items()
        }
        formats["title"] = workbook.add_format({"bold": True, "font_size": 13})
        formats["head"] = workbook.add_format({"bold": True, "bg_color": "#E4ECE9", "border": 1, "text_wrap": True})
        return formats

    def _write_table(self, workbook, formats, title, sentences, table):
        row, sheet, part = 0, None, 0
        for style, cells in table.rows:
            if sheet is None or row >= ROWS_MOST:
                part += 1
                sheet, row = self._open_sheet(workbook, formats, title, sentences, table, part)
            for column, (value, (_label, kind, _width)) in enumerate(zip(cells, table.columns, strict=True)):
                form = formats[style, kind]
                if value is None or value is False or value == "":
                    sheet.write_blank(row, column, None, form)
                elif kind == "day":
                    sheet.write_datetime(row, column, value, form)
                elif kind == "text":
                    sheet.write_string(row, column, value, form)
                else:
                    sheet.write_number(row, column, value, form)
            row += 1
        if sheet is None:
            self._open_sheet(workbook, formats, title, sentences, table, 1)

    def _open_sheet(self, workbook, formats, title, sentences, table, part):
        """(worksheet, number of its first free row) with the title, the sentences and the heading written."""
        name = "".join(letter for letter in table.title if letter not in "[]:*?/\\'")
        sheet = workbook.add_worksheet(name[:31] if part == 1 else f"{name[:27]} {part}")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for column, (_label, _kind, width) in enumerate(table.columns):
            sheet.set_column(column, column, width)
        top = len(sentences) + 2
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(top)
        sheet.write_string(0, 0, f"{title} (FCFA)", formats["title"])
        for row, sentence in enumerate(sentences, 1):
            sheet.write_string(row, 0, sentence)
        for column, (label, _kind, _width) in enumerate(table.columns):
            sheet.write_string(top, column, label, formats["head"])
        return sheet, top + 1


class ReportBooksBalanceXlsx(models.AbstractModel):
    _name = "report.kondo_bceao_reports.books_balance_xlsx"
    _description = "Trial balance (XLSX)"
    _inherit = ["kondo.books.xlsx"]

    _book = "kondo.books.balance"


class ReportBooksMembersXlsx(models.AbstractModel):
    _name = "report.kondo_bceao_reports.books_members_xlsx"
    _description = "Members' balances by control account (XLSX)"
    _inherit = ["kondo.books.xlsx"]

    _book = "kondo.books.members"


class ReportBooksLedgerXlsx(models.AbstractModel):
    _name = "report.kondo_bceao_reports.books_ledger_xlsx"
    _description = "General ledger and journals (XLSX)"
    _inherit = ["kondo.books.xlsx"]

    _book = "kondo.books.ledger"
