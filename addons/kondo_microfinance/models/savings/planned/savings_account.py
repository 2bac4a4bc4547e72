from odoo import fields, models
from odoo.tools.misc import format_date


class KondoSavingsAccount(models.Model):
    _inherit = "kondo.savings.account"

    plan_ids = fields.One2many("kondo.savings.plan", "account_id", string="Savings plans", readonly=True)

    def _running_plan(self):
        return self.sudo().plan_ids.filtered(lambda plan: plan.state == "running")[:1]

    def _why_not(self, change, rule="window"):
        """A plan under way keeps its money together until its last day."""
        plan = self._running_plan()
        if rule == "window" and self.tied and plan and change < 0 and self.state != "closed":
            return self.env._(
                "%(number)s is a savings plan until %(date)s: nothing is withdrawn before. The manager can stop the "
                "plan; its bonus is then lost.",
                number=self.number,
                date=format_date(self.env, plan.date_end),
            )
        return super()._why_not(change, rule)

    def _next_events(self):
        """The payments that a plan still awaits."""
        return [
            *super()._next_events(),
            *(
                self._event(due.day, self.env._("Payment to the plan"), due.amount - due.paid)
                for due in self._running_plan().due_ids
                if due.paid < due.amount
            ),
        ]

    def _closing_obstacles(self):
        """A plan under way is stopped first: its bonus is at stake."""
        obstacles = super()._closing_obstacles()
        if self._running_plan():
            obstacles.append(
                self.env._("A savings plan is under way on it: the manager stops the plan first, without bonus.")
            )
        return obstacles
