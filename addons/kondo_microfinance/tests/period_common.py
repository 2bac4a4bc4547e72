"""Two caisses at the turn of the year 2025, whose months and year are closed by the people of the fixture."""

from datetime import date

from odoo.addons.kondo_microfinance.engine.cash import make_up

from .common import KondoCase

DECEMBER = date(2025, 12, 1)
LAST = date(2025, 12, 31)
NEW_YEAR = date(2026, 1, 2)


class PeriodCase(KondoCase):
    @classmethod
    def business_date(cls):
        return date(2025, 12, 30)

    def setUp(self):
        super().setUp()
        self.make_account(self.make_member("TRAORÉ Awa"), balance=50_000)
        self.make_account(self.make_member("KONÉ Issa", self.seg), balance=20_000)

    # ------------------------------------------------------------------ days and months
    def move_to(self, day, *caisses):
        """Close the tills, then open these caisses (default: both) on that day."""
        for caisse in caisses or (self.nio, self.seg):
            sessions = self.env["kondo.till.session"].search(
                [("company_id", "=", caisse.id), ("state", "!=", "closed")]
            )
            for session in sessions:
                mine = session.with_env(self.as_user(session.user_id))
                mine.count_till(make_up(session.till_id.cash))
                mine.close_till()
            caisse._open_business_day(day)
        self.env.invalidate_all()

    def by_network(self, record=None, user=None):
        """The record as somebody of the union sees it; the model of months without one."""
        env = self.as_user(user or self.network_manager, self.union + self.nio + self.seg)
        return record.with_env(env) if record is not None else env["kondo.month.close"]

    def month(self, day=DECEMBER):
        return self.by_network().create({"company_id": self.union.id, "month": day})

    def closed_month(self, day=DECEMBER):
        month = self.month(day)
        month.action_close()
        self.env.invalidate_all()
        return month

    def row(self, month, caisse):
        self.env.invalidate_all()
        return self.env["kondo.month.check"].search([("month_id", "=", month.id), ("company_id", "=", caisse.id)])

    # ------------------------------------------------------------------ entries
    def entry(self, day, amount, code, caisse=None, against="332", post=True):
        """An entry typed by the accountant of the caisse: `amount` francs, a debit when positive, on account `code`."""
        caisse = caisse or self.nio
        account, other = self.union._kondo_account(code), self.union._kondo_account(against)
        move = self.as_user(self.users[caisse.kondo_code]["accountant"])["account.move"].create(
            {
                "journal_id": caisse.general_journal_id.id,
                "date": day,
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": amount, "name": code}),
                    (0, 0, {"account_id": other.id, "balance": -amount, "name": code}),
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def ledger(self, code, caisse=None, **dates):
        """Balance of an account in the books of a caisse, debit positive."""
        account = self.union._kondo_account(code)
        domain = [
            ("account_id", "=", account.id),
            ("company_id", "=", (caisse or self.nio).id),
            ("parent_state", "=", "posted"),
        ]
        return sum(self.env["account.move.line"].search(domain).mapped("balance"))
