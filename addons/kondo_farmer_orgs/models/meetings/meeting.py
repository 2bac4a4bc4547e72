from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key
from odoo.addons.kondo_microfinance.models.loans.product_settings import exact_rate

from ...engine.quorum import quorum_of

KEEPERS = ("group_loan_officer", "group_caisse_manager")
# What may be added once the minutes are signed: the paper itself, and the conversation around it.
LOOSE = frozenset(
    {"signed_paper", "signed_paper_name", "message_ids", "message_follower_ids", "message_main_attachment_id"}
)


class KondoOrgMeeting(models.Model):
    """A general meeting of an organisation: who was there, what was decided. Signed, nothing of it changes."""

    _name = "kondo.org.meeting"
    _description = "General meeting"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "held_on desc, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset({"state", "closed_by_id", "closed_on"})

    organisation_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_organisation', '=', True)]",
    )
    company_id = fields.Many2one(
        related="organisation_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    held_on = fields.Date(string="Held on", required=True, default=lambda self: self._today(), tracking=True)
    kind = fields.Selection(
        [("ordinary", "Ordinary"), ("extraordinary", "Extraordinary"), ("loan", "Loan request")],
        required=True,
        default="ordinary",
        tracking=True,
    )
    place = fields.Char()
    agenda = fields.Text(required=True, help="One point a line.")
    notes = fields.Text(string="Course of the meeting", help="Printed in the minutes.")
    attendance_ids = fields.One2many("kondo.org.attendance", "meeting_id", string="Attendance")
    decision_ids = fields.One2many("kondo.org.decision", "meeting_id", string="Decisions")
    people_count = fields.Integer(string="People called", compute="_compute_presence")
    present_count = fields.Integer(string="Present", compute="_compute_presence")
    represented_count = fields.Integer(string="Represented", compute="_compute_presence")
    quorum_percent = fields.Float(
        string="Quorum (%)", digits=(16, 2), required=True, default=lambda self: self._default_quorum(),
        help="Of the people of the organisation; present and represented count. By the organisation's statutes.",
    )  # fmt: skip
    quorum = fields.Integer(string="People needed", compute="_compute_presence")
    quorum_reached = fields.Boolean(compute="_compute_presence")
    attendance_text = fields.Char(string="Attendance so far", compute="_compute_presence")
    signer_ids = fields.Many2many(
        "kondo.org.person", "kondo_org_meeting_signer_rel", "meeting_id", "person_id", string="Signed by",
        check_company=True, help="Officers who were there and sign the minutes.",
    )  # fmt: skip
    state = fields.Selection(
        [("draft", "Draft"), ("held", "Minutes signed")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        copy=False,
        index=True,
    )
    signed_paper = fields.Binary(string="Signed minutes (photo or scan)", attachment=True, copy=False)
    signed_paper_name = fields.Char(copy=False)
    closed_by_id = fields.Many2one("res.users", string="Recorded by", readonly=True, copy=False)
    closed_on = fields.Datetime(readonly=True, copy=False)

    _quorum_sane = models.Constraint(
        "CHECK (quorum_percent BETWEEN 0 AND 100)", "A quorum is 0 to 100 % of the people."
    )

    # ------------------------------------------------------------------ defaults, computes
    def _today(self):
        return self.env.company.sudo().business_date or fields.Date.context_today(self)

    def _default_quorum(self):
        return float(self.env["kondo.parameter"]._get("org_meeting_quorum", self._today()))

    @api.depends("attendance_ids.status", "quorum_percent")
    @api.depends_context("lang")
    def _compute_presence(self):
        for meeting in self:
            statuses = meeting.attendance_ids.mapped("status")
            meeting.people_count = len(statuses)
            meeting.present_count = statuses.count("present")
            meeting.represented_count = statuses.count("represented")
            percent = min(100, max(0, exact_rate(meeting.quorum_percent)))
            meeting.quorum = quorum_of(len(statuses), percent) if statuses else 0
            there = meeting.present_count + meeting.represented_count
            meeting.quorum_reached = bool(statuses) and there >= meeting.quorum
            meeting.attendance_text = self.env._(
                "%(present)s present, %(represented)s represented, of %(called)s people; %(needed)s needed",
                present=meeting.present_count,
                represented=meeting.represented_count,
                called=len(statuses),
                needed=meeting.quorum,
            )

    @api.depends("organisation_id.name", "held_on")
    def _compute_display_name(self):
        for meeting in self:
            day = f"{meeting.held_on:%d/%m/%Y}" if meeting.held_on else ""
            meeting.display_name = " · ".join(filter(None, [meeting.organisation_id.name, day]))

    # ------------------------------------------------------------------ constrains
    @api.constrains("organisation_id", "held_on")
    def _check_meeting(self):
        for meeting in self:
            if not meeting.organisation_id.is_organisation:
                raise ValidationError(self.env._("%(name)s is not an organisation.", name=meeting.organisation_id.name))
            if meeting.held_on > (meeting.company_id.sudo().business_date or fields.Date.context_today(self)):
                raise ValidationError(
                    self.env._("A meeting is recorded once it was held: its day is not in the future.")
                )

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group(*KEEPERS)
        meetings = super().create(vals_list)
        for meeting in meetings:
            meeting.company_id.with_env(self.env)._check_visible()
        meetings.filtered(lambda meeting: not meeting.attendance_ids)._call_people()
        return meetings

    def write(self, vals):
        if not has_ledger_key(self.env) and set(vals) - LOOSE:
            self._check_draft()
        if "organisation_id" in vals and any(
            meeting.attendance_ids and meeting.organisation_id.id != vals["organisation_id"] for meeting in self
        ):
            raise UserError(self.env._("The meeting stays with its organisation: begin another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self._check_draft()

    def _check_draft(self):
        if any(meeting.state == "held" for meeting in self):
            raise UserError(self.env._("The minutes of this meeting are signed: nothing of it changes any more."))

    # ------------------------------------------------------------------ actions
    def action_call_people(self):
        """The list follows the people of the organisation on that day; what was ticked stays."""
        self._check_keeper()
        self._call_people()

    def action_all_present(self):
        """Tick everybody, then untick who is missing."""
        self._check_keeper()
        self.attendance_ids.write({"status": "present", "represented_by_id": False})

    def action_hold(self):
        """The minutes are signed by the officers: nothing of the meeting changes any more."""
        for meeting in self:
            meeting._check_keeper()
            meeting.sudo().lock_for_update()
            meeting._check_draft()
            fault = meeting._missing_for_minutes()
            if fault:
                raise UserError(fault)
            meeting.sudo().with_context(kondo_ledger=LEDGER).write(
                {"state": "held", "closed_by_id": self.env.uid, "closed_on": fields.Datetime.now()}
            )

    def action_print_minutes(self):
        self.ensure_one()
        return self.env.ref("kondo_farmer_orgs.action_report_org_minutes").report_action(self)

    # ------------------------------------------------------------------ helpers
    def _check_keeper(self):
        self.env["kondo.four.eyes"]._check_group(*KEEPERS)
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("write")

    def _call_people(self):
        """One row of attendance for each person of the organisation on the day of the meeting."""
        rows = []
        for meeting in self:
            meeting._check_draft()
            people = meeting.organisation_id._people_on(meeting.held_on)
            gone = meeting.attendance_ids.filtered(
                lambda row, known=people: row.person_id not in known and row.status == "absent"
            )
            gone.unlink()
            rows += [
                {"meeting_id": meeting.id, "person_id": person.id}
                for person in people - meeting.attendance_ids.person_id
            ]
        self.env["kondo.org.attendance"].create(rows)
        for meeting in self.filtered(lambda meeting: not meeting.signer_ids):
            meeting.signer_ids = meeting.organisation_id._officers_on(meeting.held_on).person_id

    def _missing_for_minutes(self):
        """What keeps the minutes from being signed, in a sentence; empty when nothing does."""
        _ = self.env._
        self.ensure_one()
        if not self.attendance_ids:
            return _("Nobody is on the list: enter the people of the organisation first.")
        if not self.quorum_reached:
            return _(
                "The quorum is not reached: %(there)s present or represented, %(needed)s needed.",
                there=self.present_count + self.represented_count,
                needed=self.quorum,
            )
        if not self.decision_ids:
            return _("Enter the decisions and their votes first.")
        there = self.present_count + self.represented_count
        for decision in self.decision_ids:
            votes = decision.votes_for + decision.votes_against + decision.votes_blank
            if not 0 < votes <= there:
                return _(
                    "“%(decision)s”: %(votes)s votes, and %(there)s people present or represented.",
                    decision=decision.name,
                    votes=votes,
                    there=there,
                )
        present = self.attendance_ids.filtered(lambda row: row.status == "present").person_id
        for row in self.attendance_ids.filtered("represented_by_id"):
            if row.represented_by_id not in present:
                return _(
                    "%(name)s is represented by %(other)s, who is not present.",
                    name=row.person_id.name,
                    other=row.represented_by_id.name,
                )
        officers = self.organisation_id._officers_on(self.held_on).person_id
        if not self.signer_ids:
            return _("Say which officers sign the minutes.")
        for person in self.signer_ids:
            if person not in officers:
                return _("%(name)s was no officer on that day: he does not sign the minutes.", name=person.name)
            if person not in present:
                return _("%(name)s was not there: he does not sign the minutes.", name=person.name)
        return ""

    def _borrowing_decided(self):
        """Francs that this meeting decided to borrow; 0 while its minutes are not signed."""
        self.ensure_one()
        if self.state != "held":
            return 0
        return sum(self.decision_ids.filtered(lambda row: row.kind == "borrow" and row.adopted).mapped("amount"))
