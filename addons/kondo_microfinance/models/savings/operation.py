from odoo import api, models
from odoo.exceptions import UserError

from ...engine.words import spaced


class KondoOperation(models.Model):
    """Deposits, withdrawals and transfers at the teller window."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_deposit(self, posting, values):
        """values: session_id, account_id, amount, bearer?, note?, approval_id?"""
        self._execute_at_window(posting, values, sign=1)

    @api.private
    def _execute_withdrawal(self, posting, values):
        """values: session_id, account_id, amount, bearer?, note?, approval_id?"""
        self._execute_at_window(posting, values, sign=-1)

    def _execute_at_window(self, posting, values, sign):
        request = self._read_window_request(posting, values)
        account, amount = request["account"], request["amount"]
        account._check_movement(sign * amount)
        self._check_product(account.product_id, amount)
        self._check_authorised(posting, values, account.product_id, amount)
        till = posting.take_till(request["session_id"], sign * amount)
        posting.add_leg(till["account_id"], sign * amount, till_id=till["id"])
        posting.move_savings(account, sign * amount)
        self._charge_fees(posting, account, posting.kind, amount)
        posting.label = self._window_label(posting.kind, account)
        posting.values.update(
            amount=amount,
            partner_id=account.partner_id.id,
            savings_account_id=account.id,
            bearer=self._check_text(values.get("bearer")),
            note=self._check_text(values.get("note")),
        )
        posting.answer.update(
            account_number=account.number,
            member_name=account.partner_id.name,
            till_cash=till["cash"],
            cash_after={till["id"]: till["cash"]},
        )

    @api.private
    def _execute_transfer(self, posting, values):
        """values: session_id, account_id (from), counter_account_id (to), amount, note?, approval_id?"""
        request = self._read_window_request(posting, values)
        source, amount = request["account"], request["amount"]
        target = self._window_account(posting, values.get("counter_account_id"))
        if source == target:
            raise UserError(self.env._("Choose two different accounts."))
        source._check_movement(-amount)
        target._check_movement(amount)
        self._check_product(source.product_id, amount)
        self._check_authorised(posting, values, source.product_id, amount)
        till = posting.take_till(request["session_id"], 0)
        posting.move_savings(source, -amount)
        posting.move_savings(target, amount)
        self._charge_fees(posting, source, "transfer", amount)
        posting.label = self.env._("Transfer %(from)s to %(to)s", **{"from": source.number, "to": target.number})
        posting.values.update(
            amount=amount,
            partner_id=source.partner_id.id,
            savings_account_id=source.id,
            counter_account_id=target.id,
            note=self._check_text(values.get("note")),
        )
        posting.answer.update(
            account_number=source.number,
            member_name=source.partner_id.name,
            counter_number=target.number,
            counter_name=target.partner_id.name,
            till_cash=till["cash"],
        )

    @api.private
    def _charge_fees(self, posting, account, moment, base):
        """Add the fees of the account's product for `moment` on an operation of `base` francs; returns their total."""
        return 0

    # ------------------------------------------------------------------ reading and checking
    def _read_window_request(self, posting, values):
        self.env["kondo.four.eyes"]._check_group("group_teller")
        return {
            "session_id": self._check_id(values.get("session_id")),
            "account": self._window_account(posting, values.get("account_id")),
            "amount": self._check_amount(values.get("amount")),
        }

    def _window_account(self, posting, account_id):
        """An account of this caisse. Another caisse's is refused in the same words as one that does not exist."""
        account = self.env["kondo.savings.account"].sudo().browse(self._check_id(account_id)).exists()
        if not account or account.company_id.id != posting.company_id:
            raise UserError(self.env._("This account does not exist in your caisse."))
        return account

    def _check_product(self, product, amount):
        _ = self.env._
        if product.minimum_operation and amount < product.minimum_operation:
            raise UserError(
                _("The smallest operation on this product is %(amount)s F.", amount=spaced(product.minimum_operation))
            )
        if product.maximum_operation and amount > product.maximum_operation:
            raise UserError(
                _("The largest operation on this product is %(amount)s F.", amount=spaced(product.maximum_operation))
            )

    def _window_label(self, kind, account):
        if kind == "deposit":
            return self.env._("Deposit %(account)s", account=account.number)
        return self.env._("Withdrawal %(account)s", account=account.number)
