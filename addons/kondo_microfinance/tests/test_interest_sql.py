from datetime import date, timedelta
from fractions import Fraction
from random import Random

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.kondo_microfinance.engine.balances import Movement
from odoo.addons.kondo_microfinance.engine.dated_interest import booked_value, next_posting, period_interest
from odoo.addons.kondo_microfinance.engine.interest import BASES, InterestRule, account_interest
from odoo.addons.kondo_microfinance.engine.periods import DAY, PERIODS
from odoo.addons.kondo_microfinance.engine.rates import Tier
from odoo.addons.kondo_microfinance.models.savings.interest.interest_sql import compute_interest

ACCOUNTS = 10_000
BOOKS = 50  # random sets of rules, each with its share of the accounts
START = date(2023, 1, 1)


class Book:
    """Accounts that earn by the same rules: `accounts` is {id: (opened on, [(booked on, amount, reversed on)])}."""

    def __init__(self, random, number):
        self.number = number
        self.posting = random.choice(PERIODS)
        self.end = START + timedelta(days=random.randint(120, 400))
        if self.posting == "daily":
            self.end = START + timedelta(days=9)
        elif self.posting == "fortnightly":
            self.end = START + timedelta(days=random.randint(30, 70))
        elif self.posting == "monthly":
            self.end = START + timedelta(days=random.randint(90, 160))
        changes = sorted({random.randint(5, 300) for _index in range(random.choice((0, 0, 1, 2)))})
        days = [START - timedelta(days=400), *(START + timedelta(days=day) for day in changes)]
        self.withholding = random.choice(("0", "15", "7.5"))
        self.rules = [(day, self.rule(random, self.posting if index == 0 else None)) for index, day in enumerate(days)]
        back, forth = {"daily": (3, 3), "fortnightly": (30, 20), "monthly": (60, 60)}.get(self.posting, (300, 60))
        openings = [START + timedelta(days=random.randint(-back, forth)) for _index in range(6)]
        if back == 300 and random.random() < 0.3:
            openings[0] = date(2020, 2, 29)
        self.rules[0] = (min(openings), self.rules[0][1])
        self.accounts = {
            number * 1000 + index: self.history(random, random.choice(openings)) for index in range(ACCOUNTS // BOOKS)
        }

    def rule(self, random, posting):
        tiers, mode = (), "whole"
        if random.random() < 0.4:
            mode = random.choice(("whole", "marginal"))
            keys = {(random.choice((0, 10_000, 50_000, 200_000)), random.choice((0, 0, 3, 12))) for _index in range(3)}
            tiers = tuple(Tier(amount, self.rate(random), months) for amount, months in keys)
        return InterestRule(
            annual_rate=self.rate(random),
            balance_basis=random.choice(list(BASES)),
            compounding=random.choice(PERIODS[1:] * 5 + PERIODS[:1] * (5 if self.posting in PERIODS[:3] else 1)),
            posting=posting or (self.posting if random.random() < 0.6 else random.choice(PERIODS[2:])),
            days_in_year=random.choice(("360", "364", "365", "actual", "actual")),
            days_in_month=random.choice(("actual", "actual", "30")),
            year_start=random.choice((1, 1, 10)),
            minimum_balance=random.choice((0, 0, 5_000, 100_000)),
            tiers=tiers,
            tier_mode=mode,
            overdraft_rate=random.choice(("0", "12", "17.25")),
            minimum_overdraft=random.choice((0, 1_000)),
            credit_days=random.choice((0, 0, 2, 7)),
            debit_days=random.choice((0, 0, 1, 5)),
            withholding_rate=self.withholding,
        )

    def rate(self, random):
        return random.choice(("3.5", "4", "0.25", "5.1234", "2.718281", "11.9"))

    def history(self, random, opened_on):
        span = (self.end - opened_on).days
        days = sorted(random.randint(0, span + 10) for _index in range(random.randint(1, 16)))
        moves = []
        for day in days:
            amount = random.choice((1, 1, 1, -1)) * random.choice((1, 7, 500, 999, 12_345, 100_000, 2_000_000))
            booked_on = opened_on + timedelta(days=day)
            moves.append((booked_on, amount, None))
            if len(self.rules) > 1 and random.random() < 0.1:
                moves.append((booked_on + timedelta(days=random.randint(0, 3)), -amount, booked_on))
        return opened_on, sorted(moves, key=lambda move: move[0])

    # ------------------------------------------------------------------ the engine, account by account
    def by_engine(self, account_id):
        """([(end of the period, interest, withheld, agios)], interest and agios carried at the end)."""
        opened_on, moves = self.accounts[account_id]
        if len(self.rules) == 1:
            rule = self.rules[0][1]
            movements = [Movement(day, amount) for day, amount, _reversed in moves if day < self.end]
            result = account_interest(rule, movements, opened_on, self.end, opened_on=opened_on)
            posted = {}
            for row in result.rows:
                first = posted.setdefault(row.end, [row.end, 0, 0, 0])
                if row.type == "interest":
                    first[1:3] = row.amount, row.withholding
                else:
                    first[3] = row.amount
            return [tuple(row) for _end, row in sorted(posted.items())], result.accrued, result.accrued_overdraft
        movements = [booked_value(self.rules, Movement(day, amount), undone) if undone else Movement(day, amount)
                     for day, amount, undone in moves]  # fmt: skip
        rows, start, paid = [], opened_on, 0
        while start < self.end:
            end = next_posting(self.rules, start, opened_on)
            known = [move for move in movements if move.booked_on < min(end, self.end)]
            result = period_interest(self.rules, known, start, min(end, self.end), paid, opened_on)
            if end > self.end:
                return rows, result.exact, result.exact_overdraft
            if result.interest or result.overdraft_interest:
                rows.append((end, result.interest, result.withholding, result.overdraft_interest))
            paid += result.interest - result.withholding - result.overdraft_interest
            start = end
        return rows, 0, 0

    # ------------------------------------------------------------------ SQL, period by period
    def load(self, cr):
        cr.execute(
            """CREATE TEMPORARY TABLE IF NOT EXISTS t_account
                      (id int PRIMARY KEY, opened_on date, start_on date, balance bigint) ON COMMIT DROP;
               CREATE TEMPORARY TABLE IF NOT EXISTS t_move
                      (account_id int, id serial, booked_on date, amount bigint, value_on date, reversed_on date)
                      ON COMMIT DROP;
               TRUNCATE t_account, t_move"""
        )
        rows = [(key, opened, opened, sum(move[1] for move in moves)) for key, (opened, moves) in self.accounts.items()]
        cr.execute_values("INSERT INTO t_account (id, opened_on, start_on, balance) VALUES %s", rows)
        rows = [(key, *move) for key, (_opened, moves) in self.accounts.items() for move in moves]
        cr.execute_values("INSERT INTO t_move (account_id, booked_on, amount, reversed_on) VALUES %s", rows)

    def compute(self, cr, stop, due):
        compute_interest(
            cr,
            self.rules,
            SQL(
                "SELECT id AS account_id, opened_on, start_on, %s::date AS stop_on FROM t_account WHERE %s",
                stop,
                SQL("id = ANY(%s)", due) if due is not None else SQL("TRUE"),
            ),
            lambda since: SQL("SELECT * FROM t_move WHERE booked_on >= %s", since),
            SQL("SELECT id AS account_id, balance FROM t_account"),
            self.withholding,
        )

    def by_sql(self, cr):
        """{account id: the same as `by_engine`}."""
        self.load(cr)
        rows = {key: [] for key in self.accounts}
        starts = {key: opened for key, (opened, _moves) in self.accounts.items()}
        while True:
            ends = {key: next_posting(self.rules, start, self.accounts[key][0]) for key, start in starts.items()}
            stop = min(ends.values())
            if stop > self.end:
                break
            due = [key for key, end in ends.items() if end == stop]
            self.compute(cr, stop, due)
            cr.execute(
                """SELECT account_id, COALESCE(interest, 0), COALESCE(withholding, 0), COALESCE(overdraft_interest, 0)
                     FROM kondo_interest_result WHERE interest > 0 OR overdraft_interest > 0"""
            )
            for key, *amounts in cr.fetchall():
                rows[key].append((stop, *amounts))
            cr.execute(
                """WITH net AS (
                       SELECT account_id, COALESCE(interest - withholding, 0) - COALESCE(overdraft_interest, 0) AS net
                         FROM kondo_interest_result
                   ), moved AS (UPDATE t_account SET balance = balance + net FROM net WHERE id = account_id)
                   INSERT INTO t_move (account_id, booked_on, amount, value_on) SELECT account_id, %s, net, %s FROM net""",
                (stop - DAY, stop),
            )
            cr.execute("UPDATE t_account SET start_on = %s WHERE id = ANY(%s)", (stop, due))
            starts.update(dict.fromkeys(due, stop))
        self.compute(cr, self.end, None)
        cr.execute("SELECT account_id, exact::text, exact_overdraft::text FROM kondo_interest_result")
        carried = {key: (exact or "0", overdraft or "0") for key, exact, overdraft in cr.fetchall()}
        return {key: (rows[key], *map(Fraction, carried.get(key, (0, 0)))) for key in rows}


@tagged("post_install", "-at_install")
class TestInterestSql(TransactionCase):
    """Interest by SQL for all accounts, by the engine for one: the same francs."""

    def test_ten_thousand_random_histories_earn_the_same_by_sql_and_by_the_engine(self):
        random = Random(20261123)
        compared = postings = 0
        for number in range(1, BOOKS + 1):
            book = Book(random, number)
            found = book.by_sql(self.env.cr)
            for account_id in book.accounts:
                expected = book.by_engine(account_id)
                rows, *carried = found[account_id]
                self.assertEqual(rows, expected[0], f"{account_id}: {book.rules} {book.accounts[account_id]}")
                self.assertEqual(carried, list(expected[1:]), f"{account_id}: {book.rules} {book.accounts[account_id]}")
                compared += 1
                postings += len(rows)
        self.assertEqual(compared, ACCOUNTS)
        self.assertGreater(postings, ACCOUNTS)
