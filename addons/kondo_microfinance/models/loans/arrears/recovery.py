from odoo import api, models
from odoo.exceptions import UserError

from ....engine.words import spaced


class KondoOperation(models.Model):
    """Money that comes in on a loan that was written off: income 769."""

    _inherit = "kondo.operation"

    @api.model
    @api.private
    def _counter_kinds(self):
        return super()._counter_kinds() | {"loan_recovery"}

    def _reversible_kinds(self):
        return super()._reversible_kinds() | {"loan_recovery"}

    @api.model
    @api.private
    def _other_kinds(self):
        return [*super()._other_kinds(), "loan_recovery"]

    @api.private
    def _execute_loan_recovery(self, posting, values):
        """values: loan_id, amount, session_id, source ("cash" or the id of an account of the member), bearer?, note?"""
        self.env["kondo.four.eyes"]._check_group("group_teller")
        loan = self._loan_of(posting, values)
        amount = self._check_amount(values.get("amount"))
        source_id = self._read_choice(values.get("source"))
        till = posting.take_till(self._check_id(values.get("session_id")), 0 if source_id else amount)
        loan._lock()
        if loan.state != "written_off":
            raise UserError(self.env._("The loan %(number)s was not written off.", number=loan.name))
        if loan.recovered + amount > loan.lost:
            raise UserError(
                self.env._("At most %(left)s F are left of what was lost.", left=spaced(loan.lost - loan.recovered))
            )
        if source_id:
            source = self._repayment_source(posting, loan, source_id)
            posting.move_savings(source, -amount)
            posting.values["savings_account_id"] = source.id
        else:
            posting.add_leg(till["account_id"], amount, till_id=till["id"])
            posting.answer.update(till_cash=till["cash"], cash_after={till["id"]: till["cash"]})
        posting.add_leg(loan.product_id._account("recovery").id, -amount, partner_id=loan.partner_id.id)
        loan._set(recovered=loan.recovered + amount)
        posting.label = self.env._("Recovery on the loan %(number)s", number=loan.name)
        posting.values.update(
            amount=amount,
            partner_id=loan.partner_id.id,
            loan_id=loan.id,
            bearer=self._check_text(values.get("bearer")),
            note=self._check_text(values.get("note")),
        )
        posting.answer.update(member_name=loan.partner_id.name, loan_number=loan.name)
        posting.show(self.env._("Left of what was lost"), loan.lost - loan.recovered)

    @api.private
    def _execute_reversal(self, posting, values):
        original = self.browse(self._check_id(values.get("operation_id"))).exists().sudo()
        super()._execute_reversal(posting, values)
        if original.kind == "loan_recovery":
            original.loan_id._lock()
            original.loan_id._set(recovered=original.loan_id.recovered - original.amount)

    @api.private
    def _window_form_loan_recovery(self, partner):
        loans = self._window_loans(partner, [("state", "=", "written_off")]) if partner else self.env["kondo.loan"]
        loans = loans.filtered(lambda loan: loan.recovered < loan.lost)
        if not loans:
            return None
        _ = self.env._
        return {
            "label": _("Recovery on a loan written off"),
            "cash": 1,
            "member": True,
            "fields": [
                self._loan_field(loans, lambda loan: f"{spaced(loan.lost - loan.recovered)} F"),
                {"name": "amount", "label": _("Amount"), "type": "amount", "required": True},
                {
                    "name": "source",
                    "label": _("Paid from"),
                    "type": "choice",
                    "required": True,
                    "options": [{"value": "cash", "label": _("Cash"), "hint": ""}, *self._account_options(partner)],
                    "default": "cash",
                },
                *self._counter_fields(),
            ],
        }
