from odoo import api, models
from odoo.exceptions import UserError


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    def _reversible_kinds(self):
        """Kinds that a reversal may undo; the others have their own way back."""
        return {"deposit", "withdrawal", "transfer"}

    @api.private
    def _execute_reversal(self, posting, values):
        """Undo a posted operation by its mirror image, by a second person, on the open business day.

        values: operation_id, reason. Cash comes back through the till session in which it moved, which must still be
        open: a closed till has been counted, and what it counted stays true.
        """
        original = self.browse(self._check_id(values.get("operation_id"))).exists()
        reason = self._check_text(values.get("reason"))
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        self._check_reversible(original, posting)
        if not reason:
            raise UserError(self.env._("Give the reason of the reversal."))
        original = original.sudo()
        self.env["kondo.four.eyes"]._check_second_person(
            original.user_id | original.approver_id,
            self.env._("You made or approved this operation: another person must reverse it."),
        )
        cash = sum(original.line_ids.filtered("till_id").mapped("amount"))
        self._take_session_of(original, posting, -cash)
        for line in original.line_ids:
            if line.savings_account_id:
                posting.move_savings(
                    line.savings_account_id, line.amount, rule="correction", gl_account=line.account_id
                )
            elif line.share_holding_id:
                posting.move_shares(line.share_holding_id, line.amount, gl_account=line.account_id)
            elif line.loan_id:
                # on the loan's present account: its class may have changed since, and its balance moved with it
                account = line.loan_id._present_account(line.loan_component) or line.account_id
                posting.move_loan(line.loan_id, -line.movement, line.loan_component, gl_account=account)
            else:
                posting.add_leg(
                    line.account_id.id,
                    -line.amount,
                    till_id=line.till_id.id or None,
                    partner_id=line.partner_id.id or None,
                )
        posting.label = self.env._(
            "Reversal of %(receipt)s: %(reason)s",
            receipt=original.receipt_number or original.move_id.name,
            reason=reason,
        )
        posting.values.update(
            amount=original.amount,
            partner_id=original.partner_id.id or None,
            savings_account_id=original.savings_account_id.id or None,
            counter_account_id=original.counter_account_id.id or None,
            reversal_of_id=original.id,
            loan_id=original.loan_id.id or None,
            note=reason,
        )
        posting.answer.update(
            reversal_of=original.receipt_number or original.move_id.name,
            account_number=original.savings_account_id.number,
            member_name=original.partner_id.name,
        )

    def _check_reversible(self, original, posting):
        _ = self.env._
        if not original or original.sudo().company_id.id != posting.company_id:
            raise UserError(_("This record is not in your caisse."))
        original = original.sudo()
        if original.kind not in self._reversible_kinds():
            raise UserError(_("This kind of operation is not undone by a reversal."))
        if original.business_date != posting.business_date:
            raise UserError(
                _("This operation is of another business day. Correct it by a new operation with the accountant.")
            )
        if self.sudo().search_count([("reversal_of_id", "=", original.id)], limit=1):
            raise UserError(_("This operation has already been reversed."))

    def _take_session_of(self, original, posting, change):
        """The till of the original's session, while that session is open, whoever holds it."""
        if not original.session_id and not change:
            return
        row = posting.take_till(original.session_id.id or 0, change, anybody=True)
        posting.answer.update(till_cash=row["cash"], cash_after={row["id"]: row["cash"]})
