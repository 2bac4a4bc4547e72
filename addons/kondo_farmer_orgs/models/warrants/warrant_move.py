from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key

WHAT = [("received", "Received"), ("revalued", "Revalued"), ("released", "Released"), ("reversed", "Undone")]


class KondoWarrantMove(models.Model):
    """One movement of a lot: kilos, bags, francs off balance. Rows are added, never changed: their sum is the lot."""

    _name = "kondo.warrant.move"
    _description = "Movement of pledged stock"
    _order = "id desc"
    _check_company_auto = True

    warrant_id = fields.Many2one("kondo.warrant", required=True, readonly=True, ondelete="restrict", index=True)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    operation_id = fields.Many2one(
        "kondo.operation", string="Operation", required=True, readonly=True, ondelete="restrict", index=True
    )
    release_id = fields.Many2one("kondo.warrant.release", readonly=True, ondelete="restrict", index="btree_not_null")
    business_date = fields.Date(related="operation_id.business_date", string="Day", store=True, precompute=True)
    user_id = fields.Many2one(related="operation_id.user_id", string="By")
    what = fields.Selection(WHAT, string="Movement", required=True, readonly=True)
    kg = fields.Integer(string="Weight (kg)", required=True, readonly=True)
    bags = fields.Integer(required=True, readonly=True)
    price_before = Francs(readonly=True)
    price = Francs(string="Price (F/kg)", readonly=True, aggregator="avg")
    amount = Francs(string="Value (F)", readonly=True, help="Plus is more stock pledged, off balance.")
    account_id = fields.Many2one("account.account", required=True, readonly=True, ondelete="restrict")

    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("Movements of stock are written by operations."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("A movement of stock is never changed. Reverse the operation."))

    def unlink(self):
        raise AccessError(self.env._("A movement of stock is never changed. Reverse the operation."))
