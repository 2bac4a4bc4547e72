from odoo import models
from odoo.exceptions import UserError

from ....engine.standing import order_amount


class KondoStandingOrder(models.Model):
    """Where the money goes: for each `target_kind` a method that checks it and one that pays it."""

    _inherit = "kondo.standing.order"

    # ------------------------------------------------------------------ the account that pays
    def _lock_accounts(self):
        """Lock what the order moves, in the order of ids, and read it anew."""
        accounts = self.source_account_id | self.target_account_id
        self.env.cr.execute(
            "SELECT id FROM kondo_savings_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", (accounts.ids,)
        )
        accounts.invalidate_recordset()

    def _amount_now(self):
        """Francs to take from the source as it stands (its row locked); 0 when there is nothing to take."""
        source = self.source_account_id
        free = source.balance - source.blocked - source.product_id.minimum_balance
        return order_amount(self.amount_kind, self.amount, source.balance, max(0, free))

    def _check_source(self, amount):
        """Refuse with the reason. The member is not there, yet what stops him at the window stops his order too."""
        source = self.source_account_id
        if source.state not in ("active", "inactive") or source.block in ("all", "debit") or source.tied:
            raise UserError(source._why_not(-amount))
        if source.available < amount:
            raise UserError(source._why_not(-amount, "standing"))

    # ------------------------------------------------------------------ an account of the caisse
    def _check_account(self):
        target = self.target_account_id.sudo()
        if not target:
            raise UserError(self.env._("Choose the account that is paid."))
        if target == self.source_account_id:
            raise UserError(self.env._("Choose two different accounts."))
        if target.kind == "term":
            raise UserError(self.env._("Nothing is added to a term deposit. Choose another account."))

    def _pay_account(self, posting, amount):
        """The leg on the account that is paid; a blocked or dormant one is refused with the reason."""
        target = self.target_account_id
        if target.state not in ("active", "inactive") or target.block in ("all", "credit"):
            raise UserError(target._why_not(amount))
        posting.move_savings(target, amount, rule="house")
        posting.values.update(counter_account_id=target.id)
        posting.answer.update(counter_number=target.number, counter_name=target.partner_id.name)

    def _target_name_account(self):
        return self.target_account_id.number
