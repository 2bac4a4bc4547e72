from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key


class KondoInputSupplierMove(models.Model):
    """One movement of what a caisse owes a supplier: a delivery, a settlement. Rows are added, never changed."""

    _name = "kondo.input.supplier.move"
    _description = "Movement of a supplier"
    _order = "id desc"
    _check_company_auto = True

    supplier_id = fields.Many2one(
        "kondo.input.supplier", required=True, readonly=True, ondelete="restrict", index=True, check_company=True
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    operation_id = fields.Many2one(
        "kondo.operation", string="Operation", required=True, readonly=True, ondelete="restrict", index=True
    )
    business_date = fields.Date(related="operation_id.business_date", string="Day", store=True, precompute=True)
    flow = fields.Selection(
        [("delivered", "Delivered"), ("settled", "Paid")], string="Movement", required=True, readonly=True
    )
    amount = Francs(required=True, readonly=True, help="Below zero: taken back.")
    delivery_id = fields.Many2one("kondo.input.delivery", string="Delivery note", readonly=True, index="btree_not_null")
    settlement_id = fields.Many2one(
        "kondo.input.settlement", string="Settlement", readonly=True, index="btree_not_null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("Movements of a supplier are written by operations."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("A movement of a supplier is never changed. Reverse the operation."))

    def unlink(self):
        raise AccessError(self.env._("A movement of a supplier is never changed. Reverse the operation."))
