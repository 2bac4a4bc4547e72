from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ....engine.charts import percent, rate_text
from ....engine.rates import Tier
from ....engine.term import chart_rate
from ....engine.words import spaced
from ...fields import Francs


class KondoTermRate(models.Model):
    """One line of a rate chart. A new chart is a new set of lines with a later date; it replaces the old one whole."""

    _name = "kondo.term.rate"
    _description = "Line of a rate chart"
    _order = "product_id, date_from desc, months_from, amount_from"
    _check_company_auto = True

    product_id = fields.Many2one("kondo.savings.product", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="product_id.company_id", string="Union", store=True, precompute=True, required=True, index=True
    )
    date_from = fields.Date(
        string="Chart from",
        required=True,
        default=fields.Date.context_today,
        help="All lines of one day are one chart. From that day they replace the earlier chart whole.",
    )
    months_from = fields.Integer(string="From (months)", required=True, default=1, help="Shortest term of this rate.")
    amount_from = Francs(string="From (F)", help="Smallest amount that earns this rate.")
    rate = fields.Float(string="Rate (% a year)", digits=(16, 6), required=True)

    _one_line = models.UniqueIndex(
        "(product_id, date_from, months_from, amount_from)", "This chart already has a line for this term and amount."
    )
    _sane = models.Constraint(
        "CHECK (months_from > 0 AND amount_from >= 0 AND rate >= 0 AND rate <= 100)",
        "A term is at least one month; amounts are not negative; a rate lies between 0 and 100 %.",
    )

    @api.depends("months_from", "amount_from", "rate")
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._(
                "From %(months)s months and %(amount)s F: %(rate)s %%",
                months=line.months_from,
                amount=spaced(line.amount_from),
                rate=rate_text(line.rate),
            )

    @api.model
    @api.private
    def _chart(self, product, date):
        """The lines of the product's chart in force on `date`, empty when there is none yet."""
        lines = self.sudo().search([("product_id", "=", product.id), ("date_from", "<=", date)])
        newest = max(lines.mapped("date_from"), default=None)
        return lines.filtered(lambda line: line.date_from == newest)

    @api.model
    @api.private
    def _rate_for(self, product, months, amount, date):
        """Yearly rate in percent (exact) for a deposit of `amount` francs over `months`; UserError when not offered."""
        rate = self._offered(product, months, amount, date)
        if rate is None:
            raise UserError(
                self.env._(
                    "%(product)s: the chart of %(date)s has no rate for %(amount)s F over %(months)s months.",
                    product=product.name,
                    date=format_date(self.env, date),
                    amount=spaced(amount),
                    months=months,
                )
            )
        return rate

    @api.model
    @api.private
    def _offered(self, product, months, amount, date):
        """The same, None when the chart in force on `date` does not offer it."""
        return chart_rate(self._tiers(product, date), months, amount)

    @api.model
    @api.private
    def _tiers(self, product, date):
        """The chart in force on `date` as the engine reads it."""
        return [Tier(line.amount_from, percent(line.rate), line.months_from) for line in self._chart(product, date)]
