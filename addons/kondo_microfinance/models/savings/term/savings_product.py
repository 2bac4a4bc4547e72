import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ....engine.charts import band_of, rate_text
from ....engine.words import spaced
from ...fields import Francs
from ...ledger.key import LEDGER
from .band import BANDS

MODES = (("maturity", "term_at_maturity"), ("periodic", "term_periodic"), ("up_front", "term_up_front"))
INSTRUCTIONS = (
    ("renew_principal", "term_renew_principal"),
    ("renew_all", "term_renew_all"),
    ("transfer", "term_transfer"),
    ("payout", "term_payout"),
)
BREAK_RULES = [
    ("refused", "Not allowed"),
    ("contract", "Contract rate for the time held"),
    ("held", "Chart rate of the time held"),
    ("reduced", "Reduced rate for the time held"),
    ("none", "All interest lost"),
]
POINTS_OVER = [("held", "The time held"), ("term", "The whole term")]


class KondoSavingsProduct(models.Model):
    """What a term deposit product offers. A contract keeps what it was signed with; changes hold for new ones."""

    _inherit = "kondo.savings.product"

    term_months = fields.Char(
        string="Terms offered (months)", default="3, 6, 12, 24", help="Numbers of months parted by commas: 3, 6, 12."
    )
    term_minimum = Francs(string="Smallest deposit", help="0 for none.")
    term_rate_ids = fields.One2many("kondo.term.rate", "product_id", string="Rate chart")
    term_band_ids = fields.One2many("kondo.term.band", "product_id", string="Accounts by term")
    term_at_maturity = fields.Boolean(string="Interest at maturity", default=True)
    term_periodic = fields.Boolean(string="Interest every period", default=True)
    term_up_front = fields.Boolean(string="Interest up front")
    term_period_months = fields.Integer(string="Period (months)", required=True, default=3)
    term_day_count = fields.Selection(
        [
            ("months", "Whole months: rate / 12"),
            ("365", "Real days / 365"),
            ("360", "Real days / 360"),
            ("actual", "Real days / days of the year"),
        ],
        string="Interest counted by",
        required=True,
        default="months",
        help="Whole months: 500 000 F at 5 % for 12 months earn 25 000 F whatever the days. Real days: from the day of "
        "the deposit to the day before maturity.",
    )
    term_renew_principal = fields.Boolean(string="Renewal of the principal", default=True)
    term_renew_all = fields.Boolean(string="Renewal with the interest", default=True)
    term_transfer = fields.Boolean(string="Transfer to an account", default=True)
    term_payout = fields.Boolean(string="Payment at the window", default=True)
    term_compounding_months = fields.Integer(
        string="Interest on interest every (months)", required=True, default=0, help="0: simple interest."
    )
    break_rule = fields.Selection(
        BREAK_RULES,
        string="Early break",
        required=True,
        default="held",
        help="Chart rate of the time held: that of the chart in force on the day of the deposit, for the months that "
        "have passed; below the shortest term the deposit earns nothing.",
    )
    break_reduced_rate = fields.Float(string="Reduced rate (% a year)", digits=(16, 6))
    break_points = fields.Float(string="Points taken off", digits=(16, 6), help="Percent a year: 2 turns 5 % into 3 %.")
    break_points_over = fields.Selection(
        POINTS_OVER,
        string="Points counted over",
        required=True,
        default="held",
    )
    break_penalty = Francs(string="Fixed penalty (F)", help="Never more than the interest that is left.")
    break_recover = fields.Boolean(
        string="Take back interest already paid",
        default=True,
        help="Interest paid every period beyond what the rule leaves comes out of the deposit. What was paid up front "
        "always does.",
    )
    break_income_account_id = fields.Many2one(
        "account.account",
        string="Penalty income account",
        ondelete="restrict",
        help="70293, other commissions, where the chart has no better.",
    )

    _term_amounts = models.Constraint(
        "CHECK (term_minimum >= 0 AND break_penalty >= 0 AND COALESCE(break_points, 0) >= 0 AND term_period_months > 0 "
        "AND term_compounding_months >= 0 AND COALESCE(break_reduced_rate, 0) >= 0)",
        "Amounts, points and periods are not negative.",
    )

    @api.constrains("kind", "term_months")
    def _check_term_months(self):
        for product in self.filtered(lambda product: product.kind == "term"):
            if not re.fullmatch(r"\s*\d{1,3}\s*([,;]\s*\d{1,3}\s*)*", product.term_months or ""):
                raise ValidationError(self.env._("Write the terms as numbers of months parted by commas: 3, 6, 12."))
            if 0 in product._terms():
                raise ValidationError(self.env._("A term is at least one month."))

    @api.constrains("kind", *(name for _mode, name in (*MODES, *INSTRUCTIONS)))
    def _check_term_choices(self):
        for product in self.filtered(lambda product: product.kind == "term"):
            if not product._modes() or not product._instructions():
                raise ValidationError(
                    self.env._("Offer at least one way to pay the interest and one instruction for the maturity.")
                )

    # ------------------------------------------------------------------ create
    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        products.filtered(lambda product: product.kind == "term")._set_up_term()
        return products

    def write(self, vals):
        result = super().write(vals)
        if vals.get("kind") == "term":
            self._set_up_term()
        return result

    def _set_up_term(self):
        """The accounts by term and that of penalties, from the chart, where none were given."""
        bands = []
        for product in self:
            root = product.company_id
            if not product.term_band_ids:
                bands += [
                    {"product_id": product.id, "months_to": months, "account_id": root._kondo_account(code).id}
                    for months, code in BANDS
                ]
            if not product.break_income_account_id:
                product.break_income_account_id = root._kondo_account("70293")
        self.env["kondo.term.band"].create(bands)

    @api.private
    def _control_accounts_of(self, accounts):
        """Close ledger accounts of deposits to hand-made entries; refuse one that already has some."""
        for account in accounts.sudo():
            if account.kondo_control:
                continue
            if self.env["account.move.line"].sudo().search_count([("account_id", "=", account.id)], limit=1):
                raise UserError(
                    self.env._("The account %(account)s already has entries of its own.", account=account.display_name)
                )
            account.with_context(kondo_ledger=LEDGER).kondo_control = "savings"

    # ------------------------------------------------------------------ what is offered
    def _terms(self):
        """Months offered, ascending."""
        self.ensure_one()
        return sorted({int(months) for months in re.findall(r"\d+", self.term_months or "")})

    def _modes(self):
        self.ensure_one()
        return [mode for mode, name in MODES if self[name]]

    def _instructions(self):
        self.ensure_one()
        return [instruction for instruction, name in INSTRUCTIONS if self[name]]

    @api.private
    def _term_account(self, months):
        """The ledger account (account.account) of a deposit of `months`."""
        self.ensure_one()
        account_id = band_of([(band.months_to, band.account_id.id) for band in self.sudo().term_band_ids], months)
        if not account_id:
            raise UserError(
                self.env._(
                    "%(product)s: no ledger account for a term of %(months)s months. Ask the network to complete it.",
                    product=self.name,
                    months=months,
                )
            )
        return self.env["account.account"].sudo().browse(account_id)

    @api.private
    def _check_term(self, amount, months, mode, instruction):
        """Refuse what the product does not offer, saying what it does."""
        self.ensure_one()
        _ = self.env._
        if months not in self._terms():
            raise UserError(
                _(
                    "%(product)s is offered for %(terms)s months.",
                    product=self.name,
                    terms=", ".join(str(term) for term in self._terms()),
                )
            )
        if self.term_minimum and amount < self.term_minimum:
            raise UserError(
                _(
                    "The smallest deposit of %(product)s is %(amount)s F.",
                    product=self.name,
                    amount=spaced(self.term_minimum),
                )
            )
        if mode not in self._modes():
            raise UserError(_("%(product)s does not pay its interest this way. Choose another.", product=self.name))
        if instruction not in self._instructions():
            raise UserError(
                _("%(product)s does not offer this instruction for the maturity. Choose another.", product=self.name)
            )

    def _rate_label(self):
        """The lowest and highest rate of the chart that signs today."""
        if self.kind != "term":
            return super()._rate_label()
        rates = self.env["kondo.term.rate"]._chart(self, fields.Date.context_today(self)).mapped("rate")
        return " – ".join(f"{rate_text(rate)} %" for rate in sorted({min(rates), max(rates)})) if rates else ""
