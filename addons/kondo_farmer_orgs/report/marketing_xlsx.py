from odoo import models


class MarketingSheetXlsx(models.AbstractModel):
    """A buyer's list as it was read and booked: exceptions first, then every row with its account and its loan."""

    _name = "report.kondo_farmer_orgs.marketing_xlsx"
    _description = "Marketing sheet (XLSX)"
    _inherit = ["report.report_xlsx.abstract"]

    def generate_xlsx_report(self, workbook, data, objects):
        sheets = self.env["kondo.marketing.sheet"].browse(objects.ids)
        sheets.check_access("read")
        sheets.company_id.with_env(self.env)._check_visible()
        formats = {
            "title": workbook.add_format({"bold": True, "font_size": 13}),
            "head": workbook.add_format({"bold": True, "bg_color": "#E4ECE9", "border": 1, "text_wrap": True}),
            "figure": workbook.add_format({"num_format": "#,##0"}),
            "weight": workbook.add_format({"num_format": "#,##0.##"}),
            "total": workbook.add_format({"num_format": "#,##0", "bold": True, "top": 1}),
        }
        for sheet in sheets:
            errors = sheet.line_ids.filtered(lambda line: line.state == "error")
            self._page(workbook, sheet, sheet.name[:31], sheet.line_ids.sorted("row"), formats)
            if errors:
                name = f"{sheet.name[:20]} {self.env._('Exceptions')}"[:31]
                self._page(workbook, sheet, name, errors.sorted("row"), formats)

    def _page(self, workbook, sheet, name, lines, formats):
        _ = self.env._
        states = dict(lines._fields["state"]._description_selection(self.env))
        columns = [
            (_("Row"), 6, "figure", lambda line: line.row),
            (_("Organisation"), 28, None, lambda line: line.organisation_id.name or line.organisation_text),
            (_("Producer"), 28, None, lambda line: line.person_id.name or line.producer),
            (_("Kg"), 11, "weight", lambda line: line.kg),
            (_("Price"), 9, "figure", lambda line: line.price),
            (_("Gross"), 13, "total", lambda line: line.gross),
            (_("Input debt"), 13, "total", lambda line: line.debt),
            (_("Net"), 13, "total", lambda line: line.net),
            (_("Account"), 17, None, lambda line: line.savings_account_id.number),
            (_("Loan"), 15, None, lambda line: line.loan_id.name),
            (_("State"), 12, None, lambda line: states[line.state]),
            (_("Reason"), 60, None, lambda line: line.reason),
        ]
        page = workbook.add_worksheet(name)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.write_string(
            0, 0, f"{sheet.company_id.sudo().name} · {sheet.campaign_id.name} · {sheet.buyer_id.name} {sheet.reference}",
            formats["title"],
        )  # fmt: skip
        for index, (title, width, _style, _value) in enumerate(columns):
            page.set_column(index, index, width)
            page.write_string(2, index, title, formats["head"])
        page.freeze_panes(3, 3)
        page.repeat_rows(2)
        row = 3
        for line in lines:
            for index, (_title, _width, style, value) in enumerate(columns):
                shown = value(line)
                if style:
                    page.write_number(row, index, shown or 0, formats["figure" if style == "total" else style])
                else:
                    page.write_string(row, index, shown or "")
            row += 1
        page.write_string(row, 1, _("Total"), formats["total"])
        page.write_number(row, 3, sum(lines.mapped("kg")), formats["total"])
        for index, (_title, _width, style, value) in enumerate(columns):
            if style == "total":
                page.write_number(row, index, sum(value(line) for line in lines), formats["total"])
