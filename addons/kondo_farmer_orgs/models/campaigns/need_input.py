from odoo import api, fields, models

from odoo.addons.kondo_microfinance.models.fields import Francs


class KondoCampaignNeedInput(models.Model):
    """So many units of an input at a price, in the needs of an organisation."""

    _name = "kondo.campaign.need.input"
    _description = "Input asked for"
    _order = "need_id, id"
    _rec_name = "product_id"
    _check_company_auto = True

    need_id = fields.Many2one("kondo.campaign.need", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="need_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    product_id = fields.Many2one("kondo.input.product", string="Input", required=True, ondelete="restrict")
    unit = fields.Char(related="product_id.unit")
    quantity = fields.Integer(required=True)
    price = Francs(string="Price of a unit (F)")
    amount = Francs(string="Amount (F)", compute="_compute_amount", store=True)

    _sane = models.Constraint("CHECK (quantity > 0 AND price >= 0)", "Quantities are above zero, prices not negative.")
    _once = models.UniqueIndex("(need_id, product_id)", "This input is in the list already.")

    @api.depends("quantity", "price")
    def _compute_amount(self):
        for line in self:
            line.amount = line.quantity * line.price

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.need_id._check_open()
        return lines

    def write(self, vals):
        self.need_id._check_open()
        return super().write(vals)

    def unlink(self):
        self.need_id._check_open()
        return super().unlink()
