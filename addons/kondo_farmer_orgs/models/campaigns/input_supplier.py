from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

FLOWS = ("delivered", "settled")


class KondoInputSupplier(models.Model):
    """A supplier of inputs as a caisse deals with him: what he delivered to organisations, what he was paid, what is owed.

    His figures are moved by operations only; he is never paid more than he delivered.
    """

    _name = "kondo.input.supplier"
    _description = "Supplier of inputs"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "partner_id"
    _rec_name = "partner_id"
    _check_company_auto = True

    _guarded_fields = frozenset(FLOWS)

    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        required=True,
        ondelete="restrict",
        domain="[('is_kondo_member', '=', False)]",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", string="Caisse", required=True, index=True, default=lambda self: self.env.company
    )
    phone = fields.Char(related="partner_id.phone")
    bank_account = fields.Char(string="His bank account", help="Bank and number (RIB) to which he is paid.")
    delivered = Francs(string="Delivered (F)", readonly=True, copy=False)
    settled = Francs(string="Paid (F)", readonly=True, copy=False)
    owed = fields.Integer(string="Owed (F)", compute="_compute_owed", store=True)
    supply_ids = fields.One2many("kondo.input.supply", "supplier_id", string="Agreements")
    move_ids = fields.One2many("kondo.input.supplier.move", "supplier_id", string="Statement", readonly=True)
    active = fields.Boolean(default=True)

    _never_overpaid = models.Constraint(
        "CHECK (delivered >= 0 AND settled >= 0 AND settled <= delivered)",
        "A supplier is never paid more than he delivered.",
    )
    _once = models.UniqueIndex("(company_id, partner_id)", "This supplier is in the list of the caisse already.")

    # ------------------------------------------------------------------ computes, constraints
    @api.depends(*FLOWS)
    def _compute_owed(self):
        for supplier in self:
            supplier.owed = supplier.delivered - supplier.settled

    @api.constrains("partner_id", "company_id")
    def _check_partner(self):
        for supplier in self:
            if supplier.partner_id.is_kondo_member:
                raise ValidationError(self.env._("A supplier is not a member: choose or make another contact."))
            if supplier.company_id.sudo().kondo_kind != "caisse":
                raise ValidationError(
                    self.env._("Suppliers are paid by a caisse, not by the union: change to your caisse.")
                )

    def write(self, vals):
        if {"partner_id", "company_id"}.intersection(vals) and self.sudo().move_ids:
            raise UserError(self.env._("This supplier has delivered already: make another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_without_moves(self):
        if self.sudo().move_ids:
            raise UserError(self.env._("This supplier has delivered already: archive him."))

    # ------------------------------------------------------------------ figures
    @api.private
    def _move_supplier(self, posting, flow, amount, delivery=None, settlement=None):
        """Move a figure by `amount` francs (below 0 takes back) with its row, in the transaction of `posting`.

        :raises UserError: he would be paid more than he delivered
        """
        self.ensure_one()
        self.env.flush_all()
        if flow not in FLOWS:
            raise ValueError(flow)
        settled = amount if flow == "settled" else 0
        self.env.cr.execute(
            f"""UPDATE kondo_input_supplier SET {flow} = {flow} + %(amount)s, owed = owed + %(amount)s - 2 * %(settled)s
                 WHERE id = %(id)s AND delivered - settled + %(amount)s - 2 * %(settled)s >= 0""",
            {"amount": amount, "settled": settled, "id": self.id},
        )
        if not self.env.cr.rowcount:
            self.invalidate_recordset()
            raise UserError(
                self.env._(
                    "%(owed)s F are owed to %(supplier)s, no more; this would take %(amount)s F.",
                    owed=spaced(self.owed),
                    supplier=self.partner_id.name,
                    amount=spaced(abs(amount)),
                )
            )
        self.invalidate_recordset([*FLOWS, "owed"], flush=False)
        self.env["kondo.input.supplier.move"].sudo().with_context(kondo_ledger=LEDGER).create(
            {
                "supplier_id": self.id,
                "company_id": posting.company_id,
                "operation_id": posting.operation_id,
                "flow": flow,
                "amount": amount,
                "delivery_id": delivery.id if delivery else False,
                "settlement_id": settlement.id if settlement else False,
            }
        )

    # ------------------------------------------------------------------ actions
    def action_settle(self):
        """A settlement of what is owed, to be approved by a second person."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settlement"),
            "res_model": "kondo.input.settlement",
            "view_mode": "form",
            "context": {"default_supplier_id": self.id, "default_amount": self.owed},
        }
