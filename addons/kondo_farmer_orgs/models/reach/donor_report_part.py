from odoo import fields, models


class KondoDonorReportPart(models.TransientModel):
    """The figures of one crop, purpose, zone or caisse."""

    _name = "kondo.donor.report.part"
    _description = "Part of a donor's report"
    _order = "whole, sequence"

    report_id = fields.Many2one("kondo.donor.report", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer()
    whole = fields.Boolean(string="Since the beginning", readonly=True)
    dimension = fields.Selection(
        [("crop", "Crop"), ("purpose", "Purpose"), ("zone", "Zone"), ("caisse", "Caisse")], string="By", readonly=True
    )
    label = fields.Char(string="Of", readonly=True)
    organisations = fields.Integer(readonly=True)
    women = fields.Integer(readonly=True)
    men = fields.Integer(readonly=True)
    young = fields.Integer(string="Young people", readonly=True)
    loans = fields.Integer(readonly=True)
    disbursed = fields.Integer(string="Disbursed (F)", readonly=True)
    outstanding = fields.Integer(string="Outstanding (F)", readonly=True)
    loan_ids = fields.Json(readonly=True)

    def action_open(self):
        """The loans behind the figures."""
        self.ensure_one()
        self.report_id._caisses()
        return {
            "type": "ir.actions.act_window",
            "name": self.label,
            "res_model": "kondo.loan",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.loan_ids or [])],
            "context": {"create": False},
        }
