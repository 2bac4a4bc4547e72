from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ....engine.charts import percent
from ....engine.planned import BonusRule, SavingsPlan, due_dates, plan_bonus, plan_state
from ....engine.rounding import half_up
from ....engine.words import spaced
from ...fields import Francs
from ...ledger.key import LEDGER

MOST_DUES = 1200  # a week's payment for more than twenty years
FREQUENCIES = [
    ("weekly", "Every week"),
    ("fortnightly", "Every two weeks"),
    ("monthly", "Every month"),
    ("quarterly", "Every quarter"),
    ("half_yearly", "Every half-year"),
    ("annual", "Every year"),
]
# What moves a planned account without being a payment of the member.
NOT_PAYMENTS = ("interest", "bonus", "fee", "reversal")


class KondoSavingsPlan(models.Model):
    """A promise to save so much every so often. Deposits are matched to its days, the oldest first.

    What was paid is read from the ledger, whichever way it came (window, collector, standing order, file).
    """

    _name = "kondo.savings.plan"
    _description = "Savings plan"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "company_id", "partner_id", "product_id", "opened_on", "date_end", "state", "grace_days", "saved", "missed", "bonus",
            "operation_id", "failure", "ended_on",
        }
    )  # fmt: skip

    account_id = fields.Many2one(
        "kondo.savings.account", required=True, index=True, ondelete="restrict", check_company=True,
        domain="[('kind', '=', 'planned'), ('state', '=', 'active')]",
    )  # fmt: skip
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Holder", required=True, readonly=True, index=True)
    product_id = fields.Many2one("kondo.savings.product", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = Francs(string="Amount of each payment")
    frequency = fields.Selection(
        FREQUENCIES, required=True, default="monthly",
        help="Every week: on the day of the first payment, a market day for instance.",
    )  # fmt: skip
    date_from = fields.Date(
        string="First payment", required=True, default=fields.Date.context_today,
        help="The others follow on the same day of the week or of the month.",
    )  # fmt: skip
    count = fields.Integer(string="Number of payments", default=12)
    date_end = fields.Date(string="Last payment", readonly=True)
    opened_on = fields.Date(readonly=True)
    due_ids = fields.One2many("kondo.savings.plan.due", "plan_id", string="Payments", readonly=True)
    grace_days = fields.Integer(string="Days of grace", readonly=True)
    saved = Francs(string="Saved", readonly=True)
    promised = fields.Integer(compute="_compute_promised", help="Total of the payments of the plan.")
    missed = fields.Integer(string="Late or missed", readonly=True, default=0)
    bonus = Francs(readonly=True, help="Before what the State takes.")
    state = fields.Selection(
        [("running", "Running"), ("kept", "Kept"), ("lost", "Not kept"), ("stopped", "Stopped")],
        required=True,
        readonly=True,
        default="running",
        index=True,
        tracking=True,
    )
    ended_on = fields.Date(string="Ended on", readonly=True)
    operation_id = fields.Many2one("kondo.operation", string="Bonus paid by", readonly=True, check_company=True)
    failure = fields.Char(
        string="Not settled because",
        readonly=True,
        help="Why the end of the day could not do what was due; it tries again.",
    )

    _one_running = models.UniqueIndex(
        "(account_id) WHERE state = 'running'", "This account already has a savings plan under way."
    )
    _sane = models.Constraint("CHECK (amount > 0 AND count > 0)", "A plan has an amount and a number of payments.")

    @api.depends("account_id", "amount")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = f"{plan.account_id.number or '/'} · {spaced(plan.amount)} F"

    @api.depends("amount", "count")
    def _compute_promised(self):
        for plan in self:
            plan.promised = plan.amount * plan.count

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        """Start plans; `date_end` may be given instead of `count` by whoever knows the last day."""
        self.env["kondo.four.eyes"]._check_group("group_teller", "group_loan_officer", "group_caisse_manager")
        self.check_access("create")
        prepared = [self._prepare(vals) for vals in vals_list]
        plans = super(KondoSavingsPlan, self.sudo().with_context(kondo_ledger=LEDGER)).create(prepared)
        for plan in plans:
            if plan.product_id.plan_withdrawal == "refused":
                plan.account_id._set_tied(True)
        return plans.with_env(self.env)

    def _prepare(self, vals):
        account = self.env["kondo.savings.account"].browse(vals.get("account_id")).exists()
        if not account:
            raise UserError(self.env._("Choose the account of the plan."))
        account.check_access("read")
        account = account.sudo()
        account.company_id.with_env(self.env)._check_visible()
        if account.kind != "planned" or account.state == "closed":
            raise UserError(self.env._("A savings plan stands on an open account of planned savings."))
        company = account.company_id
        opened_on = company.business_date or fields.Date.context_today(self)
        first = fields.Date.to_date(vals.get("date_from")) or opened_on
        if first < opened_on:
            raise UserError(self.env._("The first payment is not before today."))
        frequency, count = vals.get("frequency") or "monthly", vals.get("count") or 0
        last = fields.Date.to_date(vals.get("date_end"))
        if last:
            longest = SavingsPlan(first, 1, MOST_DUES, frequency)
            count = sum(day <= last for day in due_dates(longest))
        if not 0 < count <= MOST_DUES or (vals.get("amount") or 0) <= 0:
            raise UserError(self.env._("A plan has an amount and a number of payments."))
        days = due_dates(SavingsPlan(first, vals["amount"], count, frequency))
        return {
            "account_id": account.id,
            "company_id": company.id,
            "partner_id": account.partner_id.id,
            "product_id": account.product_id.id,
            "amount": vals["amount"],
            "frequency": frequency,
            "grace_days": account.product_id.plan_grace_days,
            "date_from": first,
            "count": count,
            "date_end": days[-1],
            "opened_on": opened_on,
            "due_ids": [(0, 0, {"day": day, "amount": vals["amount"], "company_id": company.id}) for day in days],
        }

    def write(self, vals):
        signed = {"account_id", "amount", "frequency", "date_from", "count"}
        if signed.intersection(vals):
            raise UserError(self.env._("A plan does not change once it runs. Stop it and start another."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A savings plan is stopped, never deleted."))

    # ------------------------------------------------------------------ actions
    def action_stop(self):
        """The member gives up: no bonus, and his money is free again. A manager enters it."""
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        self.check_access("write")
        for plan in self:
            plan.company_id._check_visible()
            if plan.state != "running":
                raise UserError(self.env._("This plan has already ended."))
            plan.sudo()._refresh(plan.sudo().company_id.business_date)
            plan.sudo()._end("stopped", plan.sudo().company_id.business_date)

    def action_refresh(self):
        """Show what today's deposits have paid, before the evening does it by itself."""
        self.check_access("read")
        for plan in self.sudo().filtered(lambda plan: plan.state == "running"):
            plan.company_id.with_env(self.env)._check_visible()
            plan._refresh(plan.company_id.business_date)

    # ------------------------------------------------------------------ matching
    def _payments(self, date):
        """{plan id: [(day, francs)]} of the members' own movements up to `date`, withdrawals negative; one query."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT p.id, l.business_date, -sum(l.amount)::bigint
                 FROM kondo_savings_plan p
                 JOIN kondo_operation_line l ON l.savings_account_id = p.account_id
                      AND l.business_date BETWEEN p.opened_on AND %(date)s
                 JOIN kondo_operation o ON o.id = l.operation_id
                WHERE p.id = ANY(%(plans)s) AND o.kind <> ALL(%(others)s)
                  AND NOT EXISTS (SELECT 1 FROM kondo_operation r WHERE r.reversal_of_id = o.id)
                GROUP BY p.id, l.operation_id, l.business_date""",
            {"plans": self.ids, "date": date, "others": list(NOT_PAYMENTS)},
        )
        payments = {}
        for plan_id, day, francs in self.env.cr.fetchall():
            payments.setdefault(plan_id, []).append((day, int(francs)))
        return payments

    def _refresh(self, date):
        """Rewrite what the deposits up to `date` have paid. Returns {plan: engine PlanState}."""
        payments = self._payments(date)
        states = {}
        for plan in self:
            moves = sorted(payments.get(plan.id, []))
            state = states[plan] = plan_state(plan._promise(), moves, date)
            rows = plan.due_ids.sorted("day").with_context(kondo_ledger=LEDGER)
            for row, due in zip(rows, state.instalments, strict=True):
                paid = "late" if due.missed else "paid"
                unpaid = "missed" if due.missed else "waiting"
                values = {
                    "paid": due.paid,
                    "covered_on": due.paid_on or False,
                    "state": paid if due.paid_on else unpaid,
                }
                if any(row[name] != value for name, value in values.items()):
                    row.write(values)
            if (plan.saved, plan.missed) != (state.paid, state.missed):
                plan.with_context(kondo_ledger=LEDGER).write({"saved": state.paid, "missed": state.missed})
            if plan.state == "running" and any(francs < 0 for _day, francs in moves):
                plan._end("lost", date)
        return states

    def _promise(self):
        """The plan as the engine reads it."""
        self.ensure_one()
        return SavingsPlan(self.date_from, self.amount, self.count, self.frequency, self.grace_days)

    def _earned(self, state):
        """What the plan has earned in a PlanState at its end: (francs gross, 'kept' or 'lost')."""
        product = self.product_id
        rule = BonusRule(
            percent=percent(product.bonus_rate), fixed=product.bonus_amount, tolerated=product.plan_tolerance
        )
        bonus = plan_bonus(rule, self._promise(), state)
        if not bonus.reason:
            return bonus.amount, "kept"
        reduced = product.bonus_when_missed == "reduced"
        return half_up(Fraction(bonus.lost * (self.count - state.missed), self.count)) if reduced else 0, "lost"

    def _end(self, state, date, **values):
        self.with_context(kondo_ledger=LEDGER).write({"state": state, "ended_on": date, "failure": False, **values})
        self.account_id._set_tied(False)
