from odoo import api, fields, models

from ...fields import Francs


class KondoSavingsProduct(models.Model):
    """What an account of the product costs, and how its holder may use it."""

    _inherit = "kondo.savings.product"

    fee_ids = fields.One2many("kondo.savings.fee", "product_id", string="Tariffs")
    keeping_period = fields.Selection(
        [("monthly", "Every month"), ("quarterly", "Every quarter"), ("annual", "Every year")],
        string="Account keeping",
        required=True,
        default="monthly",
        tracking=True,
        help="Charged with the end of each period, by days for an account opened within it.",
    )
    maximum_per_day = Francs(
        string="Withdrawn in a day at most",
        tracking=True,
        help="Withdrawals and transfers of one account in a business day, together; 0 for no limit.",
    )
    withdrawals_per_month = fields.Integer(
        string="Withdrawals in a month at most",
        required=True,
        default=0,
        tracking=True,
        help="Withdrawals and transfers of one account in a calendar month; 0 for no limit.",
    )
    days_to_inactive = fields.Integer(
        string="Inactive after (days)",
        required=True,
        default=0,
        tracking=True,
        help="Days without an operation of the holder; 0: the network's dated parameter “savings_inactive_days”.",
    )
    days_to_dormant = fields.Integer(
        string="Dormant after (days)",
        required=True,
        default=0,
        tracking=True,
        help="Days without an operation of the holder; 0: the network's dated parameter “savings_dormant_years”.",
    )
    current_rate = fields.Char(string="Rate in force", compute="_compute_current_rate")
    current_fees = fields.Char(string="Tariffs in force", compute="_compute_current_fees")

    _usage_positive = models.Constraint(
        """CHECK (maximum_per_day >= 0 AND withdrawals_per_month >= 0 AND days_to_inactive >= 0 AND days_to_dormant >= 0
             AND (days_to_dormant = 0 OR days_to_dormant >= days_to_inactive))""",
        "Limits are not negative, and an account is inactive before it is dormant.",
    )

    @api.depends("interest_rule_ids.date_from", "interest_rule_ids.annual_rate", "kind")
    def _compute_current_rate(self):
        for product in self:
            product.current_rate = product._rate_label()

    def _rate_label(self):
        """What the product earns today, in words; empty when nothing. Rooms with a chart of their own extend it."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        rule = self.interest_rule_ids.filtered(lambda rule: rule.date_from <= today).sorted("date_from")[-1:]
        return f"{rule.annual_rate:g} %".replace(".", ",") if rule.annual_rate else ""

    @api.depends("fee_ids.price", "fee_ids.date_from", "fee_ids.date_to")
    def _compute_current_fees(self):
        today = fields.Date.context_today(self)
        for product in self:
            current = product.fee_ids.filtered(
                lambda tariff: tariff.date_from <= today and (not tariff.date_to or tariff.date_to >= today)
            )
            product.current_fees = " · ".join(current.mapped("display_name"))


class KondoSavingsAccount(models.Model):
    _inherit = "kondo.savings.account"

    @api.model_create_multi
    def create(self, vals_list):
        """The opening fee waits for the first money, like any fee of an account that has none."""
        accounts = super().create(vals_list)
        operations = self.env["kondo.operation"]
        for account in accounts.filtered(lambda account: account.kind != "term"):
            tariff = self.env["kondo.savings.fee"]._in_force(account.product_id, "opening", account.opened_on)
            if tariff:
                amount = tariff._cost(0)
                tax = operations._fee_tax(tariff, amount, account.opened_on)
                self.env["kondo.savings.fee.due"]._wait(account, tariff, amount, tax, account.opened_on)
        return accounts
