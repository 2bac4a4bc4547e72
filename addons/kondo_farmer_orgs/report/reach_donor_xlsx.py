from odoo import models

PARTS = ("organisations", "women", "men", "young", "loans", "disbursed", "outstanding")


class ReportDonorXlsx(models.AbstractModel):
    """A donor's report as a spreadsheet: figures, breakdowns, then the list of names. Figures are numbers."""

    _name = "report.kondo_farmer_orgs.report_donor_xlsx"
    _description = "Donor's report (XLSX)"
    _inherit = ["report.report_xlsx.abstract"]

    def generate_xlsx_report(self, workbook, data, objects):
        report = self.env["kondo.donor.report"].browse(objects.ids[:1])
        report._caisses()
        formats = {
            "title": workbook.add_format({"bold": True, "font_size": 13}),
            "head": workbook.add_format({"bold": True, "bg_color": "#E4ECE9", "border": 1, "text_wrap": True}),
            "number": workbook.add_format({"num_format": "#,##0"}),
            "share": workbook.add_format({"num_format": "0.00%"}),
            "day": workbook.add_format({"num_format": "dd/mm/yyyy"}),
        }
        self._write_figures(workbook, formats, report)
        self._write_parts(workbook, formats, report)
        self._write_names(workbook, formats, report)

    def _write_figures(self, workbook, formats, report):
        _, line = self.env._, report.line_id.sudo()
        sheet = workbook.add_worksheet(_("Figures")[:31])
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 2, 20)
        sheet.write_string(0, 0, f"{line.donor_id.name} · {line.name}", formats["title"])
        sheet.write_string(1, 0, line.agreement)
        sheet.write_string(2, 0, report.caisse_id.sudo().name or _("The whole network"))
        sheet.write_string(3, 0, _("Young people: %(band)s", band=report.youth))
        row = 5
        for label, francs in report._standing():
            sheet.write_string(row, 0, label)
            sheet.write_number(row, 1, francs, formats["number"])
            row += 1
        row += 1
        heads = (
            _("Figure"),
            f"{report.date_from:%d/%m/%Y} – {report.date_to:%d/%m/%Y}",
            f"{line.date_from:%d/%m/%Y} – {report.date_to:%d/%m/%Y}",
        )
        for column, head in enumerate(heads):
            sheet.write_string(row, column, head, formats["head"])
        for figure in report.row_ids:
            row += 1
            sheet.write_string(row, 0, figure.label)
            for column, (value, known) in enumerate(
                ((figure.value, figure.known), (figure.whole, figure.whole_known)), 1
            ):
                if not known:
                    continue
                if figure._is_percent():
                    sheet.write_number(row, column, value / 10_000, formats["share"])
                else:
                    sheet.write_number(row, column, value, formats["number"])

    def _write_parts(self, workbook, formats, report):
        _ = self.env._
        spans = (
            (_("Breakdown of the period"), report.part_ids),
            (_("Since the beginning"), report.whole_part_ids),
        )
        labels = report._dimension_labels()
        heads = (
            _("By"), _("Of"), _("Organisations"), _("Women"), _("Men"), _("Young people"), _("Loans"),
            _("Disbursed (F)"), _("Outstanding (F)"),
        )  # fmt: skip
        for title, parts in spans:
            sheet = workbook.add_worksheet(title[:31])
            sheet.set_column(0, 0, 14)
            sheet.set_column(1, 1, 34)
            sheet.set_column(2, 8, 15)
            for column, head in enumerate(heads):
                sheet.write_string(0, column, head, formats["head"])
            sheet.freeze_panes(1, 0)
            for row, part in enumerate(parts, 1):
                sheet.write_string(row, 0, labels[part.dimension])
                sheet.write_string(row, 1, part.label or "")
                for column, name in enumerate(PARTS, 2):
                    sheet.write_number(row, column, part[name], formats["number"])

    def _write_names(self, workbook, formats, report):
        """Everybody behind the people of the report since the beginning of the line, by name."""
        _ = self.env._
        sheet = workbook.add_worksheet(_("Names")[:31])
        heads = (
            _("Name"), _("Sex"), _("Born"), _("Village or quarter"), _("Through"), _("Loan"), _("Amount (F)"),
            _("Disbursed on"), _("Caisse"),
        )  # fmt: skip
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, formats["head"])
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 2, 12)
        sheet.set_column(3, 5, 26)
        sheet.set_column(6, 8, 18)
        ids = report.row_ids.filtered(lambda row: row.name == "people").person_ids_whole or []
        people = self.env["kondo.reach.person"].search([("id", "in", ids)])
        sexes = dict(people._fields["sex"]._description_selection(self.env))
        for row, person in enumerate(people.sudo(), 1):
            texts = (
                (0, person.name), (1, sexes.get(person.sex, "")), (3, person.village_id.name),
                (4, person.organisation_id.name), (5, person.loan_id.name), (8, person.company_id.name),
            )  # fmt: skip
            for column, text in texts:
                sheet.write_string(row, column, text or "")
            if person.birth_date:
                sheet.write_datetime(row, 2, person.birth_date, formats["day"])
            sheet.write_number(row, 6, person.amount, formats["number"])
            sheet.write_datetime(row, 7, person.disbursed_on, formats["day"])
        if people:
            sheet.autofilter(0, 0, len(people), len(heads) - 1)
