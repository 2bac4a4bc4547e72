from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoOperation(models.Model):
    """Paying suppliers of inputs."""

    _inherit = "kondo.operation"

    kind = fields.Selection(
        selection_add=[("input_settlement", "Settlement with a supplier")], ondelete={"input_settlement": "cascade"}
    )

    @api.private
    def _execute_input_settlement(self, posting, values):
        """values: settlement_id, its row locked, being approved. D supplier C bank, never more than is owed."""
        settlement = self.env["kondo.input.settlement"].sudo().browse(values["settlement_id"])
        if settlement.state != "draft" or settlement.company_id.id != posting.company_id:
            raise UserError(self.env._("This settlement was paid or cancelled already."))
        supplier, journal = settlement.supplier_id, settlement.journal_id
        settlement._check_settlement()
        posting.journal_id = journal.id
        partner = supplier.partner_id
        account = settlement.company_id._input_account()
        posting.add_leg(account.id, settlement.amount, partner_id=partner.id, label=settlement.name)
        posting.add_leg(journal.default_account_id.id, -settlement.amount, partner_id=partner.id)
        posting.after(lambda: supplier._move_supplier(posting, "settled", settlement.amount, settlement=settlement))
        posting.label = self.env._(
            "%(number)s: %(supplier)s paid, %(reference)s",
            number=settlement.name,
            supplier=partner.name,
            reference=settlement.reference,
        )
        posting.values.update(
            amount=settlement.amount,
            partner_id=partner.id,
            user_id=settlement.create_uid.id,
            approver_id=self.env.uid,
            note=settlement.reference,
        )
