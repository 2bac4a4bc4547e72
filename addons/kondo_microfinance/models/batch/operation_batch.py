from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.words import spaced
from .batch import CASH


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_batch(self, posting, values):
        """values: batch_id, a batch sent for approval, its row locked; posted by the second person.

        Cash goes into the till of the person who prepared the batch, under the rules of the window; payments and
        levies follow the rules of the house, and a blocked account is refused for them too.
        """
        batch = self.env["kondo.batch"].sudo().browse(values["batch_id"])
        if batch.state != "submitted" or batch.company_id.id != posting.company_id:
            raise UserError(self.env._("This batch is not waiting for approval."))
        self._check_batch_blocks(batch)
        sign = -1 if batch.kind == "debit" else 1
        totals = posting.move_many(
            SQL(
                """SELECT savings_account_id, %s * amount, COALESCE(NULLIF(label, ''), %s), row
                     FROM kondo_batch_line WHERE batch_id = %s""",
                sign,
                batch.label,
                batch.id,
            ),
            rule="window" if batch.kind == "deposit" else "house",
        )
        posting.label = f"{batch.name} {batch.label}"
        # Debit of the other side what the members' accounts are credited with, or the contrary.
        amount = -sum(total for _account_id, total in totals)
        if sign * amount != batch.total:
            raise UserError(
                self.env._("The rows of the batch no longer add up to its total. Take it back and check it.")
            )
        self._post_batch_other_side(posting, batch, amount)
        # The journal shows who prepared it and who approved it.
        posting.values.update(
            amount=batch.total,
            user_id=batch.submitted_by_id.id,
            approver_id=self.env.uid,
            note=batch.label,
        )
        posting.answer.update(batch=batch.name, count=batch.count)

    def _post_batch_other_side(self, posting, batch, amount):
        """The leg of `amount` francs, debit positive, that brings the batch to zero."""
        if batch.kind in CASH:
            till = self._take_batch_till(posting, batch, amount)
            posting.add_leg(till["account_id"], amount, till_id=till["id"])
            posting.answer.update(till_cash=till["cash"], cash_after={till["id"]: till["cash"]})
        elif batch.counterpart == "member":
            account = batch.savings_account_id
            posting.move_savings(account, -amount, rule="window" if amount > 0 else "house", label=batch.label)
            posting.values.update(savings_account_id=account.id, partner_id=account.partner_id.id)
        else:
            posting.add_leg(batch.account_id.id, amount, label=batch.label)

    def _take_batch_till(self, posting, batch, change):
        """The till of whoever prepared the batch, while that session is open on the business day."""
        session = batch.session_id
        if session.state != "open" or session.business_date != posting.business_date:
            raise UserError(
                self.env._(
                    "The till of %(name)s, which holds this cash, is closed. Take the batch back and send it from an "
                    "open till.",
                    name=batch.submitted_by_id.name,
                )
            )
        return posting.take_till(session.id, change, anybody=True)

    def _check_batch_blocks(self, batch):
        """A block put on an account after the check holds as well, and everything is refused with its row."""
        barred = ("all", "debit" if batch.kind == "debit" else "credit")
        lines = self.env["kondo.batch.line"].sudo().search([("batch_id", "=", batch.id)])
        if not lines or any(line.state == "error" for line in lines):
            raise UserError(self.env._("Check the file first: it must be without errors."))
        lines.savings_account_id.invalidate_recordset(["block"])
        blocked = lines.filtered(lambda line: line.savings_account_id.block in barred)[:1]
        if blocked:
            raise UserError(
                self.env._(
                    "Row %(row)s: the account %(number)s is now blocked, nothing was posted. %(amount)s F were for it.",
                    row=blocked.row,
                    number=blocked.savings_account_id.number,
                    amount=spaced(blocked.amount),
                )
            )
