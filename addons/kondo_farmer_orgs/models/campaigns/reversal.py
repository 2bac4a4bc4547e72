from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER


class KondoOperation(models.Model):
    """Undoing a delivery or a settlement of the day: what is owed to the supplier and the vouchers go back with it."""

    _inherit = "kondo.operation"

    def _reversible_kinds(self):
        return super()._reversible_kinds() | {"input_settlement"}

    @api.private
    def _execute_reversal(self, posting, values):
        super()._execute_reversal(posting, values)
        original = self.browse(self._check_id(values.get("operation_id"))).sudo()
        if original.kind not in ("loan_disbursement", "input_settlement"):
            return
        for move in self.env["kondo.input.supplier.move"].sudo().search([("operation_id", "=", original.id)]):
            self._take_back_move(posting, move)

    def _take_back_move(self, posting, move):
        delivery = move.delivery_id.with_context(kondo_ledger=LEDGER)
        settlement = move.settlement_id.with_context(kondo_ledger=LEDGER)
        posting.after(lambda: move.supplier_id._move_supplier(posting, move.flow, -move.amount, delivery, settlement))
        if settlement:
            settlement.write({"state": "cancelled"})
        if delivery:
            loan = delivery.loan_id
            gross = delivery.amount
            if loan.in_kind_delivered < gross:
                raise UserError(
                    self.env._(
                        "The schedule of the loan %(number)s has changed since: reverse that change first.",
                        number=loan.name,
                    )
                )
            loan._set(in_kind_delivered=loan.in_kind_delivered - gross)
            delivery._take_vouchers(-1)
            delivery.write({"state": "reversed"})
