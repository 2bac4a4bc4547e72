import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..fields import Francs
from ..ledger.key import LEDGER

# Scheme: codes of the capital, unpaid and receivable accounts in the RCSSFD.
CAPITAL_CODES = {
    "paid": ("57111", None, None),
    "called": ("57111", "57112", "5732"),
    "subdivided": ("571111", "571121", None),
}
CAPITAL_FIELDS = ("account_id", "unpaid_account_id", "receivable_account_id")
OTHER_CODES = {
    "entrance_account_id": "70291",
    "dividend_account_id": "591",
    "withholding_account_id": "332",
    "pending_account_id": "2721",
}
FIXED = ("nominal", "scheme", *CAPITAL_FIELDS)


class KondoShareProduct(models.Model):
    """The shares (parts sociales) that the network's members hold: their value, their rules, their accounts."""

    _name = "kondo.share.product"
    _description = "Kind of share"
    _inherit = ["mail.thread"]
    _order = "sequence, code"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(
        required=True, default="PS", help="Two or three letters that stand in share numbers: NIO-PS-00042."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Union",
        required=True,
        index=True,
        default=lambda self: self.env.company.sudo().root_id,
        help="The general meeting of the network sets the value of the share; its caisses share it.",
    )
    nominal = Francs(
        string="Nominal value", tracking=True, help="Francs of one share. It no longer changes once members hold some."
    )
    minimum_shares = fields.Integer(
        required=True, default=1, tracking=True, help="What a member holds at least as long as he is one."
    )
    maximum_shares = fields.Integer(
        required=True,
        default=0,
        tracking=True,
        help="What one member may hold at most, so that nobody owns the caisse; 0: no limit.",
    )
    instalment_months = fields.Integer(
        string="Months to pay",
        required=True,
        default=0,
        tracking=True,
        help="Within how many months the shares subscribed are paid in full, by instalments; 0: paid at once.",
    )
    first_payment = Francs(
        string="First payment per share",
        tracking=True,
        help="Least paid at once for each share subscribed; 0: any amount.",
    )
    notice_months = fields.Integer(
        string="Notice for a refund (months)",
        required=True,
        default=3,
        tracking=True,
        help="Between the member's request and the day on which his shares may be refunded.",
    )
    entrance_fee = Francs(
        tracking=True, help="Paid once with the first subscription (droit d'adhésion); it is never refunded. 0: none."
    )
    scheme = fields.Selection(
        [
            ("paid", "What is paid (cash, 57111)"),
            ("called", "Subscription and payment (5732, 57112, 57111)"),
            ("subdivided", "Subdivided capital (571121, 571111)"),
        ],
        string="Entries",
        required=True,
        default="paid",
        tracking=True,
        help="Sources disagree on the entries of shares; the accountant of the network decides.\n"
        "1. What is paid: cash is debited and 57111 (capital paid) credited when the member pays, nothing before. "
        "All sources agree on this for shares paid in cash; it is the choice proposed.\n"
        "2. Subscription and payment: a subscription debits 5732 (members, capital called and not paid) and credits "
        "57112; a payment debits cash and credits 5732, then debits 57112 and credits 57111. It is what the RCSSFD list "
        "of accounts suggests.\n"
        "3. Subdivided capital: a subscription debits 571121 and credits 571111; a payment debits cash and credits "
        "571121. A published simplification, which its author marks as not validated; the accountant first opens these "
        "two accounts under 57112 and 57111.\n"
        "The balance sheet shows the same paid-up capital in the three cases.",
    )
    account_id = fields.Many2one(
        "account.account",
        string="Capital account",
        compute="_compute_capital_accounts",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="57111, capital subscribed, called and paid (571111 when subdivided). It becomes controlled: only "
        "operations post to it.",
    )
    unpaid_account_id = fields.Many2one(
        "account.account",
        string="Unpaid capital account",
        compute="_compute_capital_accounts",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="57112, capital subscribed, called and not paid (571121 when subdivided).",
    )
    receivable_account_id = fields.Many2one(
        "account.account",
        string="Members' debt account",
        compute="_compute_capital_accounts",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="5732, what members still owe on the shares they subscribed.",
    )
    entrance_account_id = fields.Many2one(
        "account.account",
        string="Entrance fee account",
        compute="_compute_other_accounts",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="70291, subscriptions and entrance fees.",
    )
    dividend_account_id = fields.Many2one(
        "account.account",
        string="Distributed result account",
        compute="_compute_other_accounts",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="Debited when a dividend is paid. 591 (result awaiting approval): the dividend's own entry takes its part of "
        "the result out. When the accountant's entry of the meeting's decision already moved that part to a "
        "subdivision of 332 (sundry creditors), choose that subdivision here.",
    )
    withholding_account_id = fields.Many2one(
        "account.account",
        string="Withheld tax account",
        compute="_compute_other_accounts",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="Owed to the State: a subdivision of 332, sundry creditors.",
    )
    pending_account_id = fields.Many2one(
        "account.account",
        string="Dividends to collect account",
        compute="_compute_other_accounts",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="2721 (dispositions à payer): dividends of holders without an account, until they come to collect them.",
    )
    dividend_ceiling = fields.Float(
        string="Highest dividend rate (%)",
        digits=(16, 6),
        tracking=True,
        help="The law limits what shares of a mutual institution may earn; the bylaws or the meeting say how much. "
        "0: no ceiling here.",
    )
    dividend_base = fields.Selection(
        [("full", "Shares paid in full"), ("paid", "Francs paid, also on shares not yet paid in full")],
        string="Dividend on",
        required=True,
        default="full",
        tracking=True,
        help="Bylaws differ: most pay dividends only on shares fully paid up.",
    )
    holding_count = fields.Integer(compute="_compute_holding_count")

    _code_unique = models.UniqueIndex("(company_id, code)", "Another kind of share already has this code.")
    _nominal_positive = models.Constraint("CHECK (nominal > 0)", "The nominal value of a share is above zero.")
    _rules_positive = models.Constraint(
        "CHECK (minimum_shares >= 0 AND maximum_shares >= 0 AND instalment_months >= 0 AND first_payment >= 0"
        " AND notice_months >= 0 AND entrance_fee >= 0 AND dividend_ceiling >= 0)",
        "Numbers, months and amounts are not negative.",
    )
    _bounds = models.Constraint(
        "CHECK (maximum_shares = 0 OR maximum_shares >= minimum_shares)",
        "The maximum number of shares is not below the minimum.",
    )
    _first_payment_bound = models.Constraint(
        "CHECK (first_payment <= nominal)", "The first payment is not above the nominal value."
    )

    @api.constrains("code")
    def _check_code(self):
        for product in self:
            if not re.fullmatch(r"[A-Z]{2,3}", product.code or ""):
                raise ValidationError(self.env._("The code of a share is two or three capital letters, such as PS."))

    @api.constrains("scheme", *CAPITAL_FIELDS, "entrance_fee", "entrance_account_id")
    def _check_accounts(self):
        for product in self:
            for name, code in zip(CAPITAL_FIELDS, CAPITAL_CODES[product.scheme], strict=True):
                if code and not product[name]:
                    raise ValidationError(
                        self.env._(
                            "These entries need the account %(code)s: “%(field)s” is empty. The accountant opens it first.",
                            code=code,
                            field=self._fields[name]._description_string(self.env),
                        )
                    )
            if product.entrance_fee and not product.entrance_account_id:
                raise ValidationError(self.env._("Choose the account of the entrance fee."))

    # ------------------------------------------------------------------ computes
    @api.depends("company_id", "scheme")
    def _compute_capital_accounts(self):
        for product in self:
            for name, code in zip(CAPITAL_FIELDS, CAPITAL_CODES[product.scheme or "paid"], strict=True):
                product[name] = product._chart_account(code)

    @api.depends("company_id")
    def _compute_other_accounts(self):
        for product in self:
            for name, code in OTHER_CODES.items():
                product[name] = product[name] or product._chart_account(code)

    def _chart_account(self, code):
        """The account of the union's chart with this code, or none: a chart may lack a subdivision."""
        union = self.company_id.sudo().root_id
        if not code or not union:
            return False
        accounts = self.env["account.account"].sudo().with_company(union)
        return accounts.search([("code", "=", code), ("company_ids", "in", union.ids)], limit=1)

    def _compute_holding_count(self):
        counts = dict(
            self.env["kondo.share.holding"]._read_group(
                [("product_id", "in", self.ids), ("state", "!=", "closed")], ["product_id"], ["__count"]
            )
        )
        for product in self:
            product.holding_count = counts.get(product, 0)

    # ------------------------------------------------------------------ create, write
    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        products._control_accounts()
        return products

    def write(self, vals):
        for product in self:
            changed = [
                name
                for name in FIXED
                if name in vals and product._fields[name].convert_to_write(product[name], product) != vals[name]
            ]
            if changed and product._has_holdings():
                raise UserError(
                    self.env._(
                        "Members hold shares of this kind: “%(field)s” no longer changes.",
                        field=self._fields[changed[0]]._description_string(self.env),
                    )
                )
        result = super().write(vals)
        if {"scheme", *CAPITAL_FIELDS}.intersection(vals):
            self._control_accounts()
        return result

    def unlink(self):
        if self._has_holdings():
            raise UserError(self.env._("Members hold shares of this kind: archive it."))
        return super().unlink()

    def _has_holdings(self):
        holdings = self.env["kondo.share.holding"].sudo()
        return bool(holdings.search_count([("product_id", "in", self.ids)], limit=1))

    # ------------------------------------------------------------------ accounts
    @api.private
    def _capital_accounts(self):
        """{role: account} of the scheme, see engine/share_scheme.py."""
        self.ensure_one()
        roles = zip(("capital", "unpaid", "receivable"), CAPITAL_FIELDS, CAPITAL_CODES[self.scheme], strict=True)
        return {role: self[name] for role, name, code in roles if code}

    @api.private
    def _paid_account(self):
        """The account on which a member's payment stands."""
        return self.unpaid_account_id if self.scheme == "subdivided" else self.account_id

    def _control_accounts(self):
        """Close the accounts of the capital to hand-made entries; refuse one that already has some."""
        for product in self.sudo():
            for account in product._capital_accounts().values():
                if account.kondo_control == "shares":
                    continue
                if account.kondo_control or self.env["account.move.line"].sudo().search_count(
                    [("account_id", "=", account.id)], limit=1
                ):
                    raise UserError(
                        self.env._(
                            "The account %(account)s already has entries of its own.", account=account.display_name
                        )
                    )
                account.with_context(kondo_ledger=LEDGER).kondo_control = "shares"

    def action_open_holdings(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kondo.share.holding",
            "view_mode": "list,form",
            "domain": [("product_id", "=", self.id)],
        }
