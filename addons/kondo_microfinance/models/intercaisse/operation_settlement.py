from odoo import api, models


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_settlement(self, posting, values):
        """values: settlement_id, in state to confirm. Each caisse concerned has its posting."""
        settlement = self.env["kondo.liaison.settlement"].sudo().browse(values["settlement_id"])
        debtor, creditor = settlement.company_id, settlement.creditor_company_id
        union, amount = debtor.root_id, settlement.amount
        paid = self._other_posting(posting, creditor)
        debtor._kondo_set_up_liaison()
        posting.journal_id = debtor.liaison_journal_id.id
        debtor._kondo_liaison_leg(posting, creditor, amount)
        creditor._kondo_liaison_leg(paid, debtor, -amount)
        if settlement.way == "union":
            between = self._other_posting(posting, union)
            debtor._kondo_liaison_leg(posting, union, -amount)
            creditor._kondo_liaison_leg(paid, union, amount)
            union._kondo_liaison_leg(between, debtor, amount)
            union._kondo_liaison_leg(between, creditor, -amount)
        else:
            posting.add_leg(settlement.bank_account_id.id, -amount)
            paid.add_leg(settlement.creditor_bank_account_id.id, amount)
        label = " ".join(filter(None, [settlement.name, settlement.reference]))
        for side in (posting, *posting.others.values()):
            side.label = label
            side.values.update(
                receipt_number=settlement.name, amount=amount, approver_id=settlement.proposed_by_id.id, note=label
            )
