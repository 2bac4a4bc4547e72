import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key


class KondoInputSettlement(models.Model):
    """Money sent to a supplier for what he delivered: prepared by the accountant, approved by a second person."""

    _name = "kondo.input.settlement"
    _description = "Settlement with a supplier"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset({"name", "state", "approved_by_id", "approved_on", "operation_id"})

    name = fields.Char(string="Number", readonly=True, copy=False)
    supplier_id = fields.Many2one(
        "kondo.input.supplier", required=True, ondelete="restrict", check_company=True, index=True, tracking=True
    )
    company_id = fields.Many2one(
        related="supplier_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    owed = fields.Integer(related="supplier_id.owed")
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid from",
        required=True,
        ondelete="restrict",
        domain="[('type', '=', 'bank'), ('company_id', '=', company_id)]",
    )
    amount = Francs(string="Amount", tracking=True)
    reference = fields.Char(required=True, tracking=True, help="Number of the transfer or cheque.")
    state = fields.Selection(
        [("draft", "To approve"), ("posted", "Paid"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    approved_by_id = fields.Many2one("res.users", string="Approved by", readonly=True, copy=False)
    approved_on = fields.Date(readonly=True, copy=False)
    operation_id = fields.Many2one("kondo.operation", string="Operation", readonly=True, copy=False, check_company=True)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "The amount is above zero.")
    _second_person = models.Constraint(
        "CHECK (approved_by_id IS NULL OR approved_by_id <> create_uid)", "A settlement is approved by a second person."
    )

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_accountant")
        if not has_ledger_key(self.env):
            for vals in vals_list:
                self._refuse_guarded(name for name in vals if vals[name] and (name, vals[name]) != ("state", "draft"))
        settlements = super(KondoInputSettlement, self.with_context(kondo_ledger=LEDGER)).create(vals_list)
        for settlement in settlements:
            settlement.company_id.with_env(self.env)._check_visible()
            settlement.name = f"{settlement.company_id.sudo().kondo_code}-RF-{settlement.id:05d}"
            settlement._check_settlement()
        return settlements.with_context(kondo_ledger=None)

    def write(self, vals):
        asked = [name for name in vals if name in self._fields and not name.startswith(("message_", "activity_"))]
        if asked and not has_ledger_key(self.env):
            for settlement in self:
                if settlement.state != "draft" or settlement.create_uid != self.env.user:
                    raise UserError(
                        self.env._("Only who prepared a settlement changes it, and only until it is approved.")
                    )
        result = super().write(vals)
        if asked and not has_ledger_key(self.env):
            for settlement in self:
                settlement._check_settlement()
        return result

    def unlink(self):
        raise UserError(self.env._("A settlement is cancelled, never deleted."))

    def _check_settlement(self):
        """Refuse a bank account of another caisse, or more than is owed."""
        settlement = self.sudo()
        journal = settlement.journal_id
        if journal.type != "bank" or journal.company_id != settlement.company_id or not journal.default_account_id:
            raise UserError(self.env._("Choose a bank account of your caisse."))
        settlement.supplier_id.invalidate_recordset(["delivered", "settled", "owed"])
        if settlement.amount > settlement.supplier_id.owed:
            raise UserError(
                self.env._(
                    "%(owed)s F are owed to %(supplier)s, no more; this would take %(amount)s F.",
                    owed=spaced(settlement.supplier_id.owed),
                    supplier=settlement.supplier_id.partner_id.name,
                    amount=spaced(settlement.amount),
                )
            )

    # ------------------------------------------------------------------ actions
    def action_approve(self):
        """Pay the supplier, by a second person; returns the answer of the operation."""
        self.ensure_one()
        self._guard_settlement("group_accountant", "group_caisse_manager", "group_network_manager")
        with self.env["kondo.operation"]._posting_env() as env:
            answer = env[self._name].browse(self.id)._approve_settlement()
        self.invalidate_recordset()
        return answer

    @api.private
    def _approve_settlement(self):
        self.env.cr.execute("SELECT state FROM kondo_input_settlement WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        self.invalidate_recordset()
        settlement = self.sudo()
        if settlement.state == "cancelled":
            raise UserError(self.env._("This settlement was cancelled."))
        self.env["kondo.four.eyes"]._check_second_person(
            settlement.create_uid, self.env._("You prepared this settlement: another person approves it.")
        )
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.input.settlement,{self.id}"))
        answer = self.env["kondo.operation"]._post_here(
            "input_settlement", key, settlement.company_id.id, {"settlement_id": self.id}, key
        )
        if not answer["replayed"]:
            settlement.with_context(kondo_ledger=LEDGER).write(
                {
                    "state": "posted",
                    "approved_by_id": self.env.uid,
                    "approved_on": settlement.company_id.business_date,
                    "operation_id": answer["operation_id"],
                }
            )
        return answer

    def action_cancel(self):
        for settlement in self:
            settlement._guard_settlement("group_accountant", "group_caisse_manager")
            settlement.check_access("write")
            if settlement.state != "draft":
                raise UserError(self.env._("This settlement was paid or cancelled already."))
            settlement.sudo().with_context(kondo_ledger=LEDGER).write({"state": "cancelled"})

    def _guard_settlement(self, *groups):
        self.env["kondo.four.eyes"]._check_group(*groups)
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
