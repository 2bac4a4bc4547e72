from odoo import fields, models


class KondoLoanProduct(models.Model):
    """What the changes of its running loans follow."""

    _inherit = "kondo.loan.product"

    change_capitalises = fields.Boolean(
        string="Unpaid interest joins the principal",
        help="At a change of the schedule. Off: interest and fees left open are due with the first new instalment, and no"
        " interest runs on them. On: they join the principal and bear interest; interest not yet in the books becomes"
        " income that nobody has paid. Texts are silent; practice and prudence leave it off.",
    )
    change_limit = fields.Integer(
        string="Times rescheduled at most",
        help="0: no limit. The texts set none; most networks allow one or two.",
    )

    _change_limit = models.Constraint("CHECK (change_limit >= 0)", "A number of times is not negative.")
