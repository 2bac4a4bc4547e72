from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kondo_microfinance.engine.allocation import allocate


class KondoOperation(models.Model):
    """A buyer's list posted: the bank is debited once, each account gets its net, each loan what was kept for it."""

    _inherit = "kondo.operation"

    kind = fields.Selection(
        selection_add=[("marketing_sheet", "Marketing sheet")], ondelete={"marketing_sheet": "cascade"}
    )

    @api.private
    def _execute_marketing_sheet(self, posting, values):
        """values: sheet_id, a list sent for approval, its row locked; posted by the second person, all or nothing."""
        sheet = self.env["kondo.marketing.sheet"].sudo().browse(values["sheet_id"])
        if sheet.state != "submitted" or sheet.company_id.id != posting.company_id:
            raise UserError(self.env._("This list is not waiting for approval."))
        lines = sheet.line_ids.sorted("row")
        self._check_sheet(sheet, lines)
        posting.journal_id = sheet.journal_id.id
        posting.add_leg(
            sheet.journal_id.default_account_id.id, sheet.gross, partner_id=sheet.buyer_id.id, label=sheet.name
        )
        if sheet.net:
            posting.move_many(
                SQL(
                    """SELECT savings_account_id, sum(net), %s, min(row) FROM kondo_marketing_sheet_line
                        WHERE sheet_id = %s AND net > 0 GROUP BY savings_account_id""",
                    f"{sheet.campaign_id.name} {sheet.reference}",
                    sheet.id,
                ),
                rule="house",
            )
        self._repay_by_sheet(posting, lines.filtered("debt"))
        for name in ("paid", "returned", "outstanding", "due_left", "next_due", "next_amount"):
            posting.answer.pop(name, None)  # of one loan: a list has many
        posting.label = f"{sheet.name} {sheet.buyer_id.name} {sheet.reference}"
        posting.values.update(
            amount=sheet.gross,
            partner_id=sheet.buyer_id.id,
            user_id=sheet.submitted_by_id.id,
            approver_id=self.env.uid,
            note=sheet.reference,
        )
        posting.answer.update(sheet=sheet.name, count=sheet.row_count)

    def _check_sheet(self, sheet, lines):
        """What the check has found holds still: no exception, the same sums, no account blocked since."""
        if not lines or any(line.state == "error" for line in lines):
            raise UserError(self.env._("Check the file first: it must be without exceptions."))
        sums = sum(lines.mapped("gross")), sum(lines.mapped("debt")), sum(lines.mapped("net"))
        if sums != (sheet.gross, sheet.debt, sheet.net) or sheet.gross != sheet.debt + sheet.net:
            raise UserError(
                self.env._("The rows of the list no longer add up to its totals. Take it back and check it.")
            )
        paid = lines.filtered("net")
        paid.savings_account_id.invalidate_recordset(["block", "state"])
        for line in paid:
            account = line.savings_account_id
            if not account or account.state == "closed" or account.block in ("all", "credit"):
                raise UserError(
                    self.env._(
                        "Row %(row)s: the account %(number)s is now blocked or closed, nothing was posted.",
                        row=line.row,
                        number=account.number or "",
                    )
                )

    def _repay_by_sheet(self, posting, lines):
        """The debts kept, summed for each loan and told by person; what a loan does not take goes to its account."""
        loans = lines.loan_id.sorted("id")
        loans._lock()
        for loan in loans:
            own = lines.filtered(lambda line, one=loan: line.loan_id == one)
            debt, by_person = sum(own.mapped("debt")), {}
            for line in own.filtered("person_id"):
                by_person[line.person_id.id] = by_person.get(line.person_id.id, 0) + line.debt
            takes = 0
            if loan.state == "active":
                rule = loan.product_id._allocation_rule()
                takes = debt - allocate(rule, loan._dues(), debt, posting.business_date).returned
            if not takes:
                self._return_overpaid(posting, loan, debt)
                continue
            self._pay_loan(posting, loan, debt)
            self._share_repayment(posting, loan, by_person)
