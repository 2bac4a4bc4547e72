from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine.words import spaced
from ..fields import Francs
from ..ledger.key import LEDGER


class KondoSavingsAccount(models.Model):
    """A member's money. The balance stands on the row and only the ledger moves it."""

    _name = "kondo.savings.account"
    _description = "Savings account"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "company_id, number"
    _rec_name = "number"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "balance",
            "blocked",
            "overdraft_limit",
            "state",
            "number",
            "opened_on",
            "closed_on",
            "company_id",
            "product_id",
        }
    )

    number = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    product_id = fields.Many2one("kondo.savings.product", required=True, ondelete="restrict", index=True)
    kind = fields.Selection(related="product_id.kind")
    partner_id = fields.Many2one(
        "res.partner", string="Holder", required=True, ondelete="restrict", index=True, check_company=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    balance = Francs(readonly=True)
    blocked = Francs(readonly=True, help="Part of the balance that may not be withdrawn.")
    overdraft_limit = Francs(readonly=True)
    available = fields.Integer(compute="_compute_available", help="What the holder may withdraw now.")
    state = fields.Selection(
        [("active", "Active"), ("blocked", "Blocked"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="active",
        tracking=True,
    )
    opened_on = fields.Date(readonly=True)
    closed_on = fields.Date(readonly=True)
    line_ids = fields.One2many("kondo.operation.line", "savings_account_id", string="Movements", readonly=True)

    _number_unique = models.UniqueIndex("(company_id, number)")
    _never_overdrawn = models.Constraint(
        "CHECK (balance >= -overdraft_limit AND blocked >= 0 AND overdraft_limit >= 0)",
        "This would take the account below what is allowed.",
    )

    # ------------------------------------------------------------------ computes, constraints
    @api.depends("balance", "blocked", "overdraft_limit", "product_id.minimum_balance")
    def _compute_available(self):
        for account in self:
            account.available = max(
                0, account.balance + account.overdraft_limit - account.blocked - account.product_id.minimum_balance
            )

    @api.depends("number", "partner_id")
    @api.depends_context("short_account")
    def _compute_display_name(self):
        """Number and holder; the number alone where the holder stands beside it (context `short_account`)."""
        for account in self:
            account.display_name = account.number or "/"
            if not self.env.context.get("short_account"):
                account.display_name += f" · {account.partner_id.name or ''}"

    @api.constrains("partner_id", "company_id")
    def _check_holder(self):
        for account in self:
            if not account.partner_id.is_kondo_member or account.partner_id.company_id != account.company_id:
                raise ValidationError(self.env._("The holder of an account is a member of the same caisse."))

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        """Open accounts: number by caisse and product, opening day = business day of the caisse."""
        prepared = []
        for vals in vals_list:
            holder = self.env["res.partner"].browse(vals.get("partner_id")).sudo()
            product = self.env["kondo.savings.product"].browse(vals.get("product_id")).sudo()
            if not holder or not product:
                raise UserError(self.env._("Choose the member and the product."))
            self._check_may_open(holder, product)
            prepared.append(
                {
                    "partner_id": holder.id,
                    "product_id": product.id,
                    "company_id": holder.company_id.id,
                    "number": self._next_number(holder.company_id, product),
                    "opened_on": holder.company_id.business_date or fields.Date.context_today(self),
                }
            )
        accounts = super(KondoSavingsAccount, self.with_context(kondo_ledger=LEDGER)).create(prepared)
        return accounts.with_context(kondo_ledger=None)

    def write(self, vals):
        if "partner_id" in vals:
            raise UserError(self.env._("The holder of an account does not change. Close it and open another."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A savings account is closed, never deleted."))

    def _check_may_open(self, holder, product):
        if not holder.is_kondo_member or holder.company_id.kondo_kind != "caisse":
            raise UserError(self.env._("The holder of an account is a member of the same caisse."))
        holder.company_id.with_env(self.env)._check_visible()
        if holder.member_state not in ("applicant", "active"):
            raise UserError(self.env._("%(name)s is no longer a member.", name=holder.name))
        if not product.active or product.company_id != holder.company_id.root_id:
            raise UserError(self.env._("This product is not offered by this caisse."))

    @api.model
    def _next_number(self, company, product):
        """NIO-DAV-00042: a PostgreSQL sequence per caisse and product, which takes no lock."""
        code = f"kondo.savings.{company.id}.{product.id}"
        sequences = self.env["ir.sequence"].sudo().with_company(company)
        if not sequences.search_count([("code", "=", code), ("company_id", "=", company.id)], limit=1):
            sequences.create(
                {
                    "name": f"{company.kondo_code} {product.code}",
                    "code": code,
                    "company_id": company.id,
                    "implementation": "standard",
                    "prefix": f"{company.kondo_code}-{product.code}-",
                    "padding": 5,
                }
            )
        return sequences.next_by_code(code)

    # ------------------------------------------------------------------ actions
    def action_block(self):
        self._change_state("active", "blocked")

    def action_unblock(self):
        self._change_state("blocked", "active")

    def action_close(self):
        for account in self.sudo():
            if account.balance or account.blocked:
                raise UserError(
                    self.env._(
                        "The account %(number)s still holds %(balance)s F.",
                        number=account.number,
                        balance=spaced(account.balance),
                    )
                )
        self._change_state("active", "closed", {"closed_on": fields.Date.context_today(self)})

    def _change_state(self, before, after, more=None):
        """A manager's decision; the row is locked so that no operation slips in between."""
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        self.check_access("write")
        for account in self:
            account.company_id._check_visible()
            self.env.cr.execute(
                "SELECT state, balance FROM kondo_savings_account WHERE id = %s FOR UPDATE", (account.id,)
            )
            state, balance = self.env.cr.fetchone()
            if state != before or (after == "closed" and balance):
                raise UserError(self.env._("The account %(number)s is no longer in that state.", number=account.number))
        self.with_context(kondo_ledger=LEDGER).write({"state": after, **(more or {})})

    # ------------------------------------------------------------------ refusals
    def _refuse_movement(self, change):
        """Say why a movement of `change` francs is impossible, with what is possible instead."""
        self.ensure_one()
        _ = self.env._
        if self.state == "closed":
            raise UserError(_("The account %(number)s is closed.", number=self.number))
        if self.state == "blocked":
            raise UserError(_("The account %(number)s is blocked. See the manager.", number=self.number))
        raise UserError(
            _(
                "Balance too low: at most %(available)s F can leave the account %(number)s.",
                available=spaced(self.available),
                number=self.number,
            )
        )

    def _check_movement(self, change):
        """The cheap check before any lock: refuse at once what the guard would refuse later."""
        self.ensure_one()
        if self.state != "active" or (change < 0 and self.available < -change):
            self._refuse_movement(change)
