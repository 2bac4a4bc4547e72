from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key

from ...engine.avec import interest_of


class KondoAvecMeeting(models.Model):
    """A meeting of a savings group: a row for each person, and the cash counted before everybody's eyes."""

    _name = "kondo.avec.meeting"
    _description = "Meeting of a savings group"
    _inherit = ["kondo.guarded"]
    _order = "cycle_id desc, number desc"
    _check_company_auto = True

    _guarded_fields = frozenset({"number", "state", "closed_by_id", "closed_on", "box_before", "social_before"})

    cycle_id = fields.Many2one(
        "kondo.avec.cycle",
        string="Cycle",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('state', '=', 'running')]",
    )
    company_id = fields.Many2one(
        related="cycle_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    organisation_id = fields.Many2one(related="cycle_id.organisation_id", string="Savings group", store=True)
    number = fields.Integer(string="Meeting no.", readonly=True, aggregator=None)
    date = fields.Date(string="Day", required=True, default=fields.Date.context_today)
    state = fields.Selection(
        [("open", "Being written"), ("closed", "Closed")], required=True, readonly=True, default="open"
    )
    line_ids = fields.One2many("kondo.avec.line", "meeting_id", string="People", domain=[("correction", "=", False)])
    correction_ids = fields.One2many(
        "kondo.avec.line",
        "meeting_id",
        string="Corrections of earlier meetings",
        domain=[("correction", "=", True)],
        context={"default_correction": True},
    )
    note = fields.Text(string="Decisions", help="What the group decided.")
    expense = Francs(string="Expenses from the box (F)", help="Passbooks, padlocks, transport to the caisse…")
    expense_note = fields.Char(string="For what")
    operation_ids = fields.Many2many(
        "kondo.operation",
        "kondo_avec_meeting_operation_rel",
        string="At the caisse since the last meeting",
        help="Deposits and withdrawals of the box on the group's account.",
    )
    from_caisse = fields.Integer(
        string="From the caisse (F)", compute="_compute_from_caisse", help="Below zero: carried to the caisse."
    )

    # The box
    box_before = Francs(string="Box before (F)", readonly=True)
    social_before = Francs(string="Social fund before (F)", readonly=True)
    present_count = fields.Integer(string="Present", compute="_compute_totals")
    box_in = fields.Integer(string="Into the box (F)", compute="_compute_totals")
    social_in = fields.Integer(string="Into the social fund (F)", compute="_compute_totals")
    box_after = fields.Integer(string="Box by the book (F)", compute="_compute_totals")
    social_after = fields.Integer(string="Social fund by the book (F)", compute="_compute_totals")
    counts = fields.Json(string="Notes and coins of the box", default=dict)
    counted = fields.Integer(string="Box counted (F)", compute="_compute_counted")
    social_counted = Francs(string="Social fund counted (F)")
    difference = fields.Integer(string="Difference of the box (F)", compute="_compute_counted")
    social_difference = fields.Integer(string="Difference of the social fund (F)", compute="_compute_counted")
    closed_by_id = fields.Many2one("res.users", string="Closed by", readonly=True)
    closed_on = fields.Datetime(string="Closed on", readonly=True)

    _number_unique = models.UniqueIndex("(cycle_id, number)")
    _one_open = models.UniqueIndex("(cycle_id) WHERE state = 'open'", "A meeting of this group is being written.")
    _sane = models.Constraint("CHECK (expense >= 0 AND social_counted >= 0)", "Expenses and counts are not below zero.")

    # ------------------------------------------------------------------ computes
    @api.depends("cycle_id", "number")
    def _compute_display_name(self):
        for meeting in self:
            meeting.display_name = self.env._(
                "%(group)s · meeting %(number)s", group=meeting.organisation_id.name or "", number=meeting.number
            )

    @api.depends("operation_ids")
    def _compute_from_caisse(self):
        for meeting in self:
            signs = {"withdrawal": 1, "deposit": -1}
            operations = meeting.operation_ids.sudo()
            meeting.from_caisse = sum(signs.get(one.kind, 0) * one.amount for one in operations)

    @api.depends(
        "line_ids.present", "line_ids.into_box", "line_ids.into_social", "correction_ids.into_box",
        "correction_ids.into_social", "expense", "from_caisse", "box_before", "social_before",
    )  # fmt: skip
    def _compute_totals(self):
        for meeting in self:
            rows = [*meeting.line_ids, *meeting.correction_ids]
            meeting.present_count = sum(1 for line in meeting.line_ids if line.present)
            meeting.box_in = sum(line.into_box for line in rows)
            meeting.social_in = sum(line.into_social for line in rows)
            meeting.box_after = meeting.box_before + meeting.box_in + meeting.from_caisse - meeting.expense
            meeting.social_after = meeting.social_before + meeting.social_in

    @api.depends("counts", "social_counted", "box_after", "social_after")
    def _compute_counted(self):
        sessions = self.env["kondo.till.session"]
        for meeting in self:
            meeting.counted = sessions._count_total(meeting.counts or {})
            meeting.difference = meeting.counted - meeting.box_after
            meeting.social_difference = meeting.social_counted - meeting.social_after

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        """A meeting comes with a row for each person of the group, and what each one owes on that day."""
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        prepared = []
        for vals in vals_list:
            if not has_ledger_key(self.env):
                self._refuse_guarded(name for name in vals if vals[name])
            cycle = self.env["kondo.avec.cycle"].browse(vals.get("cycle_id")).exists()
            cycle.check_access("read")
            cycle.company_id.with_env(self.env)._check_visible()
            if cycle.state != "running":
                raise UserError(self.env._("Choose a running cycle of a savings group."))
            last = max(cycle.meeting_ids.mapped("number"), default=0)
            prepared.append(
                {
                    **vals,
                    "counts": vals.get("counts") or {},
                    "number": last + 1,
                    "box_before": cycle.box,
                    "social_before": cycle.social,
                }
            )
        meetings = super(KondoAvecMeeting, self.with_context(kondo_ledger=LEDGER)).create(prepared)
        meetings = meetings.with_context(kondo_ledger=None)
        for meeting in meetings:
            meeting._prepare_lines()
        return meetings

    def write(self, vals):
        if not has_ledger_key(self.env) and any(meeting.state == "closed" for meeting in self):
            raise UserError(
                self.env._("This meeting is closed. A mistake is put right by a correction in the next meeting.")
            )
        if "cycle_id" in vals:
            raise UserError(self.env._("A meeting stays in its cycle."))
        result = super().write(vals)
        if "date" in vals:
            self._charge_interest()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        if any(meeting.state == "closed" for meeting in self):
            raise UserError(
                self.env._("This meeting is closed. A mistake is put right by a correction in the next meeting.")
            )

    def unlink(self):
        """A sheet that was never closed goes with its rows."""
        (self.line_ids | self.correction_ids).with_context(kondo_whole_sheet=True).unlink()
        return super().unlink()

    @api.constrains("date", "cycle_id")
    def _check_date(self):
        for meeting in self:
            last = meeting.cycle_id._held()[-1:]
            if meeting.state == "open" and meeting.date < (last.date or meeting.cycle_id.date_from):
                raise ValidationError(
                    self.env._(
                        "The last meeting was on %(day)s: this one is not before it.",
                        day=format_date(self.env, last.date or meeting.cycle_id.date_from),
                    )
                )
            if meeting.date > fields.Date.context_today(meeting):
                raise ValidationError(self.env._("A meeting is written on its day or after."))

    @api.constrains("operation_ids")
    def _check_operations(self):
        for meeting in self:
            for operation in meeting.operation_ids.sudo():
                if operation.partner_id != meeting.organisation_id or operation.kind not in ("deposit", "withdrawal"):
                    raise ValidationError(self.env._("Choose deposits and withdrawals of this group's own account."))
                if operation.reversed_by_id:
                    raise ValidationError(
                        self.env._("The operation %(number)s was reversed.", number=operation.receipt_number)
                    )
                twice = self.sudo().search([("operation_ids", "in", operation.ids), ("id", "!=", meeting.id)], limit=1)
                if twice:
                    raise ValidationError(
                        self.env._(
                            "The operation %(number)s stands in meeting %(meeting)s already.",
                            number=operation.receipt_number,
                            meeting=twice.number,
                        )
                    )

    # ------------------------------------------------------------------ the rows of the people
    def _days(self):
        """Days since the last meeting, over which interest runs."""
        last = self.cycle_id._held().filtered(lambda one: one.number < self.number)[-1:]
        return (self.date - last.date).days if last else 0

    def _prepare_lines(self):
        """A row for each person of the group on that day, and for those who have left and still owe."""
        cycle, terms, days = self.cycle_id, self.cycle_id._terms(), self._days()
        standing = cycle._people()
        members = cycle.organisation_id.org_membership_ids.filtered(
            lambda one: one.date_from <= self.date and (not one.date_to or one.date_to >= self.date)
        ).person_id
        owing = members.browse(person for person, one in standing.items() if one.loan or one.interest)
        people = (members | owing).sorted(lambda one: (one.name or "", one.id))
        self.env["kondo.avec.line"].with_context(kondo_ledger=LEDGER).create(
            [
                {
                    "meeting_id": self.id,
                    "person_id": person.id,
                    "present": person in members,
                    "social": cycle.social_contribution if person in members else 0,
                    **self._standing_of(standing.get(person.id), terms, days),
                }
                for person in people
            ]
        )

    def _standing_of(self, standing, terms, days):
        """What a row shows of the time before the meeting, with the interest that runs until it."""
        if not standing:
            return {"shares_before": 0, "loan_before": 0, "interest_before": 0, "charged": 0}
        return {
            "shares_before": standing.shares,
            "loan_before": standing.loan,
            "interest_before": standing.interest,
            "charged": interest_of(terms, standing.loan, days),
        }

    def _charge_interest(self):
        """The day has been corrected: interest runs to the new one."""
        for meeting in self.filtered(lambda one: one.state == "open"):
            terms, days = meeting.cycle_id._terms(), meeting._days()
            for line in meeting.line_ids.with_context(kondo_ledger=LEDGER):
                line.charged = interest_of(terms, line.loan_before, days)

    def _rows(self):
        """The rows of the meeting, corrections last, as the engine reads them."""
        return [line._row() for line in [*self.line_ids, *self.correction_ids]]

    def _other(self):
        """Francs into the box that no person brought."""
        return self.from_caisse - self.expense
