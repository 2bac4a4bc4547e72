from odoo import fields, models

from ...fields import Francs


class KondoSavingsPlanDue(models.Model):
    """A day on which the member promised to pay in, and what came of it. Rewritten from the ledger each evening."""

    _name = "kondo.savings.plan.due"
    _description = "Payment of a savings plan"
    _inherit = ["kondo.guarded"]
    _order = "plan_id, day"
    _rec_name = "day"
    _check_company_auto = True

    _guarded_fields = frozenset({"plan_id", "company_id", "day", "amount", "paid", "covered_on", "state"})

    plan_id = fields.Many2one(
        "kondo.savings.plan", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    day = fields.Date(string="Due", required=True, readonly=True)
    amount = Francs(readonly=True)
    paid = Francs(readonly=True)
    covered_on = fields.Date(string="Paid on", readonly=True)
    state = fields.Selection(
        [("waiting", "To come"), ("paid", "Paid"), ("late", "Paid late"), ("missed", "Missed")],
        required=True,
        readonly=True,
        default="waiting",
    )

    _one_day = models.UniqueIndex("(plan_id, day)")
