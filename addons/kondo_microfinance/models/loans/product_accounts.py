from odoo import api, fields, models
from odoo.exceptions import UserError

from ..ledger.key import LEDGER

# By term class: outstanding, accrued interest, interest income (RCSSFD; regulation of the union in dated parameters).
BY_TERM = {
    "short": {"principal": "2022", "accrued": "20227", "interest_income": "70212"},
    "medium": {"principal": "2031", "accrued": "2037", "interest_income": "70213"},
    "long": {"principal": "2041", "accrued": "2047", "interest_income": "70214"},
}
# Whatever the term.
COMMON = {
    "fee_income": "70293", "penalty_income": "7028", "reserved": "3822", "insurance": "332", "tax": "332", "loss_covered": "6691",
    "loss": "6692", "recovery": "769", "immobilised": "291", "late_6": "292", "late_12": "293", "late_24": "294",
    "provision_6": "2991", "provision_12": "2992", "provision_24": "2993", "charge_3": "66411", "charge_6": "66412",
    "charge_12": "6642", "charge_24": "6643", "reversal_6": "7641", "reversal_12": "7642", "reversal_24": "7643",
}  # fmt: skip
# Accounts on which only operations post.
CONTROLLED = frozenset(
    {
        "principal", "accrued", "immobilised", "late_6", "late_12", "late_24", "provision_6", "provision_12",
        "provision_24",
    }
)  # fmt: skip
LABELS = [
    ("principal", "Loans outstanding"),
    ("accrued", "Accrued interest"),
    ("interest_income", "Interest income"),
    ("reserved", "Interest reserved"),
    ("fee_income", "Fees"),
    ("penalty_income", "Penalties"),
    ("insurance", "Insurance to be passed on"),
    ("tax", "Taxes to be passed on"),
    ("immobilised", "Immobilised loans"),
    ("late_6", "In arrears, 6 months at most"),
    ("late_12", "In arrears, 6 to 12 months"),
    ("late_24", "In arrears, over 12 months"),
    ("provision_6", "Provision, 6 months at most"),
    ("provision_12", "Provision, 6 to 12 months"),
    ("provision_24", "Provision, over 12 months"),
    ("charge_3", "Provision expense, 3 months at most"),
    ("charge_6", "Provision expense, 3 to 6 months"),
    ("charge_12", "Provision expense, 6 to 12 months"),
    ("charge_24", "Provision expense, over 12 months"),
    ("reversal_6", "Provision taken back, 6 months at most"),
    ("reversal_12", "Provision taken back, 6 to 12 months"),
    ("reversal_24", "Provision taken back, over 12 months"),
    ("loss_covered", "Losses covered by provisions"),
    ("loss", "Losses not covered"),
    ("recovery", "Recoveries on loans written off"),
]


class KondoLoanAccount(models.Model):
    """Where a product's loans stand in the books when that is not the account every product uses."""

    _name = "kondo.loan.account"
    _description = "Account of a loan product"
    _order = "product_id, use, term_class"
    _check_company_auto = True

    product_id = fields.Many2one("kondo.loan.product", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="product_id.company_id", string="Union", store=True, precompute=True, required=True, index=True
    )
    use = fields.Selection(LABELS, required=True)
    term_class = fields.Selection(
        [("short", "Short term"), ("medium", "Medium term"), ("long", "Long term")], help="Empty: whatever the term."
    )
    account_id = fields.Many2one("account.account", required=True, ondelete="restrict")

    _one_account = models.UniqueIndex(
        "(product_id, use, COALESCE(term_class, ''))", "This use already has an account for that term."
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._control()
        return rows

    def write(self, vals):
        if self.product_id.loan_count:
            raise UserError(self.env._("This product already has loans: its accounts no longer change."))
        result = super().write(vals)
        self._control()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        if self.product_id.loan_count:
            raise UserError(self.env._("This product already has loans: its accounts no longer change."))

    def _control(self):
        for row in self.filtered(lambda row: row.use in CONTROLLED):
            row.product_id._control_account(row.account_id)


class KondoLoanProduct(models.Model):
    _inherit = "kondo.loan.product"

    account_ids = fields.One2many(
        "kondo.loan.account",
        "product_id",
        string="Accounts of its own",
        help="Only where this product differs: every use has its account of the RCSSFD already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        for union in products.company_id:
            products._control_standard_accounts(union.sudo().root_id)
        return products

    def _account(self, use, term_class=None):
        """The account.account of a use (see LABELS): the product's own, or the chart's. UserError when there is none."""
        self.ensure_one()
        own = self.sudo().account_ids.filtered(lambda row: row.use == use and row.term_class in (term_class, False))
        if own:
            return own.sorted(lambda row: not row.term_class)[0].account_id
        union = self.sudo().company_id.root_id
        if use == "tax" and union.fees_tax_account_id:
            return union.fees_tax_account_id
        return union._kondo_account(BY_TERM[term_class or "short"].get(use) or COMMON[use])

    @api.model
    def _control_standard_accounts(self, union):
        """Close the chart's accounts of loans to hand-made entries, once the union lends."""
        codes = {BY_TERM[term][use] for term in BY_TERM for use in CONTROLLED & BY_TERM[term].keys()}
        for code in sorted(codes | {COMMON[use] for use in CONTROLLED & COMMON.keys()}):
            self._control_account(union._kondo_account(code))

    @api.model
    def _control_account(self, account):
        """Close an account to hand-made entries; refuse one that already has some."""
        account = account.sudo()
        if account.kondo_control:
            return
        if self.env["account.move.line"].sudo().search_count([("account_id", "=", account.id)], limit=1):
            raise UserError(
                self.env._("The account %(account)s already has entries of its own.", account=account.display_name)
            )
        account.with_context(kondo_ledger=LEDGER).kondo_control = "loans"
