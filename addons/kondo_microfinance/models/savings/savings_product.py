import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..fields import Francs
from ..ledger.key import LEDGER

KINDS = [
    ("demand", "Demand deposit"),
    ("passbook", "Passbook savings"),
    ("term", "Term deposit"),
    ("planned", "Planned savings"),
    ("guarantee", "Guarantee savings"),
    ("group", "Group savings"),
]
# Where each kind stands in the RCSSFD: members' deposits, accrued interest, interest paid.
DEFAULT_ACCOUNTS = {
    "demand": ("2511", "25116", "602511"),
    "passbook": ("2512", "25126", "602512"),
    "term": ("25212", "2526", "60252"),
    "planned": ("2531", "25316", "60253"),
    "guarantee": ("2545", "2546", "60254"),
    "group": ("2511", "25116", "602511"),
}
OVERDRAFT_INCOME = "7025"
ACCOUNT_FIELDS = ("account_id", "accrued_account_id", "expense_account_id")


class KondoSavingsProduct(models.Model):
    """What the network offers its savers, the same in every caisse."""

    _name = "kondo.savings.product"
    _description = "Savings product"
    _inherit = ["mail.thread"]
    _order = "sequence, code"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, help="Three letters that stand in account numbers: DAV for dépôt à vue.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Union",
        required=True,
        index=True,
        default=lambda self: self.env.company.sudo().root_id,
        help="Products belong to the union; its caisses share them.",
    )
    kind = fields.Selection(KINDS, required=True, default="demand", tracking=True)
    account_id = fields.Many2one(
        "account.account",
        string="Members' deposits account",
        required=True,
        compute="_compute_ledger_accounts",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="2511 for demand deposits, 2512 for passbooks (RCSSFD). It becomes controlled: only operations post to it.",
    )
    accrued_account_id = fields.Many2one(
        "account.account",
        string="Accrued interest account",
        compute="_compute_ledger_accounts",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="Interest owed to members and not yet paid: 25116, 25126, 2526… (dettes rattachées).",
    )
    expense_account_id = fields.Many2one(
        "account.account",
        string="Interest expense account",
        compute="_compute_ledger_accounts",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="602511 for demand deposits, 602512 for passbooks, 60252 for term deposits…",
    )
    overdraft_income_account_id = fields.Many2one(
        "account.account",
        string="Overdraft interest account",
        compute="_compute_ledger_accounts",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="7025: interest that members owe on their overdrafts.",
    )
    minimum_balance = Francs(tracking=True, help="What must stay on the account after a withdrawal.")
    minimum_operation = Francs(tracking=True, help="Smallest deposit or withdrawal; 0 for none.")
    maximum_operation = Francs(tracking=True, help="Largest deposit or withdrawal; 0 for none.")
    withdrawal_delay = fields.Integer(
        string="Days between withdrawals", required=True, default=0, tracking=True, help="0: every day is possible."
    )
    account_count = fields.Integer(compute="_compute_account_count")

    _code_unique = models.UniqueIndex("(company_id, code)", "Another product already has this code.")
    _amounts_positive = models.Constraint(
        "CHECK (minimum_balance >= 0 AND minimum_operation >= 0 AND maximum_operation >= 0 AND withdrawal_delay >= 0)",
        "Minimum and maximum amounts are not negative.",
    )

    @api.constrains("code")
    def _check_code(self):
        for product in self:
            if not re.fullmatch(r"[A-Z]{3}", product.code or ""):
                raise ValidationError(self.env._("A product code is three capital letters, such as DAV."))

    @api.depends("kind", "company_id")
    def _compute_ledger_accounts(self):
        """The accounts of the chart for this kind; a product with members' accounts keeps its own."""
        for product in self:
            union = product.company_id.sudo().root_id
            if union.kondo_kind != "union" or (product._origin and product._origin.kind == product.kind):
                continue
            for name, code in zip(ACCOUNT_FIELDS, DEFAULT_ACCOUNTS[product.kind], strict=True):
                if not product[name] or product._origin:
                    product[name] = union._kondo_account(code)
            product.overdraft_income_account_id = product.overdraft_income_account_id or union._kondo_account(
                OVERDRAFT_INCOME
            )

    def _compute_account_count(self):
        counts = dict(
            self.env["kondo.savings.account"]._read_group([("product_id", "in", self.ids)], ["product_id"], ["__count"])
        )
        for product in self:
            product.account_count = counts.get(product, 0)

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        products._control_accounts()
        return products

    def write(self, vals):
        if "account_id" in vals:
            changed = self.filtered(lambda product: product.account_id.id != vals["account_id"])
            if changed.sudo().with_context(active_test=False)._has_accounts():
                raise UserError(
                    self.env._("This product already has members' accounts: its ledger account no longer changes.")
                )
        result = super().write(vals)
        if "account_id" in vals:
            self._control_accounts()
        return result

    def _has_accounts(self):
        return bool(self.env["kondo.savings.account"].search_count([("product_id", "in", self.ids)], limit=1))

    def _control_accounts(self):
        """Close the product's ledger account to hand-made entries; refuse one that already has some."""
        for account in self.account_id.sudo():
            if account.kondo_control:
                continue
            if self.env["account.move.line"].sudo().search_count([("account_id", "=", account.id)], limit=1):
                raise UserError(
                    self.env._("The account %(account)s already has entries of its own.", account=account.display_name)
                )
            account.with_context(kondo_ledger=LEDGER).kondo_control = "savings"

    def action_open_accounts(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kondo.savings.account",
            "view_mode": "list,form",
            "domain": [("product_id", "=", self.id)],
        }
