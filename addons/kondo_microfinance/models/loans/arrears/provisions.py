from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .loan import RISING, STAGE_ACCOUNTS
from .provision_moves import ProvisionMoves


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (72, "loan_provisions", "kondo.loan", "_day_end_provisions")]


class KondoLoan(models.Model):
    """What is set aside for loans in arrears: a rate by class, on what no deposit covers.

    The statement here says of all loans of a caisse what the engine's `provision_needed` says of each.
    """

    _inherit = "kondo.loan"

    @api.model
    @api.private
    def _day_end_provisions(self, company, date, next_date):
        """At the end of a month; loans changed."""
        if not company._ends_month(date, next_date):
            return None
        with self.env["kondo.operation"]._posting_env() as env:
            return env["kondo.loan"]._provision_here(company.id, company._evening_of(date, next_date)) or None

    @api.model
    def _provision_here(self, company_id, day):
        """Bring the provisions of a caisse to what is needed; one operation, safe to run again. Returns loans changed.

        In the transaction of `self`, which `_posting_env` has opened.
        """
        moves = ProvisionMoves(self.env, company_id, day)
        if moves.count:
            self._post_for_all("loan_provision", company_id, day)
        return moves.count

    @api.model
    @api.private
    def _provision_query(self, company_id, day, stage=None):
        """SQL (loan_id, needed): francs to be set aside on a day, for each loan that has or needs a provision.

        The outstanding less the guarantee deposits held, times the rate of the class.

        :param stage: SQL of the class of the loan `l`; default the one it stands in
        """
        stage = stage or SQL("l.stage")
        rates = SQL(" ").join(
            SQL("WHEN %s THEN %s", name, Decimal(self.env["kondo.parameter"]._get(f"loan_provision_{name}", day)))
            for name in RISING
        )
        return SQL(
            """
            SELECT l.id AS loan_id,
                   CASE WHEN l.state = 'active'
                        THEN round(GREATEST(0, l.principal - COALESCE(h.held, 0)) * CASE %(stage)s %(rates)s ELSE 0 END * 0.01)
                        ELSE 0 END::bigint AS needed
              FROM kondo_loan l
              LEFT JOIN (SELECT origin, sum(amount) AS held FROM kondo_savings_hold
                          WHERE company_id = %(company)s AND kind = 'guarantee' AND state = 'active' GROUP BY 1) h
                ON h.origin = l.name
             WHERE l.company_id = %(company)s AND (l.provision > 0 OR l.state = 'active' AND %(stage)s = ANY(%(rising)s))
            """,
            stage=stage,
            rates=rates,
            company=company_id,
            rising=list(RISING),
        )

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


class KondoLoanProduct(models.Model):
    _inherit = "kondo.loan.product"

    def _provision_results(self, account):
        """(expense, income) accounts that go with a provision account of the product."""
        rows = {self._account(row[1]): row for row in STAGE_ACCOUNTS.values() if row[1]}
        _class, _provision, charge, reversal = rows.get(account, STAGE_ACCOUNTS["late_24"])
        return self._account(charge), self._account(reversal)


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_provision(self, posting, values):
        """values: day (ISO). D 664x C 299x for what is missing, D 299x C 764x for what is too much or of another class."""
        moves = ProvisionMoves(self.env, posting.company_id, fields.Date.to_date(values["day"]))
        posting.move_many_loans(moves.legs())
        for account_id, amount in moves.results():
            posting.add_leg(account_id, amount)
        posting.after(moves.write)
        posting.label = self.env._("Provisions on loans in arrears")
        posting.values.update(amount=moves.changed())
