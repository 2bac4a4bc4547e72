from odoo import api, fields, models
from odoo.exceptions import UserError


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
        if not self.target_loan_id:
            raise UserError(self.env._("Choose the loan that is paid."))

    def _pay_loan(self, posting, amount):
        loan = self.target_loan_id
        loan._lock()
        if loan.state != "active":
            raise UserError(self.env._("Nothing is owed on the loan %(number)s.", number=loan.name))
        posting.values.update(loan_id=loan.id)
        posting.env["kondo.operation"]._pay_loan(posting, loan.with_env(posting.env), amount)

    def _target_name_loan(self):
        return self.target_loan_id.name
