from odoo import api, models
from odoo.exceptions import UserError

from ..ledger.key import LEDGER
from .intercaisse import REMOTE_KINDS


class KondoOperation(models.Model):
    """An operation between caisses is undone on both sides at once, the same day, by the caisse where it was made."""

    _inherit = "kondo.operation"

    def _reversible_kinds(self):
        return super()._reversible_kinds() | set(REMOTE_KINDS)

    def _check_reversible(self, original, posting):
        super()._check_reversible(original, posting)
        original = original.sudo()
        if original.kind not in REMOTE_KINDS:
            return
        link = self.env["kondo.intercaisse"]._of_operation(original)
        if link.operation_id != original:
            raise UserError(
                self.env._(
                    "This operation was made at %(caisse)s: only its manager reverses it, on the same day.",
                    caisse=link.company_id.name,
                )
            )

    @api.private
    def _execute_reversal(self, posting, values):
        super()._execute_reversal(posting, values)
        original = self.browse(values["operation_id"]).sudo()
        if original.kind not in REMOTE_KINDS:
            return
        link = self.env["kondo.intercaisse"]._of_operation(original)
        other = self._other_posting(posting, link.home_company_id)
        there = link.home_operation_id
        if not posting.dry and there.business_date != other.business_date:
            raise UserError(
                self.env._(
                    "The caisse %(caisse)s has ended the day of this operation: correct it by a new operation.",
                    caisse=link.home_company_id.name,
                )
            )
        if not posting.dry:
            self._lock_accounts(original.line_ids.savings_account_id | there.line_ids.savings_account_id)
        for line in there.line_ids:
            if line.savings_account_id:
                other.move_savings(
                    line.savings_account_id,
                    line.amount,
                    rule="correction",
                    gl_account=line.account_id,
                    label=self.env._("Correction: %(label)s", label=line.label or ""),
                )
            else:
                other.add_leg(line.account_id.id, -line.amount, partner_id=line.partner_id.id or None)
        with self._discreet():
            other.check_savings()
        self._fees_wait_again(there.id)
        other.label = posting.label
        other.values.update(
            amount=there.amount,
            partner_id=there.partner_id.id,
            savings_account_id=there.savings_account_id.id or None,
            counter_account_id=there.counter_account_id.id or None,
            reversal_of_id=there.id,
            note=posting.values["note"],
        )
        other.answer.update(account_number=link.account_number, member_name=link.holder_name)
        if not original.savings_account_id:
            posting.answer.update(account_number=link.account_number, member_name=link.holder_name)
        posting.kept["link"] = link

    @api.private
    def _after_reversal(self, posting, values):
        posting.kept["link"].with_context(kondo_ledger=LEDGER).reversed_on = posting.business_date
