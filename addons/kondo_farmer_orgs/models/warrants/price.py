from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.fields import Francs

ODD = 3  # a price so many times above or below the last one is most often a slip of the finger


class KondoPrice(models.Model):
    """What a kilo of a crop fetches on the market, on a day. Stock in store is watched by it."""

    _name = "kondo.price"
    _description = "Market price"
    _order = "date desc, crop_id, id desc"
    _rec_name = "crop_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Caisse",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Of the union: the price counts for all its caisses.",
    )
    crop_id = fields.Many2one("kondo.crop", string="Product", required=True, ondelete="restrict")
    zone_id = fields.Many2one("kondo.zone", string="Zone", ondelete="restrict", help="Empty: every zone.")
    date = fields.Date(
        string="Day",
        required=True,
        default=lambda self: self.env.company.sudo().business_date or fields.Date.context_today(self),
    )
    price = Francs(string="Price of a kilo (F)", aggregator="avg")
    source = fields.Char(help="Market, OMA bulletin, radio, trader…")
    user_id = fields.Many2one(
        "res.users", string="Entered by", required=True, readonly=True, default=lambda self: self.env.user
    )

    _price_sane = models.Constraint("CHECK (price > 0)", "A price is above zero.")
    _once_a_day = models.UniqueIndex(
        "(company_id, crop_id, COALESCE(zone_id, 0), date)", "The price of this day is entered already: correct it."
    )
    _latest_first = models.Index("(crop_id, date DESC)")

    @api.onchange("price", "crop_id", "zone_id")
    def _onchange_price(self):
        if not (self.price and self.crop_id):
            return None
        last = self._latest(self.crop_id, self.company_id, self.zone_id, self.date)
        if not last or last.price / ODD <= self.price <= last.price * ODD:
            return None
        text = self.env._(
            "The last price was %(last)s F a kilo. Is %(price)s F right?",
            last=spaced(last.price),
            price=spaced(self.price),
        )
        return {"warning": {"title": self.env._("Market price"), "message": text}}

    @api.constrains("date", "company_id")
    def _check_date(self):
        for price in self:
            if price.date > price._today():
                raise ValidationError(self.env._("The price of a day to come is not known yet."))

    @api.constrains("crop_id", "company_id")
    def _check_crop(self):
        for price in self.sudo():
            if price.crop_id.company_id != price.company_id.root_id:
                raise ValidationError(self.env._("This product is not in the list of the network."))

    def _today(self):
        return self.company_id.sudo().business_date or fields.Date.context_today(self)

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager", "group_network_manager")
        prices = super().create([{**vals, "user_id": self.env.uid} for vals in vals_list])
        for company in prices.company_id:
            company.with_env(self.env)._check_visible()
        return prices

    def write(self, vals):
        self._check_of_the_day()
        return super().write({**vals, "user_id": self.env.uid})

    @api.ondelete(at_uninstall=False)
    def _unlink_of_the_day(self):
        self._check_of_the_day()

    def _check_of_the_day(self):
        """Decisions were taken on a price of a day that is over: it stays, another day's price follows it."""
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager", "group_network_manager")
        for price in self:
            if price.date < price._today():
                raise UserError(
                    self.env._(
                        "The price of %(day)s stays as it was: enter the price of today.",
                        day=format_date(self.env, price.date),
                    )
                )

    # ------------------------------------------------------------------ which one counts
    @api.model
    @api.private
    def _latest(self, crop, company, zone, date):
        """The last price up to `date` for a caisse: of the same day that of its zone, and its own, come first."""
        if not (crop and company and date):
            return self.sudo().browse()
        found = self.sudo().search(
            [
                ("crop_id", "=", crop._origin.id or crop.id),
                ("company_id", "in", (company | company.sudo().root_id).ids),
                ("zone_id", "in", [False, *zone.ids]),
                ("date", "<=", date),
            ],
            order="date desc, id desc",
            limit=4,
        )
        of_the_day = found.filtered(lambda price: price.date == found[0].date)
        return of_the_day.sorted(lambda price: (price.zone_id == zone, price.company_id == company))[-1:]
