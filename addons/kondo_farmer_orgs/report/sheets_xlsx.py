from odoo import models
from odoo.exceptions import UserError

from ..engine.sheet_file import COLUMNS, MARK, TOTAL

FIRST = 4  # of the rows of people, from 0
WIDTHS = {
    "uuid": 4, "number": 5, "name": 30, "place": 26, "loan": 14, "due": 11, "paid": 12, "account": 17, "saved": 12,
    "attendance": 13, "note": 26,
}  # fmt: skip


class ReportSheetXlsx(models.AbstractModel):
    """The sheet to be filled in without a connection: only the boxes are open, the identifiers are hidden and locked."""

    _name = "report.kondo_farmer_orgs.sheet_xlsx"
    _description = "Collection sheet (XLSX)"
    _inherit = ["report.report_xlsx.abstract"]

    def generate_xlsx_report(self, workbook, data, objects):
        sheets = self.env["kondo.sheet"].browse(objects.ids)
        if not sheets:
            raise UserError(self.env._("Choose the sheet to print."))
        sheets.check_access("read")
        sheets.company_id._check_visible()
        formats = self._formats(workbook)
        for sheet in sheets:
            self._write_sheet(workbook, formats, sheet)

    def _formats(self, workbook):
        line = {"border": 1, "border_color": "#9FB3AC"}
        box = {**line, "locked": False, "bg_color": "#FFFBE6"}
        return {
            "title": workbook.add_format({"bold": True, "font_size": 13}),
            "help": workbook.add_format({"font_color": "#666666", "italic": True}),
            "head": workbook.add_format(
                {**line, "bold": True, "bg_color": "#E4ECE9", "text_wrap": True, "valign": "top"}
            ),
            "text": workbook.add_format(line),
            "figure": workbook.add_format({**line, "num_format": "#,##0"}),
            "late": workbook.add_format({**line, "num_format": "#,##0", "font_color": "#B02A37", "bold": True}),
            "box": workbook.add_format({**box, "num_format": "#,##0"}),
            "box_text": workbook.add_format({**box, "num_format": "@"}),
            "total": workbook.add_format({**line, "num_format": "#,##0", "bold": True, "bg_color": "#E4ECE9"}),
        }

    def _headings(self):
        _ = self.env._
        return {
            "uuid": "", "number": _("No."), "name": _("Name"), "place": _("Organisation or village"), "loan": _("Loan"),
            "due": _("Due"), "paid": _("Repaid"), "account": _("Savings account"), "saved": _("Saved"),
            "attendance": _("Attendance"), "note": _("Note"),
        }  # fmt: skip

    def _write_sheet(self, workbook, formats, sheet):
        _ = self.env._
        page = workbook.add_worksheet(sheet.name[:31])
        columns = {name: column - 1 for name, column in COLUMNS.items()}
        given = sheet._as_given_out()
        rows = sheet.row_ids.sorted(lambda row: (row.sequence, row.id))
        last = FIRST + len(rows) - 1
        for name, column in columns.items():
            page.set_column(column, column, WIDTHS[name], None, {"hidden": name == "uuid"})
            page.write_string(FIRST - 1, column, self._headings()[name], formats["head"])
        page.write_string(0, 0, MARK + sheet.uuid)
        title = [sheet.company_id.sudo().name, sheet.name, sheet.subject or sheet.officer_id.name]
        page.write_string(0, 1, f"{' · '.join(title)} · {sheet.date:%d/%m/%Y} (FCFA)", formats["title"])
        page.write_string(
            1,
            1,
            _("Fill in the yellow cells only: repaid, saved, attendance, note. Then upload this file."),
            formats["help"],
        )
        labels = dict(rows._fields["attendance"]._description_selection(self.env))
        for number, row in enumerate(rows, FIRST):
            known = given[row.uuid]
            page.write_string(number, columns["uuid"], row.uuid)
            page.write_number(number, columns["number"], number - FIRST + 1, formats["text"])
            place = row.organisation_id.name or row.village_id.name or ""
            for name, text in (
                ("name", row.name),
                ("place", place),
                ("loan", known["loan"]),
                ("account", known["account"]),
            ):
                page.write_string(number, columns[name], text, formats["text"])
            self._write_francs(page, number, columns["due"], row.due, formats["late" if row.late else "figure"])
            self._write_francs(page, number, columns["paid"], row.paid, formats["box" if row.loan_id else "figure"])
            self._write_francs(
                page, number, columns["saved"], row.saved, formats["box" if row.account_id else "figure"]
            )
            page.write_string(number, columns["attendance"], labels.get(row.attendance, ""), formats["box_text"])
            page.write_string(number, columns["note"], row.note or "", formats["box_text"])
        if rows:
            self._write_total(page, formats, columns, last)
            self._write_checks(page, columns, last, list(labels.values()))
        page.freeze_panes(FIRST, columns["place"])
        page.protect("", {"select_locked_cells": True, "format_columns": True, "sort": False})
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(FIRST - 1)
        page.set_selection(FIRST, columns["paid"], FIRST, columns["paid"])

    def _write_francs(self, page, row, column, amount, layout):
        if amount:
            page.write_number(row, column, amount, layout)
        else:
            page.write_blank(row, column, None, layout)

    def _write_total(self, page, formats, columns, last):
        foot = last + 1
        page.write_string(foot, columns["uuid"], TOTAL)
        for column in range(1, len(columns)):
            page.write_blank(foot, column, None, formats["total"])
        page.write_string(foot, columns["name"], self.env._("Total"), formats["total"])
        for name in ("due", "paid", "saved"):
            letter = chr(ord("A") + columns[name])
            page.write_formula(foot, columns[name], f"=SUM({letter}{FIRST + 1}:{letter}{last + 1})", formats["total"])
        paid, saved = (chr(ord("A") + columns[name]) for name in ("paid", "saved"))
        page.write_string(foot + 1, columns["uuid"], TOTAL)
        page.write_string(foot + 1, columns["name"], self.env._("Cash to hand over"), formats["total"])
        page.write_formula(foot + 1, columns["paid"], f"={paid}{foot + 1}+{saved}{foot + 1}", formats["total"])

    def _write_checks(self, page, columns, last, labels):
        """What the cells take: whole francs, and the words of attendance."""
        for name in ("paid", "saved"):
            page.data_validation(
                FIRST, columns[name], last, columns[name],
                {
                    "validate": "integer", "criteria": "between", "minimum": 0, "maximum": 10**9,
                    "error_title": self._headings()[name],
                    "error_message": self.env._("A whole number of francs, without comma nor point."),
                },
            )  # fmt: skip
        page.data_validation(
            FIRST, columns["attendance"], last, columns["attendance"], {"validate": "list", "source": labels}
        )
