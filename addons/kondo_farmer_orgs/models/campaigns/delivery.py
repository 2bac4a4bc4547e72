from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key


class KondoInputDelivery(models.Model):
    """What a supplier brought to an organisation on a day, against its vouchers: typed by one person, confirmed by another.

    Confirmed, it pays out the organisation's loan in kind: the principal is owed by the organisation, its price to the
    supplier.
    """

    _name = "kondo.input.delivery"
    _description = "Delivery note"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset({"name", "state", "confirmed_by_id", "confirmed_on", "operation_id"})

    name = fields.Char(string="Number", readonly=True, copy=False)
    supply_id = fields.Many2one(
        "kondo.input.supply", string="Agreement", required=True, index=True, ondelete="restrict", check_company=True
    )
    supplier_id = fields.Many2one(related="supply_id.supplier_id", store=True, precompute=True, index=True)
    campaign_id = fields.Many2one(related="supply_id.campaign_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(
        related="supply_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    organisation_id = fields.Many2one(
        "res.partner",
        string="Organisation",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_organisation', '=', True)]",
        tracking=True,
    )
    loan_id = fields.Many2one(
        "kondo.loan",
        string="Loan",
        compute="_compute_loan_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('partner_id', '=', organisation_id), ('campaign_id', '=', campaign_id),"
        " ('state', 'in', ('approved', 'active'))]",
    )
    date = fields.Date(string="Delivered on", required=True, default=fields.Date.context_today, tracking=True)
    reference = fields.Char(string="Supplier's note no.", tracking=True)
    received_by = fields.Char(
        string="Received and signed by", tracking=True, help="Who signed the note for the organisation."
    )
    line_ids = fields.One2many("kondo.input.delivery.line", "delivery_id", string="Lines")
    amount = Francs(string="Value (F)", compute="_compute_amount", store=True)
    state = fields.Selection(
        [("draft", "Entered"), ("done", "Confirmed"), ("cancelled", "Cancelled"), ("reversed", "Reversed")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        index=True,
    )
    confirmed_by_id = fields.Many2one("res.users", string="Confirmed by", readonly=True, copy=False)
    confirmed_on = fields.Date(string="Confirmed on", readonly=True, copy=False)
    operation_id = fields.Many2one("kondo.operation", string="Operation", readonly=True, copy=False, check_company=True)

    _second_person = models.Constraint(
        "CHECK (confirmed_by_id IS NULL OR confirmed_by_id <> create_uid)", "Somebody else confirms than who typed it."
    )
    _reference_once = models.UniqueIndex(
        "(supplier_id, reference) WHERE reference IS NOT NULL AND state IN ('draft', 'done')",
        "A note of this supplier with this number is entered already.",
    )

    # ------------------------------------------------------------------ computes, constraints
    @api.depends("organisation_id", "supply_id")
    def _compute_loan_id(self):
        """The organisation's loan of the campaign, when it is the only one that is granted or running."""
        for delivery in self:
            loans = self.env["kondo.loan"]
            if delivery.organisation_id and delivery.campaign_id:
                loans = loans.search(
                    [
                        ("partner_id", "=", delivery.organisation_id.id),
                        ("campaign_id", "=", delivery.campaign_id.id),
                        ("state", "in", ("approved", "active")),
                        ("in_kind_amount", ">", 0),
                    ],
                    limit=2,
                )
            delivery.loan_id = loans if len(loans) == 1 else False

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for delivery in self:
            delivery.amount = sum(delivery.line_ids.mapped("amount"))

    @api.constrains("loan_id", "organisation_id", "supply_id")
    def _check_loan(self):
        for delivery in self:
            loan = delivery.loan_id.sudo()
            if loan and (loan.partner_id != delivery.organisation_id or loan.campaign_id != delivery.campaign_id):
                raise ValidationError(self.env._("The loan is not of this organisation for this campaign."))

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        if not has_ledger_key(self.env):
            for vals in vals_list:
                self._refuse_guarded(name for name in vals if vals[name] and (name, vals[name]) != ("state", "draft"))
        deliveries = super(KondoInputDelivery, self.with_context(kondo_ledger=LEDGER)).create(vals_list)
        for delivery in deliveries:
            delivery.company_id.with_env(self.env)._check_visible()
            delivery.name = f"{delivery.company_id.sudo().kondo_code}-L-{delivery.id:05d}"
        return deliveries.with_context(kondo_ledger=None)

    def write(self, vals):
        asked = [name for name in vals if name in self._fields and not name.startswith(("message_", "activity_"))]
        if asked and not has_ledger_key(self.env):
            self._check_draft()
            if any(delivery.create_uid != self.env.user for delivery in self):
                raise UserError(self.env._("Only who typed the delivery note changes it, another person confirms it."))
        return super().write(vals)

    def unlink(self):
        raise UserError(self.env._("A delivery note is cancelled, never deleted."))

    def _check_draft(self):
        for delivery in self:
            if delivery.state != "draft":
                raise UserError(self.env._("The delivery note %(number)s no longer changes.", number=delivery.name))

    # ------------------------------------------------------------------ actions
    def action_fill(self):
        """A line for each voucher of the organisation that is not wholly delivered."""
        self.ensure_one()
        self._check_draft()
        vouchers = self.env["kondo.input.voucher"].search(
            [
                ("supply_id", "=", self.supply_id.id),
                ("organisation_id", "=", self.organisation_id.id),
                ("state", "=", "issued"),
                ("id", "not in", self.line_ids.voucher_id.ids),
            ]
        )
        if not vouchers:
            raise UserError(self.env._("No voucher of this organisation waits for its delivery."))
        self.write({"line_ids": [(0, 0, {"voucher_id": voucher.id, "quantity": voucher.left}) for voucher in vouchers]})

    def action_cancel(self):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        for delivery in self:
            delivery.company_id.with_env(self.env)._check_visible()
            delivery.check_access("write")
            delivery._check_draft()
            delivery.sudo().with_context(kondo_ledger=LEDGER).write({"state": "cancelled"})

    def action_open_operation(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.operation",
            "res_id": self.operation_id.id,
            "views": [(False, "form")],
        }
