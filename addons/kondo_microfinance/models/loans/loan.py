from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..fields import Francs
from ..ledger.key import LEDGER, has_ledger_key
from .product_settings import UNITS

STATES = [
    ("draft", "Request"),
    ("review", "Under review"),
    ("committee", "Before the committee"),
    ("approved", "Granted"),
    ("active", "Disbursed"),
    ("closed", "Repaid"),
    ("refused", "Refused"),
    ("cancelled", "Given up"),
    ("written_off", "Written off"),
]
OPEN_FILE = ("draft", "review", "committee")
STAGES = [
    ("performing", "Performing"),
    ("immobilised", "Immobilised (291)"),
    ("late_6", "In arrears, 6 months at most (292)"),
    ("late_12", "In arrears, 6 to 12 months (293)"),
    ("late_24", "In arrears, over 12 months (294)"),
]
TERM_CLASSES = [("short", "Short term"), ("medium", "Medium term"), ("long", "Long term")]
# What the committee decides on: none of it changes behind its back.
DECIDED = frozenset(
    {
        "partner_id", "product_id", "amount", "instalments", "annual_rate", "every", "unit", "start_on", "first_due",
        "grace_principal", "grace_interest", "interest_free", "planned_ids", "tranche_ids", "purpose_id", "sector_id",
        "guarantee_savings", "savings_account_id", "guarantee_account_id",
    }
)  # fmt: skip


