from odoo import api, models
from odoo.exceptions import UserError


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_bonus(self, posting, values):
        """values: plan_id. The bonus of a plan that ends: D interest expense, C the member; posted by the house."""
        self._check_house()
        self.env.cr.execute(
            "SELECT id FROM kondo_savings_plan WHERE id = %s AND company_id = %s AND state = 'running' FOR UPDATE",
            (values["plan_id"], posting.company_id),
        )
        if not self.env.cr.fetchone():
            raise UserError(self.env._("This plan has already ended."))
        plan = self.env["kondo.savings.plan"].browse(values["plan_id"])
        plan.invalidate_recordset()
        bonus, verdict = plan._earned(plan._refresh(posting.business_date)[plan])
        if not bonus or plan.state != "running":
            raise UserError(self.env._("This plan has earned no bonus."))
        withheld = self._withheld(bonus, plan.product_id, posting.business_date)
        posting.add_leg(plan.product_id.expense_account_id.id, bonus, partner_id=plan.partner_id.id)
        if withheld:
            posting.add_leg(self._withholding_account_id(posting), -withheld, partner_id=plan.partner_id.id)
        posting.move_savings(plan.account_id, bonus - withheld, rule="house")
        posting.label = self.env._("Bonus of the savings plan %(number)s", number=plan.account_id.number)
        posting.values.update(
            amount=bonus - withheld, partner_id=plan.partner_id.id, savings_account_id=plan.account_id.id
        )
        posting.answer.update(account_number=plan.account_id.number, member_name=plan.partner_id.name)
        plan._end(verdict, posting.business_date, bonus=bonus, operation_id=posting.operation_id)
