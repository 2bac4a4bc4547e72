from odoo import api, fields, models

from odoo.addons.kondo_microfinance.engine.words import spaced

PERCENTS = ("recovery", "par_30_rate", "par_90_rate")
FRANCS = ("disbursed", "average", "repaid_principal", "written_off", "outstanding", "due", "paid", "par_30", "par_90")


class KondoDonorReportRow(models.TransientModel):
    """One figure of a donor's report."""

    _name = "kondo.donor.report.row"
    _description = "Figure of a donor's report"
    _order = "sequence"

    report_id = fields.Many2one("kondo.donor.report", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer()
    name = fields.Char(required=True)
    label = fields.Char(string="Figure", compute="_compute_label")
    value = fields.Integer(readonly=True)
    known = fields.Boolean(readonly=True)
    whole = fields.Integer(readonly=True)
    whole_known = fields.Boolean(readonly=True)
    text = fields.Char(string="Period", compute="_compute_label")
    whole_text = fields.Char(string="Since the beginning", compute="_compute_label")
    loan_ids_now = fields.Json(readonly=True)
    person_ids_now = fields.Json(readonly=True)
    loan_ids_whole = fields.Json(readonly=True)
    person_ids_whole = fields.Json(readonly=True)
    opens = fields.Boolean(compute="_compute_opens")
    opens_whole = fields.Boolean(compute="_compute_opens")

    def _compute_label(self):
        labels = self.env["kondo.donor.report"]._labels()
        for row in self:
            row.label = labels.get(row.name, row.name)
            row.text = row._said(row.value, row.known)
            row.whole_text = row._said(row.whole, row.whole_known)

    def _said(self, value, known):
        if not known:
            return "–"
        if self._is_percent():
            return f"{value / 100:.2f}".replace(".", ",") + " %"
        return f"{spaced(value)} F" if self.name in FRANCS else spaced(value)

    @api.private
    def _is_percent(self):
        """Whether the figure is in hundredths of a percent."""
        return self.name in PERCENTS

    @api.depends("loan_ids_now", "person_ids_now", "loan_ids_whole", "person_ids_whole")
    def _compute_opens(self):
        for row in self:
            row.opens = bool(row.loan_ids_now or row.person_ids_now)
            row.opens_whole = bool(row.loan_ids_whole or row.person_ids_whole)

    def action_open(self):
        """The names or the loans behind the figure of the period."""
        self.ensure_one()
        return self._list(self.loan_ids_now, self.person_ids_now)

    def action_open_whole(self):
        """The names or the loans behind the figure since the beginning."""
        self.ensure_one()
        return self._list(self.loan_ids_whole, self.person_ids_whole)

    def _list(self, loan_ids, person_ids):
        self.report_id._caisses()
        model, ids = ("kondo.reach.person", person_ids) if person_ids else ("kondo.loan", loan_ids or [])
        return {
            "type": "ir.actions.act_window",
            "name": self.label,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", ids)],
            "context": {"create": False},
        }
