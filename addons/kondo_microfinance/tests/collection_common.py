"""Days that end, a collector with his book, and the little that standing orders and collections share in their tests."""

import uuid

from odoo import fields

from odoo.addons.kondo_microfinance.engine.cash import make_up
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .common import KondoCase


class DayEndCase(KondoCase):
    def close_tills(self):
        sessions = self.env["kondo.till.session"].search([("company_id", "=", self.nio.id), ("state", "!=", "closed")])
        for session in sessions:
            session.with_user(session.user_id).count_till(make_up(session.till_id.cash))
            session.with_user(session.user_id).close_till()

    def end_day(self):
        """Close the tills of Niono and its business day; the next one is tomorrow."""
        self.close_tills()
        self.nio._open_business_day(fields.Date.add(self.nio.business_date, days=1))
        self.env.invalidate_all()

    def end_days_until(self, date):
        """The caisse is closed until `date`, works that day and ends it."""
        date = fields.Date.to_date(date)
        self.close_tills()
        if self.nio.business_date < date:
            self.nio._open_business_day(date)
        self.end_day()

    def block(self, account, what):
        account.with_context(kondo_ledger=LEDGER).block = what

    def hold(self, account, amount):
        account.with_context(kondo_ledger=LEDGER).blocked = amount

    def legs(self, operation):
        """{account code: francs} of an operation, debit positive."""
        totals = {}
        for line in operation.line_ids:
            code = line.account_id.with_company(self.union).code
            totals[code] = totals.get(code, 0) + line.amount
        return {code: total for code, total in totals.items() if total}


class CollectionCase(DayEndCase):
    """Sidi goes round the market of Niono with a book of 25 members, 500 F a day as a rule."""

    members = 25

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sidi_user = cls.build_user("sidi_nix", "group_collector", cls.nio, cls.nio)
        cls.scheme = cls.env["kondo.collection.scheme"].create(
            {"name": "Tontine", "company_id": cls.union.id, "payer": "member", "base": "stake", "share": 60}
        )
        cls.percent = cls.env["kondo.collection.scheme"].create(
            {"name": "2,5 %", "company_id": cls.union.id, "payer": "caisse", "base": "percent", "rate": 2.5}
        )

    def setUp(self):
        super().setUp()
        self.sidi_account = self.make_account(self.make_member("COULIBALY Sidi", sex="male"), self.demand)
        self.sidi = self.as_user(self.users["NIX"]["manager"])["kondo.collector"].create(
            {
                "name": "Sidi COULIBALY",
                "user_id": self.sidi_user.id,
                "zone": "Marché central",
                "scheme_id": self.scheme.id,
                "account_id": self.sidi_account.id,
                "ceiling": 100_000,
            }
        )
        people = [self.make_member(f"MEMBRE {number:02d}") for number in range(1, self.members + 1)]
        self.accounts = self.env["kondo.savings.account"].create(
            [{"partner_id": person.id, "product_id": self.passbook.id} for person in people]
        )
        self.book = self.as_user(self.users["NIX"]["teller2"])["kondo.collector.member"].create(
            [
                {
                    "collector_id": self.sidi.id,
                    "account_id": account.id,
                    "stake": 500,
                    "sequence": rank,
                    "carnet": f"C{rank:03d}",
                }
                for rank, account in enumerate(self.accounts, 1)
            ]
        )
        self.sidi = self.sidi.with_env(self.env)

    def sheet(self, amounts=None, date=None, announce=True, control=None):
        """A sheet entered by Sidi; `amounts`: {rank from 1: francs}, default everybody's usual stake."""
        sheet = self.as_user(self.sidi_user)["kondo.collection"].create({"date": date} if date else {})
        if amounts is None:
            sheet.action_all_paid()
        for rank, amount in (amounts or {}).items():
            sheet.line_ids[rank - 1].amount = amount
        sheet.control_total = sheet.total if control is None else control
        if announce:
            sheet.action_announce()
        return sheet.with_env(self.env)

    def receive(self, sheet, counted=None, key=None, session=None):
        """The teller of Niono counts and receives; returns the answer."""
        session = session or self.session_of(self.nio)
        return self.as_user(session.user_id)["kondo.operation"].submit(
            "collection",
            key or str(uuid.uuid4()),
            {
                "session_id": session.id,
                "collection_id": sheet.id,
                "amount": sheet.total if counted is None else counted,
            },
        )
