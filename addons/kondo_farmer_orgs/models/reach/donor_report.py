from odoo import api, fields, models
from odoo.exceptions import UserError

from .donor_figures import DIMENSIONS, Span

READERS = (
    "group_caisse_manager",
    "group_accountant",
    "group_controller",
    "group_network_manager",
    "group_administrator",
)


class KondoDonorReport(models.TransientModel):
    """What a donor's line did: over a period and since its beginning, in a caisse or the whole network.

    Each figure opens the names or the loans behind it.
    """

    _name = "kondo.donor.report"
    _description = "Donor's report"

    line_id = fields.Many2one("kondo.funding.line", string="Donor's line", required=True, ondelete="cascade")
    caisse_id = fields.Many2one(
        "res.company",
        string="Caisse",
        domain="[('kondo_kind', '=', 'caisse')]",
        help="Empty: every caisse that you see.",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    youth = fields.Char(string="Young people", compute="_compute_youth")
    row_ids = fields.One2many("kondo.donor.report.row", "report_id", string="Figures", readonly=True)
    part_ids = fields.One2many(
        "kondo.donor.report.part", "report_id", string="Breakdown", domain=[("whole", "=", False)], readonly=True
    )
    whole_part_ids = fields.One2many(
        "kondo.donor.report.part",
        "report_id",
        string="Breakdown since the beginning",
        domain=[("whole", "=", True)],
        readonly=True,
    )

    @api.depends("line_id")
    def _compute_youth(self):
        for report in self:
            line = report.line_id.sudo()
            report.youth = self.env._(
                "from %(start)s to %(end)s years on the day of the disbursement",
                start=line.youth_from,
                end=line.youth_to,
            )

    def _compute_display_name(self):
        for report in self:
            report.display_name = f"{report.line_id.sudo().name} · {report.date_to:%d/%m/%Y}"

    # ------------------------------------------------------------------ opening
    @api.model
    @api.private
    def _open(self, line):
        """The window of a line's report, on the current year."""
        today = fields.Date.context_today(self)
        start = max(line.date_from, today.replace(month=1, day=1))
        report = self.create({"line_id": line.id, "date_from": min(start, today), "date_to": today})
        report.action_count()
        return report._window()

    def _window(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Donor's report"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _caisses(self):
        """The caisses whose part of the line this person may read."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*READERS)
        self.line_id.check_access("read")
        if self.caisse_id:
            self.caisse_id._check_visible()
        seen = self.env.user.sudo()._kondo_companies().filtered(lambda one: one.kondo_kind == "caisse")
        return (self.caisse_id.sudo() or seen) & seen

    # ------------------------------------------------------------------ counting
    def action_count(self):
        """Count again, with the dates and the caisse that are chosen."""
        self.ensure_one()
        if self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it begins: check the dates."))
        caisses, line = self._caisses(), self.line_id.sudo()
        spans = Span(self.date_from, self.date_to), Span(line.date_from, self.date_to)
        figures = self.env["kondo.donor.figures"]
        now, whole = (figures._figures(line, caisses, span) for span in spans)
        parts = [figures._parts(line, caisses, span) for span in spans]
        self.row_ids.unlink()
        self.env["kondo.donor.report.part"].search([("report_id", "=", self.id)]).unlink()
        self.env["kondo.donor.report.row"].create(
            [
                {"report_id": self.id, "sequence": rank, "name": name, **self._row_values(now[name], whole[name])}
                for rank, name in enumerate(self._labels())
            ]
        )
        self.env["kondo.donor.report.part"].create(
            [
                {
                    **part,
                    "report_id": self.id,
                    "whole": bool(index),
                    "sequence": 1000 * DIMENSIONS.index(part["dimension"]) + rank,
                }
                for index, rows in enumerate(parts)
                for rank, part in enumerate(rows)
            ]
        )
        return self._window()

    def _row_values(self, now, whole):
        return {
            "value": now[0] or 0,
            "known": now[0] is not None,
            "loan_ids_now": now[1],
            "person_ids_now": now[2],
            "whole": whole[0] or 0,
            "whole_known": whole[0] is not None,
            "loan_ids_whole": whole[1],
            "person_ids_whole": whole[2],
        }

    @api.model
    def _labels(self):
        """{figure: words}, in the order of the report."""
        _ = self.env._
        return {
            "organisations": _("Farmer organisations"),
            "groups": _("Other groups"),
            "legal": _("Other legal persons"),
            "borrowing_women": _("Women who borrow themselves"),
            "borrowing_men": _("Men who borrow themselves"),
            "people": _("People reached, each counted once"),
            "women": _("Women"),
            "men": _("Men"),
            "young": _("Young people"),
            "young_women": _("Young women"),
            "young_men": _("Young men"),
            "loans": _("Loans"),
            "disbursed": _("Disbursed"),
            "average": _("Average loan"),
            "repaid_principal": _("Principal repaid"),
            "written_off": _("Written off"),
            "outstanding": _("Outstanding on the last day"),
            "due": _("Fallen due in the period"),
            "paid": _("Paid of it by the last day"),
            "recovery": _("Recovery rate (paid of what fell due)"),
            "par_30": _("Outstanding late by 30 days and more"),
            "par_30_rate": _("PAR 30"),
            "par_90": _("Outstanding late by 90 days and more"),
            "par_90_rate": _("PAR 90"),
        }

    @api.model
    def _dimension_labels(self):
        _ = self.env._
        return {"crop": _("Crop"), "purpose": _("Purpose"), "zone": _("Zone"), "caisse": _("Caisse")}

    # ------------------------------------------------------------------ paper
    def action_print(self):
        self._caisses()
        return self.env.ref("kondo_farmer_orgs.action_report_donor").report_action(self)

    def action_xlsx(self):
        self._caisses()
        return self.env.ref("kondo_farmer_orgs.action_report_donor_xlsx").report_action(self)

    @api.private
    def _standing(self):
        """[(label, francs)]: where the line stands now; they prove each other."""
        line, _ = self.line_id.sudo(), self.env._
        return [
            (_("Amount agreed"), line.amount),
            (_("Received from the donor"), line.received),
            (_("Given back to the donor"), line.returned),
            (_("Outstanding with borrowers"), line.outstanding),
            (_("Written off"), line.written_off),
            (_("Available"), line.available),
        ]
