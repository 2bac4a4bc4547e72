"""A term deposit product with a chart, and days that end, for the tests of term deposits and savings plans."""

import uuid

from odoo import fields

from odoo.addons.kondo_microfinance.engine.cash import make_up

from .common import KondoCase


class TermCase(KondoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dat = cls.env["kondo.savings.product"].create(
            {
                "name": "Dépôt à terme",
                "code": "DAT",
                "kind": "term",
                "company_id": cls.union.id,
                "term_months": "3, 6, 12, 24",
                "term_minimum": 50_000,
                "term_up_front": True,
            }
        )
        cls.chart({3: 3, 6: 4, 12: 5, 24: 6})

    @classmethod
    def chart(cls, rates, date=None, amount_from=0):
        """A rate chart {months: percent} from `date` (default: long ago)."""
        return cls.env["kondo.term.rate"].create(
            [
                {
                    "product_id": cls.dat.id,
                    "date_from": date or "2020-01-01",
                    "months_from": months,
                    "amount_from": amount_from,
                    "rate": rate,
                }
                for months, rate in rates.items()
            ]
        )

    def setUp(self):
        super().setUp()
        self.awa = self.make_member("TRAORÉ Awa")
        self.teller = self.users["NIX"]["teller"]
        self.manager = self.users["NIX"]["manager"]
        self.account = self.make_account(self.awa, self.demand, 700_000)

    # ------------------------------------------------------------------ at the window
    def ask(self, kind, partner=None, **values):
        """Send an operation with a form of its own as the teller of Niono."""
        session = self.session_of(self.nio)
        return self.as_user(session.user_id)["kondo.operation"].submit(
            kind, str(uuid.uuid4()), {"session_id": session.id, "partner_id": (partner or self.awa).id, **values}
        )

    def opening(self, amount=500_000, months=12, **values):
        return {
            "amount": amount,
            "offer": f"{self.dat.id}-{months}",
            "funding": "cash",
            "interest_mode": "maturity",
            "at_maturity": "transfer",
            "settlement": self.account.id,
            **values,
        }

    def open_deposit(self, amount=500_000, months=12, **values):
        answer = self.ask("term_opening", **self.opening(amount, months, **values))
        return self.env["kondo.term.deposit"].browse(answer["deposit_id"])

    def preview(self, kind, **values):
        self.session_of(self.nio)
        return self.as_user(self.teller)["kondo.teller"].preview(kind, {"partner_id": self.awa.id, **values})

    # ------------------------------------------------------------------ days
    def close_tills(self):
        sessions = self.env["kondo.till.session"].search([("company_id", "=", self.nio.id), ("state", "!=", "closed")])
        for session in sessions:
            session.with_user(session.user_id).count_till(make_up(session.till_id.cash))
            session.with_user(session.user_id).close_till()

    def end_days_until(self, date):
        """The caisse works on `date` and ends that day: what falls due up to it is done."""
        date = fields.Date.to_date(date)
        self.close_tills()
        if self.nio.business_date < date:
            self.nio._open_business_day(date)
        self.nio._open_business_day(fields.Date.add(date, days=1))
        self.env.invalidate_all()

    # ------------------------------------------------------------------ books
    def legs(self, operation):
        """{account code: francs} of an operation, debit positive."""
        totals = {}
        for line in operation.line_ids:
            code = line.account_id.with_company(self.union).code
            totals[code] = totals.get(code, 0) + line.amount
        return {code: total for code, total in totals.items() if total}
