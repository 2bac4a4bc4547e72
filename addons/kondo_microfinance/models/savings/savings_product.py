import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..fields import Francs
from ..ledger.key import LEDGER


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
    kind = fields.Selection(
        [("demand", "Demand deposit"), ("passbook", "Passbook savings")], required=True, default="demand", tracking=True
    )
    account_id = fields.Many2one(
        "account.account",
        string="Members' deposits account",
        required=True,
        ondelete="restrict",
        help="2511 for demand deposits, 2512 for passbooks (RCSSFD). It becomes controlled: only operations post to it.",
    )
    minimum_balance = Francs(tracking=True, help="What must stay on the account after a withdrawal.")
    minimum_operation = Francs(tracking=True, help="Smallest deposit or withdrawal; 0 for none.")
    maximum_operation = Francs(tracking=True, help="Largest deposit or withdrawal; 0 for none.")
    account_count = fields.Integer(compute="_compute_account_count")

    _code_unique = models.UniqueIndex("(company_id, code)", "Another product already has this code.")
    _amounts_positive = models.Constraint(
        "CHECK (minimum_balance >= 0 AND minimum_operation >= 0 AND maximum_operation >= 0)",
        "Minimum and maximum amounts are not negative.",
    )

    @api.constrains("code")
    def _check_code(self):
        for product in self:
            if not re.fullmatch(r"[A-Z]{3}", product.code or ""):
                raise ValidationError(self.env._("A product code is three capital letters, such as DAV."))

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
