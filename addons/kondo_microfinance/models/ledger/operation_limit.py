from odoo import api, fields, models

from ...engine.words import spaced
from ..fields import Francs
from .operation import KINDS
from .submission import NeedsApproval

ROLES = [("group_teller", "Teller"), ("group_loan_officer", "Loan officer"), ("group_caisse_manager", "Caisse manager")]
# Kinds that a role decides alone up to an amount.
LIMITED = {
    "deposit",
    "withdrawal",
    "transfer",
    "account_closing",
    "term_opening",
    "term_break",
    "share_payment",
    "share_refund",
    "collection",
    "remote_deposit",
    "remote_withdrawal",
    "remote_transfer",
}


class KondoOperationLimit(models.Model):
    """Up to how much a role decides alone; above it a supervisor authorises."""

    _name = "kondo.operation.limit"
    _description = "Limit of a role"
    _order = "company_id, role, kind, product_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Union or caisse",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="A limit of the union holds in all its caisses; one of a caisse replaces it there.",
    )
    role = fields.Selection(ROLES, required=True, default="group_teller")
    kind = fields.Selection([kind for kind in KINDS if kind[0] in LIMITED], required=True)
    product_id = fields.Many2one("kondo.savings.product", help="Empty: every product.")
    amount = Francs(help="The largest amount without authorisation.")

    _one_limit = models.UniqueIndex(
        "(company_id, role, kind, COALESCE(product_id, 0))", "There is already a limit for this role and operation."
    )
    _positive = models.Constraint("CHECK (amount >= 0)", "A limit is not negative.")

    @api.model
    @api.private
    def _limit_for(self, company, kind, product):
        """The limit (francs) of the current user for an operation, None when there is none.

        The most particular rule wins: the caisse before the union, the product before all products. Somebody with
        two roles has the larger of their limits.
        """
        roles = [role for role, _label in ROLES if self.env.user.has_group(f"kondo_microfinance.{role}")]
        rules = self.sudo().search(
            [
                ("company_id", "parent_of", company.id),
                ("kind", "=", kind),
                ("role", "in", roles),
                ("product_id", "in", [False, product.id]),
            ]
        )
        limits = []
        for role in roles:
            mine = rules.filtered(lambda rule, role=role: rule.role == role)
            if not mine:
                return None
            best = max(mine, key=lambda rule: (rule.company_id == company, bool(rule.product_id)))
            limits.append(best.amount)
        return max(limits) if limits else None


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    def _check_authorised(self, posting, values, product, amount):
        """Refuse above the role's limit unless a supervisor has authorised exactly this request."""
        company = self.env["res.company"].browse(posting.company_id)
        limit = self.env["kondo.operation.limit"]._limit_for(company, posting.kind, product)
        if limit is None or amount <= limit:
            return
        if values.get("approval_id"):
            approval = self.env["kondo.approval"].sudo().browse(self._check_id(values["approval_id"])).exists()
            posting.values["approver_id"] = approval._use(posting, self._without_transport(values)).id
            return
        message = self.env._("Above %(limit)s F a supervisor must authorise the operation.", limit=spaced(limit))
        if not posting.dry:
            raise NeedsApproval(message)
        posting.missing_approval = message
