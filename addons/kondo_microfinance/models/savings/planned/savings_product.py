from odoo import fields, models

from ...fields import Francs


class KondoSavingsProduct(models.Model):
    """What a planned savings product asks and gives."""

    _inherit = "kondo.savings.product"

    plan_tolerance = fields.Integer(
        string="Payments forgiven", required=True, default=1, help="Late or missed payments that leave the bonus whole."
    )
    plan_grace_days = fields.Integer(
        string="Days of grace", required=True, default=7, help="A payment so many days late still keeps the promise."
    )
    plan_withdrawal = fields.Selection(
        [("refused", "Refused"), ("allowed", "Allowed, the bonus is lost")],
        string="Withdrawal before the end",
        required=True,
        default="refused",
    )
    bonus_rate = fields.Float(
        string="Bonus (% of what was saved)", digits=(16, 6), help="Paid once, at the end of a plan that was kept."
    )
    bonus_amount = Francs(string="Bonus (F)", help="A fixed sum at the end of a plan that was kept.")
    bonus_when_missed = fields.Selection(
        [("lost", "Lost"), ("reduced", "Reduced by the payments missed")],
        string="Bonus of a plan not kept",
        required=True,
        default="lost",
    )

    _plan_amounts = models.Constraint(
        "CHECK (plan_tolerance >= 0 AND plan_grace_days >= 0 AND COALESCE(bonus_rate, 0) BETWEEN 0 AND 100 "
        "AND bonus_amount >= 0)",
        "Days, payments and bonuses are not negative; a bonus is at most 100 %.",
    )
