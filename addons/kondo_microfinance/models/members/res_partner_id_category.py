from odoo import fields, models


class ResPartnerIdCategory(models.Model):
    _inherit = "res.partner.id_category"

    proves_identity = fields.Boolean(
        string="Proves identity",
        help="An official document that says who the member is. A birth certificate has no photo: it does not.",
    )
