from odoo import fields, models


class ResPartner(models.Model):
    """The general meetings of an organisation."""

    _inherit = "res.partner"

    org_meeting_ids = fields.One2many("kondo.org.meeting", "organisation_id", string="General meetings", readonly=True)
    org_meeting_count = fields.Integer(string="Number of meetings", compute="_compute_org_meeting_count")

    def _compute_org_meeting_count(self):
        counts = dict(
            self.env["kondo.org.meeting"]._read_group(
                [("organisation_id", "in", self.ids)], ["organisation_id"], ["__count"]
            )
        )
        for partner in self:
            partner.org_meeting_count = counts.get(partner._origin, 0)

    def action_open_meetings(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("General meetings of %(name)s", name=self.name),
            "res_model": "kondo.org.meeting",
            "view_mode": "list,form",
            "domain": [("organisation_id", "=", self.id)],
            "context": {"default_organisation_id": self.id},
        }
