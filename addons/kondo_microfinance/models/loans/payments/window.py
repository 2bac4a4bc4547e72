from odoo import api, models
from odoo.tools.misc import format_date

from ....engine.words import spaced


class KondoOperation(models.Model):
    """Forms of the teller window for loans."""

    _inherit = "kondo.operation"

    @api.model
    @api.private
    def _other_kinds(self):
        return ["loan_repayment", "loan_disbursement", *super()._other_kinds()]

    def _window_loans(self, partner, domain):
        return (
            self.env["kondo.loan"]
            .sudo()
            .search([("partner_id", "=", partner.id), ("company_id", "=", partner.company_id.id), *domain], order="id")
        )

    def _loan_field(self, loans, hint):
        """The choice of a loan in a form of the window, the first one proposed; `hint(loan)` stands beside each."""
        return {
            "name": "loan_id",
            "label": self.env._("Loan"),
            "type": "choice",
            "required": True,
            "options": [
                {"value": loan.id, "label": f"{loan.name} · {loan.product_id.name}", "hint": hint(loan)}
                for loan in loans
            ],
            "default": loans[0].id,
        }

    @api.private
    def _window_form_loan_repayment(self, partner):
        """The member's running loans with what is due on each; the amount due is proposed."""
        loans = self._window_loans(partner, [("state", "=", "active")]) if partner else self.env["kondo.loan"]
        if not loans:
            return None
        _ = self.env._
        return {
            "label": _("Loan repayment"),
            "cash": 1,
            "member": True,
            "fields": [
                self._loan_field(loans, lambda loan: self._due_hint(loan)),
                {
                    "name": "amount",
                    "label": _("Amount"),
                    "type": "amount",
                    "required": True,
                    "default": loans[0].due_now or loans[0].next_amount or None,
                },
                {
                    "name": "source",
                    "label": _("Paid from"),
                    "type": "choice",
                    "required": True,
                    "options": [{"value": "cash", "label": _("Cash"), "hint": ""}, *self._account_options(partner)],
                    "default": "cash",
                },
                {
                    "name": "early",
                    "label": _("Before the time"),
                    "type": "choice",
                    "required": True,
                    "options": [
                        {"value": "none", "label": _("No: the next instalments"), "hint": ""},
                        {"value": "shorten", "label": _("A part: fewer instalments"), "hint": ""},
                        {"value": "lower", "label": _("A part: lower instalments"), "hint": ""},
                        {"value": "clear", "label": _("All that is owed"), "hint": self._clear_hint(loans)},
                    ],
                    "default": "none",
                },
                *self._counter_fields(),
            ],
        }

    def _due_hint(self, loan):
        if loan.due_now:
            hint = self.env._("%(amount)s F due", amount=spaced(loan.due_now))
            if loan.days_late:
                hint += " · " + self.env._("%(days)s days late", days=loan.days_late)
            return hint
        return self.env._(
            "next %(amount)s F on %(day)s",
            amount=spaced(loan.next_amount),
            day=format_date(self.env, loan.next_due) if loan.next_due else "",
        )

    def _clear_hint(self, loans):
        quotes = [spaced(loan._payoff(loan.company_id.business_date).total) + " F" for loan in loans]
        return " / ".join(quotes)

    @api.private
    def _window_form_loan_disbursement(self, partner):
        """Loans granted to the member, and tranches whose day has come."""
        if not partner:
            return None
        loans = self._window_loans(partner, [("state", "in", ("approved", "active"))]).filtered(
            lambda loan: loan._next_payout() > 0
        )
        if not loans:
            return None
        _ = self.env._
        return {
            "label": _("Loan disbursement"),
            "cash": -1,
            "member": True,
            "fields": [
                self._loan_field(loans, lambda loan: f"{spaced(loan._next_payout())} F"),
                {
                    "name": "paid",
                    "label": _("Paid out"),
                    "type": "choice",
                    "required": True,
                    "options": [
                        {"value": "cash", "label": _("Cash"), "hint": ""},
                        {"value": "account", "label": _("To the member's account"), "hint": ""},
                    ],
                    "default": "cash",
                },
                *self._counter_fields(),
            ],
        }
