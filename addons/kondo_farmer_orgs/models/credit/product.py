from odoo import fields, models

MODES = [
    ("none", "Not split"),
    ("informative", "Parts for information: the organisation owes"),
    ("enforced", "Parts with their own dues: each person answers for hers"),
    ("joint", "Individual loans under joint liability"),
]


class KondoLoanProduct(models.Model):
    """How a loan to an organisation is shared among its people, and whether they stand for one another."""

    _inherit = "kondo.loan.product"

    split_mode = fields.Selection(
        MODES,
        string="Split among people",
        required=True,
        default="none",
        tracking=True,
        help="One contract with the organisation, its parts for information or each with its own lateness; or one loan"
        " for each person, the others of the group standing for it.",
    )
    split_required = fields.Boolean(string="The parts are required", help="No loan is granted without them.")

    def _needs_parts(self):
        """No loan of this product is granted without the parts of its people."""
        return self.split_mode == "enforced" or (self.split_mode == "informative" and self.split_required)
