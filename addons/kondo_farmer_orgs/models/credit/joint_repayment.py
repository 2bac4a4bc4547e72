from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.words import spaced


class KondoOperation(models.Model):
    """Guarantors pay a loan on a call: their names stand beside what they brought, and go with it when it is undone."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_repayment(self, posting, values):
        """values: as ever, and joint ([[kondo.joint.call.line id, francs], …]): guarantors of one call bring the amount."""
        if not values.get("joint"):
            super()._execute_loan_repayment(posting, values)
            return
        loan = self._loan_of(posting, values)
        loan._lock()
        rows = self._read_joint_rows(loan, values["joint"])
        amount = self._check_amount(values.get("amount"))
        named = sum(francs for _line, francs in rows)
        if named != amount or values.get("split") or values.get("advance"):
            raise UserError(
                self.env._(
                    "The guarantors bring %(named)s F, the payment is %(amount)s F: they must be the same.",
                    named=spaced(named),
                    amount=spaced(amount),
                )
            )
        call = rows[0][0].call_id
        if call.split_id:
            self._name_payers(posting, loan, {call.split_id.person_id.id: amount})
        super()._execute_loan_repayment(posting, values)
        if posting.answer.get("returned"):
            raise UserError(
                self.env._(
                    "%(amount)s F are more than is owed: less is left to be paid by the guarantors.",
                    amount=spaced(posting.answer["returned"]),
                )
            )
        if not posting.dry:
            for line, francs in rows:
                self.env["kondo.joint.payment"]._add_joint(posting, line, francs)
            posting.answer.update(guarantors=[[line.name, francs] for line, francs in rows])

    def _read_joint_rows(self, loan, rows):
        """[(kondo.joint.call.line as superuser, francs)] of one open call of the loan; UserError when they are not."""
        _ = self.env._
        if not isinstance(rows, list | tuple) or any(
            not isinstance(row, list | tuple) or len(row) != 2 for row in rows
        ):
            raise UserError(_("The request is not readable."))
        lines = self.env["kondo.joint.call.line"].sudo()
        result = [(lines.browse(self._check_id(line)).exists(), self._check_amount(francs)) for line, francs in rows]
        found = lines.union(*(line for line, _francs in result))
        if len(found) != len(result) or len(found.call_id) != 1 or found.call_id.loan_id != loan:
            raise UserError(_("These guarantors are not of one call on the loan %(number)s.", number=loan.name))
        if found.call_id.state != "called":
            raise UserError(_("Nothing of this call is waited for."))
        for line, francs in result:
            if francs > line.rest:
                raise UserError(
                    _("Of %(name)s %(rest)s F are still asked for, no more.", name=line.name, rest=spaced(line.rest))
                )
        return result

    # ------------------------------------------------------------------ savings held of a guarantor
    @api.private
    def _execute_loan_guarantee_call(self, posting, values):
        """Savings of a guarantor that are taken count for what an open call asks of him."""
        super()._execute_loan_guarantee_call(posting, values)
        loan = self._loan_of(posting, values)
        open_lines = loan.joint_call_ids.filtered(lambda call: call.state == "called").line_ids.sorted("id")
        if posting.dry or not open_lines:
            return
        for account_id, (change, _rule) in posting.savings.items():
            member, left = self.env["kondo.savings.account"].sudo().browse(account_id).partner_id, -change
            for line in open_lines.filtered(lambda one, who=member: one.guarantee_id.partner_id == who):
                part = min(left, line.rest)
                if part > 0:
                    self.env["kondo.joint.payment"]._add_joint(posting, line, part)
                    left -= part

    # ------------------------------------------------------------------ undone with the payment
    def _undo_payment(self, posting, original, loan):
        super()._undo_payment(posting, original, loan)
        if posting.dry:
            return
        payments = self.env["kondo.joint.payment"].sudo()
        brought = payments._read_group([("payment_id", "=", original.id)], ["line_id"], ["amount:sum"])
        for line, francs in brought:
            if not francs:
                continue
            if line.call_id.state == "closed":
                raise UserError(
                    self.env._(
                        "The call of the joint guarantee was given up since: this payment is no longer reversed."
                    )
                )
            payments._add_joint(posting, line, -francs, original.id)
