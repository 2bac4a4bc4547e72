from odoo import fields, models


class KondoLoan(models.Model):
    _inherit = "kondo.loan"

    campaign_id = fields.Many2one("kondo.campaign", index="btree_not_null", ondelete="restrict")
    crop_id = fields.Many2one(related="campaign_id.crop_id", store=True, index="btree_not_null")
