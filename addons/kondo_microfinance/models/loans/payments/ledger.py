from odoo import api, models
from odoo.exceptions import UserError

from ...ledger.key import LEDGER

ACCOUNTS = {
    "fee": "fee_income",
    "early_fee": "fee_income",
    "tax": "tax",
    "insurance": "insurance",
    "penalty": "penalty_income",
}
COMPONENTS = ("penalty", "fee", "tax", "insurance", "interest", "principal", "guarantee", "early_fee")


class KondoOperation(models.Model):
    """The legs of what is paid on a loan, and the rows that say what was paid of which instalment."""

    _inherit = "kondo.operation"

    @api.model
    @api.private
    def _loan_of(self, posting, values):
        """The loan a request names, as superuser; UserError when it is not the caisse's."""
        loan = self.env["kondo.loan"].sudo().browse(self._check_id(values.get("loan_id"))).exists()
        if not loan or loan.company_id.id != posting.company_id:
            raise UserError(self.env._("This loan is not in your caisse."))
        return loan

    def _loan_legs(self, posting, loan, paid, hold=True):
        """Legs of {component: francs} paid on a loan; below 0 takes back.

        Interest that is booked as accrued is paid first; the rest is income of the day.

        :param hold: guarantee savings are held as they come and freed as they go
        """
        product, partner = loan.product_id, loan.partner_id
        for component, amount in paid.items():
            if not amount:
                continue
            if component == "principal":
                posting.move_loan(loan, -amount)
            elif component == "interest":
                accrued = min(max(0, amount), loan.accrued + posting.loans.get((loan.id, "accrued"), 0))
                self._accrued_paid(posting, loan, accrued)
                if amount - accrued:
                    income = product._account("interest_income", loan.term_class)
                    posting.add_leg(income.id, accrued - amount, partner_id=partner.id)
            elif component == "guarantee":
                posting.move_savings(self._guarantee_account(loan), amount, rule="release")
                if hold:
                    posting.after(lambda amount=amount: self._hold_guarantee(loan, amount))
            else:
                account = product._account(ACCOUNTS[component], loan.term_class)
                posting.add_leg(account.id, -amount, partner_id=partner.id)

    def _guarantee_account(self, loan):
        if not loan.guarantee_account_id:
            raise UserError(
                self.env._(
                    "The loan %(number)s builds up guarantee savings: open a guarantee account for the member and enter it"
                    " on the loan.",
                    number=loan.name,
                )
            )
        return loan.guarantee_account_id

    def _hold_guarantee(self, loan, amount):
        """Hold more of the guarantee account for a loan, or free as much of it."""
        holds = self.env["kondo.savings.hold"].sudo()
        if amount > 0:
            reason = self.env._("Guarantee of the loan %(number)s", number=loan.name)
            holds._place(loan.guarantee_account_id, amount, "guarantee", reason, origin=loan.name)
            return
        left = -amount
        for hold in self._holds_of(loan, loan.guarantee_account_id).sorted("id", reverse=True):
            if left <= 0:
                break
            hold._release(self.env._("Payment taken back"), origin=loan.name)
            if hold.amount > left:
                holds._place(hold.account_id, hold.amount - left, "guarantee", hold.reason, origin=loan.name)
            left -= hold.amount

    def _holds_of(self, loan, account=None):
        domain = [("origin", "=", loan.name), ("kind", "=", "guarantee"), ("state", "=", "active")]
        if account:
            domain.append(("account_id", "=", account.id))
        return self.env["kondo.savings.hold"].sudo().search([*domain, ("company_id", "=", loan.company_id.id)])

    # ------------------------------------------------------------------ rows
    def _paid_rows(self, loan, dues):
        """What engine `Due`s bring to the instalments in force: [(instalment, {component: francs})].

        Of fees and their taxes, the tax comes first: it is the State's.
        """
        rows = {row.number: row for row in loan.schedule_id.instalment_ids}
        result = []
        for due in dues:
            row = rows[due.number]
            parts = {
                name: getattr(due, name) for name in ("penalty", "insurance", "interest", "principal", "guarantee")
            }
            parts["tax"] = min(due.fee, row.tax - row.paid_tax)
            parts["fee"] = due.fee - parts["tax"]
            result.append((row, {name: amount for name, amount in parts.items() if amount}))
        return result

    def _write_allocations(self, posting, loan, rows, payment_id=None, fee=0):
        """Write who paid what: allocation rows, and the paid columns of the instalments.

        :param rows: [(instalment or None, {component: francs})]; below 0 takes back
        :param payment_id: the operation whose money it is; default: this one
        :param fee: francs of a fee of early repayment
        """
        if posting.dry:
            return
        vals_list = [
            {
                "loan_id": loan.id,
                "instalment_id": row.id if row else False,
                "company_id": loan.company_id.id,
                "operation_id": posting.operation_id,
                "payment_id": payment_id or posting.operation_id,
                "component": component,
                "amount": amount,
            }
            for row, parts in [*rows, (None, {"early_fee": fee})]
            for component, amount in parts.items()
            if amount
        ]
        self.env["kondo.loan.allocation"].sudo().with_context(kondo_ledger=LEDGER).create(vals_list)
        for row, parts in rows:
            if row:
                row.sudo().with_context(kondo_ledger=LEDGER).write(
                    {f"paid_{name}": row[f"paid_{name}"] + amount for name, amount in parts.items() if amount}
                )
        self.env.flush_all()

    @staticmethod
    def _components(rows, fee=0):
        """{component: francs} of rows."""
        total = dict.fromkeys(COMPONENTS, 0)
        for _row, parts in rows:
            for component, amount in parts.items():
                total[component] += amount
        total["early_fee"] += fee
        return {component: amount for component, amount in total.items() if amount}

    # ------------------------------------------------------------------ end of a loan
    def _settle_loan(self, posting, loan):
        """Where the loan stands after this payment: closed when nothing is left, else its position."""
        self.env.flush_all()
        loan.invalidate_recordset()
        left = loan.principal + posting.loans.get((loan.id, "principal"), 0)
        dues = loan._dues()
        if left or any(due.total for due in dues):
            loan._refresh_position(posting.business_date)
            return
        loan._set_state("closed", closed_on=posting.business_date)
        loan._refresh_position(posting.business_date)
        posting.after(lambda: self._release_guarantees(loan))

    def _release_guarantees(self, loan):
        for hold in self._holds_of(loan):
            hold._release(self.env._("Loan repaid"), origin=loan.name)
