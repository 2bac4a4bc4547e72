"""What may move a savings account: the four rules, one account at a time and by the thousand."""

import uuid
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .common import KondoCase


class TestSavingsRules(KondoCase):
    def setUp(self):
        super().setUp()
        self.account = self.make_account(balance=10_000)

    def set(self, **values):
        self.account.with_context(kondo_ledger=LEDGER).write(values)

    def house(self, change, rule="house", accounts=None):
        """An operation of the house on the account, as interest or a fee is."""
        accounts = accounts or self.account
        income = self.union._kondo_account("70293")

        def handler(operations, posting, values):
            for account in accounts:
                posting.move_savings(account, change, rule)
            posting.add_leg(income.id, change * len(accounts))
            posting.values.update(amount=abs(change) * len(accounts))

        with patch.object(self.env.registry["kondo.operation"], "_execute_fee", handler, create=True):
            return self.env["kondo.operation"]._submit("fee", str(uuid.uuid4()), {}, company=self.nio)

    def house_many(self, rows, rule="house"):
        """The same through a batch; rows: [(account, change)]."""
        income = self.union._kondo_account("70293")
        query = SQL(" UNION ALL ").join(
            SQL("SELECT %s, %s::bigint, %s, %s", account.id, change, f"Ligne {index}", index)
            for index, (account, change) in enumerate(rows)
        )

        def handler(operations, posting, values):
            totals = posting.move_many(query, rule)
            posting.add_leg(income.id, -sum(total for _account, total in totals))
            posting.values.update(amount=sum(abs(change) for _account, change in rows))

        with patch.object(self.env.registry["kondo.operation"], "_execute_batch", handler, create=True):
            return self.env["kondo.operation"]._submit("batch", str(uuid.uuid4()), {}, company=self.nio)

    # ------------------------------------------------------------------ one account
    def test_a_block_stops_the_way_it_names(self):
        self.set(block="debit")
        self.submit("deposit", self.account, 500)
        with self.assertRaisesRegex(UserError, self.account.number):
            self.submit("withdrawal", self.account, 500)
        self.set(block="credit")
        self.submit("withdrawal", self.account, 500)
        with self.assertRaisesRegex(UserError, self.account.number):
            self.submit("deposit", self.account, 500)

    def test_the_house_passes_a_block_but_not_a_hold(self):
        self.set(block="all", blocked=4_000)
        self.house(-6_000)
        with self.assertRaisesRegex(UserError, "0 F"):
            self.house(-1)
        self.house(-4_000, rule="release")
        self.assertEqual(self.account.balance, 0)

    def test_a_dormant_account_waits_for_its_reactivation(self):
        self.set(state="dormant")
        for kind in ("deposit", "withdrawal"):
            with self.assertRaisesRegex(UserError, self.account.number):
                self.submit(kind, self.account, 500)
        self.house(200)
        self.assertEqual(self.account.balance, 10_200)

    def test_the_holder_wakes_his_inactive_account(self):
        self.set(state="inactive", last_movement_on="2024-01-01")
        self.house(100)
        self.assertEqual(self.account.state, "inactive", "the house's own movement wakes nobody")
        self.submit("withdrawal", self.account, 500)
        self.assertEqual((self.account.state, self.account.last_movement_on), ("active", self.nio.business_date))

    def test_an_overdraft_ends_on_its_last_day(self):
        self.passbook.minimum_balance = 0
        today = self.nio.business_date
        self.set(overdraft_limit=5_000, overdraft_until=today)
        self.submit("withdrawal", self.account, 12_000)
        self.set(overdraft_until=fields.Date.subtract(today, days=1))
        with self.assertRaises(UserError):
            self.submit("withdrawal", self.account, 1)
        self.assertEqual(self.account.balance, -2_000)

    def test_withdrawals_keep_their_delay(self):
        self.passbook.withdrawal_delay = 7
        self.submit("withdrawal", self.account, 1_000)
        with self.assertRaisesRegex(UserError, self.account.number):
            self.submit("withdrawal", self.account, 1_000)
        self.set(last_withdrawal_on=fields.Date.subtract(self.nio.business_date, days=7))
        self.submit("withdrawal", self.account, 1_000)

    # ------------------------------------------------------------------ many accounts
    def test_a_batch_writes_one_leg_each_and_one_line_by_ledger_account(self):
        demand = self.make_account(product=self.demand, balance=2_000)
        answer = self.house_many([(self.account, 300), (demand, 70), (self.account, 5)])
        operation = self.operation(answer)
        self.assertEqual((self.account.balance, demand.balance), (10_305, 2_070))
        legs = operation.line_ids.filtered("savings_account_id").sorted("sequence")
        self.assertEqual(legs.mapped("balance_after"), [10_300, 2_070, 10_305])
        self.assertEqual(legs.mapped("label"), ["Ligne 0", "Ligne 1", "Ligne 2"])
        self.assertEqual(len(operation.move_id.line_ids), 3)
        self.assertEqual(operation.move_id.state, "posted")

    def test_a_batch_is_refused_whole(self):
        poor = self.make_account(product=self.demand, balance=1_000)
        with self.assertRaisesRegex(UserError, poor.number):
            self.house_many([(self.account, -300), (poor, -1_001)])
        self.assertEqual((self.account.balance, poor.balance), (10_000, 1_000))

    def test_a_batch_stays_in_its_caisse(self):
        theirs = self.make_account(self.make_member(caisse=self.seg))
        with self.assertRaisesRegex(UserError, "n'existe pas dans votre caisse"):
            self.house_many([(self.account, 300), (theirs, 300)])

    # ------------------------------------------------------------------ products
    def test_a_product_finds_its_accounts_in_the_chart(self):
        product = self.env["kondo.savings.product"].create(
            {"name": "Garantie", "code": "GAR", "kind": "guarantee", "company_id": self.union.id}
        )
        codes = (product.account_id | product.accrued_account_id | product.expense_account_id).with_company(self.union)
        self.assertEqual(codes.mapped("code"), ["2545", "2546", "60254"])

    # ------------------------------------------------------------------ previews
    def test_a_preview_undoes_all_and_draws_no_number(self):
        session = self.session_of(self.nio)
        teller = self.as_user(session.user_id)["kondo.teller"]
        before = (session.till_id.cash, session.till_id.last_receipt)
        preview = teller.preview("withdrawal", {"account_id": self.account.id, "amount": 4_000})
        self.assertEqual((preview["balance_before"], preview["balance_after"]), (10_000, 6_000))
        self.assertEqual(preview["till_after"], before[0] - 4_000)
        self.env.invalidate_all()
        self.assertEqual((session.till_id.cash, session.till_id.last_receipt), before)

    # ------------------------------------------------------------------ the day's end
    def test_steps_of_the_day_run_before_the_date_moves_and_again_after_a_stop(self):
        seen = []
        company_class = self.env.registry["res.company"]
        steps = lambda companies: [(20, "late", "res.company", "_late"), (10, "early", "res.company", "_early")]  # noqa: E731

        def early(companies, company, date, next_date):
            seen.append(("early", company.business_date, date, next_date))

        def late(companies, company, date, next_date):
            seen.append(("late", company.business_date, date, next_date))
            if len(seen) == 2:
                raise UserError("power cut")

        today = self.nio.business_date
        tomorrow = fields.Date.add(today, days=1)
        with (
            patch.object(company_class, "_day_end_steps", steps),
            patch.object(company_class, "_early", early, create=True),
            patch.object(company_class, "_late", late, create=True),
        ):
            session = self.env["kondo.till.session"].search(
                [("company_id", "=", self.nio.id), ("state", "!=", "closed")]
            )
            with self.assertRaisesRegex(UserError, "pas encore arrêtés"):
                self.nio._open_business_day(tomorrow)
            self.assertEqual(seen, [], "nothing ends while a till is open")
            session.with_user(session.user_id).count_till(session.opening_counts)
            session.with_user(self.users["NIX"]["manager"]).close_till("compté à l'ouverture")
            with self.assertRaisesRegex(UserError, "power cut"):
                self.nio._open_business_day(tomorrow)
            self.assertEqual(self.nio.business_date, today)
            self.nio._open_business_day(tomorrow)
        self.assertEqual([name for name, *_rest in seen], ["early", "late", "late"], "what is done is not done again")
        self.assertEqual({row[1:] for row in seen}, {(today, today, tomorrow)})
        self.assertEqual(self.nio.business_date, tomorrow)
