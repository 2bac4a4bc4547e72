from odoo import api, models
from odoo.exceptions import UserError

from ...engine.words import spaced


class KondoOperation(models.Model):
    """Money between the donor and the network, on a bank account of the union or of a caisse."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_funding_receipt(self, posting, values):
        """values: line_id, journal_id, amount, note. Tranches received never exceed what was agreed."""
        line, journal, amount = self._funding_of(posting, values)
        if line.received - line.returned + amount > line.amount:
            raise UserError(
                self.env._(
                    "The agreement is for %(agreed)s F, of which %(received)s F have been received already.",
                    agreed=spaced(line.amount),
                    received=spaced(line.received - line.returned),
                )
            )
        self._book_funding(posting, line, journal, amount, "received", values)
        posting.label = self.env._("%(line)s: tranche received", line=line.name)

    @api.private
    def _execute_funding_return(self, posting, values):
        """values: line_id, journal_id, amount, note. Only what is not lent goes back."""
        line, journal, amount = self._funding_of(posting, values)
        self._book_funding(posting, line, journal, -amount, "returned", values)
        posting.label = self.env._("%(line)s: given back", line=line.name)

    def _funding_of(self, posting, values):
        """(line, its row locked; bank journal; francs) of a request by the accountant or the network."""
        self.env["kondo.four.eyes"]._check_group("group_accountant", "group_network_manager")
        line = self.env["kondo.funding.line"].browse(self._check_id(values.get("line_id"))).exists().sudo()
        journal = self.env["account.journal"].browse(self._check_id(values.get("journal_id"))).exists().sudo()
        company = self.env["res.company"].sudo().browse(posting.company_id)
        if not line or line.company_id != company.root_id:
            raise UserError(self.env._("This line is not of your network."))
        if not journal or journal.type != "bank" or journal.company_id != company or not journal.default_account_id:
            raise UserError(self.env._("Choose a bank account of your caisse."))
        amount = self._check_amount(values.get("amount"))
        self.env.cr.execute("SELECT id FROM kondo_funding_line WHERE id = %s FOR NO KEY UPDATE", (line.id,))
        line.invalidate_recordset()
        return line, journal, amount

    def _book_funding(self, posting, line, journal, change, flow, values):
        posting.journal_id = journal.id
        posting.add_leg(journal.default_account_id.id, change, partner_id=line.donor_id.id)
        posting.add_leg(line.account_id.id, -change, partner_id=line.donor_id.id)
        posting.after(lambda: line._flow(posting, flow, abs(change)))
        posting.values.update(
            amount=abs(change), partner_id=line.donor_id.id, note=self._check_text(values.get("note"))
        )
