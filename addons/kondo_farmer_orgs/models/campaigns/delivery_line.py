from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.kondo_microfinance.models.fields import Francs


class KondoInputDeliveryLine(models.Model):
    """What was delivered of a voucher."""

    _name = "kondo.input.delivery.line"
    _description = "Line of a delivery note"
    _order = "delivery_id, id"
    _rec_name = "voucher_id"
    _check_company_auto = True

    delivery_id = fields.Many2one(
        "kondo.input.delivery", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(
        related="delivery_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    voucher_id = fields.Many2one(
        "kondo.input.voucher",
        string="Voucher",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('supply_id', '=', parent.supply_id), ('organisation_id', '=', parent.organisation_id),"
        " ('state', '=', 'issued')]",
    )
    person_id = fields.Many2one(related="voucher_id.person_id")
    item_id = fields.Many2one(related="voucher_id.item_id")
    price = Francs(related="voucher_id.price", string="Price of a unit (F)")
    left = fields.Integer(related="voucher_id.left")
    quantity = fields.Integer(string="Delivered", required=True)
    amount = Francs(string="Value (F)", compute="_compute_amount", store=True)

    _positive = models.Constraint("CHECK (quantity > 0)", "A delivered quantity is above zero.")
    _once = models.UniqueIndex("(delivery_id, voucher_id)", "This voucher is on the delivery note already.")

    @api.depends("quantity", "voucher_id")
    def _compute_amount(self):
        for line in self:
            line.amount = line.quantity * line.voucher_id.price

    @api.onchange("voucher_id")
    def _onchange_voucher_id(self):
        self.quantity = self.voucher_id.left

    @api.constrains("voucher_id", "quantity")
    def _check_voucher(self):
        """Never more than the voucher has left: told when it is typed, refused again when it is confirmed."""
        for line in self:
            voucher, delivery = line.voucher_id, line.delivery_id
            if voucher.supply_id != delivery.supply_id or voucher.organisation_id != delivery.organisation_id:
                raise ValidationError(
                    self.env._("The voucher %(number)s is not of this organisation.", number=voucher.name)
                )
            if delivery.state == "draft" and line.quantity > voucher.left:
                raise ValidationError(line._too_much())

    def _too_much(self):
        voucher = self.voucher_id
        return self.env._(
            "Voucher %(number)s: %(left)s of %(item)s are left to be delivered, %(quantity)s were entered.",
            number=voucher.name,
            left=voucher.left,
            item=voucher.item_id.display_name,
            quantity=self.quantity,
        )

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.delivery_id._check_draft()
        return lines

    def write(self, vals):
        self.delivery_id._check_draft()
        return super().write(vals)

    def unlink(self):
        self.delivery_id._check_draft()
        return super().unlink()
