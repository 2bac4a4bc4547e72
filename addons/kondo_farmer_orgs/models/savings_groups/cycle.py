from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key
from odoo.addons.kondo_microfinance.models.loans.product_settings import exact_rate

from ...engine.avec import Book, Standing, Terms

PERIODS = {"meeting": 0, "four_weeks": 28, "month": 30}
SETTINGS = frozenset(
    {
        "organisation_id", "share_value", "shares_min", "shares_max", "loan_rate", "rate_unit", "loan_multiple",
        "opening_box", "opening_social", "date_from",
    }
)  # fmt: skip


class KondoAvecCycle(models.Model):
    """A cycle of a savings group, from the first meeting to the share-out: its own rules, and its own book.

    Nothing of it is in the books of the caisse, which knows one account of the group.
    """

    _name = "kondo.avec.cycle"
    _description = "Cycle of a savings group"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {"company_id", "state", "box", "social", "rest", "shared_on", "ended_by_id", "share_ids"}
    )

    name = fields.Char(required=True, default=lambda self: self.env._("Cycle 1"), tracking=True)
    organisation_id = fields.Many2one(
        "res.partner",
        string="Savings group",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('org_form', '=', 'avec')]",
    )
    company_id = fields.Many2one(
        related="organisation_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    state = fields.Selection(
        [("running", "Running"), ("sharing", "Share-out counted"), ("ended", "Shared out")],
        required=True,
        readonly=True,
        default="running",
        tracking=True,
    )
    date_from = fields.Date(string="Begins on", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Ends on", help="Planned: a cycle lasts 8 to 12 months.")

    # The group's own rules
    share_value = Francs(string="Value of a share (F)", default=500)
    shares_min = fields.Integer(string="Shares at least", required=True, default=1, help="Of who is there.")
    shares_max = fields.Integer(string="Shares at most", required=True, default=5, help="Per person and meeting.")
    social_contribution = Francs(string="Into the social fund (F)", default=100, help="Per person and meeting.")
    loan_rate = fields.Float(string="Rate of loans (%)", digits=(16, 6), default=10)
    rate_unit = fields.Selection(
        [("meeting", "A meeting"), ("four_weeks", "Four weeks"), ("month", "A month (30 days)")],
        string="Rate for",
        required=True,
        default="four_weeks",
        help="Four weeks and months are counted by days since the last meeting.",
    )
    loan_multiple = fields.Integer(
        string="Loan at most", required=True, default=3, help="So many times one's own shares; 0: no limit."
    )
    members_min = fields.Integer(string="Members at least", required=True, default=15)
    members_max = fields.Integer(string="Members at most", required=True, default=30)
    fine_ids = fields.One2many("kondo.avec.fine", "cycle_id", string="Fines")
    opening_box = Francs(string="Box at the start (F)", help="Carried over from the cycle before.")
    opening_social = Francs(string="Social fund at the start (F)", help="Carried over from the cycle before.")

    # The share-out
    pay_unit = fields.Selection(
        [("1", "1 F"), ("5", "5 F"), ("25", "25 F"), ("50", "50 F"), ("100", "100 F")],
        string="Paid out in",
        required=True,
        default="1",
        help="Cash is handed out in multiples of it. What is left over is the rest.",
    )
    rest_to = fields.Selection(
        [("cycle", "The box of the next cycle"), ("social", "The social fund")],
        string="The rest goes to",
        required=True,
        default="cycle",
    )
    share_ids = fields.One2many("kondo.avec.share", "cycle_id", string="Share-out", readonly=True)
    rest = Francs(string="Rest (F)", readonly=True, copy=False)
    shared_on = fields.Date(string="Shared out on", readonly=True, copy=False)
    ended_by_id = fields.Many2one("res.users", string="Ended by", readonly=True, copy=False)

    # Where it stands: after the last meeting that was closed
    meeting_ids = fields.One2many("kondo.avec.meeting", "cycle_id", string="Meetings")
    meeting_count = fields.Integer(string="Meetings held", compute="_compute_meeting_count")
    box = Francs(string="Box (F)", readonly=True, copy=False, help="Cash of the loan fund, the social fund apart.")
    social = Francs(string="Social fund (F)", readonly=True, copy=False)
    shares_total = fields.Integer(string="Shares", compute="_compute_standing")
    loans_total = fields.Integer(string="Loans outstanding (F)", compute="_compute_standing")
    fund = fields.Integer(string="Fund (F)", compute="_compute_standing", help="Box and loans with their interest.")
    at_caisse = fields.Integer(
        string="At the caisse (F)",
        compute="_compute_standing",
        help="Carried to the caisse and not brought back, by the operations that meetings name.",
    )

    _sane = models.Constraint(
        "CHECK (share_value > 0 AND shares_min >= 0 AND shares_max >= shares_min AND shares_max > 0"
        " AND COALESCE(loan_rate, 0) >= 0 AND loan_multiple >= 0 AND social_contribution >= 0"
        " AND members_min > 0 AND members_max >= members_min AND opening_box >= 0 AND opening_social >= 0)",
        "A share has a value, and nothing of a group's rules is below zero.",
    )
    _dates = models.Constraint("CHECK (date_to IS NULL OR date_to > date_from)", "A cycle ends after it begins.")
    _one_running = models.UniqueIndex(
        "(organisation_id) WHERE state <> 'ended'", "This group has a cycle that is not shared out yet."
    )
    _name_unique = models.UniqueIndex("(organisation_id, name)", "Another cycle of this group has this name.")

    # ------------------------------------------------------------------ computes
    @api.depends("name", "organisation_id")
    def _compute_display_name(self):
        for cycle in self:
            cycle.display_name = " · ".join(filter(None, [cycle.organisation_id.name, cycle.name]))

    @api.depends("meeting_ids.state")
    def _compute_meeting_count(self):
        for cycle in self:
            cycle.meeting_count = len(cycle.meeting_ids.filtered(lambda meeting: meeting.state == "closed"))

    @api.depends("box", "meeting_ids.state")
    def _compute_standing(self):
        for cycle in self:
            people = cycle._people().values()
            cycle.shares_total = sum(standing.shares for standing in people)
            cycle.loans_total = sum(standing.loan for standing in people)
            cycle.fund = cycle.box + sum(standing.loan + standing.interest for standing in people)
            cycle.at_caisse = -sum(meeting.from_caisse for meeting in cycle._held())

    @api.onchange("organisation_id")
    def _onchange_organisation_id(self):
        """The rules, the fines and what was carried over, as the group left them at its last share-out."""
        before = self._before(self.organisation_id._origin) if self.organisation_id else self.browse()
        if before:
            self.update(before._carried())

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        if not has_ledger_key(self.env):
            for vals in vals_list:
                self._refuse_guarded(name for name in vals if vals[name])
        cycles = super(KondoAvecCycle, self.with_context(kondo_ledger=LEDGER)).create(vals_list)
        for cycle in cycles:
            cycle.company_id.with_env(self.env)._check_visible()
            if cycle.organisation_id.org_form != "avec":
                raise ValidationError(
                    self.env._("%(name)s is not a savings group (AVEC).", name=cycle.organisation_id.name)
                )
            cycle.write({"box": cycle.opening_box, "social": cycle.opening_social})
        return cycles.with_context(kondo_ledger=None)

    def write(self, vals):
        if not has_ledger_key(self.env):
            if SETTINGS.intersection(vals) and any(cycle._held() for cycle in self):
                raise UserError(self.env._("The group has met: value of the share and rules stay for the whole cycle."))
            if any(cycle.state == "ended" for cycle in self) and set(vals) - {"message_follower_ids"}:
                raise UserError(self.env._("This cycle has been shared out: it no longer changes."))
            if {"pay_unit", "rest_to"}.intersection(vals) and any(cycle.state == "sharing" for cycle in self):
                raise UserError(self.env._("The share-out is counted: go back to the running cycle first."))
        result = super().write(vals)
        if {"opening_box", "opening_social"}.intersection(vals) and not has_ledger_key(self.env):
            for cycle in self.with_context(kondo_ledger=LEDGER):
                cycle.write({"box": cycle.opening_box, "social": cycle.opening_social})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never_met(self):
        if any(cycle._held() for cycle in self):
            raise UserError(self.env._("The group has met: its book is kept."))

    # ------------------------------------------------------------------ the book, as the engine reads it
    def _held(self):
        """Meetings that were closed, in their order."""
        return self.meeting_ids.filtered(lambda meeting: meeting.state == "closed").sorted("number")

    def _terms(self):
        return Terms(
            share_value=self.share_value,
            shares_min=self.shares_min,
            shares_max=self.shares_max,
            rate=exact_rate(self.loan_rate) / 100,
            period_days=PERIODS[self.rate_unit],
            loan_multiple=self.loan_multiple,
        )

    def _people(self):
        """{person id: Standing} after the last closed meeting: one query, whatever the number of meetings."""
        self.ensure_one()
        if not self._origin.id:
            return {}
        rows = self.env["kondo.avec.line"]._read_group(
            [("cycle_id", "=", self._origin.id), ("meeting_id.state", "=", "closed")],
            ["person_id"],
            ["shares:sum", "taken:sum", "principal:sum", "charged:sum", "interest:sum"],
        )
        rows.sort(key=lambda row: (row[0].name or "", row[0].id))
        people = {}
        for person, *sums in rows:  # PostgreSQL adds 8-byte integers up as numbers, not as integers
            shares, taken, principal, charged, interest = (int(total or 0) for total in sums)
            people[person.id] = Standing(shares, taken - principal, charged - interest)
        return people

    def _book(self):
        return Book(self.box, self.social, self._people())

    @api.model
    def _before(self, organisation):
        """The last cycle of a group that was shared out."""
        return self.search([("organisation_id", "=", organisation.id), ("state", "=", "ended")], limit=1)

    def _carried(self):
        """Values of the cycle that follows this one."""
        names = (
            "share_value", "shares_min", "shares_max", "social_contribution", "loan_rate", "rate_unit", "loan_multiple",
            "members_min", "members_max", "pay_unit", "rest_to",
        )  # fmt: skip
        return {
            **{name: self[name] for name in names},
            "name": self.env._(
                "Cycle %(rank)s", rank=1 + self.search_count([("organisation_id", "=", self.organisation_id.id)])
            ),
            "opening_box": self.box,
            "opening_social": self.social,
            "fine_ids": [(0, 0, {"name": fine.name, "amount": fine.amount}) for fine in self.fine_ids],
        }
