from odoo import api, models
from odoo.exceptions import UserError

from ....engine.rounding import exact, half_up
from .loan import RISING, STAGE_ACCOUNTS


class KondoLoan(models.Model):
    """What is set aside for loans in arrears: a rate by class, on what no deposit covers."""

    _inherit = "kondo.loan"

    def _provision_needed(self, day, stage=None):
        """Francs to be set aside on a day: the outstanding less the guarantee deposits, times the rate of the class.

        :param stage: the class; default the one the loan stands in
        """
        self.ensure_one()
        stage = stage or self.stage
        if self.state != "active" or stage not in RISING:
            return 0
        rate = exact(self.env["kondo.parameter"]._get(f"loan_provision_{stage}", day))
        return half_up(max(0, self.principal - self.deposits_held) * rate / 100)

    @api.model
    def _provision_domain(self, company_id):
        """Loans for which something is set aside, or may have to be."""
        return [
            ("company_id", "=", company_id),
            "|",
            ("provision", ">", 0),
            "&",
            ("state", "=", "active"),
            ("stage", "in", RISING),
        ]

    @api.model
    @api.private
    def _provision_all(self, company, day):
        """Bring the provisions of a caisse to what is needed; one operation, safe to run again. Returns loans changed."""
        with self.env["kondo.operation"]._posting_env() as env:
            return env["kondo.loan"]._provision_here(company.id, day)

    @api.model
    def _provision_here(self, company_id, day):
        """As `_provision_all`, in the transaction of `self`, which `_posting_env` has opened."""
        loans = self.sudo().search(self._provision_domain(company_id), order="id")
        changed = [loan for loan in loans if loan._provision_gap(day)]
        if changed:
            self._post_for_all("loan_provision", company_id, day)
        return len(changed)

    def _provision_gap(self, day):
        """Whether the provision is not what is needed, or stands on the account of another class."""
        needed = self._provision_needed(day)
        account = self._provision_account(needed)
        return needed != self.provision or (self.provision and account != self.provision_account_id)

    def _provision_account(self, needed):
        """Where the provision of the class stands; a loan that needs none any more leaves the account it has."""
        use = STAGE_ACCOUNTS.get(self.stage, (None, None))[1]
        return self.product_id._account(use) if use and needed else self.provision_account_id

    @api.model
    def classify_and_provision(self, company_id):
        """The manager's or accountant's button: class and provisions of a caisse on its business day.

        :return: {"classified": loans, "provisioned": loans}
        """
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_accountant", "group_network_manager")
        company = self.env["res.company"].browse(company_id)
        company._check_visible()
        day = company.sudo().business_date
        if not day:
            raise UserError(self.env._("No business day is open in this caisse. The manager opens it first."))
        with self.env["kondo.operation"]._posting_env() as env:
            loans = env["kondo.loan"].sudo()
            return {
                "classified": loans._classify_here(company_id, day),
                "provisioned": loans._provision_here(company_id, day),
            }


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_provision(self, posting, values):
        """D 664x C 299x for what is missing, D 299x C 764x for what is too much or of another class."""
        loans = self.env["kondo.loan"].sudo()
        loans = loans.search(loans._provision_domain(posting.company_id), order="id")
        loans._lock()
        day, sums, total = posting.business_date, {}, 0
        for loan in loans:
            if not loan._provision_gap(day):
                continue
            needed = loan._provision_needed(day)
            account = loan._provision_account(needed)
            change = needed - loan.provision
            if account == loan.provision_account_id:
                self._provision_leg(posting, loan, change, account, sums)
            else:
                self._provision_leg(posting, loan, -loan.provision, loan.provision_account_id, sums)
                self._provision_leg(posting, loan, needed, account, sums)
            loan._set(provision_account_id=account.id)
            total += abs(change)
        for account_id, amount in sums.items():
            if amount:
                posting.add_leg(account_id, amount)
        posting.label = self.env._("Provisions on loans in arrears")
        posting.values.update(amount=total)

    def _provision_leg(self, posting, loan, change, account, sums):
        """One movement of a loan's provision on an account, its counterpart added to `sums`."""
        if not change:
            return
        posting.move_loan(loan, change, "provision", gl_account=account)
        charge, reversal = self._provision_results(loan, account)
        counterpart = charge if change > 0 else reversal
        sums[counterpart.id] = sums.get(counterpart.id, 0) + change

    def _provision_results(self, loan, account):
        """(expense, income) accounts that go with a provision account of the loan's product."""
        rows = {loan.product_id._account(row[1]): row for row in STAGE_ACCOUNTS.values() if row[1]}
        _class, _provision, charge, reversal = rows.get(account, STAGE_ACCOUNTS["late_24"])
        return loan.product_id._account(charge), loan.product_id._account(reversal)
