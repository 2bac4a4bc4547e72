from fractions import Fraction

from odoo import api, models
from odoo.exceptions import UserError


class KondoReturnSource(models.AbstractModel):
    """What formulas may ask about the institution itself."""

    _inherit = "kondo.return.source"

    @api.model
    def _measure_profile(self, scope, filters):
        """{profile:key=…}: liquidity_norm (per cent), article_44, affiliated, deposit_taking (1 or 0).

        Of a network, those of its union.
        """
        companies = scope.companies.sudo()
        company = companies if len(companies) == 1 else companies.root_id[:1]
        answers = {
            "liquidity_norm": lambda: Fraction(
                self.env["kondo.parameter"]._get(company._liquidity_norm_key(), scope.date)
            ),
            "article_44": lambda: int(company._article_44_on(scope.date)),
            "affiliated": lambda: int(company.kondo_affiliated),
            "deposit_taking": lambda: int(company.kondo_deposit_taking),
        }
        answer = answers.get(dict(filters).get("key"))
        if not answer:
            raise UserError(self.env._("The profile of an institution has no “%(key)s”.", key=dict(filters).get("key")))
        return answer()
