from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.models.fields import Francs


class KondoInputItem(models.Model):
    """An input of a supply agreement, with its unit and the price the supplier is paid."""

    _name = "kondo.input.item"
    _description = "Input of an agreement"
    _order = "supply_id, id"
    _check_company_auto = True

    supply_id = fields.Many2one("kondo.input.supply", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(
        related="supply_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    product_id = fields.Many2one("kondo.input.product", string="Input", required=True, ondelete="restrict")
    unit = fields.Char(related="product_id.unit")
    price = Francs(string="Price of a unit (F)")
    quota_ids = fields.One2many("kondo.input.quota", "item_id", string="Quotas")

    _price_positive = models.Constraint("CHECK (price > 0)", "A price is above zero.")
    _once = models.UniqueIndex("(supply_id, product_id)", "This input is in the list already.")

    @api.depends("product_id.name", "product_id.unit")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.product_id.name or ''} ({item.unit or ''})"

    def write(self, vals):
        if {"price", "product_id", "supply_id"}.intersection(vals):
            issued = (
                self.env["kondo.input.voucher"]
                .sudo()
                .search([("item_id", "in", self.ids), ("state", "!=", "cancelled")], limit=1)
            )
            if issued:
                raise UserError(
                    self.env._(
                        "Vouchers of %(item)s were issued at this price: add it to another agreement.",
                        item=issued.item_id.display_name,
                    )
                )
        return super().write(vals)
