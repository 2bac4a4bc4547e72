from odoo import api, models
from odoo.exceptions import UserError

from ...ledger.key import LEDGER


class KondoOperation(models.Model):
    """The allocation of a result: the entry that a general meeting decides, see `kondo.year.close`."""

    _inherit = "kondo.operation"

    def _reversible_kinds(self):
        return super()._reversible_kinds() | {"year_result"}

    @api.private
    def _execute_year_result(self, posting, values):
        """values: year_id, a proposal that is being decided. Undistributed profit against what the meeting decided."""
        year = self.env["kondo.year.close"].sudo().browse(self._check_id(values.get("year_id"))).exists()
        if not year or year.company_id.id != posting.company_id or year.state != "proposed":
            raise UserError(self.env._("This record is not in your caisse."))
        label = self.env._("Allocation of the result of %(year)s", year=year.year)
        sign = 1 if year.result > 0 else -1
        posting.add_leg(self._undistributed_account(year.company_id).id, year.result, label=label)
        for line in year.line_ids.filtered("decided"):
            posting.add_leg(line.account_id.id, -sign * line.decided, label=label)
        if not year.company_id.general_journal_id:  # the union's own books
            posting.journal_id = self._general_journal(year.company_id).id
        posting.label = label
        posting.values.update(
            amount=abs(year.result),
            approver_id=year.proposed_by_id.id,
            note=self._check_text(year.decision_reference),
        )

    def _undistributed_account(self, company):
        """The account in which Odoo shows results that nobody has allocated: 592."""
        return (
            self.env["account.account"]
            .sudo()
            .search(
                [("account_type", "=", "equity_unaffected"), ("company_ids", "parent_of", company.id)],
                limit=1,
            )
        )

    def _general_journal(self, company):
        journal = (
            self.env["account.journal"]
            .sudo()
            .search([("company_id", "=", company.id), ("type", "=", "general")], order="sequence, id", limit=1)
        )
        if not journal:
            raise UserError(self.env._("%(caisse)s has no journal of general operations.", caisse=company.name))
        return journal

    @api.private
    def _execute_reversal(self, posting, values):
        """An allocation that is undone waits for its decision again; the accounts of the year stay final."""
        super()._execute_reversal(posting, values)
        original = self.sudo().browse(values["operation_id"])
        if original.kind != "year_result":
            return
        year = self.env["kondo.year.close"].sudo().search([("operation_id", "=", original.id)])
        posting.journal_id = original.move_id.journal_id.id
        posting.after(
            lambda: year.with_context(kondo_ledger=LEDGER).write(
                {"state": "proposed", "operation_id": False, "decided_by_id": False, "decided_at": False}
            )
        )
