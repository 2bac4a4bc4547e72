"""Random lives of members, their savings and their loans, every evening closed.

70 days in `./test`; 400 with KONDO_HYPOTHESIS=nightly.
"""

import os
import uuid
from random import Random

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up
from odoo.addons.kondo_microfinance.engine.loan_json import terms_from_json
from odoo.addons.kondo_microfinance.engine.loan_schedule import loan_schedule

from .intercaisse_common import IntercaisseCase
from .loan_common import LoanFixture

DAYS = 400 if os.environ.get("KONDO_HYPOTHESIS") == "nightly" else 70
ACTS = (
    *("deposit", "deposit", "withdrawal", "withdrawal", "loan", "repay", "repay", "repay", "remote_deposit"),
    *("remote_withdrawal", "reversal"),
)


@tagged("post_install", "-at_install")
class TestLives(LoanFixture, IntercaisseCase):
    """The passbooks add up to the accounts (R4), loans add up (R12), caisses net to zero between them (R14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["kondo.savings.interest.rule"].create(
            {
                "product_id": cls.passbook.id,
                "date_from": fields.Date.subtract(cls.nio.business_date, years=1),
                "annual_rate": 4,
                "balance_basis": "daily_balance",
                "posting": "quarterly",
            }
        )
        cls.products = cls.monthly | cls.loan_product(
            code="FIN", amortization="in_fine", method="flat", instalments=6, penalty_rate=24, penalty_per="year"
        )
        cls.products |= cls.loan_product(code="HEB", unit="weeks", instalments=8, penalty_rate=2, penalty_per="month")

    def test_every_evening_the_books_agree(self):
        random = Random(2026)
        here = [self.make_account(self.make_member(f"MEMBRE {n}"), self.passbook, balance=100_000) for n in range(6)]
        away = [
            self.make_account(self.make_member(f"VOISIN {n}", self.seg), self.demand, balance=50_000) for n in range(2)
        ]
        self.done, self.loans = dict.fromkeys((*ACTS, "refused"), 0), self.env["kondo.loan"]
        self.last_deposit = None
        self.close_all()
        for _day in range(DAYS):
            if random.random() < 0.35:
                self.work(random, here, away)
            day = self.nio.business_date
            self.close_all()
            closing = self.env["kondo.closing"].search([("company_id", "=", self.nio.id), ("date", "=", day)])
            self.assertEqual((closing.state, closing.failure), ("done", False))
            self.assert_books_agree()
            self.assertEqual(self.env["kondo.intercaisse"]._liaison_gaps(self.union), [])
        for loan in self.loans:
            self.check_loan(loan)
        seals = self.env["kondo.closing"].search([("company_id", "=", self.nio.id)]).mapped("book_hash")
        self.assertEqual(len(set(seals)), len(seals), "each seal is chained to the one before")
        self.assertTrue(all(self.done[act] for act in ACTS), self.done)
        stages = set(self.env["kondo.operation"].search([("company_id", "=", self.nio.id)]).mapped("kind"))
        self.assertLessEqual({"loan_accrual", "interest", "accrual"}, stages)

    # ------------------------------------------------------------------ a day
    def work(self, random, here, away):
        for _turn in range(random.randrange(1, 6)):
            act = random.choice(ACTS)
            try:
                done = getattr(self, f"do_{act}")(random, here, away)
                self.done[act] += done is not False
            except UserError:
                self.env.invalidate_all()
                self.done["refused"] += 1
        sessions = self.env["kondo.till.session"].search(
            [("company_id", "in", (self.nio + self.seg).ids), ("state", "!=", "closed")]
        )
        for session in sessions:
            session.with_user(session.user_id).count_till(make_up(session.till_id.cash))
            session.with_user(session.user_id).close_till()

    def session_of(self, caisse):
        """The till opens with what lies in it; a float comes only the first time."""
        teller = self.users[caisse.kondo_code]["teller"]
        sessions = self.env["kondo.till.session"]
        found = sessions.search([("user_id", "=", teller.id), ("state", "!=", "closed")], limit=1)
        known = sessions.search_count([("user_id", "=", teller.id)], limit=1)
        return found or self.open_till(caisse, amount=0 if known else 2_000_000)

    def do_deposit(self, random, here, away):
        self.last_deposit = self.submit("deposit", random.choice(here), random.randrange(1, 80) * 500)

    def do_withdrawal(self, random, here, away):
        self.submit("withdrawal", random.choice(here), random.randrange(1, 60) * 500)

    def do_remote_deposit(self, random, here, away):
        self.remote("remote_deposit", random.choice(away).number, random.randrange(1, 40) * 500)

    def do_remote_withdrawal(self, random, here, away):
        self.remote("remote_withdrawal", random.choice(away).number, random.randrange(1, 20) * 500)

    def do_reversal(self, random, here, away):
        answer, self.last_deposit = self.last_deposit, None
        if not answer:
            return False
        self.as_user(self.manager)["kondo.operation"].submit(
            "reversal", str(uuid.uuid4()), {"operation_id": answer["operation_id"], "reason": "erreur"}
        )

    def do_loan(self, random, here, away):
        account = random.choice(here)
        if self.loans.filtered(lambda loan: loan.state == "active" and loan.partner_id == account.partner_id):
            return False
        self.loans |= self.running(
            member=account.partner_id,
            product=random.choice(self.products),
            amount=random.randrange(20, 90) * 1_000,
            instalments=random.randrange(2, 7),
            savings_account_id=account.id,
        )

    def do_repay(self, random, here, away):
        loans = self.loans.filtered(lambda loan: loan.state == "active")
        if not loans:
            return False
        loan = random.choice(loans)
        due = loan.due_now or random.randrange(1, 20) * 1_000
        self.repay(loan, max(1, random.choice((due, due // 2, due + 5_000, loan.rest))))

    def close_all(self):
        for session in self.env["kondo.till.session"].search([("state", "!=", "closed")]):
            session.with_user(session.user_id).count_till(make_up(session.till_id.cash))
            session.with_user(session.user_id).close_till()
        for caisse in (self.nio, self.seg):
            caisse._open_business_day(fields.Date.add(caisse.business_date, days=1))
        self.env.invalidate_all()

    # ------------------------------------------------------------------ a loan
    def check_loan(self, loan):
        for schedule in loan.schedule_ids:
            rows = schedule.instalment_ids.sorted("number")
            if schedule.reason == "disbursed":
                self.assertEqual(sum(rows.mapped("principal")), loan.disbursed)
                again = loan_schedule(terms_from_json(schedule.terms)).rows
                self.assertEqual(
                    [(row.due, row.principal, row.interest) for row in rows],
                    [(row.due, row.principal, row.interest) for row in again],
                )
        rows = loan.schedule_ids.instalment_ids
        self.assertEqual(sum(rows.mapped("paid_principal")), loan.disbursed - loan.principal - loan.lost)
