from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...ledger.key import LEDGER
from .approval_level import BODIES

KEEPERS = ("group_caisse_manager", "group_network_manager")


class KondoLoanCommittee(models.Model):
    """A sitting of a committee: who is there, which files it saw, what it decided."""

    _name = "kondo.loan.committee"
    _description = "Sitting of a credit committee"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "held_on desc, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset({"name", "state", "closed_by_id", "closed_on"})

    name = fields.Char(string="Number", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", string="Caisse or union", required=True, index=True, default=lambda self: self.env.company
    )
    body = fields.Selection(BODIES, required=True, compute="_compute_body", store=True, readonly=False, precompute=True)
    held_on = fields.Date(
        required=True, default=lambda self: self.env.company.sudo().business_date or fields.Date.context_today(self)
    )
    place = fields.Char()
    state = fields.Selection(
        [("open", "In session"), ("closed", "Minutes signed")],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
    )
    attendance_ids = fields.One2many("kondo.loan.attendance", "committee_id", string="Members of the committee")
    present_count = fields.Integer(string="Members present", compute="_compute_present_count")
    quorum = fields.Integer(compute="_compute_quorum")
    quorum_reached = fields.Boolean(compute="_compute_quorum")
    decision_ids = fields.One2many("kondo.loan.decision", "committee_id", string="Decisions", readonly=True)
    waiting_count = fields.Integer(string="Files waiting", compute="_compute_waiting_count")
    notes = fields.Text(string="Remarks for the minutes")
    closed_by_id = fields.Many2one("res.users", readonly=True)
    closed_on = fields.Datetime(readonly=True)

    # ------------------------------------------------------------------ computes
    @api.depends("company_id")
    def _compute_body(self):
        for committee in self:
            at_caisse = committee.company_id.sudo().kondo_kind == "caisse"
            committee.body = "caisse" if at_caisse else committee.body if committee.body != "caisse" else "union"

    @api.depends("attendance_ids.present")
    def _compute_present_count(self):
        for committee in self:
            committee.present_count = len(committee.attendance_ids.filtered("present"))

    @api.depends("attendance_ids.present", "body", "company_id")
    def _compute_quorum(self):
        levels = self.env["kondo.loan.approval.level"].sudo()
        for committee in self:
            level = levels.search(
                [("company_id", "=", committee.company_id.sudo().root_id.id), ("body", "=", committee.body)], limit=1
            )
            committee.quorum = level.quorum
            committee.quorum_reached = bool(level) and committee.present_count >= level.quorum

    def _compute_waiting_count(self):
        for committee in self:
            committee.waiting_count = len(committee._waiting()) if committee.state == "open" else 0

    # ------------------------------------------------------------------ create, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group(*KEEPERS)
        committees = super().create(vals_list)
        for committee in committees:
            committee.company_id.with_env(self.env)._check_visible()
            committee.with_context(
                kondo_ledger=LEDGER
            ).name = f"CC-{committee.company_id.sudo().kondo_code}-{committee.id:04d}"
            seats = self.env["kondo.committee.seat"].search(
                [("company_id", "=", committee.company_id.id), ("body", "=", committee.body)]
            )
            known = committee.attendance_ids.seat_id
            committee.attendance_ids = [(0, 0, {"seat_id": seat.id}) for seat in seats - known]
        return committees

    def write(self, vals):
        if any(committee.state == "closed" for committee in self) and set(vals) - {"message_ids"}:
            raise UserError(self.env._("The minutes of this sitting are signed."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A sitting is never deleted."))

    # ------------------------------------------------------------------ files
    def _waiting(self):
        """Files that this body decides on and has before it."""
        self.ensure_one()
        loans = self.env["kondo.loan"].search(
            [("company_id", "child_of", self.company_id.id), ("state", "=", "committee")], order="company_id, id"
        )
        return loans.filtered(lambda loan: loan._body_or_none() == self.body)

    def _lock_open(self):
        """Refuse a sitting whose minutes are signed; nobody signs them before this transaction ends."""
        self.ensure_one()
        self.flush_recordset(["state"])
        self.env.cr.execute("SELECT state FROM kondo_loan_committee WHERE id = %s FOR SHARE", [self.id])
        if self.env.cr.fetchone() != ("open",):
            raise UserError(self.env._("The minutes of this sitting are signed."))

    # ------------------------------------------------------------------ actions
    def action_open_files(self):
        """The files one by one, for the projector."""
        self.ensure_one()
        if not self._waiting() and not self.decision_ids:
            raise UserError(self.env._("No file waits for this committee."))
        action = self.env["ir.actions.actions"]._for_xml_id("kondo_microfinance.kondo_committee_projector_action")
        return {**action, "context": {"active_id": self.id}}

    def action_close(self):
        """The minutes are signed: nothing of the sitting changes any more."""
        for committee in self:
            self.env["kondo.four.eyes"]._check_group(*KEEPERS)
            committee.company_id.with_env(self.env)._check_visible()
            if committee.state != "open":
                raise UserError(self.env._("The minutes of this sitting are signed."))
            if committee.decision_ids and not committee.quorum_reached:
                raise UserError(self.env._("The quorum is not reached: tick the members who are there."))
            committee.with_context(kondo_ledger=LEDGER).write(
                {"state": "closed", "closed_by_id": self.env.uid, "closed_on": fields.Datetime.now()}
            )

    def action_print_minutes(self):
        self.ensure_one()
        return self.env.ref("kondo_microfinance.action_report_loan_minutes").report_action(self)
