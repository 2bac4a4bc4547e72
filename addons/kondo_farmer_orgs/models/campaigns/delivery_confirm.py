import uuid

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER
from odoo.addons.kondo_microfinance.models.ledger.submission import NeedsApproval


class KondoInputDelivery(models.Model):
    """Confirming a delivery note: vouchers, loan and what is owed to the supplier move together or not at all."""

    _inherit = "kondo.input.delivery"

    def action_confirm(self):
        """The delivery note is true: a second person says so, and the loan is paid out in kind.

        :return: the answer of the operation
        :raises UserError: the same person, more than a voucher or the loan has left, or the loan cannot be paid out
        """
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_teller", "group_caisse_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        try:
            with self.env["kondo.operation"]._posting_env() as env:
                answer = env[self._name].browse(self.id)._confirm_here()
        except NeedsApproval:
            raise UserError(
                self.env._("The amount is above what you decide alone: the manager confirms this delivery note.")
            ) from None
        self.invalidate_recordset()
        return answer

    @api.private
    def _confirm_here(self):
        """In a posting's transaction: check the second person and the vouchers, pay the loan out in kind."""
        self.env.cr.execute("SELECT state FROM kondo_input_delivery WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        self.invalidate_recordset()
        delivery = self.sudo().with_context(kondo_ledger=LEDGER)
        delivery._check_draft()
        self.env["kondo.four.eyes"]._check_second_person(
            delivery.create_uid, self.env._("You typed this delivery note: another person confirms it.")
        )
        if not delivery.line_ids or not delivery.received_by:
            raise UserError(self.env._("Enter what was delivered, and who signed for the organisation."))
        if not delivery.loan_id:
            raise UserError(
                self.env._(
                    "%(organisation)s has no loan with a part in kind for this campaign: grant it first.",
                    organisation=delivery.organisation_id.name,
                )
            )
        if delivery.date > delivery.company_id.business_date:
            raise UserError(self.env._("The delivery is dated after the business day."))
        delivery.campaign_id._check_phase("vouchers", "harvest")
        delivery._take_vouchers()
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.input.delivery,{self.id}"))
        values = {"loan_id": delivery.loan_id.id, "paid": "supplier", "delivery_id": self.id}
        service = self.env["kondo.operation"].with_context(kondo_delivery=LEDGER)
        answer = service._post_here("loan_disbursement", key, delivery.company_id.id, values, key)
        delivery.write(
            {
                "state": "done",
                "confirmed_by_id": self.env.uid,
                "confirmed_on": delivery.company_id.business_date,
                "operation_id": answer["operation_id"],
            }
        )
        return answer

    def _take_vouchers(self, sign=1):
        """Count the lines on their vouchers, locked; `sign` -1 takes them back."""
        vouchers = self.line_ids.voucher_id
        vouchers._lock_vouchers()
        for line in self.line_ids:
            voucher = line.voucher_id
            if sign > 0 and (voucher.state != "issued" or line.quantity > voucher.left):
                raise UserError(line._too_much())
            delivered = voucher.delivered + sign * line.quantity
            voucher.write({"delivered": delivered, "state": "delivered" if delivered == voucher.quantity else "issued"})
        self.env.flush_all()
