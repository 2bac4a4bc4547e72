"""Days of a caisse with tariffs: prices, ends of days, and what an account paid."""

from datetime import date, timedelta

from odoo.addons.kondo_microfinance.engine.cash import make_up

from .common import KondoCase


class RulesCase(KondoCase):
    """The small network on 10 March 2026, where a test can live days, months and years."""

    @classmethod
    def business_date(cls):
        return date(2026, 3, 10)

    def setUp(self):
        super().setUp()
        self.staff = self.users["NIX"]
        self.passbook.minimum_balance = 0

    def tariff(self, moment, product=None, **values):
        """A price in force since the beginning of 2026."""
        return self.env["kondo.savings.fee"].create(
            {
                "product_id": (product or self.passbook).id,
                "moment": moment,
                "date_from": "2026-01-01",
                "method": "percent" if values.get("rate") else "flat",
                **values,
            }
        )

    def tax_the_fees(self):
        """The union is no longer exempt: 15 % on a subdivision of 332."""
        account = (
            self.env["account.account"]
            .with_company(self.union)
            .create(
                {
                    "code": "33221",
                    "name": "TAF à payer",
                    "account_type": "liability_current",
                    "company_ids": [(6, 0, self.union.ids)],
                }
            )
        )
        self.union.write({"fees_exempt": False, "fees_tax_account_id": account.id})
        return account

    def close_tills(self):
        sessions = self.env["kondo.till.session"].search([("company_id", "=", self.nio.id), ("state", "!=", "closed")])
        for session in sessions:
            mine = session.with_user(session.user_id)
            mine.count_till(make_up(session.till_id.cash))
            mine.close_till()

    def pass_to(self, day):
        """End the business days up to `day` as the manager does, the tills being closed."""
        self.close_tills()
        self.nio._open_business_day(day)
        self.env.invalidate_all()

    def next_day(self, days=1):
        self.pass_to(self.nio.business_date + timedelta(days=days))

    def manager(self, record, role="manager"):
        return record.with_env(self.as_user(self.staff[role]))

    def booked(self, code):
        """Francs on a ledger account of Niono, debit positive, as the journal says."""
        account = self.union._kondo_account(code)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT COALESCE(sum(balance), 0) FROM account_move_line WHERE account_id = %s AND company_id = %s",
            (account.id, self.nio.id),
        )
        return int(self.env.cr.fetchone()[0])

    def dues(self, account):
        """[(service, francs with tax, state)] of the fees that waited on an account."""
        return [(due.moment, due.total, due.state) for due in account.fee_due_ids.sorted("id")]

    def deposit(self, account, amount, **more):
        return self.submit("deposit", account, amount, **more)
