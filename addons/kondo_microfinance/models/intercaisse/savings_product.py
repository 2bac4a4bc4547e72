from odoo import fields, models


class KondoSavingsProduct(models.Model):
    _inherit = "kondo.savings.product"

    remote_allowed = fields.Boolean(
        string="Usable at other caisses",
        default=True,
        help="Members may deposit, withdraw and receive transfers on these accounts at every caisse of the network.",
    )
