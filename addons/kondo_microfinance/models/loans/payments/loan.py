from odoo import fields, models

from ....engine.loan_terms import Tranche
from ....engine.periods import months_between


class KondoLoanProduct(models.Model):
    _inherit = "kondo.loan.product"

    charges_taken = fields.Selection(
        [("net", "Taken off what is paid out"), ("account", "Taken from the member's account")],
        string="Charges of the disbursement",
        required=True,
        default="net",
    )


class KondoLoan(models.Model):
    """What paying out and paying back need to know of a loan."""

    _inherit = "kondo.loan"

    commitment = fields.Integer(
        string="Commitment", readonly=True, copy=False, help="Granted and not paid out, off balance (903)."
    )
    pays_from_savings = fields.Boolean(
        string="Paid from the account",
        tracking=True,
        help="On each due date the closing of the day takes what is due from the member's account.",
    )
    payment_failure = fields.Char(string="Why it was not paid", readonly=True, copy=False)
    payment_tried_on = fields.Date(string="Last failure", readonly=True, copy=False)
    rest = fields.Integer(string="Left to pay", compute="_compute_due_now", help="By the schedule, penalties included.")
    due_now = fields.Integer(string="Due now", compute="_compute_due_now", help="What is late and what is due today.")

    def _refuse_guarded(self, names):
        super()._refuse_guarded(set(names) - {"pays_from_savings"})

    def _compute_due_now(self):
        for loan in self:
            day = loan.company_id.sudo().business_date
            dues = loan._dues() if loan.state == "active" else []
            loan.rest = sum(due.total for due in dues)
            loan.due_now = sum(due.total for due in dues if day and due.due <= day)

    def _overpaid_account(self):
        """The account on which what is paid beyond the loan waits; empty when there is none."""
        return self.savings_account_id

    def _term_class(self, start, last):
        """short, medium or long: by the months from the disbursement to the last due date."""
        months = months_between(start, last)
        for name in ("short", "medium"):
            if months <= int(self.env["kondo.parameter"]._get(f"loan_{name}_months", start)):
                return name
        return "long"

    def _next_tranche(self):
        """The tranche to be paid out after the first, an empty record when there is none."""
        return self.sudo().tranche_ids.filtered(lambda tranche: not tranche.disbursed).sorted("on")[:1]

    def _tranches_paid_on(self, day, paid, terms):
        """The engine's tranches of `terms`, the schedule in force, once the tranche `paid` (a record) goes out on `day`."""
        return tuple(Tranche(day, tranche.amount) if tranche.on == paid.on else tranche for tranche in terms.tranches)

    def _next_payout(self):
        """Francs of the next disbursement; 0 when everything has been paid out."""
        self.ensure_one()
        if self.state == "approved":
            return self.amount - sum(self.tranche_ids.mapped("amount"))
        return self._next_tranche().amount if self.state == "active" else 0
