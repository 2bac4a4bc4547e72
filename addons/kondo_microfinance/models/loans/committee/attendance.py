from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoLoanAttendance(models.Model):
    """A member of the committee at a sitting."""

    _name = "kondo.loan.attendance"
    _description = "Attendance at a sitting"
    _order = "committee_id, id"
    _check_company_auto = True

    committee_id = fields.Many2one("kondo.loan.committee", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="committee_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    seat_id = fields.Many2one("kondo.committee.seat", string="Seat", ondelete="restrict")
    name = fields.Char(required=True, compute="_compute_name", store=True, readonly=False, precompute=True)
    role = fields.Char(string="Office", compute="_compute_name", store=True, readonly=False, precompute=True)
    present = fields.Boolean()

    _once = models.UniqueIndex(
        "(committee_id, seat_id) WHERE seat_id IS NOT NULL", "This member is on the list already."
    )

    @api.depends("seat_id")
    def _compute_name(self):
        for attendance in self:
            attendance.name = attendance.seat_id.name or attendance.name
            attendance.role = attendance.seat_id.role or attendance.role

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        attendances = super().create(vals_list)
        attendances._check_open()
        return attendances

    def write(self, vals):
        self._check_open()
        return super().write(vals)

    def unlink(self):
        self._check_open()
        return super().unlink()

    def _check_open(self):
        if any(attendance.committee_id.state == "closed" for attendance in self):
            raise UserError(self.env._("The minutes of this sitting are signed."))

    def _people(self):
        """res.partner behind a seat: the member, and the user's contact."""
        seats = self.seat_id.sudo()
        return seats.partner_id | seats.user_id.partner_id
