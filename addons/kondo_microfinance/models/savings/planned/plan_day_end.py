import uuid
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...ledger.key import LEDGER


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (40, "savings_plans", "kondo.savings.plan", "_day_end")]


class KondoSavingsPlan(models.Model):
    """The evening of the savings plans: what was paid, what was missed, and the bonus of those that end."""

    _inherit = "kondo.savings.plan"

    @api.model
    @api.private
    def _day_end(self, company, date, next_date):
        plans = self.search([("company_id", "=", company.id), ("state", "=", "running")])
        if not plans:
            return
        with self.env["kondo.operation"]._posting_env() as env:
            states = {plan.id: state for plan, state in env[self._name].browse(plans.ids)._refresh(date).items()}
        self.env.invalidate_all()
        for plan in plans.filtered(lambda plan: plan.state == "running"):
            if plan._is_over(states[plan.id], date):
                plan._finish(states[plan.id], date)

    def _is_over(self, state, date):
        """The last day has come and everything is paid, or its days of grace are over too."""
        return date >= self.date_end + timedelta(days=0 if state.complete else self.grace_days + 1)

    def _finish(self, state, date):
        """Pay the bonus that was earned and end the plan, both or neither; a failure is noted and tried again."""
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.savings.plan,{self.id},bonus"))
        bonus, verdict = self._earned(state)
        try:
            if bonus:
                self.env["kondo.operation"]._submit("bonus", key, {"plan_id": self.id}, company=self.company_id)
                return
            with self.env["kondo.operation"]._posting_env() as env:
                env[self._name].browse(self.id)._end(verdict, date)
        except (UserError, ValidationError) as refusal:
            with self.env["kondo.operation"]._posting_env() as env:
                plan = env[self._name].browse(self.id)
                plan.with_context(kondo_ledger=LEDGER).write({"failure": str(refusal)})
        finally:
            self.env.invalidate_all()
