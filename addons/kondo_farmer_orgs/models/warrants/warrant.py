from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key
from odoo.addons.kondo_microfinance.models.loans.loan import OPEN_FILE

from ...engine.warrants import bags_of, releasable_kg, tenths

STATES = [
    ("draft", "To be confirmed"),
    ("received", "In store"),
    ("released", "Taken out"),
    ("cancelled", "Given up"),
]
# What the second person has counted and weighed: it no longer changes once he has confirmed it.
COUNTED = frozenset(
    {"partner_id", "store_id", "crop_id", "bags", "kg", "quality", "received_on", "first_price", "valued_on"}
)
KEYS = frozenset({"caisse_key_id", "person_key_id", "member_key_id"})


class KondoWarrant(models.Model):
    """A lot of stock that a member pledges under two padlocks, from the weighing to the last bag that leaves."""

    _name = "kondo.warrant"
    _description = "Warehouse receipt"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "name", "company_id", "state", "entered_by_id", "confirmed_by_id", "confirmed_on", "kg_left", "bags_left",
            "price", "priced_on", "value", "account_id", "counter_account_id",
        }
    )  # fmt: skip

    name = fields.Char(string="Number", readonly=True, copy=False)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Organisation or member",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_kondo_member', '=', True)]",
        tracking=True,
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", index=True, tracking=True)
    loan_id = fields.Many2one(
        "kondo.loan",
        string="Loan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('partner_id', '=', partner_id), ('state', 'in', ('draft', 'review', 'committee', 'approved', 'active'))]",
        tracking=True,
    )

    # What came in
    store_id = fields.Many2one("kondo.store", required=True, index=True, ondelete="restrict", check_company=True)
    crop_id = fields.Many2one("kondo.crop", string="Product", required=True, ondelete="restrict")
    bags = fields.Integer(required=True)
    kg = fields.Integer(string="Weight (kg)", required=True, help="Net weight of all bags, in whole kilos.")
    quality = fields.Char(help="Grade, dryness, year of the harvest, treatment against insects…")
    received_on = fields.Date(string="Received on", required=True, default=lambda self: self._business_day())
    first_price = Francs(string="Price at receipt (F/kg)")
    valued_on = fields.Date(string="Valued on", required=True, default=lambda self: self._business_day())
    note = fields.Text()

    # Two padlocks
    caisse_key_id = fields.Many2one(
        "res.users", string="Key of the caisse", required=True, default=lambda self: self.env.user, tracking=True
    )
    person_key_id = fields.Many2one(
        "kondo.org.person", string="Key of the producers", ondelete="restrict", check_company=True, tracking=True
    )
    member_key_id = fields.Many2one(
        "res.partner",
        string="Or a member",
        ondelete="restrict",
        check_company=True,
        domain="[('is_kondo_member', '=', True), ('member_kind', '=', 'individual')]",
        tracking=True,
    )
    producer_key = fields.Char(string="Producers' key holder", compute="_compute_producer_key")

    # Where it stands: moved by operations
    entered_by_id = fields.Many2one("res.users", string="Entered by", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", string="Confirmed by", readonly=True, copy=False)
    confirmed_on = fields.Date(readonly=True, copy=False)
    kg_left = fields.Integer(string="In store (kg)", readonly=True, copy=False)
    bags_left = fields.Integer(string="Bags in store", readonly=True, copy=False)
    price = Francs(string="Price in the books (F/kg)", readonly=True, copy=False, aggregator="avg")
    priced_on = fields.Date(string="Price of", readonly=True, copy=False)
    value = Francs(string="Value (F)", readonly=True, copy=False, help="Booked off balance.")
    account_id = fields.Many2one("account.account", string="Account", readonly=True, copy=False, ondelete="restrict")
    counter_account_id = fields.Many2one("account.account", readonly=True, copy=False, ondelete="restrict")
    move_ids = fields.One2many("kondo.warrant.move", "warrant_id", string="Movements", readonly=True)
    release_ids = fields.One2many("kondo.warrant.release", "warrant_id", string="Releases")

    # Against the market
    first_value = fields.Integer(string="Value at receipt (F)", compute="_compute_first_value")
    market_price = fields.Integer(string="Latest price (F/kg)", compute="_compute_market", aggregator=None)
    market_on = fields.Date(string="Latest price of", compute="_compute_market")
    market_value = fields.Integer(string="Value at the latest price (F)", compute="_compute_market")
    coverage = fields.Float(
        string="Coverage (%)", digits=(16, 1), compute="_compute_market", aggregator=None,
        help="Value at the latest price of all stock pledged for the loan, for 100 F of principal owed.",
    )  # fmt: skip
    coverage_low = fields.Boolean(string="Not covered enough", compute="_compute_market")
    releasable_kg = fields.Integer(string="May be released (kg)", compute="_compute_releasable")
    releasable_bags = fields.Integer(string="May be released (bags)", compute="_compute_releasable")

    _sane = models.Constraint("CHECK (bags > 0 AND kg > 0 AND first_price > 0)", "Count, weigh and value the stock.")
    _left_sane = models.Constraint(
        "CHECK (COALESCE(kg_left, 0) BETWEEN 0 AND kg AND COALESCE(bags_left, 0) BETWEEN 0 AND bags AND value >= 0)",
        "More than what is in store does not leave it.",
    )
    _two_keys = models.Constraint(
        "CHECK ((person_key_id IS NULL) <> (member_key_id IS NULL))",
        "The producers' padlock has one holder: a person of the organisation, or a member.",
    )
    _second_person = models.Constraint(
        "CHECK (confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id)",
        "Somebody else confirms than who entered the stock.",
    )
    _number_unique = models.UniqueIndex("(company_id, name)")

    # ------------------------------------------------------------------ defaults, computes
    def _business_day(self):
        return self.env.company.sudo().business_date or fields.Date.context_today(self)

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for warrant in self:
            warrant.display_name = warrant.name or self.env._("New warehouse receipt")

    @api.depends("person_key_id", "member_key_id")
    def _compute_producer_key(self):
        for warrant in self:
            warrant.producer_key = warrant.person_key_id.name or warrant.member_key_id.name

    @api.depends("kg", "first_price")
    def _compute_first_value(self):
        for warrant in self:
            warrant.first_value = warrant.kg * warrant.first_price

    @api.onchange("crop_id", "store_id")
    def _onchange_crop_id(self):
        company = self.store_id.company_id or self.env.company
        price = self.env["kondo.price"]._latest(self.crop_id, company, self.store_id.zone_id, self._business_day())
        if price:
            self.update({"first_price": price.price, "valued_on": price.date})

    def _market(self):
        """{warrant id: (francs a kilo, day)} of the latest price, that of the books when no later one is known.

        One search for each crop and zone of a caisse, whatever the number of lots.
        """
        known, market, prices = {}, {}, self.env["kondo.price"]
        for warrant in self.sudo():
            company, zone = warrant.company_id, warrant.store_id.zone_id
            key = warrant.crop_id, company, zone
            if key not in known:
                known[key] = prices._latest(*key, company.business_date or fields.Date.context_today(self))
            own = (warrant.price, warrant.priced_on) if warrant.price else (warrant.first_price, warrant.valued_on)
            last = known[key]
            market[warrant.id] = (last.price, last.date) if last and own[1] and last.date >= own[1] else own
        return market

    @api.depends("kg_left", "price", "store_id", "crop_id", "loan_id")
    def _compute_market(self):
        market, cover = self._market(), self.loan_id._warrant_cover()
        for warrant in self:
            price, day = market[warrant.id]
            warrant.market_price, warrant.market_on = price, day
            warrant.market_value = (warrant.kg_left or 0) * price
            percent, low = cover.get(warrant.loan_id.id, (None, False))
            warrant.coverage = tenths(percent)
            warrant.coverage_low = low and warrant.state == "received"

    @api.depends("kg_left", "price", "loan_id")
    def _compute_releasable(self):
        for warrant in self:
            warrant.releasable_kg = warrant._releasable()
            warrant.releasable_bags = bags_of(warrant.releasable_kg, warrant.kg_left, warrant.bags_left)

    def _releasable(self):
        """Kilos that may leave today: at the lower of the booked and the latest price, all lots of the loan together."""
        self.ensure_one()
        warrant = self.sudo()
        if warrant.state != "received" or not warrant.kg_left:
            return 0
        loan = warrant.loan_id
        if not loan or loan.state in ("closed", "refused", "cancelled"):
            return warrant.kg_left
        if loan.state != "active":  # a file that counts on it, or a debt written off and still owed
            return 0
        lots = loan.warrant_ids.filtered(lambda lot: lot.state == "received")
        prices = lots._prudent_prices()
        value = sum(lot.kg_left * prices[lot.id] for lot in lots)
        owed = loan.principal + loan.commitment
        free = releasable_kg(warrant.kg_left, prices[warrant.id], value, loan._warrant_fraction(), owed)
        # principal paid and interest still owed: the last bag waits for it
        return min(free, warrant.kg_left - 1) if lots == warrant else free

    def _prudent_prices(self):
        """{warrant id: francs a kilo}: a fall counts at once, a rise once it is booked."""
        market = self._market()
        return {warrant.id: min(warrant.price or warrant.first_price, market[warrant.id][0]) for warrant in self.sudo()}

    def _share_text(self, share):
        """A share in percent, without a needless decimal."""
        percent = Fraction(share) * 100
        return f"{float(percent):g}".replace(".", ",")

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        prepared = []
        for vals in vals_list:
            if not has_ledger_key(self.env):
                self._refuse_guarded(name for name in vals if vals[name])
            member = self.env["res.partner"].browse(vals.get("partner_id")).exists()
            if not member or not member.sudo().is_kondo_member or not member.sudo().company_id:
                raise UserError(self.env._("Choose the organisation or the member that brings the stock."))
            member.check_access("read")
            company = member.sudo().company_id
            company.with_env(self.env)._check_visible()
            prepared.append({**vals, "company_id": company.id, "entered_by_id": self.env.uid})
        warrants = super(KondoWarrant, self.with_context(kondo_ledger=LEDGER)).create(prepared)
        for warrant in warrants:
            warrant.name = f"{warrant.company_id.sudo().kondo_code}-W-{warrant.id:05d}"
        warrants = warrants.with_context(kondo_ledger=None)
        warrants._pledged(warrants.loan_id)
        return warrants

    def write(self, vals):
        if has_ledger_key(self.env):
            return super().write(vals)
        self._refuse_guarded(vals)
        counted = COUNTED.intersection(vals)
        if counted and any(warrant.state != "draft" for warrant in self):
            raise AccessError(self.env._("This stock has been confirmed: count and price no longer change by hand."))
        if KEYS.intersection(vals) and any(warrant.state == "received" for warrant in self):
            self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        before = {warrant: warrant.loan_id for warrant in self}
        result = super().write(vals)
        if counted:
            super(KondoWarrant, self.with_context(kondo_ledger=LEDGER)).write({"entered_by_id": self.env.uid})
        if "loan_id" in vals:
            for warrant, loan in before.items():
                if loan and loan != warrant.loan_id and loan.sudo().state in ("approved", "active", "written_off"):
                    raise UserError(
                        self.env._("The loan %(number)s was granted on this stock: it stays.", number=loan.name)
                    )
                warrant._pledged((loan | warrant.loan_id) if loan != warrant.loan_id else warrant.loan_id.browse())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never_confirmed(self):
        if any(warrant.sudo().move_ids or warrant.state != "draft" for warrant in self):
            raise UserError(self.env._("Stock that has been in store stays in the books: give it up or release it."))

    def _pledged(self, loans):
        """A file whose pledge changes begins anew."""
        for loan in loans.filtered(lambda one: one.state in OPEN_FILE):
            loan._send_back(self.env._("the stock pledged"))

    @api.constrains("loan_id", "partner_id")
    def _check_loan(self):
        for warrant in self.sudo():
            if warrant.loan_id and warrant.loan_id.partner_id != warrant.partner_id:
                raise ValidationError(
                    self.env._("The loan %(number)s is of another member than the stock.", number=warrant.loan_id.name)
                )

    @api.constrains("crop_id", "company_id")
    def _check_crop(self):
        for warrant in self.sudo():
            if warrant.crop_id.company_id != warrant.company_id.root_id:
                raise ValidationError(self.env._("This product is not in the list of the network."))

    @api.constrains("received_on", "valued_on")
    def _check_days(self):
        for warrant in self:
            today = warrant.company_id.sudo().business_date or fields.Date.context_today(self)
            if warrant.received_on > today or warrant.valued_on > today:
                raise ValidationError(self.env._("Stock is received and valued today or before, not in days to come."))
