from odoo import api, fields, models


class KondoOrgAttendance(models.Model):
    """A person at a general meeting: present, absent, or represented by another who is there."""

    _name = "kondo.org.attendance"
    _description = "Attendance at a general meeting"
    _order = "meeting_id, name, id"
    _check_company_auto = True

    meeting_id = fields.Many2one("kondo.org.meeting", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="meeting_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    person_id = fields.Many2one("kondo.org.person", required=True, ondelete="restrict", index=True, check_company=True)
    name = fields.Char(related="person_id.name", store=True, precompute=True)
    sex = fields.Selection(related="person_id.sex")
    role = fields.Char(compute="_compute_role")
    status = fields.Selection(
        [("present", "Present"), ("absent", "Absent"), ("represented", "Represented")], required=True, default="absent"
    )
    represented_by_id = fields.Many2one(
        "kondo.org.person", string="Represented by", ondelete="restrict", check_company=True
    )

    _once = models.UniqueIndex("(meeting_id, person_id)", "This person is on the list already.")
    _by_somebody = models.Constraint(
        "CHECK ((status = 'represented') = (represented_by_id IS NOT NULL))",
        "Say who represents the person, and only for who is represented.",
    )

    @api.depends("person_id", "meeting_id.held_on", "meeting_id.organisation_id")
    def _compute_role(self):
        for meeting in self.meeting_id:
            roles = {}
            if meeting.held_on:
                for stay in meeting.organisation_id._officers_on(meeting.held_on):
                    roles.setdefault(stay.person_id, stay._role_label())
            for row in self.filtered(lambda row, own=meeting: row.meeting_id == own):
                row.role = roles.get(row.person_id, False)
        for row in self.filtered(lambda row: not row.meeting_id):
            row.role = False

    @api.onchange("status")
    def _onchange_status(self):
        if self.status != "represented":
            self.represented_by_id = False

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.meeting_id._check_draft()
        return rows

    def write(self, vals):
        self.meeting_id._check_draft()
        if vals.get("status") in ("present", "absent"):
            vals = {**vals, "represented_by_id": False}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self.meeting_id._check_draft()
