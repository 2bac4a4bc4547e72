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
            matched = {plan.id: dues for plan, dues in env[self._name].browse(plans.ids)._refresh(date).items()}
        self.env.invalidate_all()
        for plan in plans.filtered(lambda plan: plan.state == "running"):
            if plan._is_over(matched[plan.id], date):
                plan._finish(matched[plan.id], date)

    def _is_over(self, dues, date):
        """The last day has come and everything is paid, or its days of grace are over too."""
        last = dues[-1]
        if all(due.covered_on for due in dues):
            return last.day <= date
        return last.day + timedelta(days=self.product_id.plan_grace_days) < date

    def _finish(self, dues, date):
        """Pay the bonus that was earned and end the plan, both or neither; a failure is noted and tried again."""
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.savings.plan,{self.id},bonus"))
        try:
            if self._earned(dues):
                self.env["kondo.operation"]._submit("bonus", key, {"plan_id": self.id}, company=self.company_id)
                return
            with self.env["kondo.operation"]._posting_env() as env:
                env[self._name].browse(self.id)._end(self._verdict(dues), date)
        except (UserError, ValidationError) as refusal:
            with self.env["kondo.operation"]._posting_env() as env:
                plan = env[self._name].browse(self.id)
                plan.with_context(kondo_ledger=LEDGER).write({"failure": str(refusal)})
        finally:
            self.env.invalidate_all()

    def _verdict(self, dues):
        """'kept' or 'lost' by the payments forgiven."""
        missed = sum(due.state != "paid" for due in dues)
        return "kept" if missed <= self.product_id.plan_tolerance else "lost"
