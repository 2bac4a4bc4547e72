from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ....engine.interest import InterestRule
from ...fields import Francs

PERIODS = [
    ("daily", "Every day"),
    ("monthly", "Every month"),
    ("quarterly", "Every quarter"),
    ("half_yearly", "Every half-year"),
    ("annual", "Every year"),
    ("anniversary", "On the anniversary of the account"),
]


class KondoSavingsInterestRule(models.Model):
    """How a product earns from a day on. A new rate is a new rule: what was paid keeps the rule it was paid by."""

    _name = "kondo.savings.interest.rule"
    _description = "Interest rule of a savings product"
    _order = "product_id, date_from desc"
    _rec_name = "date_from"
    _check_company_auto = True

    product_id = fields.Many2one("kondo.savings.product", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="product_id.company_id", store=True, required=True, precompute=True, index=True
    )
    date_from = fields.Date(string="In force from", required=True)
    annual_rate = fields.Float(string="Annual rate (%)", digits=(16, 6), required=True, help="Percent a year.")
    balance_basis = fields.Selection(
        [
            ("daily_balance", "Balance of each day"),
            ("average_daily_balance", "Average of the daily balances"),
            ("lowest_of_day", "Lowest balance of the day"),
            ("lowest_of_fortnight", "Lowest balance of the fortnight"),
            ("lowest_of_month", "Lowest balance of the month"),
            ("lowest_of_quarter", "Lowest balance of the quarter"),
            ("lowest_of_half_year", "Lowest balance of the half-year"),
            ("lowest_of_period", "Lowest balance of the period"),
            ("balance_at_month_end", "Balance at the end of the month"),
            ("balance_at_period_end", "Balance at the end of the period"),
            ("quinzaine", "Fortnights (règle des quinzaines)"),
        ],
        string="Balance that earns",
        required=True,
        default="daily_balance",
        help="Fortnights: a deposit counts from the next 1st or 16th, a withdrawal from the one before. "
        "A balance below zero never earns.",
    )
    days_in_year = fields.Selection(
        [("360", "360"), ("364", "364"), ("365", "365"), ("actual", "Real length (365 or 366)")],
        required=True,
        default="360",
        help="Banking practice in the zone divides by 360; other caisses by 365. The contract with the member says which.",
    )
    days_in_month = fields.Selection(
        [("actual", "Real days"), ("30", "30 days")],
        required=True,
        default="actual",
        help="With months of 30 days and a year of 360, a whole month is a twelfth of the annual rate.",
    )
    minimum_balance = Francs(string="Minimum to earn (F)", help="A balance below this earns nothing.")
    compounding = fields.Selection(
        [("none", "None before it is posted"), *PERIODS],
        string="Compounded",
        required=True,
        default="none",
        help="When interest not yet posted begins to earn itself. Posted interest always does.",
    )
    posting = fields.Selection(PERIODS, string="Posting period", required=True, default="quarterly")
    credit_days = fields.Integer(
        string="Value days of deposits", required=True, default=0, help="Days after which a deposit begins to count."
    )
    debit_days = fields.Integer(
        string="Value days of withdrawals",
        required=True,
        default=0,
        help="Days before which a withdrawal no longer counts.",
    )
    tier_mode = fields.Selection(
        [("whole", "On the whole balance"), ("marginal", "Slice by slice")],
        string="A tier's rate applies",
        required=True,
        default="whole",
    )
    tier_ids = fields.One2many("kondo.savings.interest.tier", "rule_id", string="Tiers")
    overdraft_rate = fields.Float(
        string="Overdraft rate (%)",
        digits=(16, 6),
        required=True,
        default=0,
        help="Percent a year that a member owes below zero.",
    )
    minimum_overdraft = Francs(string="Minimum overdraft (F)", help="A smaller overdraft costs nothing.")

    _one_a_day = models.UniqueIndex(
        "(product_id, date_from)", "This product already has an interest rule from that day."
    )
    _positive = models.Constraint(
        """CHECK (annual_rate >= 0 AND overdraft_rate >= 0 AND minimum_balance >= 0 AND minimum_overdraft >= 0
           AND credit_days BETWEEN 0 AND 31 AND debit_days BETWEEN 0 AND 31)""",
        "Rates and minimums are not negative, value days are 0 to 31.",
    )

    @api.constrains("product_id")
    def _check_kind(self):
        if any(rule.product_id.kind == "term" for rule in self):
            raise ValidationError(self.env._("The interest of a term deposit stands in its own rate chart."))

    @api.constrains("annual_rate", "overdraft_rate", "tier_ids")
    def _check_rate(self):
        for rule in self:
            if max([rule.annual_rate, rule.overdraft_rate, *rule.tier_ids.mapped("rate")]) > 100:
                raise ValidationError(self.env._("A rate is in percent a year: 3.5 for three and a half percent."))

    @api.depends("date_from", "annual_rate")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = f"{rule.annual_rate:g} % · {format_date(self.env, rule.date_from)}"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._check_open()
        return rules

    def write(self, vals):
        self.check_access("write")
        self._check_open()
        result = super().write(vals)
        self._check_open()
        return result

    def unlink(self):
        self.check_access("unlink")
        self._check_open()
        return super().unlink()

    def _check_open(self):
        """A rule by which interest was posted stays as it was."""
        for rule in self:
            last = (
                self.env["kondo.savings.interest.run"]
                .sudo()
                .search(
                    [
                        ("product_id", "=", rule.product_id.id),
                        ("state", "=", "posted"),
                        ("date_to", ">=", rule.date_from),
                    ],
                    order="date_to desc",
                    limit=1,
                )
            )
            if last:
                raise UserError(
                    self.env._(
                        "Interest on “%(product)s” is posted until %(date)s. Enter a new rule from a later day.",
                        product=rule.product_id.name,
                        date=format_date(self.env, last.date_to),
                    )
                )

    # ------------------------------------------------------------------ for the engine
    @api.model
    def _exact(self, rate):
        """A rate of the screen as the decimal that was typed."""
        return Decimal(str(round(rate, 6)))

    def _engine_rule(self, withholding_rate=0):
        """This row as the engine's InterestRule.

        :param withholding_rate: percent of the interest kept for the tax office (Decimal)
        """
        self.ensure_one()
        return InterestRule(
            annual_rate=self._exact(self.annual_rate),
            balance_basis=self.balance_basis,
            compounding=self.posting if self.compounding == "none" else self.compounding,
            posting=self.posting,
            days_in_year=self.days_in_year,
            days_in_month=self.days_in_month,
            minimum_balance=self.minimum_balance,
            tiers=self.tier_ids._engine_tiers(),
            tier_mode=self.tier_mode,
            overdraft_rate=self._exact(self.overdraft_rate),
            minimum_overdraft=self.minimum_overdraft,
            credit_days=self.credit_days,
            debit_days=self.debit_days,
            withholding_rate=withholding_rate,
        )
