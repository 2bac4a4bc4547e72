from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ....engine.checks import RuleError
from ....engine.fees import Tariff, fee
from ....engine.words import spaced
from ...fields import Francs

MOMENTS = [
    ("opening", "Opening of the account"),
    ("closing", "Closing of the account"),
    ("keeping", "Account keeping"),
    ("dormant", "Keeping of a dormant account"),
    ("deposit", "Deposit"),
    ("withdrawal", "Withdrawal"),
    ("transfer", "Transfer"),
    ("statement", "Statement"),
    ("passbook", "Passbook"),
]
INCOME = "70293"


class KondoSavingsFee(models.Model):
    """The price of one service on a product, from a day on. A new price is a new row beside the old one."""

    _name = "kondo.savings.fee"
    _description = "Tariff"
    _order = "product_id, moment, date_from desc, id desc"
    _check_company_auto = True

    product_id = fields.Many2one("kondo.savings.product", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="product_id.company_id", string="Union", store=True, precompute=True, required=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    moment = fields.Selection(MOMENTS, string="Service", required=True, default="withdrawal")
    method = fields.Selection(
        [("flat", "Fixed amount"), ("percent", "Percentage")], string="Computed as", required=True, default="flat"
    )
    amount = Francs(string="Fixed amount", help="Francs, tax not included.")
    rate = fields.Float(
        string="Rate (%)",
        digits=(16, 6),
        required=True,
        default=0,
        help="Of the amount of the operation; of the balance for account keeping.",
    )
    floor = Francs(string="At least", help="Francs; the percentage never gives less.")
    ceiling = Francs(string="At most", help="Francs; the percentage never gives more. 0: no limit.")
    taxed = fields.Boolean(
        default=True,
        help="The tax on financial activities (TAF) comes on top, unless the whole union is exempt.",
    )
    income_account_id = fields.Many2one(
        "account.account",
        required=True,
        compute="_compute_income_account_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="70293 Autres commissions.",
    )
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until", help="Empty: until another tariff takes its place.")
    price = fields.Char(compute="_compute_price")

    _amounts = models.Constraint(
        "CHECK (amount >= 0 AND rate >= 0 AND floor >= 0 AND (ceiling = 0 OR ceiling >= floor))",
        "A tariff is not negative, and its ceiling is not below its floor.",
    )
    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "A tariff cannot end before it begins."
    )

    # ------------------------------------------------------------------ computes, constraints
    @api.depends("product_id")
    def _compute_income_account_id(self):
        for tariff in self:
            union = tariff.product_id.company_id.sudo().root_id
            if not tariff.income_account_id and union.kondo_kind == "union":
                tariff.income_account_id = union._kondo_account(INCOME)

    @api.depends("method", "amount", "rate", "floor", "ceiling")
    def _compute_price(self):
        """The price in one line: 500 F; 1 % (100 F to 5 000 F)."""
        for tariff in self:
            if tariff.method == "flat":
                tariff.price = f"{spaced(tariff.amount)} F"
                continue
            bounds = ""
            if tariff.floor and tariff.ceiling:
                bounds = self.env._(
                    "from %(floor)s to %(ceiling)s F", floor=spaced(tariff.floor), ceiling=spaced(tariff.ceiling)
                )
            elif tariff.floor:
                bounds = self.env._("at least %(floor)s F", floor=spaced(tariff.floor))
            elif tariff.ceiling:
                bounds = self.env._("at most %(ceiling)s F", ceiling=spaced(tariff.ceiling))
            tariff.price = f"{tariff.rate:g} %".replace(".", ",") + (f" ({bounds})" if bounds else "")

    @api.depends("moment", "price")
    def _compute_display_name(self):
        for tariff in self:
            tariff.display_name = self.env._(
                "%(service)s: %(price)s", service=tariff._moment_label(tariff.moment), price=tariff.price
            )

    @api.constrains("product_id", "moment", "date_from", "date_to")
    def _check_one_at_a_time(self):
        """One tariff a day for a service: which price holds is never a question."""
        for tariff in self:
            others = self.search(
                [
                    ("id", "!=", tariff.id),
                    ("product_id", "=", tariff.product_id.id),
                    ("moment", "=", tariff.moment),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", tariff.date_from),
                    ("date_from", "<=", tariff.date_to or fields.Date.to_date("9999-12-31")),
                ]
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(service)s already has a tariff for these days. End it the day before the new one begins.",
                        service=tariff._moment_label(tariff.moment),
                    )
                )

    @api.constrains("method", "amount", "rate")
    def _check_price(self):
        for tariff in self:
            if not (tariff.amount if tariff.method == "flat" else tariff.rate):
                raise ValidationError(self.env._("A tariff of nothing is no tariff: remove it, or give its price."))

    @api.constrains("product_id", "moment")
    def _check_term(self):
        for tariff in self:
            if tariff.product_id.kind == "term" and tariff.moment != "opening":
                raise ValidationError(
                    self.env._("Nothing is taken from a term deposit before its maturity: it has an opening fee only.")
                )

    # ------------------------------------------------------------------ CRUD
    @api.model_create_multi
    def create(self, vals_list):
        tariffs = super().create(vals_list)
        for tariff in tariffs:
            tariff.product_id.message_post(
                body=self.env._(
                    "New tariff from %(date)s. %(tariff)s", date=tariff.date_from, tariff=tariff.display_name
                )
            )
        return tariffs

    def write(self, vals):
        """A price that has been asked stays as it was asked: only its last day changes."""
        changed = {name for name in vals if name != "date_to"} & {
            "product_id", "moment", "method", "amount", "rate", "floor", "ceiling", "taxed", "date_from"
        }  # fmt: skip
        if changed and any(tariff._has_been_in_force() for tariff in self):
            raise UserError(
                self.env._("This tariff has been in force: end it and enter the new price as another tariff.")
            )
        result = super().write(vals)
        for tariff in self:
            tariff.product_id.message_post(body=self.env._("Tariff changed. %(tariff)s", tariff=tariff.display_name))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        if any(tariff._has_been_in_force() for tariff in self):
            raise UserError(self.env._("This tariff has been in force: end it instead of deleting it."))

    def _has_been_in_force(self):
        """Since an earlier day than today, so that a price mistyped this morning can still be mended."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return bool(self.date_from < today and self.create_date and self.create_date.date() < today)

    # ------------------------------------------------------------------ prices
    def _moment_label(self, moment):
        return dict(self._fields["moment"]._description_selection(self.env)).get(moment, "")

    @api.model
    def _in_force(self, product, moment, date):
        """The tariff (record, may be empty) of a service on a day."""
        return self.sudo().search(
            [
                ("product_id", "=", product.id),
                ("moment", "=", moment),
                ("date_from", "<=", date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", date),
            ],
            limit=1,
        )

    def _tariff(self):
        """The engine's value of this row."""
        self.ensure_one()
        try:
            return Tariff(
                amount=self.amount,
                percent=self.method == "percent",
                rate=str(self.rate),
                floor=self.floor,
                ceiling=self.ceiling,
            )
        except RuleError as fault:
            raise UserError(self.env._("This tariff cannot be computed: %(fault)s.", fault=fault)) from fault

    def _cost(self, base):
        """Francs of this service on `base` francs, tax not included."""
        return fee(self._tariff(), max(0, base))
