from odoo import api, fields, models
from odoo.exceptions import UserError

from ....engine.words import spaced


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_standing_order(self, posting, values):
        """values: order_id, due (text). One due date of an order: D the payer's account, C what it pays; by the house.

        The order's row and its accounts are locked by the end of the day, which has also found the amount above zero.
        """
        self._check_house()
        order = self.env["kondo.standing.order"].browse(values["order_id"])
        due = fields.Date.to_date(values["due"])
        if order.company_id.id != posting.company_id or order.state != "active" or order.next_due > due:
            raise UserError(self.env._("This order is not due."))
        amount = order._amount_now()
        order._check_source(amount)
        source = order.source_account_id
        posting.move_savings(source, -amount, rule="house")
        getattr(order, f"_pay_{order.target_kind}")(posting, amount)
        posting.label = self.env._(
            "Standing order %(number)s: %(purpose)s",
            number=order.name,
            purpose=order.purpose or getattr(order, f"_target_name_{order.target_kind}")(),
        )
        posting.values.update(
            amount=amount, partner_id=source.partner_id.id, savings_account_id=source.id, note=order.purpose or None
        )
        posting.answer.update(account_number=source.number, member_name=source.partner_id.name)
        order._note_paid(posting.business_date, due, amount, posting.operation_id)

    def _order_number(self, order, due):
        """The text that makes the operation of a due date happen once."""
        return f"kondo.standing.order,{order.id},{due:%Y-%m-%d}"


class KondoSavingsAccount(models.Model):
    _inherit = "kondo.savings.account"

    def _why_not(self, change, rule="window"):
        """What an order may take is what the member could: the product's minimum stays."""
        if rule != "standing":
            return super()._why_not(change, rule)
        return self.env._(
            "Balance too low: at most %(available)s F can leave the account %(number)s, %(amount)s F are due.",
            available=spaced(self.available),
            number=self.number,
            amount=spaced(-change),
        )