class KondoLoan(models.Model):
    """A loan from the request to its last franc: the file, the terms, and what is owed."""

    _name = "kondo.loan"
    _description = "Loan"
    _inherit = ["kondo.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "name", "company_id", "state", "cycle", "submitted_by_id", "submitted_on", "approved_by_id", "approved_on",
            "disbursed_on", "closed_on", "disbursed", "principal", "accrued", "provision", "lost", "recovered",
            "reserved", "ledger_account_id", "accrued_account_id", "provision_account_id", "reserved_account_id", "stage",
            "term_class", "days_late", "late_since", "instalments_late", "amount_late", "next_due", "next_amount", "late_from_kept", "schedule_id",
        }
    )  # fmt: skip

    name = fields.Char(string="Number", readonly=True, copy=False)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    product_id = fields.Many2one("kondo.loan.product", required=True, index=True, ondelete="restrict", tracking=True)
    officer_id = fields.Many2one(
        "res.users", string="Loan officer", index=True, default=lambda self: self.env.user, tracking=True
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="draft",
        index=True,
        tracking=True,
        group_expand="_group_expand_state",
    )

    # What is asked and granted
    requested_on = fields.Date(string="Requested on", default=lambda self: self._business_day())
    requested_amount = Francs(string="Amount requested")
    requested_instalments = fields.Integer(string="Instalments requested")
    amount = Francs(string="Amount", tracking=True, help="Proposed by the officer, then granted by the committee.")
    instalments = fields.Integer(required=True, default=1, tracking=True, aggregator=None)
    annual_rate = fields.Float(string="Rate a year (%)", digits=(16, 6), tracking=True)
    every = fields.Integer(required=True, default=1, help="An instalment every so many days, weeks, months…")
    unit = fields.Selection(UNITS, required=True, default="months")
    start_on = fields.Date(
        string="Disbursement on", default=lambda self: self._business_day(), help="Planned, then the day it was made."
    )
    first_due = fields.Date(string="First due date", help="Empty: one period after the disbursement.")
    grace_principal = fields.Integer(
        string="Instalments without principal", help="Only interest is paid with the first ones."
    )
    grace_interest = fields.Integer(
        string="Instalments without payment of interest", help="Interest runs; it is paid with the first one after."
    )
    interest_free = fields.Integer(string="Instalments free of interest")
    planned_ids = fields.One2many("kondo.loan.planned", "loan_id", string="Typed due dates")
    tranche_ids = fields.One2many("kondo.loan.tranche", "loan_id", string="Later tranches")
    purpose_id = fields.Many2one("kondo.loan.purpose", string="Purpose", ondelete="restrict", tracking=True)
    sector_id = fields.Many2one("kondo.loan.sector", string="Sector", ondelete="restrict", tracking=True)
    reason = fields.Text(string="What for")
    cycle = fields.Integer(readonly=True, copy=False, help="1 for the member's first loan, 2 for the second…")
    savings_account_id = fields.Many2one(
        "kondo.savings.account",
        string="Member's account",
        check_company=True,
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), ('kind', 'in', ('demand', 'passbook', 'group')), ('state', '!=', 'closed')]",
        help="Receives the loan and what is overpaid; pays the instalments when the member has ordered it.",
    )
    guarantee_account_id = fields.Many2one(
        "kondo.savings.account",
        string="Guarantee account",
        check_company=True,
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), ('kind', '=', 'guarantee'), ('state', '!=', 'closed')]",
    )
    guarantee_savings = Francs(string="Guarantee savings asked for", tracking=True)

    # What was done
    submitted_by_id = fields.Many2one("res.users", string="Submitted by", readonly=True, copy=False)
    submitted_on = fields.Date(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", string="Granted by", readonly=True, copy=False)
    approved_on = fields.Date(string="Granted on", readonly=True, copy=False)
    disbursed_on = fields.Date(string="Disbursed on", readonly=True, copy=False)
    closed_on = fields.Date(string="Closed on", readonly=True, copy=False)
    ended_reason = fields.Char(string="Why it ended", readonly=True, copy=False, tracking=True)

    # What is owed: moved by operations
    disbursed = Francs(readonly=True, copy=False)
    principal = Francs(string="Outstanding", readonly=True, copy=False)
    accrued = Francs(string="Accrued interest", readonly=True, copy=False)
    provision = Francs(readonly=True, copy=False)
    reserved = Francs(
        string="Interest reserved",
        readonly=True,
        copy=False,
        help="Accrued interest that is income once it is paid only.",
    )
    lost = Francs(string="Written off", readonly=True, copy=False)
    recovered = Francs(readonly=True, copy=False)
    ledger_account_id = fields.Many2one(
        "account.account", string="Ledger account", readonly=True, copy=False, ondelete="restrict"
    )
    accrued_account_id = fields.Many2one(
        "account.account", string="Accrued interest account", readonly=True, copy=False, ondelete="restrict"
    )
    provision_account_id = fields.Many2one(
        "account.account", string="Provision account", readonly=True, copy=False, ondelete="restrict"
    )
    reserved_account_id = fields.Many2one(
        "account.account", string="Account of interest reserved", readonly=True, copy=False, ondelete="restrict"
    )
    stage = fields.Selection(STAGES, required=True, readonly=True, default="performing", copy=False)
    term_class = fields.Selection(TERM_CLASSES, readonly=True, copy=False)

    # Where it stands on the day: see `_refresh_position`
    days_late = fields.Integer(readonly=True, copy=False, aggregator=None)
    late_since = fields.Date(readonly=True, copy=False)
    late_from_kept = fields.Date(
        string="Age kept since",
        readonly=True,
        copy=False,
        help="A change of the schedule does not make a loan younger.",
    )
    instalments_late = fields.Integer(readonly=True, copy=False)
    amount_late = Francs(readonly=True, copy=False)
    next_due = fields.Date(readonly=True, copy=False, index="btree_not_null")
    next_amount = Francs(readonly=True, copy=False)

    schedule_id = fields.Many2one("kondo.loan.schedule", string="Schedule in force", readonly=True, copy=False)
    schedule_ids = fields.One2many("kondo.loan.schedule", "loan_id", string="Schedules", readonly=True)
    instalment_ids = fields.One2many(
        "kondo.loan.instalment", "loan_id", string="Schedule", domain=[("current", "=", True)], readonly=True
    )
    allocation_ids = fields.One2many("kondo.loan.allocation", "loan_id", string="Allocations", readonly=True)
    operation_ids = fields.One2many("kondo.operation", "loan_id", string="Operations", readonly=True)

    _number_unique = models.UniqueIndex("(company_id, name)")
    _running = models.Index("(company_id, product_id) WHERE state = 'active'")
    _sane = models.Constraint(
        "CHECK (amount >= 0 AND requested_amount >= 0 AND instalments >= 1 AND annual_rate >= 0 AND every >= 1"
        " AND grace_principal >= 0 AND grace_interest >= 0 AND interest_free >= 0 AND guarantee_savings >= 0)",
        "Amounts, rates and numbers of instalments are not negative.",
    )
    _owed = models.Constraint(
        "CHECK (principal >= 0 AND accrued >= 0 AND provision >= 0 AND reserved >= 0 AND lost >= 0 AND recovered >= 0)",
        "A loan never owes less than nothing.",
    )

    # ------------------------------------------------------------------ defaults, computes
    def _business_day(self):
        return self.env.company.sudo().business_date or fields.Date.context_today(self)

    @api.depends("name", "partner_id")
    @api.depends_context("short_loan")
    def _compute_display_name(self):
        for loan in self:
            loan.display_name = loan.name or self.env._("New loan")
            if loan.partner_id and not self.env.context.get("short_loan"):
                loan.display_name += f" · {loan.partner_id.name}"

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.product_id and self.product_id.id != self.env.context.get("kondo_simulated"):
            self.update(self.product_id._loan_defaults())

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        prepared = []
        for vals in vals_list:
            if not has_ledger_key(self.env):
                self._refuse_guarded(name for name in vals if vals[name])
            member = self.env["res.partner"].browse(vals.get("partner_id")).exists()
            product = self.env["kondo.loan.product"].browse(vals.get("product_id")).exists()
            if not member or not product:
                raise UserError(self.env._("A loan is made for a member, with a product."))
            member.check_access("read")
            company = member.sudo().company_id
            company.with_env(self.env)._check_visible()
            self._check_borrower(member.sudo(), product.sudo())
            prepared.append(
                {
                    **product.sudo()._loan_defaults(),
                    **vals,
                    "company_id": company.id,
                    "cycle": self._next_cycle(member),
                }
            )
        loans = super(KondoLoan, self.with_context(kondo_ledger=LEDGER)).create(prepared)
        for loan in loans:
            loan.name = f"{loan.company_id.sudo().kondo_code}-C-{loan.id:05d}"
            if not loan.requested_amount:
                loan.requested_amount = loan.amount
            if not loan.requested_instalments:
                loan.requested_instalments = loan.instalments
        return loans.with_context(kondo_ledger=None)

    def write(self, vals):
        if not has_ledger_key(self.env):
            self._refuse_guarded(vals)
            if DECIDED.intersection(vals):
                self._check_editable()
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A loan file is given up or refused, never deleted."))

    def _check_editable(self):
        """Refuse a change of what the committee has decided on."""
        if has_ledger_key(self.env):
            return
        for loan in self:
            if loan.state not in OPEN_FILE:
                raise UserError(
                    self.env._("The loan %(number)s has been decided: its terms no longer change.", number=loan.name)
                )

    def _check_borrower(self, member, product):
        """Refuse a borrower who is no member of a caisse of the product's union, or no longer one."""
        if not member.is_kondo_member or not member.company_id:
            raise UserError(self.env._("Loans are made to members."))
        if not product.active or product.company_id != member.company_id.root_id:
            raise UserError(self.env._("This product is not offered by this caisse."))

    def _next_cycle(self, member):
        return 1 + self.sudo().search_count(
            [("partner_id", "=", member.id), ("state", "in", ("active", "closed", "written_off"))]
        )

    # ------------------------------------------------------------------ steps of the file
    def _lock(self):
        """Lock the rows, in the order of ids, and forget what was read of them before."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id FROM kondo_loan WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", (sorted(self.ids),)
        )
        self.invalidate_recordset()
        self.env["kondo.loan.instalment"].invalidate_model()

    def _set(self, **values):
        """Write what only the loan's own steps write."""
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)

    def _set_state(self, state, **values):
        self._set(state=state, **values)

    @api.private
    def _check_blocking(self):
        """Sentences that forbid granting and paying out; warnings while the file is being made."""
        self.ensure_one()
        return []

    @api.model
    @api.private
    def _principal_moved(self, posting, changes):
        """Called by an operation when it has moved the principal of loans: {loan id: francs}. For what follows it."""

    @api.model
    def _group_expand_state(self, states, domain):
        """Stages of files side by side in the order in which a file goes through them."""
        return [state for state, _label in STATES if state in states or state in OPEN_FILE]

    def _instalments_text(self, count):
        """A number of instalments in words of a sentence: 1 instalment, 12 instalments."""
        return self.env._("1 instalment") if count == 1 else self.env._("%(count)s instalments", count=count)

    def _component_account(self, component):
        """Where a component of the loan stands in the books."""
        account = self._present_account(component)
        if not account:
            raise UserError(self.env._("The loan %(number)s has no account for this yet.", number=self.name))
        return account

    def _present_account(self, component):
        """As `_component_account`, or an empty record while nothing of the component was ever booked."""
        return {
            "principal": self.ledger_account_id,
            "accrued": self.accrued_account_id,
            "provision": self.provision_account_id,
            "reserved": self.reserved_account_id,
        }[component]

    # ------------------------------------------------------------------ actions
    def action_open_operations(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kondo.operation",
            "view_mode": "list,form",
            "domain": [("loan_id", "=", self.id)],
        }
