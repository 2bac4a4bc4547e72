from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.words import spaced


class ReportDonor(models.AbstractModel):
    """A donor's report on paper: where the line stands, whom it reached, what is repaid, by crop, purpose, zone, caisse."""

    _name = "report.kondo_farmer_orgs.report_donor"
    _description = "Donor's report"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        reports = self.env["kondo.donor.report"].browse(docids).exists()
        if not reports:
            raise UserError(self.env._("Print from the donor's report on the screen."))
        return {
            "doc_ids": docids,
            "doc_model": reports._name,
            "docs": reports,
            "title": self.env._("Donor's report"),
            "papers": [self._paper(report) for report in reports],
        }

    def _paper(self, report):
        report._caisses()
        line = report.line_id.sudo()
        return {
            **self._letterhead(report.caisse_id or line.company_id),
            "line": line.name,
            "donor": line.donor_id.name,
            "contract": line.agreement,
            "scope": report.caisse_id.sudo().name or self.env._("The whole network"),
            "from": self._date(report.date_from),
            "to": self._date(report.date_to),
            "since": self._date(line.date_from),
            "youth": report.youth,
            "standing": [(label, spaced(francs)) for label, francs in report._standing()],
            "rows": [(row.label, row.text, row.whole_text) for row in report.row_ids],
            "parts": [
                self._part_table(report, dimension, label) for dimension, label in report._dimension_labels().items()
            ],
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _part_table(self, report, dimension, label):
        """The breakdown by a dimension since the beginning of the line."""
        names = ("organisations", "women", "men", "young", "loans", "disbursed", "outstanding")
        parts = report.whole_part_ids.filtered(lambda part: part.dimension == dimension)
        return {
            "label": label,
            "rows": [(part.label or "", [spaced(part[name]) for name in names]) for part in parts],
        }
