import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.words import spaced
from ..fields import Francs
from ..ledger.key import LEDGER

PROPOSERS = ("group_accountant", "group_caisse_manager", "group_network_manager")


class KondoLiaisonSettlement(models.Model):
    """A caisse pays what it owes another: by bank transfer, or by compensation through the union.

    Cash travels as a convoy, which settles by itself. One person proposes, another confirms; the confirmation books
    every caisse concerned at once.
    """

    _name = "kondo.liaison.settlement"
    _description = "Settlement between caisses"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {"name", "state", "proposed_by_id", "proposed_at", "confirmed_by_id", "confirmed_at", "business_date", "uuid"}
    )

    name = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", string="Pays", required=True, index=True, default=lambda self: self.env.company
    )
    creditor_company_id = fields.Many2one("res.company", string="Is paid", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = Francs()
    way = fields.Selection(
        [("bank", "Bank transfer"), ("union", "Compensation through the union")],
        required=True,
        default="bank",
        help="By compensation both caisses keep the amount towards the union, which nets all its caisses.",
    )
    bank_account_id = fields.Many2one("account.account", string="From the bank account")
    creditor_bank_account_id = fields.Many2one(
        "account.account", string="To the bank account", help="Chosen by the caisse that is paid, when it confirms."
    )
    bank_account_ids = fields.Many2many("account.account", compute="_compute_bank_account_ids")
    creditor_bank_account_ids = fields.Many2many("account.account", compute="_compute_bank_account_ids")
    reference = fields.Char(string="Transfer order", help="Number and date of the bank's transfer order.")
    state = fields.Selection(
        [("draft", "Draft"), ("proposed", "To confirm"), ("done", "Settled"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    proposed_by_id = fields.Many2one("res.users", readonly=True)
    proposed_at = fields.Datetime(readonly=True)
    confirmed_by_id = fields.Many2one("res.users", readonly=True)
    confirmed_at = fields.Datetime(readonly=True)
    business_date = fields.Date(readonly=True)
    uuid = fields.Char(string="Identifier", readonly=True)

    _positive = models.Constraint("CHECK (amount >= 0)", "An amount is never negative.")
    _two_caisses = models.Constraint(
        "CHECK (company_id <> creditor_company_id)", "A caisse does not settle with itself."
    )

    # ------------------------------------------------------------------ computes, constraints, writing
    @api.depends("company_id", "creditor_company_id")
    def _compute_bank_account_ids(self):
        for settlement in self.sudo():
            settlement.bank_account_ids = settlement.company_id._kondo_bank_accounts()
            settlement.creditor_bank_account_ids = settlement.creditor_company_id._kondo_bank_accounts()

    @api.constrains("company_id", "creditor_company_id", "way", "bank_account_id", "creditor_bank_account_id")
    def _check_parties(self):
        for settlement in self.sudo():
            debtor, creditor = settlement.company_id, settlement.creditor_company_id
            if debtor.root_id != creditor.root_id:
                raise UserError(self.env._("Only caisses of the same union settle with each other."))
            if settlement.way == "union" and debtor.root_id in (debtor, creditor):
                raise UserError(self.env._("What is owed to the union or by it is settled by bank transfer."))
            for account, company in (
                (settlement.bank_account_id, debtor),
                (settlement.creditor_bank_account_id, creditor),
            ):
                if account and account not in company._kondo_bank_accounts():
                    raise UserError(self.env._("Choose a bank account of %(caisse)s.", caisse=company.name))

    @api.model_create_multi
    def create(self, vals_list):
        settlements = super().create(vals_list)
        for settlement in settlements:
            (settlement.company_id | settlement.creditor_company_id)._check_one_visible()
            settlement.with_context(
                kondo_ledger=LEDGER
            ).name = f"RL-{settlement.sudo().company_id.kondo_code}-{settlement.id:05d}"
        return settlements

    def write(self, vals):
        """What was proposed no longer changes, but for the bank account of the caisse that is paid."""
        if self.env.context.get("kondo_ledger") is not LEDGER:
            for settlement in self.filtered(lambda one: one.state != "draft"):
                free = {"message_main_attachment_id"}
                if settlement.state == "proposed":
                    free.add("creditor_bank_account_id")
                if set(vals) - free:
                    raise AccessError(self.env._("A settlement that was proposed no longer changes. Cancel it."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A settlement is cancelled, never deleted."))

    # ------------------------------------------------------------------ actions
    def action_propose(self):
        for settlement in self:
            settlement._check_actor(PROPOSERS)
            if settlement.state != "draft":
                raise UserError(self.env._("This settlement is no longer a draft."))
            if not settlement.amount:
                raise UserError(self.env._("Enter the amount to settle."))
            if settlement.way == "bank":
                if not settlement.bank_account_id:
                    raise UserError(self.env._("Choose the bank account."))
                if not settlement.reference:
                    raise UserError(self.env._("Note the number and date of the transfer order."))
            settlement._check_owed()
            settlement.sudo().with_context(kondo_ledger=LEDGER).write(
                {"state": "proposed", "proposed_by_id": self.env.uid, "proposed_at": fields.Datetime.now()}
            )

    def action_cancel(self):
        for settlement in self:
            settlement._check_actor(PROPOSERS)
            self.env.cr.execute("SELECT state FROM kondo_liaison_settlement WHERE id = %s FOR UPDATE", (settlement.id,))
            if self.env.cr.fetchone()[0] not in ("draft", "proposed"):
                raise UserError(self.env._("What is settled is corrected by a settlement the other way."))
            settlement.sudo().with_context(kondo_ledger=LEDGER).write({"state": "cancelled"})

    def action_confirm(self):
        """Book both caisses (and the union), by another person: the one who is paid, or the network."""
        for settlement in self:
            with self.env["kondo.operation"]._posting_env() as env:
                env[self._name].browse(settlement.id)._confirm_here()
        self.invalidate_recordset()

    def _confirm_here(self):
        self.ensure_one()
        settlement = self.sudo()
        self.env.cr.execute("SELECT state FROM kondo_liaison_settlement WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        settlement.invalidate_recordset()
        if settlement.state != "proposed":
            raise UserError(self.env._("This settlement is not waiting to be confirmed."))
        if not self.env.user.has_group("kondo_microfinance.group_network_manager"):
            self.env["kondo.four.eyes"]._check_group("group_accountant", "group_caisse_manager")
            if settlement.way == "union":
                raise UserError(self.env._("The union confirms a compensation: see the network manager."))
            if settlement.creditor_company_id not in self.env.user.sudo()._kondo_companies():
                raise UserError(self.env._("The caisse that is paid confirms that the money has arrived."))
        else:
            settlement.company_id.with_env(self.env)._check_visible()
        self.env["kondo.four.eyes"]._check_second_person(settlement.proposed_by_id)
        if settlement.way == "bank" and not settlement.creditor_bank_account_id:
            raise UserError(self.env._("Choose the bank account on which the money has arrived."))
        settlement._check_owed()
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.liaison.settlement,{settlement.id}"))
        debtor, creditor = settlement.company_id, settlement.creditor_company_id
        union = debtor.root_id
        others = creditor | union if settlement.way == "union" else creditor
        if union in debtor | others:
            settlement._follow_the_caisses(union)
        answer = self.env["kondo.operation"]._post_together(
            "settlement", key, debtor.id, others.ids, {"settlement_id": settlement.id}, key
        )
        settlement.with_context(kondo_ledger=LEDGER).write(
            {
                "state": "done",
                "confirmed_by_id": self.env.uid,
                "confirmed_at": fields.Datetime.now(),
                "business_date": answer["business_date"],
                "uuid": key,
            }
        )

    # ------------------------------------------------------------------ helpers
    def _check_actor(self, groups):
        """A person of one of these roles in one of the two caisses."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*groups)
        self.check_access("read")
        (self.company_id | self.sudo().creditor_company_id)._check_one_visible()

    def _check_owed(self):
        """Nobody pays more than his caisse owes: the liaison balance would change sides."""
        settlement = self.sudo()
        self.env["kondo.operation.line"].flush_model()
        balance = (
            self.env["kondo.liaison.balance"]
            .sudo()
            .search(
                [
                    ("company_id", "=", settlement.company_id.id),
                    ("other_company_id", "=", settlement.creditor_company_id.id),
                ]
            )
        )
        owed = -sum(balance.mapped("balance"))
        if settlement.amount > owed:
            raise UserError(
                self.env._(
                    "%(debtor)s owes %(creditor)s %(owed)s F, not %(amount)s F.",
                    debtor=settlement.company_id.name,
                    creditor=settlement.creditor_company_id.name,
                    owed=spaced(max(0, owed)),
                    amount=spaced(settlement.amount),
                )
            )

    def _follow_the_caisses(self, union):
        """The union has no till and no counter: its business day follows that of the caisses it settles for."""
        days = [day for day in (self.company_id.business_date, self.creditor_company_id.business_date) if day]
        self.env.cr.execute(
            """UPDATE res_company SET business_date = %(day)s
                WHERE id = %(union)s AND (business_date IS NULL OR business_date < %(day)s)""",
            {"day": max(days), "union": union.id},
        )
        union.invalidate_recordset(["business_date"])
        union._kondo_set_up_liaison()
