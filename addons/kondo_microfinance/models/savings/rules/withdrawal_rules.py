from odoo import api, fields, models
from odoo.exceptions import UserError

from ....engine.words import spaced

LEAVING = ("withdrawal", "transfer", "remote_withdrawal", "remote_transfer")


class KondoOperation(models.Model):
    """How much and how often a member takes money out: by day and by month."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_withdrawal(self, posting, values):
        super()._execute_withdrawal(posting, values)
        self._check_usage(posting)

    @api.private
    def _execute_transfer(self, posting, values):
        super()._execute_transfer(posting, values)
        self._check_usage(posting)

    def _check_usage(self, posting):
        """Refuse what goes beyond the product's limits by day or month.

        The accounts are locked before counting, in the order of their ids, so that two tills cannot both find the last
        place free.
        """
        account = self.env["kondo.savings.account"].sudo().browse(posting.values["savings_account_id"])
        product = account.product_id
        if not product.maximum_per_day and not product.withdrawals_per_month:
            return
        self.env.cr.execute(
            "SELECT id FROM kondo_savings_account WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
            (tuple(posting.savings),),
        )
        date, amount = posting.business_date, posting.values["amount"]
        self.env.cr.execute(
            """SELECT COALESCE(sum(o.amount) FILTER (WHERE o.business_date = %(date)s), 0)::bigint, count(*)
                 FROM kondo_operation o
                WHERE o.savings_account_id = %(account)s AND o.kind IN %(kinds)s AND o.state = 'posted'
                  AND o.business_date BETWEEN %(first)s AND %(date)s
                  AND NOT EXISTS (SELECT 1 FROM kondo_operation r WHERE r.reversal_of_id = o.id)""",
            {"date": date, "account": account.id, "kinds": LEAVING, "first": fields.Date.start_of(date, "month")},
        )
        today, count = self.env.cr.fetchone()
        if product.maximum_per_day and today + amount > product.maximum_per_day:
            raise UserError(
                self.env._(
                    "At most %(most)s F leave an account of this product in a day; %(left)s F still can today.",
                    most=spaced(product.maximum_per_day),
                    left=spaced(max(0, product.maximum_per_day - today)),
                )
            )
        if product.withdrawals_per_month and count >= product.withdrawals_per_month:
            raise UserError(
                self.env._(
                    "The %(count)s withdrawals of the month have been made from the account %(number)s.",
                    count=product.withdrawals_per_month,
                    number=account.number,
                )
            )
