from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoInputSupply(models.Model):
    """What a supplier agreed to deliver for a campaign in a caisse: inputs, prices, and how much each organisation may take."""

    _name = "kondo.input.supply"
    _description = "Supply agreement"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Agreement", required=True, tracking=True, help="Number and day of the agreement.")
    supplier_id = fields.Many2one(
        "kondo.input.supplier", required=True, ondelete="restrict", check_company=True, index=True, tracking=True
    )
    campaign_id = fields.Many2one("kondo.campaign", required=True, ondelete="restrict", index=True, tracking=True)
    company_id = fields.Many2one(
        related="supplier_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    date = fields.Date(string="Signed on", required=True, default=fields.Date.context_today)
    item_ids = fields.One2many("kondo.input.item", "supply_id", string="Inputs and prices")
    quota_ids = fields.One2many("kondo.input.quota", "supply_id", string="Quotas")
    voucher_ids = fields.One2many("kondo.input.voucher", "supply_id", string="Vouchers")
    delivery_ids = fields.One2many("kondo.input.delivery", "supply_id", string="Delivery notes")
    voucher_count = fields.Integer(string="Vouchers issued", compute="_compute_counts")
    delivery_count = fields.Integer(string="Number of deliveries", compute="_compute_counts")
    owed = fields.Integer(related="supplier_id.owed", string="Owed to the supplier (F)")
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex("(company_id, name)", "Another agreement has this name.")

    @api.depends("voucher_ids.state", "delivery_ids.state")
    def _compute_counts(self):
        for supply in self:
            supply.voucher_count = len(supply.voucher_ids.filtered(lambda voucher: voucher.state != "cancelled"))
            supply.delivery_count = len(supply.delivery_ids.filtered(lambda note: note.state != "cancelled"))

    @api.constrains("campaign_id", "supplier_id")
    def _check_network(self):
        for supply in self:
            if supply.campaign_id.sudo().company_id != supply.company_id.sudo().root_id:
                raise UserError(self.env._("This campaign is not of your network."))

    # ------------------------------------------------------------------ actions
    def action_quotas_from_needs(self):
        """The quotas that organisations asked for in their needs, for the inputs of this agreement; others are left alone."""
        self.ensure_one()
        self._guard_agreement()
        items = {item.product_id: item for item in self.item_ids}
        known = {(quota.partner_id, quota.item_id) for quota in self.quota_ids}
        lines = self.env["kondo.campaign.need.input"].search(
            [
                ("need_id.campaign_id", "=", self.campaign_id.id),
                ("company_id", "=", self.company_id.id),
                ("product_id", "in", self.item_ids.product_id.ids),
            ]
        )
        wanted = [
            {
                "supply_id": self.id,
                "partner_id": line.need_id.partner_id.id,
                "item_id": items[line.product_id].id,
                "quantity": line.quantity,
            }
            for line in lines
            if (line.need_id.partner_id, items[line.product_id]) not in known
        ]
        if not wanted:
            raise UserError(
                self.env._("No need of an organisation asks for an input of this agreement that has no quota yet.")
            )
        self.env["kondo.input.quota"].create(wanted)

    def _guard_agreement(self):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("write")

    def _open_room(self, model, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("supply_id", "=", self.id)],
            "context": {"default_supply_id": self.id},
        }

    def action_open_vouchers(self):
        return self._open_room("kondo.input.voucher", self.env._("Vouchers: %(supply)s", supply=self.name))

    def action_open_deliveries(self):
        return self._open_room("kondo.input.delivery", self.env._("Delivery notes: %(supply)s", supply=self.name))
