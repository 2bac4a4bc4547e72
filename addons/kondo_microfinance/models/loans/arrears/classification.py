import uuid

from odoo import api, models

from ....engine.periods import add_months
from .loan import RISING


class KondoLoan(models.Model):
    """Loans move to the accounts of their age, whole, and back when they are cured."""

    _inherit = "kondo.loan"

    def _stage_on(self, day, months):
        """The stage by the age of the oldest unpaid instalment, in civil months.

        :param months: {stage: months above which it begins}
        """
        self.ensure_one()
        stage = self.stage if self.stage == "immobilised" else "performing"
        if self.late_since:
            for name in sorted(months, key=months.get):
                if add_months(self.late_since, months[name]) < day:
                    stage = name
        return stage

    @api.model
    def _class_domain(self, company_id):
        """Loans whose class may differ from the one they stand in: late ones, and those that were."""
        return [
            ("company_id", "=", company_id),
            ("state", "=", "active"),
            "|",
            ("late_since", "!=", False),
            ("stage", "!=", "performing"),
        ]

    @api.model
    @api.private
    def _classify(self, company, day):
        """Move the loans of a caisse whose class has changed; one operation, safe to run again.

        :return: number of loans moved
        """
        with self.env["kondo.operation"]._posting_env() as env:
            return env["kondo.loan"]._classify_here(company.id, day)

    @api.model
    def _classify_here(self, company_id, day):
        """As `_classify`, in the transaction of `self`, which `_posting_env` has opened."""
        months = self._stage_months(day)
        loans = self.sudo().search(self._class_domain(company_id), order="id")
        moved = [loan for loan in loans if loan._stage_on(day, months) != loan.stage]
        if moved:
            self._post_for_all("loan_class", company_id, day)
        return len(moved)

    @api.model
    def _post_for_all(self, kind, company_id, day):
        """Post the day's next operation of a kind that concerns all loans of a caisse."""
        operations = self.env["kondo.operation"]
        done = operations.sudo().search_count(
            [("company_id", "=", company_id), ("kind", "=", kind), ("business_date", "=", day)]
        )
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.{kind},{company_id},{day},{done}"))
        operations._post_here(kind, key, company_id, {"day": str(day)}, key)
        self.env.flush_all()
        self.env.invalidate_all()


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_class(self, posting, values):
        """The whole outstanding of each loan goes from the account of its old class to that of the new one."""
        loans = self.env["kondo.loan"].sudo()
        loans = loans.search(loans._class_domain(posting.company_id), order="id")
        loans._lock()
        months = loans._stage_months(posting.business_date)
        total = 0
        for loan in loans:
            stage = loan._stage_on(posting.business_date, months)
            if stage == loan.stage:
                continue
            use = "principal" if stage == "performing" else stage
            account = loan.product_id._account(use, loan.term_class)
            if account != loan.ledger_account_id and loan.principal:
                posting.move_loan(loan, -loan.principal)
                posting.move_loan(loan, loan.principal, gl_account=account)
                total += loan.principal
            self._stop_accrued(posting, loan, stage)
            loan._set(stage=stage, ledger_account_id=account.id)
        posting.label = self.env._("Classification of loans by age")
        posting.values.update(amount=total)

    def _stop_accrued(self, posting, loan, stage):
        """Interest booked and not paid leaves the income when a loan is declassed, unless the network only stops it."""
        reverse = self.env["kondo.parameter"]._get("interest_on_npl", posting.business_date) == "reverse"
        if stage in RISING and reverse and loan.accrued:
            income = loan.product_id._account("interest_income", loan.term_class)
            posting.add_leg(income.id, loan.accrued, partner_id=loan.partner_id.id)
            posting.move_loan(loan, -loan.accrued, "accrued")
