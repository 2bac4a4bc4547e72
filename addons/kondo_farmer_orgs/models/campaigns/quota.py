from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KondoInputQuota(models.Model):
    """How much of an input an organisation may take: its vouchers never add up to more."""

    _name = "kondo.input.quota"
    _description = "Quota of an organisation"
    _order = "supply_id, partner_id, item_id"
    _check_company_auto = True

    supply_id = fields.Many2one("kondo.input.supply", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(
        related="supply_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Organisation",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_organisation', '=', True)]",
    )
    item_id = fields.Many2one(
        "kondo.input.item",
        string="Input",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('supply_id', '=', supply_id)]",
    )
    quantity = fields.Integer(string="May take", required=True)
    issued = fields.Integer(string="On vouchers", compute="_compute_issued")
    left = fields.Integer(string="Left", compute="_compute_issued")

    _positive = models.Constraint("CHECK (quantity > 0)", "A quota is above zero.")
    _once = models.UniqueIndex("(item_id, partner_id)", "This organisation has a quota of this input already.")

    def _compute_issued(self):
        rows = (
            self.env["kondo.input.voucher"]
            .sudo()
            ._read_group(
                [("item_id", "in", self.item_id.ids), ("state", "!=", "cancelled")],
                ["item_id", "organisation_id"],
                ["quantity:sum"],
            )
        )
        issued = {(item.id, organisation.id): quantity for item, organisation, quantity in rows}
        for quota in self:
            quota.issued = issued.get((quota.item_id.id, quota.partner_id.id), 0)
            quota.left = quota.quantity - quota.issued

    @api.constrains("quantity", "partner_id", "item_id")
    def _check_issued(self):
        self.invalidate_recordset(["issued", "left"], flush=False)
        for quota in self:
            if quota.item_id.supply_id != quota.supply_id:
                raise ValidationError(self.env._("This input is not of the agreement."))
            if quota.left < 0:
                raise ValidationError(
                    self.env._(
                        "%(issued)s of %(item)s are on vouchers of %(organisation)s already: cancel vouchers first.",
                        issued=quota.issued,
                        item=quota.item_id.display_name,
                        organisation=quota.partner_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_without_vouchers(self):
        self.invalidate_recordset(["issued", "left"], flush=False)
        for quota in self:
            if quota.issued:
                raise ValidationError(
                    self.env._(
                        "%(issued)s of %(item)s are on vouchers of %(organisation)s already: cancel vouchers first.",
                        issued=quota.issued,
                        item=quota.item_id.display_name,
                        organisation=quota.partner_id.name,
                    )
                )
