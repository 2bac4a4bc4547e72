from odoo import models

from odoo.addons.account.models.chart_template import template

# Odoo keeps two accounts of payments not yet seen at the bank; both are the account of payments in transit.
OUTSTANDING = ("account_journal_payment_debit_account_id", "account_journal_payment_credit_account_id")


class AccountChartTemplate(models.AbstractModel):
    """The RCSSFD as a chart template: load it on the union, its caisses share it.

    Every account Odoo would otherwise invent (suspense, transfer, cash difference, discounts, undistributed profits)
    is one of the chart, so that loading leaves no number the regulation does not know.
    """

    _inherit = "account.chart.template"

    @template("ml_sfd")
    def _get_ml_sfd_template_data(self):
        return {
            "name": "RCSSFD (SFD du Mali)",
            "country": "ml",
            # Numbers keep their official length: statements sum by prefix.
            "code_digits": "1",
            "property_account_receivable_id": "sfd_331",
            "property_account_payable_id": "sfd_332",
        }

    @template("ml_sfd", "res.company")
    def _get_ml_sfd_res_company(self):
        return {
            self.env.company.id: {
                "account_fiscal_country_id": "base.ml",
                "cash_account_code_prefix": "1011",
                "bank_account_code_prefix": "1141",
                "transfer_account_code_prefix": "3781",
                "transfer_account_id": "sfd_3781",
                "account_journal_suspense_account_id": "sfd_3782",
                # A till's difference waits for its explanation; only a decision makes it a charge or an income.
                "default_cash_difference_expense_account_id": "sfd_3791",
                "default_cash_difference_income_account_id": "sfd_3792",
                "account_journal_early_pay_discount_loss_account_id": "sfd_6099",
                "account_journal_early_pay_discount_gain_account_id": "sfd_7099",
                "expense_currency_exchange_account_id": "sfd_6099",
                "income_currency_exchange_account_id": "sfd_7099",
                "expense_account_id": "sfd_6239",
                "income_account_id": "sfd_729",
                "expense_accrual_account_id": "sfd_3825",
                "revenue_accrual_account_id": "sfd_3815",
            },
        }

    @template("ml_sfd", "account.journal")
    def _get_ml_sfd_account_journal(self):
        return {
            "bank": {"default_account_id": "sfd_1141"},
        }

    def _create_outstanding_accounts(self, company, bank_prefix, code_digits):
        if company.chart_template != "ml_sfd":
            return super()._create_outstanding_accounts(company, bank_prefix, code_digits)
        transit = self.with_company(company).ref("sfd_3781")
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": self.company_xmlid(name, company), "record": transit, "noupdate": True} for name in OUTSTANDING]
        )

    def _get_bank_fees_reco_account(self, company):
        if company.root_id.chart_template != "ml_sfd":
            return super()._get_bank_fees_reco_account(company)
        return self.with_company(company).ref("sfd_6019")
