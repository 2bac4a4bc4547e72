from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ....engine.charts import percent, rate_text
from ....engine.term import TermDeposit, term_schedule
from ...fields import Francs
from ...ledger.key import LEDGER
from .savings_product import BREAK_RULES, POINTS_OVER

INTEREST_MODES = [("maturity", "At maturity"), ("periodic", "Every period"), ("up_front", "Up front")]
AT_MATURITY = [
    ("renew_principal", "Renew the principal"),
    ("renew_all", "Renew the principal and the interest"),
    ("transfer", "Transfer to an account of the member"),
    ("payout", "Keep for payment at the window"),
]
# What a contract takes from its product when it is signed, and keeps.
SIGNED = {
    "day_count": "term_day_count",
    "compounding_months": "term_compounding_months",
    "break_rule": "break_rule",
    "break_reduced_rate": "break_reduced_rate",
    "break_points": "break_points",
    "break_points_over": "break_points_over",
    "break_penalty": "break_penalty",
    "break_recover": "break_recover",
}


def terms_of(principal, start, months, rate, mode, period_months, day_count, compounding_months):
    """An engine's contract from what products and deposits store."""
    return TermDeposit(
        principal,
        start,
        months,
        rate,
        payment=mode,
        every_months=period_months or 1,
        compounding_months=compounding_months,
        counting="months" if day_count == "months" else "days",
        days_in_year="360" if day_count == "months" else day_count,
    )


