from odoo import models


class InterestRunXlsx(models.AbstractModel):
    """The accounts of an interest run as a spreadsheet, for the accountant who looks before posting."""

    _name = "report.kondo_microfinance.interest_run_xlsx"
    _inherit = "report.report_xlsx.abstract"
    _description = "Interest run (spreadsheet)"

    def generate_xlsx_report(self, workbook, data, runs):
        runs.check_access("read")
        bold = workbook.add_format({"bold": True})
        head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        francs = workbook.add_format({"num_format": "#,##0"})
        total = workbook.add_format({"num_format": "#,##0", "bold": True, "top": 1})
        rate = workbook.add_format({"num_format": "0.00####"})
        exact = workbook.add_format({"num_format": "#,##0.0000"})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for run in runs:
            self._sheet(workbook, run, {
                "bold": bold, "head": head, "francs": francs, "total": total, "rate": rate, "exact": exact, "day": day,
            })  # fmt: skip

    def _sheet(self, workbook, run, formats):
        _ = self.env._
        sheet = workbook.add_worksheet(f"{run.company_id.kondo_code} {run.product_id.code} {run.date_to:%Y-%m-%d}")
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.write(0, 0, f"{run.company_id.name} · {run.product_id.name}", formats["bold"])
        states = dict(run._fields["state"]._description_selection(self.env))
        sheet.write(1, 0, f"{run.display_name} · {states[run.state]}")
        columns = (
            (_("Account"), 16, None, lambda line: line.account_id.number),
            (_("Holder"), 30, None, lambda line: line.partner_id.name),
            (_("From"), 12, "day", lambda line: line.date_from),
            (_("Days"), 8, "francs", lambda line: line.days),
            (_("Average that earned"), 16, "francs", lambda line: line.basis),
            (_("Rate (%)"), 10, "rate", lambda line: line.rate),
            (_("Before rounding"), 16, "exact", lambda line: line.exact),
            (_("Interest"), 12, "total", lambda line: line.interest),
            (_("Tax withheld"), 12, "total", lambda line: line.withholding),
            (_("Overdraft interest owed"), 14, "total", lambda line: line.overdraft_interest),
            (_("Overdraft interest taken"), 14, "total", lambda line: line.overdraft_charged),
            (_("Net"), 12, "total", lambda line: line.net),
        )
        for index, (title, width, _style, _value) in enumerate(columns):
            sheet.set_column(index, index, width)
            sheet.write(3, index, title, formats["head"])
        sheet.freeze_panes(4, 2)
        sheet.repeat_rows(3)
        sums = [0] * len(columns)
        row = 3
        for row, line in enumerate(run.line_ids, 4):
            for index, (_title, _width, style, value) in enumerate(columns):
                shown = value(line)
                if style == "total":
                    sums[index] += shown
                if style == "day":
                    sheet.write_datetime(row, index, shown, formats["day"])
                else:
                    sheet.write(row, index, shown, formats.get("francs" if style == "total" else style))
        sheet.write(row + 1, 0, _("Total"), formats["bold"])
        for index, (_title, _width, style, _value) in enumerate(columns):
            if style == "total":
                sheet.write(row + 1, index, sums[index], formats["total"])
