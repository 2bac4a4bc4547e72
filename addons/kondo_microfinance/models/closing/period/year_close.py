import uuid
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ....engine.year_result import first_split, least_reserve
from ...fields import Francs
from ...ledger.key import LEDGER

PROPOSERS = ("group_accountant", "group_caisse_manager", "group_network_manager")
DECIDERS = ("group_caisse_manager", "group_network_manager")
RATE = "general_reserve_rate"


class KondoYearClose(models.Model):
    """The result of a year of a caisse, and what its general meeting does with it.

    Accounts of classes 6 and 7 are not emptied by a closing entry. Odoo carries a year's result by itself: balances of
    income and expense begin anew each year, and what they held stands as undistributed profit of account 592, the
    chart's account of type `equity_unaffected`. So the statements of a year can be drawn at any time, before and after
    the meeting, and no entry has to be dated in a month that is closed. The one entry is the meeting's: on the open
    business day, 592 against the reserves (5521, 5522, 5523), the earmarked funds (5025), the result carried forward
    (58) and, for what goes to the holders of shares, the distributed result (591) from which dividends are paid
    (`kondo.share.dividend`). Once it is booked, 592 and the incomes and expenses of that year sum to zero.

    At least `general_reserve_rate` % of the profit, less the loss carried forward, goes to the general reserve
    (instruction n°010-08-2010 of the BCEAO, ratio R07). The accounts once approved, Odoo's hard lock date makes the
    year final: it can never be set back.
    """

    _name = "kondo.year.close"
    _description = "Close of a year"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "year desc, company_id"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "company_id", "year", "state", "approved", "income", "expense", "result", "carried_before", "rate", "least",
            "proposed_by_id", "proposed_at", "decided_by_id", "decided_at", "operation_id", "decisions",
        }
    )  # fmt: skip

    company_id = fields.Many2one(
        "res.company",
        string="Caisse",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        domain="[('kondo_kind', '!=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    year = fields.Integer(required=True, default=lambda self: self._default_year(), aggregator=None)
    state = fields.Selection(
        [("draft", "Draft"), ("proposed", "Proposed"), ("decided", "Decided")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    approved = fields.Boolean(readonly=True, help="A general meeting has approved the accounts: the year is final.")
    problem = fields.Text(string="What is missing", compute="_compute_problem")
    income = Francs(readonly=True)
    expense = Francs(string="Expenses", readonly=True)
    result = Francs(readonly=True, tracking=True, help="Income less expenses: plus for a profit, minus for a loss.")
    carried_before = Francs(
        string="Carried forward before",
        readonly=True,
        help="Account 58 before the decision: minus for losses that the profit absorbs first.",
    )
    rate = fields.Float(string="Least reserve (%)", digits=(16, 3), readonly=True)
    least = Francs(string="Least general reserve", readonly=True)
    line_ids = fields.One2many("kondo.year.line", "year_id", string="Allocation of the result")
    proposed_total = fields.Integer(compute="_compute_totals")
    decided_total = fields.Integer(compute="_compute_totals")
    general_reserve = Francs(
        string="To the general reserve", compute="_compute_general_reserve", store=True, readonly=True
    )
    proposed_by_id = fields.Many2one("res.users", readonly=True)
    proposed_at = fields.Datetime(readonly=True)
    decision_date = fields.Date(string="Meeting of", tracking=True, help="Day of the general meeting that decided.")
    decision_reference = fields.Char(
        string="Minutes", tracking=True, help="Number of the minutes, and of the resolution, of the general meeting."
    )
    decision_chair = fields.Char(string="Chaired by", tracking=True)
    decided_by_id = fields.Many2one("res.users", string="Recorded by", readonly=True)
    decided_at = fields.Datetime(readonly=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, check_company=True)
    decisions = fields.Integer(readonly=True, help="Allocations booked, those reversed since included.")

    _once = models.UniqueIndex("(company_id, year)", "This year of the caisse already stands in the list.")
    _year_sane = models.Constraint("CHECK (year BETWEEN 1990 AND 2999)", "A year has four digits.")

    def _default_year(self):
        return fields.Date.context_today(self).year - 1

    @api.depends("company_id", "year")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.year} · {record.company_id.sudo().name or ''}"

    @api.depends("line_ids.proposed", "line_ids.decided")
    def _compute_totals(self):
        for record in self:
            record.proposed_total = sum(record.line_ids.mapped("proposed"))
            record.decided_total = sum(record.line_ids.mapped("decided"))

    @api.depends("line_ids.proposed", "line_ids.decided", "state", "result")
    def _compute_general_reserve(self):
        for record in self:
            general = record.line_ids.filtered(lambda line: line.destination == "general")
            amount = sum(general.mapped("proposed" if record.state == "draft" else "decided"))
            record.general_reserve = -amount if record.result < 0 else amount

    @api.depends("company_id", "year", "state")
    def _compute_problem(self):
        for record in self:
            record.problem = "\n".join(record._problems()) if record.id and record.state == "draft" else False

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group(*PROPOSERS)
        prepared = []
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            company._check_visible()
            if not company.sudo().kondo_kind:
                raise UserError(self.env._("Choose the caisse."))
            self._refuse_guarded(name for name in vals if name not in ("company_id", "year", "state") and vals[name])
            prepared.append({**vals, "company_id": company.id, "state": "draft"})
        records = super(KondoYearClose, self.with_context(kondo_ledger=LEDGER)).create(prepared).with_env(self.env)
        for record in records:
            self.env["kondo.year.line"]._lay_out(record)
            record._measure(split=True)
        return records

    def write(self, vals):
        decision = {"decision_date", "decision_reference", "decision_chair"}.intersection(vals)
        if decision and any(record.state == "decided" for record in self):
            raise UserError(self.env._("The decision is recorded: it no longer changes."))
        return super().write(vals)

    def unlink(self):
        if any(record.state != "draft" or record.decisions for record in self):
            raise AccessError(self.env._("A result that was proposed is kept."))
        return super().unlink()

    # ------------------------------------------------------------------ actions
    def action_prepare(self):
        """A draft of the last year for each caisse of the user that has none; whatever rows are ticked."""
        self.env["kondo.four.eyes"]._check_group(*PROPOSERS)
        year = self._default_year()
        companies = self.env.user.sudo()._kondo_companies().filtered("kondo_kind")
        known = self.sudo().search([("year", "=", year), ("company_id", "in", companies.ids)]).company_id
        self.create([{"company_id": company.id, "year": year} for company in companies - known])
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_measure(self):
        """Read the result again, and propose anew what may be done with it."""
        for record in self:
            record._open_transition(("draft",), *PROPOSERS)
            record._measure(split=True)

    def action_propose(self):
        """The proposal goes to the general meeting; the months of the year are closed by then."""
        for record in self:
            record._open_transition(("draft",), *PROPOSERS)
            problems = record._problems()
            if problems:
                raise UserError("\n".join(problems))
            record._measure()
            record._check_split("proposed")
            for line in record.sudo().line_ids.with_context(kondo_ledger=LEDGER):
                line.decided = line.proposed
            record._set(state="proposed", proposed_by_id=self.env.uid, proposed_at=fields.Datetime.now())

    def action_back(self):
        """Take the proposal back to change it."""
        for record in self:
            record._open_transition(("proposed",), *PROPOSERS)
            record._set(state="draft")

    def action_decide(self):
        """Record what the general meeting decided, by another person, and book it."""
        self.env.flush_all()
        for record in self:
            with self.env["kondo.operation"]._posting_env() as env:
                env[self._name].browse(record.id)._decide_here()
        self.invalidate_recordset()

    @api.private
    def _decide_here(self):
        self._open_transition(("proposed",), *DECIDERS)
        self.env["kondo.four.eyes"]._check_second_person(
            self.sudo().proposed_by_id,
            self.env._("You proposed this allocation: another person records the decision."),
        )
        company = self.sudo().company_id
        self._check_decision(company)
        problems = self._problems()
        if problems:
            raise UserError("\n".join(problems))
        if self._figures()["result"] != self.result:
            raise UserError(self.env._("The result has changed since the proposal. Take it back and propose it anew."))
        self._measure()
        self._check_split("decided")
        values = {"approved": True, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()}
        if self.result:
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.year.close,{self.id},{self.decisions}"))
            answer = self.env["kondo.operation"]._post_here("year_result", key, company.id, {"year_id": self.id}, key)
            values.update(operation_id=answer["operation_id"], decisions=self.decisions + 1)
        if not company.hard_lock_date or company.hard_lock_date < self._last_day():
            company.with_context(kondo_ledger=LEDGER).write({"hard_lock_date": self._last_day()})
        self._set(state="decided", **values)

    def _check_decision(self, company):
        if not self.decision_date or not (self.decision_reference or "").strip():
            raise UserError(self.env._("Give the day of the general meeting and the number of its minutes."))
        if company.kondo_kind == "union":
            self._follow_the_caisses(company)
        if self.decision_date <= self._last_day():
            raise UserError(self.env._("The general meeting comes after the end of the year."))
        if not company.business_date or self.decision_date > company.business_date:
            raise UserError(self.env._("The general meeting is not in the future."))

    def _follow_the_caisses(self, union):
        """The union has no counter: its business day follows that of its caisses, as when it settles between them."""
        self.env.cr.execute(
            """UPDATE res_company u SET business_date = c.day
                 FROM (SELECT max(business_date) AS day FROM res_company WHERE parent_id = %(union)s) c
                WHERE u.id = %(union)s AND c.day IS NOT NULL AND (u.business_date IS NULL OR u.business_date < c.day)""",
            {"union": union.id},
        )
        union.invalidate_recordset(["business_date"])

    def action_open_items(self):
        """The incomes and expenses of the year."""
        self.ensure_one()
        self.company_id._check_visible()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Incomes and expenses · %(year)s", year=self.display_name),
            "res_model": "account.move.line",
            "views": [(False, "list")],
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("date", ">=", self._first_day()),
                ("date", "<=", self._last_day()),
                ("account_id.internal_group", "in", ("income", "expense")),
            ],
            "context": {"group_by": "account_id", "create": False},
        }

    def action_open_dividends(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dividends"),
            "res_model": "kondo.share.dividend",
            "views": [(False, "list"), (False, "form")],
            "domain": [("company_id", "=", self.company_id.id), ("date_to", "=", self._last_day())],
        }

    def action_open_months(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Months of %(year)s", year=self.year),
            "res_model": "kondo.month.close",
            "views": [(False, "list"), (False, "form")],
            "domain": [("month", ">=", self._first_day()), ("month", "<=", self._last_day())],
        }

    # ------------------------------------------------------------------ figures
    def _first_day(self):
        return date(self.year, 1, 1)

    def _last_day(self):
        return date(self.year, 12, 31)

    def _measure(self, split=False):
        """Read result, loss carried forward, least reserve and balances; with `split`, lay out the first proposal."""
        self.ensure_one()
        figures = self._figures()
        rate = self.env["kondo.parameter"]._get(RATE, self._last_day())
        lines = self.sudo().line_ids.with_context(kondo_ledger=LEDGER)
        balances = self._balances(lines.account_id)
        for line in lines:
            line.before = balances.get(line.account_id.id, 0)
        carried = sum(lines.filtered(lambda line: line.destination == "carried").mapped("before"))
        self._set(
            **figures, carried_before=carried, rate=float(rate), least=least_reserve(figures["result"], carried, rate)
        )
        if split:
            first = first_split(figures["result"], carried, rate, self._dividends())
            for line in lines:
                line.proposed = first.get(line.destination, 0)

    def _figures(self):
        """Income, expense and result of the year in the books of the caisse."""
        self.env["account.move.line"].flush_model()
        self.env.cr.execute(
            """
            SELECT COALESCE(-sum(l.balance) FILTER (WHERE a.account_type LIKE 'income%%'), 0)::bigint,
                   COALESCE(sum(l.balance) FILTER (WHERE a.account_type LIKE 'expense%%'), 0)::bigint
              FROM account_move_line l JOIN account_account a ON a.id = l.account_id
             WHERE l.company_id = %s AND l.parent_state = 'posted' AND l.date BETWEEN %s AND %s
            """,
            (self.company_id.id, self._first_day(), self._last_day()),
        )
        income, expense = map(int, self.env.cr.fetchone())
        return {"income": income, "expense": expense, "result": income - expense}

    def _balances(self, accounts):
        """{account id: francs, plus for a credit} in the books of the caisse, now."""
        self.env.cr.execute(
            """SELECT account_id, -sum(balance)::bigint FROM account_move_line
                WHERE company_id = %s AND account_id = ANY(%s) AND parent_state = 'posted' GROUP BY 1""",
            (self.company_id.id, accounts.ids),
        )
        return {account_id: int(balance) for account_id, balance in self.env.cr.fetchall()}

    def _dividends(self):
        """What the dividends proposed for this year come to."""
        dividends = self.env["kondo.share.dividend"].sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_to", "=", self._last_day()),
                ("state", "in", ("proposed", "approved")),
            ]
        )  # fmt: skip
        return sum(dividends.mapped("gross"))

    # ------------------------------------------------------------------ helpers
    def _open_transition(self, states, *groups):
        """Check role, caisse and state, with the row locked."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*groups)
        self.check_access("read")
        self.company_id._check_visible()
        self.env.flush_all()
        self.env.cr.execute("SELECT state FROM kondo_year_close WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        self.invalidate_recordset()
        if self.state not in states:
            raise UserError(self.env._("The year is no longer in that state. Reload the page."))

    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)
