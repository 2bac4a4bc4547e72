from odoo import api, fields, models

from ....engine.rates import Tier
from ...fields import Francs


class KondoSavingsInterestTier(models.Model):
    """Another rate from an amount, or from a number of months held, on."""

    _name = "kondo.savings.interest.tier"
    _description = "Interest tier"
    _order = "rule_id, from_months, from_amount"
    _check_company_auto = True

    rule_id = fields.Many2one("kondo.savings.interest.rule", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="rule_id.company_id", store=True, required=True, precompute=True)
    from_amount = Francs(string="From (F)", help="Balance from which this rate holds.")
    from_months = fields.Integer(
        string="From months held", required=True, default=0, help="Whole months since the account was opened."
    )
    rate = fields.Float(string="Rate (%)", digits=(16, 6), required=True, help="Percent a year.")

    _reached_once = models.UniqueIndex(
        "(rule_id, from_amount, from_months)", "Two tiers of a rule begin at the same amount and duration."
    )
    _positive = models.Constraint(
        "CHECK (from_amount >= 0 AND from_months >= 0 AND from_amount + from_months > 0 AND rate >= 0)",
        "A tier begins above zero, and its rate is not negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers.rule_id._check_open()
        return tiers

    def write(self, vals):
        self.check_access("write")
        self.rule_id._check_open()
        return super().write(vals)

    def unlink(self):
        self.check_access("unlink")
        self.rule_id._check_open()
        return super().unlink()

    def _engine_tiers(self):
        """The engine's tiers, exact."""
        return tuple(Tier(tier.from_amount, tier.rule_id._exact(tier.rate), tier.from_months) for tier in self)
