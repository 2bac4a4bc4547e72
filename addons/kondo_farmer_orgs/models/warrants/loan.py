from fractions import Fraction

from odoo import api, fields, models

from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.loans.product_settings import exact_rate

from ...engine.warrants import coverage, lendable, tenths

WAITING = ("draft", "review", "committee", "approved")


class KondoLoan(models.Model):
    """What stock in warehouse receipts stands behind a loan, and whether it still covers it."""

    _inherit = "kondo.loan"

    warrant_ids = fields.One2many("kondo.warrant", "loan_id", string="Warehouse receipts")
    warrant_needed = fields.Boolean(related="product_id.warrant_needed", string="Against a warehouse receipt")
    warrant_value = fields.Integer(
        string="Stock at the latest price (F)", compute="_compute_warrant_cover", aggregator=None
    )
    warrant_lendable = fields.Integer(
        string="Lent at most on the stock (F)", compute="_compute_warrant_cover", aggregator=None
    )
    warrant_coverage = fields.Float(
        string="Coverage by stock (%)", digits=(16, 1), compute="_compute_warrant_cover", aggregator=None
    )
    warrant_low = fields.Boolean(string="Stock no longer covers", compute="_compute_warrant_cover")
    warrant_alert = fields.Boolean(
        string="Stock alert", readonly=True, copy=False, help="Set by the evening of the day, with the officer's task."
    )

    @property
    def _guarded_fields(self):
        return super()._guarded_fields | {"warrant_alert"}

    @api.depends("warrant_ids.kg_left", "warrant_ids.price", "warrant_ids.state", "principal")
    def _compute_warrant_cover(self):
        cover = self._warrant_cover()
        for loan in self:
            percent, low = cover.get(loan.id, (None, False))
            lots = loan._stock()
            prices = lots._prudent_prices()
            loan.warrant_value = loan._stock_value(lots)
            loan.warrant_lendable = lendable(
                sum(lot.kg_left * prices[lot.id] for lot in lots), loan._warrant_fraction()
            )
            loan.warrant_coverage = tenths(percent)
            loan.warrant_low = low

    def _stock(self):
        return self.sudo().warrant_ids.filtered(lambda lot: lot.state == "received")

    @api.model
    def _stock_value(self, lots):
        """Francs of lots at the latest price."""
        market = lots._market()
        return sum(lot.kg_left * market[lot.id][0] for lot in lots)

    @api.private
    def _warrant_cover(self):
        """{loan id: (coverage in percent as a Fraction, whether it is under the alert)} of running loans with receipts."""
        loans = self.sudo().filtered(lambda loan: loan.state == "active" and loan.principal and loan.warrant_ids)
        if not loans:
            return {}
        market = loans._stock()._market()
        result = {}
        for loan in loans:
            percent = coverage(sum(lot.kg_left * market[lot.id][0] for lot in loan._stock()), loan.principal)
            floor = exact_rate(float(self.env["kondo.parameter"]._get("warrant_cover_alert", loan._caisse_day())))
            result[loan.id] = (percent, percent < floor)
        return result

    def _caisse_day(self):
        return self.company_id.sudo().business_date or fields.Date.context_today(self)

    def _warrant_fraction(self):
        """The share of the stock that this loan may be, as a Fraction: the product's, or the network's on the day it was paid."""
        own = self.product_id.sudo().warrant_share
        if own:
            return exact_rate(own) / 100
        day = self.disbursed_on or self._caisse_day()
        return Fraction(self.env["kondo.parameter"]._get("warrant_share", day)) / 100

    # ------------------------------------------------------------------ may it be lent
    @api.private
    def _check_blocking(self):
        return [*super()._check_blocking(), *self._warrant_faults()]

    def _warrant_faults(self):
        """Stock that is missing, that nobody has confirmed, or that is not worth enough for what is to be paid out."""
        _, faults, loan = self.env._, [], self.sudo()
        if not (loan.product_id.warrant_needed or loan.warrant_ids) or loan.state not in (*WAITING, "active"):
            return []
        lots = loan.warrant_ids.filtered(lambda lot: lot.state in ("draft", "received"))
        if not lots:
            return [_("This loan is made against stock: enter the warehouse receipt and link it to the file.")]
        for lot in lots.filtered(lambda one: one.state == "draft"):
            faults.append(
                _(
                    "Warehouse receipt %(number)s: the stock has not been confirmed in store by a second person.",
                    number=lot.name,
                )
            )
        stock = loan._stock()
        prices = stock._prudent_prices()
        value, share = sum(lot.kg_left * prices[lot.id] for lot in stock), loan._warrant_fraction()
        most = lendable(value, share)
        asked = loan.principal + loan.commitment if loan.state == "active" else loan.amount
        if asked > most and stock:
            faults.append(
                _(
                    "The stock is worth %(value)s F: at %(share)s %% at most %(most)s F are lent on it, not %(asked)s F.",
                    value=spaced(value),
                    share=stock._share_text(share),
                    most=spaced(most),
                    asked=spaced(asked),
                )
            )
        return faults
