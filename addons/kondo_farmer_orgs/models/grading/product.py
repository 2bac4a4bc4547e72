from odoo import fields, models

from odoo.addons.kondo_microfinance.models.fields import Francs

from .sheet import GRADES


class KondoLoanProduct(models.Model):
    """What a product asks of an organisation's grade, and what each grade allows."""

    _inherit = "kondo.loan.product"

    minimum_grade = fields.Selection(
        GRADES, string="Lowest grade of an organisation", tracking=True, help="Empty: none is asked for."
    )
    grade_ids = fields.One2many("kondo.loan.product.grade", "product_id", string="By grade of the organisation")

    def _grade_row(self, grade):
        """What the product says of a grade; empty when it says nothing."""
        return self.grade_ids.filtered(lambda row: row.grade == grade)[:1] if grade else self.grade_ids.browse()

    def _limits(self, cycle):
        """The rates of an organisation move by what its grade changes: `kondo_grade` in the context."""
        smallest, largest, lowest, highest = super()._limits(cycle)
        row = self._grade_row(self.env.context.get("kondo_grade"))
        if row.rate_difference:
            lowest, highest = max(0, lowest + row.rate_difference), max(0, highest + row.rate_difference)
        return smallest, largest, lowest, highest


class KondoLoanProductGrade(models.Model):
    """What a grade allows with a product: how much, and at which rate."""

    _name = "kondo.loan.product.grade"
    _description = "Limits by grade of the organisation"
    _order = "product_id, grade"
    _check_company_auto = True

    product_id = fields.Many2one("kondo.loan.product", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="product_id.company_id", string="Union", store=True, precompute=True, required=True, index=True
    )
    grade = fields.Selection(GRADES, required=True)
    maximum_amount = Francs(string="At most (F)", help="0: the product's.")
    rate_difference = fields.Float(
        string="Rate: points more or less",
        digits=(16, 6),
        help="Added to the product's rate: -1 for one point less, 2 for two more.",
    )
    maximum_rate = fields.Float(string="Highest rate (%)", digits=(16, 6), help="0: the product's.")

    _grade_unique = models.UniqueIndex("(product_id, grade)", "This grade has its limits already.")
    _sane = models.Constraint("CHECK (maximum_amount >= 0 AND maximum_rate >= 0)", "Limits are not negative.")
