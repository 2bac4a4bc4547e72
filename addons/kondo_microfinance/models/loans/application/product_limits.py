from odoo import fields, models

from ...fields import Francs


class KondoLoanProduct(models.Model):
    """To whom a product may go, and how limits grow with each loan well repaid."""

    _inherit = "kondo.loan.product"

    for_individuals = fields.Boolean(default=True)
    for_groups = fields.Boolean(default=True)
    for_legal = fields.Boolean(string="For organisations", default=True)
    women_only = fields.Boolean()
    youth_only = fields.Boolean(string="Young people only")
    purpose_ids = fields.Many2many("kondo.loan.purpose", string="Purposes", help="Empty: all of them.")
    sector_ids = fields.Many2many("kondo.loan.sector", string="Sectors", help="Empty: all of them.")
    cycle_ids = fields.One2many("kondo.loan.cycle", "product_id", string="Limits by cycle")

    def _limits(self, cycle):
        """(smallest, largest amount; lowest, highest rate) of a member's n-th loan; 0 for no limit."""
        self.ensure_one()
        row = self.cycle_ids.filtered(lambda limit: limit.cycle_from <= cycle).sorted("cycle_from")[-1:]
        lowest = (row and row.minimum_rate) or self.minimum_rate
        highest = (row and row.maximum_rate) or self.maximum_rate
        return (
            self.minimum_amount,
            (row and row.maximum_amount) or self.maximum_amount,
            lowest or (0 if highest else self.annual_rate),
            highest or self.annual_rate,
        )


class KondoLoanCycle(models.Model):
    """Limits from a member's n-th loan on."""

    _name = "kondo.loan.cycle"
    _description = "Limits by cycle of the borrower"
    _order = "product_id, cycle_from"
    _check_company_auto = True

    product_id = fields.Many2one("kondo.loan.product", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="product_id.company_id", string="Union", store=True, precompute=True, required=True, index=True
    )
    cycle_from = fields.Integer(string="From the loan no.", required=True, default=1)
    maximum_amount = Francs(help="0: the product's.")
    minimum_rate = fields.Float(string="Lowest rate (%)", digits=(16, 6), help="0: the product's.")
    maximum_rate = fields.Float(string="Highest rate (%)", digits=(16, 6), help="0: the product's.")

    _cycle_unique = models.UniqueIndex("(product_id, cycle_from)", "There is already a limit from that cycle on.")
    _sane = models.Constraint(
        "CHECK (cycle_from >= 1 AND maximum_amount >= 0 AND minimum_rate >= 0 AND maximum_rate >= 0)",
        "Limits are not negative.",
    )