class KondoTermDeposit(models.Model):
    """A contract for a sum, a term and a rate. It keeps what was signed; its money stands on its own account.

    A renewal is another contract on the same account. `waiting` is the member's money that has left the deposit and
    waits for him at the window (RCSSFD 2721, dispositions à payer).
    """

    _name = "kondo.term.deposit"
    _description = "Term deposit"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "maturity, id"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "name", "company_id", "account_id", "product_id", "partner_id", "principal", "rate", "months", "start",
            "maturity", "interest_mode", "period_months", "interest_total", "waiting", "state", "ended_on",
            "renewed_from_id", "opening_operation_id", "closing_operation_id", "failure", *SIGNED,
        }
    )  # fmt: skip

    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    account_id = fields.Many2one(
        "kondo.savings.account", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    product_id = fields.Many2one("kondo.savings.product", required=True, readonly=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Holder", required=True, readonly=True, index=True, ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    currency_id = fields.Many2one(related="company_id.currency_id")
    principal = Francs(readonly=True, tracking=True)
    rate = fields.Float(string="Rate (% a year)", digits=(16, 6), readonly=True, tracking=True)
    rate_label = fields.Char(string="Rate a year", compute="_compute_rate_label")
    months = fields.Integer(string="Term (months)", readonly=True)
    start = fields.Date(required=True, readonly=True)
    maturity = fields.Date(required=True, readonly=True, index=True)
    interest_mode = fields.Selection(INTEREST_MODES, string="Interest paid", required=True, readonly=True)
    period_months = fields.Integer(string="Period (months)", readonly=True)
    day_count = fields.Char(string="Interest counted by", required=True, readonly=True, default="months")
    compounding_months = fields.Integer(string="Interest on interest every (months)", readonly=True)
    at_maturity = fields.Selection(
        AT_MATURITY, string="At maturity", required=True, default="renew_principal", tracking=True
    )
    settlement_account_id = fields.Many2one(
        "kondo.savings.account",
        string="Account paid",
        domain="[('partner_id', '=', partner_id), ('kind', 'in', ('demand', 'passbook')), ('state', '=', 'active')]",
        check_company=True,
        tracking=True,
        help="Receives interest and, by instruction, the principal. Empty: the money waits at the window.",
    )
    renewal_months = fields.Integer(
        string="Term when renewed (months)", tracking=True, help="0: the same term.", required=True, default=0
    )
    break_rule = fields.Selection(
        BREAK_RULES,
        string="Early break",
        readonly=True,
    )
    break_reduced_rate = fields.Float(string="Reduced rate (% a year)", digits=(16, 6), readonly=True)
    break_points = fields.Float(string="Points taken off", digits=(16, 6), readonly=True)
    break_points_over = fields.Selection(
        POINTS_OVER,
        string="Points counted over",
        readonly=True,
    )
    break_penalty = Francs(string="Fixed penalty (F)", readonly=True)
    break_recover = fields.Boolean(string="Take back interest already paid", readonly=True)
    interest_total = Francs(string="Interest of the term", readonly=True, help="Before what the State takes.")
    interest_paid = fields.Integer(compute="_compute_interest_paid", string="Interest paid to date")
    waiting = Francs(string="Waiting at the window", readonly=True, tracking=True)
    state = fields.Selection(
        [
            ("open", "Running"),
            ("matured", "Matured, to be paid"),
            ("broken", "Broken"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
        tracking=True,
    )
    ended_on = fields.Date(string="Ended on", readonly=True)
    renewed_from_id = fields.Many2one("kondo.term.deposit", string="Renewal of", readonly=True, check_company=True)
    renewed_to_id = fields.Many2one("kondo.term.deposit", string="Renewed by", compute="_compute_renewed_to_id")
    opening_operation_id = fields.Many2one("kondo.operation", string="Opened by", readonly=True, check_company=True)
    closing_operation_id = fields.Many2one("kondo.operation", string="Ended by", readonly=True, check_company=True)
    event_ids = fields.One2many("kondo.term.event", "deposit_id", string="Interest", readonly=True)
    failure = fields.Char(
        string="Not settled because",
        readonly=True,
        help="Why the end of the day could not do what was due; it tries again.",
    )
    days_left = fields.Integer(compute="_compute_days_left", string="Days to maturity")

    _number_unique = models.UniqueIndex("(company_id, name)")
    _one_running = models.UniqueIndex("(account_id) WHERE state = 'open'")
    _one_renewal = models.UniqueIndex("(renewed_from_id) WHERE renewed_from_id IS NOT NULL")
    _sane = models.Constraint(
        "CHECK (principal > 0 AND months > 0 AND rate >= 0 AND maturity > start AND waiting >= 0 "
        "AND interest_total >= 0 AND renewal_months >= 0)",
        "A term deposit has a sum, a term and a rate.",
    )
    _due_index = models.Index("(company_id, maturity) WHERE state = 'open'")

    # ------------------------------------------------------------------ constraints, computes
    @api.constrains("at_maturity", "settlement_account_id", "renewal_months", "product_id")
    def _check_instruction(self):
        for deposit in self:
            account = deposit.settlement_account_id.sudo()
            if account and (account.partner_id != deposit.partner_id or account.kind not in ("demand", "passbook")):
                raise ValidationError(
                    self.env._("The account paid is a demand or passbook account of the holder himself.")
                )
            if deposit.at_maturity == "transfer" and not account:
                raise ValidationError(self.env._("Choose the account of the member that receives the money."))
            if deposit.at_maturity not in deposit.product_id.sudo()._instructions():
                raise ValidationError(
                    self.env._(
                        "%(product)s does not offer this instruction for the maturity. Choose another.",
                        product=deposit.product_id.name,
                    )
                )
            if deposit.renewal_months and deposit.renewal_months not in deposit.product_id.sudo()._terms():
                raise ValidationError(
                    self.env._(
                        "%(product)s is offered for %(terms)s months.",
                        product=deposit.product_id.name,
                        terms=deposit.product_id.sudo().term_months,
                    )
                )

    @api.depends("rate")
    def _compute_rate_label(self):
        for deposit in self:
            deposit.rate_label = f"{rate_text(deposit.rate)} %"

    @api.depends("event_ids.operation_id", "event_ids.amount")
    def _compute_interest_paid(self):
        for deposit in self:
            deposit.interest_paid = sum(deposit.event_ids.filtered("operation_id").mapped("amount"))

    def _compute_renewed_to_id(self):
        renewals = {
            deposit.renewed_from_id.id: deposit for deposit in self.search([("renewed_from_id", "in", self.ids)])
        }
        for deposit in self:
            deposit.renewed_to_id = renewals.get(deposit.id, False)

    @api.depends("maturity", "state")
    def _compute_days_left(self):
        for deposit in self:
            day = deposit.company_id.sudo().business_date or fields.Date.context_today(deposit)
            running = deposit.state == "open" and deposit.maturity
            deposit.days_left = max(0, (deposit.maturity - day).days) if running else 0

    # ------------------------------------------------------------------ write, unlink
    def write(self, vals):
        """The member may change what happens at maturity until it comes; a manager enters it."""
        if {"at_maturity", "settlement_account_id", "renewal_months"}.intersection(vals) and not self.env.su:
            self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
            if any(deposit.state != "open" for deposit in self):
                raise UserError(self.env._("This deposit has ended: its instructions no longer change."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A term deposit is ended by an operation, never deleted."))

    # ------------------------------------------------------------------ what it will earn
    @api.model
    @api.private
    def _quote(self, product, amount, months, mode, start):
        """What the product gives for `amount` francs over `months` from `start`, with nothing written.

        :return: dict of `rate` (exact, % a year), `maturity`, `events` [(due, francs)], `total` (francs)
        """
        rate = self.env["kondo.term.rate"]._rate_for(product, months, amount, start)
        contract = terms_of(
            amount, start, months, rate, mode, product.term_period_months, product.term_day_count,
            product.term_compounding_months,
        )  # fmt: skip
        events = [(row.due, row.interest) for row in term_schedule(contract)]
        return {
            "rate": rate,
            "maturity": contract.maturity,
            "events": events,
            "total": sum(interest for _due, interest in events),
        }

    @api.model
    @api.private
    def _sign(self, account, terms, operation_id):
        """Write a contract of `terms` on `account`, within the operation that opens it.

        :param terms: dict of principal, months, start, interest_mode, at_maturity, settlement_account_id (id or
            False), renewal_months?, renewed_from_id?
        """
        product = account.product_id.sudo()
        quote = self._quote(product, terms["principal"], terms["months"], terms["interest_mode"], terms["start"])
        before = self.sudo().search_count([("account_id", "=", account.id)])
        return (
            self.sudo()
            .with_context(kondo_ledger=LEDGER)
            .create(
                {
                    "name": f"{account.number}/{before + 1}" if before else account.number,
                    "company_id": account.company_id.id,
                    "account_id": account.id,
                    "product_id": product.id,
                    "partner_id": account.partner_id.id,
                    "rate": float(quote["rate"]),
                    "maturity": quote["maturity"],
                    "interest_total": quote["total"],
                    "period_months": product.term_period_months if terms["interest_mode"] == "periodic" else 0,
                    "opening_operation_id": operation_id,
                    **{name: product[source] for name, source in SIGNED.items()},
                    **terms,
                    "event_ids": [
                        (0, 0, {"due": due, "amount": interest, "company_id": account.company_id.id})
                        for due, interest in quote["events"]
                    ],
                }
            )
        )

    def _owed_events(self, date):
        """Interest due on or before `date` and not paid."""
        return self.event_ids.filtered(lambda event: event.state == "planned" and event.due <= date)

    def _terms(self):
        """The contract as the engine reads it."""
        self.ensure_one()
        return terms_of(
            self.principal, self.start, self.months, percent(self.rate), self.interest_mode, self.period_months,
            self.day_count, self.compounding_months,
        )  # fmt: skip

    # ------------------------------------------------------------------ actions
    def action_settle(self):
        """Do now what the end of the day would do: interest and maturities due up to the business day."""
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        self.check_access("read")
        for deposit in self:
            deposit.company_id._check_visible()
            day = deposit.sudo().company_id.business_date
            if deposit.state != "open" or (deposit.maturity > day and not deposit.sudo()._owed_events(day)):
                raise UserError(self.env._("Nothing is due on the deposit %(number)s today.", number=deposit.name))
            deposit.sudo()._settle_due(day)
            if deposit.sudo().failure:
                raise UserError(deposit.sudo().failure)

    def action_open_account(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.savings.account",
            "res_id": self.account_id.id,
            "views": [(False, "form")],
        }

    def action_open_operations(self):
        """Everything that moved this deposit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Operations of %(number)s", number=self.name),
            "res_model": "kondo.operation",
            "view_mode": "list,form",
            "domain": [("line_ids.savings_account_id", "=", self.account_id.id)],
        }
