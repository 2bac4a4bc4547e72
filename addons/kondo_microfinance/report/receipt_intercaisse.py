from odoo import models

from ..engine.words import spaced
from ..models.intercaisse.intercaisse import REMOTE_KINDS


class ReportReceipt(models.AbstractModel):
    """Receipts between caisses: the account of the other caisse is text, and its balance nobody's business here."""

    _inherit = "report.kondo_microfinance.report_receipt"

    def _receipt(self, operation):
        """A place for the thumb wherever a person signs."""
        receipt = super()._receipt(operation)
        receipt["thumb"] = receipt["thumb"] or bool(self._link(operation.sudo()))
        return receipt

    def _title(self, operation):
        _ = self.env._
        titles = {
            "remote_deposit": _("Deposit between caisses"),
            "remote_withdrawal": _("Withdrawal between caisses"),
            "remote_transfer": _("Transfer between caisses"),
            "cash_sent": _("Cash sent to another caisse"),
            "cash_received": _("Cash received from another caisse"),
            "settlement": _("Settlement between caisses"),
        }
        return titles.get(operation.kind) or super()._title(operation)

    def _facts(self, operation):
        link = self._link(operation)
        if not link:
            return super()._facts(operation)
        _ = self.env._
        own_account = [
            (label, text) for label, text in super()._facts(operation) if label not in (_("Till"), _("From account"))
        ]
        if operation.company_id == link.home_company_id:
            facts = [*own_account, (_("Made at"), link.company_id.name), (_("Payer"), link.payer_name)]
        else:
            facts = [
                (_("Payer"), link.payer_name),
                (_("From account"), link.payer_number),
                (_("Holder"), link.holder_name),
                (_("To account") if link.payer_number else _("Account"), link.account_number),
                (_("Caisse of the account"), link.home_company_id.name),
                (_("Till"), operation.till_id.name),
            ]
        return [*facts, (_("Fee"), f"{spaced(link.fee)} FCFA" if link.fee else "")]

    def _people(self, operation):
        link = self._link(operation)
        if not link or operation.kind == "reversal":
            return super()._people(operation)
        _ = self.env._
        return [
            (_("At the counter"), link.bearer),
            (_("Document seen"), link.identity),
            (_("Teller"), operation.user_id.name),
            (_("Approved by"), operation.approver_id.name),
        ]

    def _balance(self, operation):
        """The member's own balance where his caisse prints, or where he pays from his own account."""
        account = operation.savings_account_id or operation.counter_account_id
        if operation.kind in REMOTE_KINDS and account:
            leg = operation.line_ids.filtered(lambda line: line.savings_account_id == account)
            return spaced(leg[-1:].balance_after) if leg else ""
        return super()._balance(operation)

    def _signatures(self, operation):
        link = self._link(operation)
        if not link or operation.kind == "reversal":
            return super()._signatures(operation)
        _ = self.env._
        who = link.bearer or link.payer_name or link.holder_name
        role = _("The person at the counter") if link.kind == "remote_deposit" else _("The member")
        return [(role, who), (_("The teller"), operation.user_id.name)]

    def _link(self, operation):
        if operation.kind in (*REMOTE_KINDS, "reversal"):
            return self.env["kondo.intercaisse"]._of_operation(operation)
        return self.env["kondo.intercaisse"].sudo().browse()
