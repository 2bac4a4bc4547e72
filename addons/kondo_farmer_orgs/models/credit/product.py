from odoo import fields, models

MODES = [
    ("none", "Not split"),
    ("informative", "Parts for information: the organisation owes"),
    ("enforced", "Parts with their own dues: each person answers for hers"),
    ("joint", "Individual loans under joint liability"),
]
JOINT = [
    ("none", "None is asked for"),
    ("whole", "Each for the whole loan"),
    ("share", "Each up to the own share, so many times"),
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

    joint_rule = fields.Selection(
        JOINT, string="Joint guarantee", required=True, default="none", tracking=True, help="Caution solidaire."
    )
    joint_factor = fields.Float(
        string="Times the own share",
        digits=(16, 2),
        default=1,
        tracking=True,
        help="Each member of the group answers for the others up to the own share times this.",
    )
    joint_blocks = fields.Boolean(
        string="Lateness of one blocks the group",
        tracking=True,
        help="While a loan of the group is late, nobody of it has a new one.",
    )

    _joint_factor_sane = models.Constraint("CHECK (joint_factor > 0)", "The share is counted more than zero times.")

    def _needs_parts(self):
        """No loan of this product is granted without the parts of its people."""
        return self.split_mode == "enforced" or (self.split_mode == "informative" and self.split_required)
