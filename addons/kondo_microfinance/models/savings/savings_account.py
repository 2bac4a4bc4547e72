from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_date

from ...engine.words import spaced
from ..fields import Francs
from ..ledger.key import LEDGER, has_ledger_key
from ..room import leave_room


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
            "overdraft_until",
            "state",
            "block",
            "ledger_account_id",
            "last_movement_on",
            "last_withdrawal_on",
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
    ledger_account_id = fields.Many2one(
        "account.account",
        string="Ledger account",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="Where this money stands in the books: the product's account, or that of the term of a deposit.",
    )
    blocked = Francs(readonly=True, string="Held", help="Part of the balance that may not be withdrawn.")
    overdraft_limit = Francs(readonly=True)
    overdraft_until = fields.Date(readonly=True, help="Last day of the overdraft; empty: until it is withdrawn.")
    available = fields.Integer(compute="_compute_available", help="What the holder may withdraw now.")
    state = fields.Selection(
        [("active", "Active"), ("inactive", "Inactive"), ("dormant", "Dormant"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="active",
        tracking=True,
    )
    block = fields.Selection(
        [("none", "None"), ("debit", "Withdrawals"), ("credit", "Deposits"), ("all", "Everything")],
        string="Blocked",
        required=True,
        readonly=True,
        default="none",
        tracking=True,
        help="What the holder may not do for the time being.",
    )
    opened_on = fields.Date(readonly=True)
    closed_on = fields.Date(readonly=True)
    last_movement_on = fields.Date(
        readonly=True, help="Last operation of the holder himself; interest and fees are not."
    )
    last_withdrawal_on = fields.Date(readonly=True)
    line_ids = fields.One2many("kondo.operation.line", "savings_account_id", string="Movements", readonly=True)

    _number_unique = models.UniqueIndex("(company_id, number)")
    _never_overdrawn = models.Constraint(
        "CHECK (balance >= -overdraft_limit AND blocked >= 0 AND overdraft_limit >= 0)",
        "This would take the account below what is allowed.",
    )

    def init(self):
        """Interest writes every account twice, its balance and the day up to which it is posted."""
        super().init()
        leave_room(self.env, self._table, 33)

    # ------------------------------------------------------------------ computes, constraints
    @api.depends(
        "balance", "blocked", "overdraft_limit", "overdraft_until", "state", "block", "product_id.minimum_balance"
    )
    def _compute_available(self):
        for account in self:
            usable = account.state in ("active", "inactive") and account.block in ("none", "credit")
            account.available = (
                max(
                    0,
                    account.balance + account._overdraft() - account.blocked - account.product_id.minimum_balance,
                )
                if usable
                else 0
            )

    def _overdraft(self):
        """The overdraft (francs) that counts on the business day."""
        self.ensure_one()
        day = self.company_id.sudo().business_date or fields.Date.context_today(self)
        return self.overdraft_limit if not self.overdraft_until or self.overdraft_until >= day else 0

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
                    "ledger_account_id": self._ledger_account_of(vals, product),
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

    def _ledger_account_of(self, vals, product):
        """The product's ledger account; another one (a term's) is given by the ledger's own code."""
        given = vals.get("ledger_account_id") if has_ledger_key(self.env) else None
        return given or product.account_id.id

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
        self._change_block("all")

    def action_unblock(self):
        self._change_block("none")

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
        self._lock_for_manager()
        self.with_context(kondo_ledger=LEDGER).write({"state": "closed", "closed_on": fields.Date.context_today(self)})

    def _change_block(self, block):
        self._lock_for_manager()
        self.with_context(kondo_ledger=LEDGER).write({"block": block})

    def _lock_for_manager(self):
        """A manager's decision: the rows are locked so that no operation slips in before it is written."""
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        self.check_access("write")
        for account in self:
            account.company_id._check_visible()
            self.env.cr.execute(
                "SELECT state FROM kondo_savings_account WHERE id = %s AND balance = %s FOR UPDATE",
                (account.id, account.balance),
            )
            row = self.env.cr.fetchone()
            if not row or row[0] == "closed":
                raise UserError(self.env._("The account %(number)s is no longer in that state.", number=account.number))

    # ------------------------------------------------------------------ what comes next
    def _next_events(self):
        """What is known to happen to the account, in any order: dicts of `_event`. Each room adds its own."""
        self.ensure_one()
        return []

    @api.model
    def _event(self, date, label, amount=None):
        """One thing to come: its day, words, and francs where the words do not say them."""
        return {"date": date, "label": label, "amount": amount}

    # ------------------------------------------------------------------ refusals
    def _refuse_movement(self, change, rule="window"):
        """Say why a movement of `change` francs is impossible, with what is possible instead."""
        self.ensure_one()
        raise UserError(self._why_not(change, rule))

    def _why_not(self, change, rule="window"):
        """The sentence of a refusal; each cause that a movement of this rule can meet has its own."""
        _ = self.env._
        if self.state == "closed":
            return _("The account %(number)s is closed.", number=self.number)
        if rule != "window":
            return _(
                "Balance too low: at most %(available)s F can leave the account %(number)s.",
                available=spaced(self._house_available(rule)),
                number=self.number,
            )
        if self.state == "dormant":
            return _("The account %(number)s is dormant. It is reactivated first: see the manager.", number=self.number)
        if self.block == "all":
            return _("The account %(number)s is blocked. See the manager.", number=self.number)
        if change < 0 and self.block == "debit":
            return _("Withdrawals from the account %(number)s are blocked. See the manager.", number=self.number)
        if change > 0 and self.block == "credit":
            return _("Deposits on the account %(number)s are blocked. See the manager.", number=self.number)
        day = self._next_withdrawal_day()
        if change < 0 and day:
            return _(
                "The next withdrawal from the account %(number)s is possible from %(date)s.",
                number=self.number,
                date=format_date(self.env, day),
            )
        return _(
            "Balance too low: at most %(available)s F can leave the account %(number)s.",
            available=spaced(self.available),
            number=self.number,
        )

    def _house_available(self, rule):
        """What an operation of the house may take, in francs (rules of `savings_guard.py`)."""
        held = self.blocked if rule == "house" else 0
        overdraft = self.overdraft_limit if rule == "correction" else self._overdraft()
        return max(0, self.balance + overdraft - held)

    def _next_withdrawal_day(self):
        """The day from which the product's delay allows a withdrawal, or False when it does already."""
        delay = self.product_id.withdrawal_delay
        if not delay or not self.last_withdrawal_on:
            return False
        day = fields.Date.add(self.last_withdrawal_on, days=delay)
        return day if day > (self.company_id.sudo().business_date or fields.Date.context_today(self)) else False

    def _check_movement(self, change, rule="window"):
        """The cheap check before any lock: refuse at once what the guard would refuse later."""
        self.ensure_one()
        if rule != "window":
            if self.state == "closed" or (change < 0 and self._house_available(rule) < -change):
                self._refuse_movement(change, rule)
            return
        barred = ("all", "debit") if change < 0 else ("all", "credit")
        if (
            self.state not in ("active", "inactive")
            or self.block in barred
            or (change < 0 and (self.available < -change or self._next_withdrawal_day()))
        ):
            self._refuse_movement(change)
