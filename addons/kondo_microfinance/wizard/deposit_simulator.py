from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..engine.charts import percent, rate_text
from ..engine.interest import InterestRule
from ..engine.periods import add_months
from ..engine.planned import BonusRule, SavingsPlan, due_dates, plan_bonus, plan_state
from ..engine.simulation import simulate_account, simulate_plan, simulate_term
from ..models.fields import Francs
from ..models.savings.planned.plan import FREQUENCIES
from ..models.savings.term.deposit import INTEREST_MODES, terms_of

POSTINGS = [
    ("monthly", "Every month"),
    ("quarterly", "Every quarter"),
    ("half_yearly", "Every half-year"),
    ("annual", "Every year"),
]
LONGEST = 360  # months


class KondoDepositSimulator(models.TransientModel):
    """What a deposit earns, for somebody who asks at the window: no member, no account, nothing written.

    It computes with the engine and the products' own rules: what it shows is what an account would earn.
    """

    _name = "kondo.deposit.simulator"
    _description = "What a deposit earns"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    base = fields.Selection(
        [("product", "One of our products"), ("free", "Free conditions")],
        string="Conditions",
        required=True,
        default="product",
    )
    product_id = fields.Many2one("kondo.savings.product", default=lambda self: self._default_product_id())
    free_kind = fields.Selection(
        [("term", "Term deposit"), ("passbook", "Savings account")], string="Kind", required=True, default="term"
    )
    kind = fields.Char(string="Kind of deposit", compute="_compute_kind")
    start = fields.Date(required=True, default=lambda self: self._default_start())
    amount = Francs(string="Deposit", default=100_000)
    regular = Francs(string="Regular deposit", help="0: only the first deposit.")
    every = fields.Selection(FREQUENCIES, string="How often", required=True, default="monthly")
    count = fields.Integer(string="Number of payments", default=12)
    months = fields.Integer(string="Term (months)", default=12)
    interest_mode = fields.Selection(INTEREST_MODES, string="Interest paid", required=True, default="maturity")
    period_months = fields.Integer(string="Period (months)", default=3)
    annual_rate = fields.Float(string="Rate (% a year)", digits=(16, 6), default=5)
    posting = fields.Selection(POSTINGS, string="Interest paid every", required=True, default="annual")
    line_ids = fields.One2many("kondo.deposit.simulator.line", "simulator_id", compute="_compute_lines", store=True)
    rate_label = fields.Char(string="Rate applied", compute="_compute_lines", store=True)
    deposits = Francs(string="Paid in", compute="_compute_lines", store=True, required=False, default=None)
    interest = Francs(compute="_compute_lines", store=True, required=False, default=None)
    bonus = Francs(compute="_compute_lines", store=True, required=False, default=None)
    withheld = Francs(compute="_compute_lines", store=True, required=False, default=None)
    balance = Francs(string="In the end", compute="_compute_lines", store=True, required=False, default=None)
    end = fields.Date(string="On", compute="_compute_lines", store=True)
    problem = fields.Char(string="Not possible", compute="_compute_lines", store=True)

    def _default_product_id(self):
        products = self.env["kondo.savings.product"].search([("kind", "in", ("term", "planned", "passbook", "demand"))])
        return products.sorted(
            lambda product: ("term", "planned").index(product.kind) if product.kind in ("term", "planned") else 2
        )[:1]

    def _default_start(self):
        return self.env.company.sudo().business_date or fields.Date.context_today(self)

    @api.depends("base", "product_id", "free_kind")
    def _compute_kind(self):
        for wizard in self:
            wizard.kind = wizard.free_kind if wizard.base == "free" else wizard.product_id.kind

    @api.depends("base", "free_kind", "product_id", "kind")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = wizard.product_id.name if wizard.base == "product" else self.env._("Free conditions")

    @api.onchange("product_id", "base")
    def _onchange_product_id(self):
        """Start from what the product offers."""
        product = self.product_id
        if self.base == "product" and product.kind == "term":
            if self.months not in product._terms():
                self.months = 12 if 12 in product._terms() else product._terms()[0]
            if self.interest_mode not in product._modes():
                self.interest_mode = product._modes()[0]

    # ------------------------------------------------------------------ computing
    @api.depends(
        "base", "product_id", "free_kind", "start", "amount", "regular", "every", "count", "months", "interest_mode",
        "period_months", "annual_rate", "posting",
    )  # fmt: skip
    def _compute_lines(self):
        for wizard in self:
            wizard.update(
                {"line_ids": [(5,)], "rate_label": False, "deposits": 0, "interest": 0, "bonus": 0, "withheld": 0,
                 "balance": 0, "end": False, "problem": False}
            )  # fmt: skip
            try:
                result, rate, bonus = wizard._simulate()
            except UserError as refusal:
                wizard.problem = str(refusal)
                continue
            rows = wizard._rows(result, bonus)
            wizard.update(
                {
                    "line_ids": [(0, 0, row) for row in rows],
                    "rate_label": rate,
                    "deposits": result.deposits,
                    "interest": result.interest - bonus,
                    "bonus": bonus,
                    "withheld": result.withholding,
                    "balance": result.balance,
                    "end": result.rows[-1].on if result.rows else False,
                }
            )

    def _rows(self, result, bonus):
        """Rows of the table: {day, label, deposit, interest, withheld, balance}."""
        _ = self.env._
        rows = []
        for number, row in enumerate(result.rows, 1):
            label = _("Deposit") if row.deposit else _("Interest")
            if bonus and number == len(result.rows):
                label = _("Bonus")
            rows.append(
                {
                    "day": row.on,
                    "label": label,
                    "deposit": row.deposit,
                    "interest": row.interest,
                    "withheld": row.withholding,
                    "balance": row.balance,
                }
            )
        if self.kind == "term" and rows:
            rows[-1]["label"] = _("Maturity") if rows[-1]["day"] == self._maturity() else rows[-1]["label"]
        return rows

    def _maturity(self):
        return add_months(self.start, self.months)

    def _simulate(self):
        """(engine Simulation, the rate in words, francs of bonus in it); UserError when it cannot be."""
        self._check_entries()
        if self.kind == "term":
            return self._simulate_term()
        if self.kind == "planned":
            return self._simulate_plan()
        rule = self._rule()
        end = add_months(self.start, self.months)
        result = simulate_account(rule, self.start, end, first=self.amount, regular=self.regular, every=self.every)
        return result, self._rule_text(rule), 0

    def _check_entries(self):
        _ = self.env._
        if not self.start:
            raise UserError(_("Choose the day of the deposit."))
        if self.base == "product" and not self.product_id:
            raise UserError(_("Choose the product."))
        if self.kind == "planned":
            if self.regular <= 0 or not 0 < self.count <= 1200:
                raise UserError(_("Enter the regular deposit and the number of payments."))
            return
        if not 0 < self.months <= LONGEST:
            raise UserError(_("Enter a term of one month or more."))
        if self.amount < 0 or self.regular < 0 or not (self.amount or (self.regular and self.kind != "term")):
            raise UserError(_("Enter the amount of the deposit."))
        if not 0 <= self.annual_rate <= 100:
            raise UserError(_("A rate lies between 0 and 100 %."))

    def _simulate_term(self):
        if self.base == "free":
            rate = percent(self.annual_rate)
            deposit = terms_of(
                self.amount, self.start, self.months, rate, self.interest_mode, max(1, self.period_months), "months", 0
            )
        else:
            product = self.product_id.sudo()
            product._check_term(self.amount, self.months, self.interest_mode, product._instructions()[0])
            rate = self.env["kondo.term.rate"]._rate_for(product, self.months, self.amount, self.start)
            deposit = terms_of(
                self.amount, self.start, self.months, rate, self.interest_mode, product.term_period_months,
                product.term_day_count, product.term_compounding_months,
            )  # fmt: skip
        deposit = replace(deposit, withholding_rate=self._withholding_rate())
        return simulate_term(deposit), self.env._("%(rate)s %% a year", rate=rate_text(rate)), 0

    def _simulate_plan(self):
        """A plan that is kept: its bonus counts."""
        product = self.product_id.sudo()
        plan = SavingsPlan(self.start, self.regular, self.count, self.every)
        days = due_dates(plan)
        kept = plan_state(plan, [(day, plan.amount) for day in days], days[-1])
        rule = BonusRule(percent=percent(product.bonus_rate), fixed=product.bonus_amount)
        bonus = plan_bonus(rule, plan, kept).amount
        interest = self._rule()
        result = simulate_plan(interest, plan, fields.Date.add(days[-1], days=1), bonus)
        return result, self._rule_text(interest), bonus

    def _rule(self):
        """The InterestRule of the product on the day, or the free one."""
        if self.base == "free":
            return InterestRule(annual_rate=percent(self.annual_rate), posting=self.posting, compounding=self.posting)
        product = self.product_id.sudo()
        rules = [rule for day, rule in product._interest_rules(self.start) if day <= self.start]
        if not rules and self.kind != "planned":
            raise UserError(
                self.env._(
                    "%(product)s earns no interest on %(date)s.",
                    product=product.name,
                    date=format_date(self.env, self.start),
                )
            )
        return rules[-1] if rules else InterestRule()

    def _rule_text(self, rule):
        if not rule.annual_rate and not rule.tiers:
            return False
        if rule.tiers:
            return self.env._("by amount")
        return self.env._("%(rate)s %% a year", rate=rate_text(rule.annual_rate))

    def _withholding_rate(self):
        """Percent of interest kept for the State by the product; free conditions show interest before tax."""
        return 0 if self.base == "free" else self.product_id._withholding_rate(self.start)

    # ------------------------------------------------------------------ actions
    def action_print(self):
        self.ensure_one()
        if self.problem:
            raise UserError(self.problem)
        return self.env.ref("kondo_microfinance.action_report_simulation").report_action(self)


class KondoDepositSimulatorLine(models.TransientModel):
    _name = "kondo.deposit.simulator.line"
    _description = "Day of a simulation"
    _order = "id"

    simulator_id = fields.Many2one("kondo.deposit.simulator", required=True, ondelete="cascade")
    day = fields.Date(readonly=True)
    label = fields.Char(string="What", readonly=True)
    deposit = Francs(readonly=True)
    interest = Francs(readonly=True)
    withheld = Francs(readonly=True)
    balance = Francs(readonly=True)
