from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key


class KondoInputVoucher(models.Model):
    """So many units of an input for a person of an organisation, or for the organisation: what he shows the supplier."""

    _name = "kondo.input.voucher"
    _description = "Input voucher"
    _inherit = ["kondo.guarded"]
    _order = "organisation_id, id"
    _check_company_auto = True

    _guarded_fields = frozenset({"name", "state", "delivered"})

    name = fields.Char(string="Number", readonly=True, copy=False, index=True)
    supply_id = fields.Many2one(
        "kondo.input.supply", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="supply_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    campaign_id = fields.Many2one(related="supply_id.campaign_id", store=True, precompute=True, index=True)
    organisation_id = fields.Many2one(
        "res.partner",
        string="Organisation",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_organisation', '=', True)]",
    )
    person_id = fields.Many2one(
        "kondo.org.person",
        string="Person",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('membership_ids.organisation_id', '=', organisation_id)]",
        help="Empty: for the organisation as a whole.",
    )
    item_id = fields.Many2one(
        "kondo.input.item",
        string="Input",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('supply_id', '=', supply_id)]",
    )
    unit = fields.Char(related="item_id.unit")
    price = Francs(related="item_id.price", string="Price of a unit (F)")
    quantity = fields.Integer(required=True)
    value = Francs(string="Value (F)", compute="_compute_value", store=True)
    delivered = fields.Integer(string="Delivered", readonly=True, required=True, default=0, copy=False)
    left = fields.Integer(string="Left to be delivered", compute="_compute_left")
    state = fields.Selection(
        [("issued", "Issued"), ("delivered", "Delivered"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="issued",
        index=True,
    )

    _sane = models.Constraint(
        "CHECK (quantity > 0 AND delivered >= 0 AND delivered <= quantity)",
        "Never more is delivered than the voucher says.",
    )

    # ------------------------------------------------------------------ computes, constraints
    @api.depends("quantity", "item_id")
    def _compute_value(self):
        for voucher in self:
            voucher.value = voucher.quantity * voucher.item_id.price

    @api.depends("quantity", "delivered", "state")
    def _compute_left(self):
        for voucher in self:
            voucher.left = voucher.quantity - voucher.delivered if voucher.state == "issued" else 0

    @api.constrains("supply_id", "organisation_id", "person_id", "item_id", "quantity", "state")
    def _check_quota(self):
        """All vouchers of an organisation for an input stay within its quota, and go to its people."""
        for voucher in self:
            if voucher.item_id.supply_id != voucher.supply_id:
                raise ValidationError(self.env._("This input is not of the agreement."))
            if voucher.person_id and voucher.organisation_id not in voucher.person_id.membership_ids.organisation_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s is not in %(organisation)s.",
                        person=voucher.person_id.name,
                        organisation=voucher.organisation_id.name,
                    )
                )
        # two officers at once: the second waits here, and starts again with what the first has issued
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kondo_input_quota SET quantity = quantity WHERE item_id = ANY(%s) AND partner_id = ANY(%s)",
            (sorted(self.item_id.ids), sorted(self.organisation_id.ids)),
        )
        found = self.env["kondo.input.quota"].sudo().search([("item_id", "in", self.item_id.ids)])
        found.invalidate_recordset(["issued", "left"], flush=False)
        quotas = {(quota.item_id, quota.partner_id): quota for quota in found}
        for item, organisation in {(one.sudo().item_id, one.sudo().organisation_id) for one in self}:
            quota = quotas.get((item, organisation))
            if not quota or quota.left < 0:
                if not quota:
                    raise ValidationError(
                        self.env._(
                            "%(organisation)s has no quota of %(item)s: enter it on the agreement first.",
                            organisation=organisation.name,
                            item=item.display_name,
                        )
                    )
                raise ValidationError(
                    self.env._(
                        "%(organisation)s may take %(quota)s of %(item)s, and %(issued)s would be on vouchers.",
                        organisation=organisation.name,
                        quota=quota.quantity,
                        item=item.display_name,
                        issued=quota.issued,
                    )
                )

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        if not has_ledger_key(self.env):
            for vals in vals_list:
                self._refuse_guarded(name for name in vals if vals[name] and (name, vals[name]) != ("state", "issued"))
        vouchers = super(KondoInputVoucher, self.with_context(kondo_ledger=LEDGER)).create(vals_list)
        for voucher in vouchers:
            voucher.company_id.with_env(self.env)._check_visible()
            voucher.name = f"{voucher.company_id.sudo().kondo_code}-B-{voucher.id:06d}"
        vouchers.campaign_id._check_phase("vouchers", "harvest")
        return vouchers.with_context(kondo_ledger=None)

    def write(self, vals):
        if not has_ledger_key(self.env):
            raise UserError(self.env._("A voucher that was issued no longer changes: cancel it and issue another."))
        return super().write(vals)

    def unlink(self):
        raise UserError(self.env._("A voucher is cancelled, never deleted."))

    # ------------------------------------------------------------------ actions
    def action_cancel(self):
        """Vouchers of which nothing was delivered."""
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        for voucher in self:
            voucher.company_id.with_env(self.env)._check_visible()
            voucher.check_access("write")
            voucher._lock_vouchers()
            if voucher.state != "issued" or voucher.delivered:
                raise UserError(
                    self.env._("The voucher %(number)s was delivered or cancelled already.", number=voucher.name)
                )
            voucher.sudo().with_context(kondo_ledger=LEDGER).write({"state": "cancelled"})

    def _lock_vouchers(self):
        """Lock the rows in the order of ids and forget what was read of them."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id FROM kondo_input_voucher WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", (sorted(self.ids),)
        )
        self.invalidate_recordset()
