from odoo import fields, models


class KondoLoanProduct(models.Model):
    """A product lent against stock under two padlocks."""

    _inherit = "kondo.loan.product"

    warrant_needed = fields.Boolean(
        string="Against a warehouse receipt",
        tracking=True,
        help="Without stock in store, confirmed by a second person, the loan is not granted.",
    )
    warrant_share = fields.Float(
        string="Share of the stock lent (%)",
        digits=(16, 2),
        tracking=True,
        help="0: that of the network, see the dated parameter “warrant_share”.",
    )

    _warrant_share_sane = models.Constraint(
        "CHECK (COALESCE(warrant_share, 0) BETWEEN 0 AND 100)", "A share of the stock is between 0 and 100 %."
    )
