from odoo import api, fields, models
from odoo.exceptions import UserError

from ....engine.allocation import allocate


class KondoStandingOrder(models.Model):
    """A standing order that pays a loan: what the member has ordered, whatever the schedule asks for."""

    _inherit = "kondo.standing.order"

    target_kind = fields.Selection(selection_add=[("loan", "A loan")], ondelete={"loan": "set default"})
    target_loan_id = fields.Many2one(
        "kondo.loan",
        string="Loan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'active')]",
    )

    @api.constrains("target_kind", "target_loan_id")
    def _check_target_loan(self):
        for order in self.filtered(lambda order: order.target_kind == "loan"):
            order._check_loan()

    def _check_loan(self):
        loan = self.target_loan_id.sudo()
        if not loan:
            raise UserError(self.env._("Choose the loan that is paid."))
        if loan.company_id != self.company_id:
            raise UserError(self.env._("This loan is not in your caisse."))

    def _lock_accounts(self):
        self.target_loan_id._lock()
        super()._lock_accounts()

    def _amount_now(self):
        """Never more than the loan takes today by its rule: what is ordered above that stays on the account."""
        amount = super()._amount_now()
        loan = self.target_loan_id
        if self.target_kind != "loan" or not amount:
            return amount
        if loan.state != "active":
            return 0
        rule, day = loan.product_id._allocation_rule(), loan.company_id.sudo().business_date
        return amount - allocate(rule, loan._dues(), amount, day).returned

    def _pay_loan(self, posting, amount):
        loan = self.target_loan_id
        loan._lock()
        if loan.state != "active":
            raise UserError(self.env._("Nothing is owed on the loan %(number)s.", number=loan.name))
        posting.values.update(loan_id=loan.id)
        posting.env["kondo.operation"]._pay_loan(posting, loan.with_env(posting.env), amount)

    def _target_name_loan(self):
        return self.target_loan_id.name
