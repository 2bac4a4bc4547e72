from odoo import api, models
from odoo.tools import SQL

from .people import PEOPLE

DEPOSITS = (*PEOPLE, "product")
PRODUCTS = SQL(
    """CASE k.kind WHEN 'demand' THEN 'sight' WHEN 'passbook' THEN 'sight' WHEN 'group' THEN 'sight' WHEN 'term' THEN 'term'
         WHEN 'planned' THEN 'plan' WHEN 'guarantee' THEN 'guarantee' ELSE 'other' END"""
)


class KondoReturnSource(models.AbstractModel):
    """Savings and shares of members at the end of a day. An overdrawn account is a claim, not a deposit."""

    _inherit = "kondo.return.source"

    @api.model
    def _deposit_rows(self, scope):
        """Open accounts by holder and product: accounts, balance, inactive_accounts, inactive_balance; None: no data."""

        def read():
            if not self._photographed(scope):
                return None
            return self._fetch(
                SQL(
                    """
                    SELECT %(people)s, %(products)s AS product, count(*) AS accounts,
                           sum(GREATEST(s.balance, 0))::bigint AS balance,
                           count(*) FILTER (WHERE s.state IN ('inactive', 'dormant')) AS inactive_accounts,
                           COALESCE(sum(GREATEST(s.balance, 0)) FILTER (WHERE s.state IN ('inactive', 'dormant')), 0)::bigint
                           AS inactive_balance
                      FROM (%(rows)s) s
                      JOIN kondo_savings_account a ON a.id = s.account_id
                      JOIN kondo_savings_product k ON k.id = a.product_id
                      JOIN res_partner p ON p.id = a.partner_id
                     GROUP BY 1, 2, 3, 4
                    """,
                    people=self._people_sql(scope),
                    products=PRODUCTS,
                    rows=self._evening_rows(scope, "kondo_snapshot_account"),
                )
            )

        return scope.once("deposits", read)

    @api.model
    def _depositor_rows(self, scope):
        """Numbers of holders with money by what they hold it on, `product` being the list of it; None: no data."""

        def read():
            if not self._photographed(scope):
                return None
            return self._fetch(
                SQL(
                    """
                    SELECT %(people)s, h.product, count(*) AS holders
                      FROM (SELECT a.partner_id, array_agg(DISTINCT %(products)s ORDER BY %(products)s) AS product
                              FROM (%(rows)s) s
                              JOIN kondo_savings_account a ON a.id = s.account_id
                              JOIN kondo_savings_product k ON k.id = a.product_id
                             WHERE s.balance > 0 GROUP BY 1) h
                      JOIN res_partner p ON p.id = h.partner_id
                     GROUP BY 1, 2, 3, 4
                    """,
                    people=self._people_sql(scope),
                    products=PRODUCTS,
                    rows=self._evening_rows(scope, "kondo_snapshot_account"),
                )
            )

        return scope.once("depositors", read)

    @api.model
    def _measure_depositors(self, scope, filters):
        """Holders of an account with money on it, each once."""
        return self._sum("depositors", self._depositor_rows(scope), filters, DEPOSITS, "holders")

    @api.model
    def _measure_deposits_balance(self, scope, filters):
        """Francs of the accounts that are not overdrawn."""
        return self._sum("deposits.balance", self._deposit_rows(scope), filters, DEPOSITS, "balance")

    @api.model
    def _measure_deposits_accounts(self, scope, filters):
        """Open accounts."""
        return self._sum("deposits.accounts", self._deposit_rows(scope), filters, DEPOSITS, "accounts")

    @api.model
    def _measure_deposits_inactive_accounts(self, scope, filters):
        """Accounts inactive or dormant."""
        return self._sum(
            "deposits.inactive_accounts", self._deposit_rows(scope), filters, DEPOSITS, "inactive_accounts"
        )

    @api.model
    def _measure_deposits_inactive_balance(self, scope, filters):
        """Francs of the accounts inactive or dormant."""
        return self._sum("deposits.inactive_balance", self._deposit_rows(scope), filters, DEPOSITS, "inactive_balance")

    # ------------------------------------------------------------------ shares
    @api.model
    def _share_rows(self, scope):
        """Holders of shares and francs paid, by sex, kind and age, from the register."""

        def read():
            return self._fetch(
                SQL(
                    """
                    SELECT %(people)s, count(*) FILTER (WHERE e.shares > 0) AS holders, sum(e.paid)::bigint AS capital
                      FROM (SELECT partner_id, sum(shares) AS shares, sum(amount) AS paid FROM kondo_share_entry
                             WHERE company_id = ANY(%(companies)s) AND date <= %(day)s GROUP BY 1) e
                      JOIN res_partner p ON p.id = e.partner_id
                     GROUP BY 1, 2, 3
                    """,
                    people=self._people_sql(scope),
                    companies=scope.companies.ids,
                    day=scope.date,
                )
            )

        return scope.once("shares", read)

    @api.model
    def _measure_shares_capital(self, scope, filters):
        """Francs paid on shares."""
        return self._sum("shares.capital", self._share_rows(scope), filters, PEOPLE, "capital")

    @api.model
    def _measure_shares_holders(self, scope, filters):
        """Members who hold shares."""
        return self._sum("shares.holders", self._share_rows(scope), filters, PEOPLE, "holders")
