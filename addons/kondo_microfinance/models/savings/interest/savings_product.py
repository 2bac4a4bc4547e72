from decimal import Decimal, InvalidOperation

from odoo import api, fields, models
from odoo.exceptions import UserError

WITHHOLDING = "savings_interest_withholding_rate"


class KondoSavingsProduct(models.Model):
    """How the product earns: dated rules, and whether the tax on interest is withheld."""

    _inherit = "kondo.savings.product"

    interest_rule_ids = fields.One2many("kondo.savings.interest.rule", "product_id", string="Interest rules")
    interest_tax_exempt = fields.Boolean(
        string="Interest exempt from tax",
        default=True,
        tracking=True,
        help="Mutualist institutions hold their members' savings interest exempt (PARMEC law, articles 30 and 31, "
        "carried into law 10-013); to be confirmed in writing by the tax adviser. Otherwise the dated parameter "
        "“savings_interest_withholding_rate” is withheld when interest is posted.",
    )

    @api.private
    def _interest_rules(self, date=None):
        """The product's rules as the engine has them: [(day from which it holds, InterestRule)] in order.

        :param date: the day interest is posted on, for the tax withheld; without it none is
        """
        self.ensure_one()
        withheld = self._withholding_rate(date) if date else 0
        return [
            (rule.date_from, rule._engine_rule(withheld)) for rule in self.sudo().interest_rule_ids.sorted("date_from")
        ]

    @api.private
    def _withholding_rate(self, date):
        """Percent of the interest posted on `date` that is kept for the tax office (Decimal)."""
        self.ensure_one()
        if self.sudo().interest_tax_exempt:
            return Decimal(0)
        text = self.env["kondo.parameter"]._get(WITHHOLDING, date)
        try:
            rate = Decimal(text.strip().replace(",", "."))
        except InvalidOperation:
            rate = Decimal(-1)
        if not 0 <= rate <= 100:
            raise UserError(
                self.env._("The parameter “%(key)s” is no percentage: “%(value)s”.", key=WITHHOLDING, value=text)
            )
        return rate
