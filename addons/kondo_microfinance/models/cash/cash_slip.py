import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.words import spaced
from ..fields import Francs
from ..ledger.key import LEDGER

WINDOW_KINDS = ("vault_to_till", "till_to_vault")


class KondoCashSlip(models.Model):
    """Cash handed from one place to another: one person sends it, another counts and receives it."""

    _name = "kondo.cash.slip"
    _description = "Cash slip"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "state",
            "sent_by_id",
            "sent_at",
            "received_by_id",
            "received_at",
            "operation_id",
            "company_id",
            "name",
            "amount",
        }
    )

    name = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", string="Caisse", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("vault_to_till", "Vault to till"),
            ("till_to_vault", "Till to vault"),
            ("bank_to_vault", "Bank to vault"),
            ("vault_to_bank", "Vault to bank"),
        ],
        required=True,
        default=lambda self: "till_to_vault" if self._own_till() else "vault_to_till",
    )
    vault_id = fields.Many2one(
        "kondo.till",
        required=True,
        check_company=True,
        domain="[('kind', '=', 'vault')]",
        default=lambda self: self._only_place("vault"),
    )
    till_id = fields.Many2one(
        "kondo.till",
        check_company=True,
        domain="[('kind', '=', 'till')]",
        default=lambda self: self._own_till() or self._only_place("till"),
    )
    bank_account_id = fields.Many2one(
        "account.account",
        string="Bank account",
        domain="[('id', 'in', bank_account_ids)]",
        default=lambda self: self._only_bank_account(),
        help="One of the caisse's bank accounts (1141…).",
    )
    bank_account_ids = fields.Many2many("account.account", compute="_compute_bank_account_ids")
    counts = fields.Json(string="Notes and coins", default=dict)
    amount = Francs(readonly=True)
    note = fields.Char()
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Handed over"), ("received", "Received"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    sent_by_id = fields.Many2one("res.users", readonly=True, string="Handed over by")
    sent_at = fields.Datetime(readonly=True)
    received_by_id = fields.Many2one("res.users", readonly=True, string="Received by")
    received_at = fields.Datetime(readonly=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, check_company=True)

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "An amount is never negative.")

    # ------------------------------------------------------------------ defaults
    def _own_till(self):
        """The till that the current user holds open."""
        return self.env["kondo.till"].search([("open_session_id.user_id", "=", self.env.uid)], limit=1)

    def _only_place(self, kind):
        """The vault or till of the caisse, when it has just one."""
        places = self.env["kondo.till"].search([("kind", "=", kind), ("company_id", "=", self.env.company.id)])
        return places if len(places) == 1 else places.browse()

    def _only_bank_account(self):
        """The bank account of the caisse, when it has just one."""
        company = self.env.company
        accounts = company._kondo_bank_accounts() if company.kondo_kind == "caisse" else self.env["account.account"]
        return accounts if len(accounts) == 1 else accounts.browse()

    @api.depends("vault_id")
    def _compute_bank_account_ids(self):
        for slip in self:
            company = slip.vault_id.sudo().company_id or self.env.company
            slip.bank_account_ids = company._kondo_bank_accounts()

    @api.constrains("kind", "vault_id", "till_id", "bank_account_id")
    def _check_places(self):
        for slip in self:
            if slip.vault_id.kind != "vault":
                raise UserError(self.env._("Choose the vault."))
            if slip.kind in WINDOW_KINDS and slip.till_id.kind != "till":
                raise UserError(self.env._("Choose the till."))
            if slip.kind not in WINDOW_KINDS and not slip.bank_account_id:
                raise UserError(self.env._("Choose the bank account."))
            company = slip.vault_id.sudo().company_id
            if slip.kind not in WINDOW_KINDS and slip.bank_account_id not in company._kondo_bank_accounts():
                raise UserError(self.env._("Choose a bank account of %(caisse)s.", caisse=company.name))

    @api.model_create_multi
    def create(self, vals_list):
        """The amount is the total of the count; the caisse is that of the vault."""
        for vals in vals_list:
            vault = self.env["kondo.till"].browse(vals.get("vault_id")).sudo()
            vals["counts"] = vals.get("counts") or {}
            vals["amount"] = self.env["kondo.till.session"]._count_total(vals["counts"])
            vals["company_id"] = vault.company_id.id
            if vals.get("kind") in WINDOW_KINDS:
                vals["bank_account_id"] = False
            vals["state"] = "draft"
        slips = super(KondoCashSlip, self.with_context(kondo_ledger=LEDGER)).create(vals_list)
        for slip in slips:
            slip.company_id._check_visible()
            slip.name = f"BC-{slip.company_id.kondo_code}-{slip.id:05d}"
        return slips.with_context(kondo_ledger=None)

    def write(self, vals):
        inside = self.env.context.get("kondo_ledger") is LEDGER
        if not inside and any(slip.state != "draft" for slip in self) and set(vals) - {"message_main_attachment_id"}:
            raise AccessError(self.env._("A slip that was handed over no longer changes. Cancel it and make another."))
        if "counts" in vals and not inside:
            self.env["kondo.till.session"]._count_total(vals["counts"] or {})
            result = super().write(vals)
            for slip in self:
                slip.with_context(kondo_ledger=LEDGER).amount = self.env["kondo.till.session"]._count_total(
                    slip.counts or {}
                )
            return result
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A cash slip is cancelled, never deleted."))

    # ------------------------------------------------------------------ roles
    def _groups_of(self, side):
        """Who hands over and who receives, by kind of slip."""
        vault = ("group_caisse_manager",)
        bank = ("group_caisse_manager", "group_accountant")
        return {
            "vault_to_till": {"send": vault, "receive": ("group_teller",)},
            "till_to_vault": {"send": ("group_teller",), "receive": vault},
            "bank_to_vault": {"send": bank, "receive": bank},
            "vault_to_bank": {"send": bank, "receive": bank},
        }[self.kind][side]

    # ------------------------------------------------------------------ actions
    def action_send(self):
        """Hand the cash over: from now on the slip waits for the other person."""
        for slip in self:
            slip.company_id._check_visible()
            self.env["kondo.four.eyes"]._check_group(*slip._groups_of("send"))
            if slip.state != "draft":
                raise UserError(self.env._("This slip is no longer a draft."))
            if not slip.amount:
                raise UserError(self.env._("Count the notes and coins first."))
            if slip.kind == "till_to_vault" and slip.sudo().till_id.open_session_id.user_id != self.env.user:
                raise UserError(self.env._("Your till is not open. Open it before any operation."))
            source = slip.sudo().till_id if slip.kind == "till_to_vault" else slip.sudo().vault_id
            if slip.kind != "bank_to_vault" and source.cash < slip.amount:
                raise UserError(
                    self.env._("%(place)s holds only %(cash)s F.", place=source.name, cash=spaced(source.cash))
                )
            slip.sudo().with_context(kondo_ledger=LEDGER).write(
                {"state": "sent", "sent_by_id": self.env.uid, "sent_at": fields.Datetime.now()}
            )

    def action_cancel(self):
        for slip in self:
            slip.company_id._check_visible()
            self.env["kondo.four.eyes"]._check_group(*slip._groups_of("send"), *slip._groups_of("receive"))
            self.env.cr.execute("SELECT state FROM kondo_cash_slip WHERE id = %s FOR UPDATE", (slip.id,))
            if self.env.cr.fetchone()[0] not in ("draft", "sent"):
                raise UserError(self.env._("A received slip is not cancelled: hand the cash back by another slip."))
            slip.sudo().with_context(kondo_ledger=LEDGER).write({"state": "cancelled"})

    def action_receive(self):
        """Receive the cash after counting it; posts the movement. Never the person who handed it over."""
        for slip in self:
            slip.company_id._check_visible()
            with self.env["kondo.operation"]._posting_env() as env:
                env[self._name].browse(slip.id)._receive_here()
        self.invalidate_recordset()

    @api.private
    def _receive_here(self):
        """In a posting's transaction: check both persons, post, mark received."""
        self.ensure_one()
        slip = self.sudo()
        self.env.cr.execute("SELECT state FROM kondo_cash_slip WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        slip.invalidate_recordset()
        if slip.state != "sent":
            raise UserError(self.env._("This slip is not waiting to be received."))
        self.env["kondo.four.eyes"]._check_group(*slip._groups_of("receive"))
        self.env["kondo.four.eyes"]._check_second_person(
            slip.sent_by_id, self.env._("You handed this cash over: another person must receive it.")
        )
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.cash.slip,{slip.id}"))
        answer = self.env["kondo.operation"]._post_here("slip", key, slip.company_id.id, {"slip_id": slip.id}, key)
        slip.with_context(kondo_ledger=LEDGER).write(
            {
                "state": "received",
                "received_by_id": self.env.uid,
                "received_at": fields.Datetime.now(),
                "operation_id": answer["operation_id"],
            }
        )
