from datetime import date, timedelta
from random import Random

from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.accrual import Earning, accrued
from odoo.addons.kondo_microfinance.engine.allocation import Due
from odoo.addons.kondo_microfinance.engine.arrears import arrears, penalty
from odoo.addons.kondo_microfinance.engine.classification import RISING, provision_needed, stage_on

from .loan_common import LoanCase

LOANS = 10_000
PRODUCTS = 40
COMPONENTS = ("fee", "tax", "insurance", "interest", "principal", "guarantee")
COLUMNS = [
    *("number", "start", "due", "accrues", "penalty", "penalty_until", "waived_penalty", "paid_penalty"),
    *COMPONENTS,
    *(f"paid_{name}" for name in COMPONENTS),
]


class Undone(Exception):
    """Takes the invented loans away: they have no operations."""


@tagged("post_install", "-at_install")
class TestLoanSQL(LoanCase):
    """Ten thousand random loans: the statements of the evening say what the engine says of each, to the franc."""

    def test_evening_of_many_loans_is_that_of_the_engine(self):
        random = Random(20)
        products = [self.random_product(random, index) for index in range(PRODUCTS)]
        template = self.running(product=products[0])
        with self.assertRaises(Undone), self.env.cr.savepoint():
            loans = self.invent(random, template, products)
            for day in (date(2026, 2, 28), date(2027, 1, 1)):
                self.check_evening(loans, day)
            raise Undone
        self.env.invalidate_all()

    def random_product(self, random, index):
        return self.loan_product(
            code=f"Q{chr(65 + index // 26)}{chr(65 + index % 26)}",
            penalty_rate=random.choice((0, 2, 24, 17.25, 0.333333)),
            penalty_per=random.choice(("year", "year", "month", "day", "once")),
            penalty_fixed=random.choice((0, 0, 25, 1_000)),
            penalty_base=random.choice(("principal", "interest", "principal_interest", "instalment", "balance")),
            penalty_grace=random.choice((0, 0, 3, 30)),
            penalty_from_due=random.random() < 0.5,
            penalty_cap_percent=random.choice((0, 0, 5, 33.3)),
            penalty_cap=random.choice((0, 0, 2_500)),
            days_in_year=random.choice(("360", "364", "365", "actual", "actual")),
            arrears_tolerance=random.choice((0, 0, 100, 5_000)),
        )

    # ------------------------------------------------------------------ inventing
    def invent(self, random, template, products):
        """{loan id: (product, what stands on the loan, its instalments)}, written by SQL as clones of a real loan."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'kondo_loan'")
        fixed = ["product_id", "name", "stage", "principal", "late_from_kept", "restructured", "accrued", "schedule_id"]
        copied = sorted({name for (name,) in cr.fetchall()} - {"id", *fixed})
        loans = {}
        values = [
            (
                random.choice(products),
                f"INV-{index}",
                random.choice(("performing", "performing", "immobilised", *RISING)),
                random.randrange(1, 2_000_000),
                random.choice((None, None, None, date(2025, 6, 1) + timedelta(days=random.randrange(300)))),
                random.random() < 0.3,
                random.choice((0, random.randrange(50_000))),
            )
            for index in range(LOANS)
        ]
        cr.execute_values(
            f"""INSERT INTO kondo_loan ({", ".join(fixed[:-1])}, {", ".join(copied)})
                SELECT v.*, {", ".join(f"t.{name}" for name in copied)} FROM kondo_loan t,
                       (VALUES %s) AS v (a, b, c, d, e, f, g) WHERE t.id = {template.id}""",
            [(row[0].id, *row[1:]) for row in values],
            template="(%s, %s, %s, %s::bigint, %s::date, %s::boolean, %s::bigint)",
            page_size=LOANS,
        )
        cr.execute("SELECT name, id FROM kondo_loan WHERE name LIKE 'INV-%%'")
        ids = dict(cr.fetchall())
        cr.execute(
            """INSERT INTO kondo_loan_schedule (loan_id, company_id, number, reason, from_on, current)
               SELECT id, company_id, 1, 'disbursed', disbursed_on, true FROM kondo_loan WHERE name LIKE 'INV-%%';
               UPDATE kondo_loan l SET schedule_id = s.id FROM kondo_loan_schedule s
                WHERE s.loan_id = l.id AND l.name LIKE 'INV-%%'"""
        )
        rows = []
        for row in values:
            instalments = self.random_instalments(random)
            loans[ids[row[1]]] = (row[0], row[1:], instalments)
            rows += [(ids[row[1]], *(one[name] for name in COLUMNS)) for one in instalments]
        cr.execute_values(
            f"""INSERT INTO kondo_loan_instalment (loan_id, schedule_id, company_id, current, balance, {", ".join(COLUMNS)})
                SELECT l.id, l.schedule_id, l.company_id, true, 0, {", ".join(f"v.{name}" for name in COLUMNS)}
                  FROM (VALUES %s) AS v (loan_id, {", ".join(COLUMNS)}) JOIN kondo_loan l ON l.id = v.loan_id""",
            rows,
            template="(%s, %s, %s::date, %s::date, %s, %s, %s::date" + ", %s" * (len(COLUMNS) - 6) + ")",
            page_size=len(rows),
        )
        cr.execute("ANALYZE kondo_loan; ANALYZE kondo_loan_instalment; ANALYZE kondo_loan_schedule")
        self.env.invalidate_all()
        return loans

    def random_instalments(self, random):
        start = date(2024, 12, 1) + timedelta(days=random.randrange(500))
        paid_up = random.random()
        rows = []
        for number in range(1, random.randrange(2, 7)):
            due = start + timedelta(days=random.choice((7, 30, 31, 91)))
            row = {"number": number, "start": start, "due": due, "accrues": random.randrange(20_000)}
            for name in COMPONENTS:
                row[name] = random.choice((0, random.randrange(60_000))) if name != "principal" else 10_000
                share = 1 if random.random() < paid_up else random.choice((0, 0, 0.5))
                row[f"paid_{name}"] = int(row[name] * share)
            row["penalty"] = random.choice((0, 0, random.randrange(3_000)))
            row["waived_penalty"] = row["penalty"] // random.choice((1, 2, 5)) if random.random() < 0.2 else 0
            row["paid_penalty"] = (row["penalty"] - row["waived_penalty"]) // 2
            since = due + timedelta(days=random.randrange(40))
            row["penalty_until"] = since if row["penalty"] and since < date(2026, 2, 28) else None
            rows.append(row)
            start = due
        return rows

    # ------------------------------------------------------------------ comparing
    def check_evening(self, loans, day):
        service = self.env["kondo.loan"]
        service._count_penalties(self.nio, day)
        service._update_positions(self.nio, day)
        self.env.cr.execute(
            """SELECT loan_id, number, penalty FROM kondo_loan_instalment WHERE loan_id = ANY(%s) ORDER BY 1, 2""",
            (list(loans),),
        )
        penalties = {(loan_id, number): amount for loan_id, number, amount in self.env.cr.fetchall()}
        self.env.cr.execute(
            "SELECT id, late_since, days_late, instalments_late, amount_late FROM kondo_loan WHERE id = ANY(%s)",
            (list(loans),),
        )
        positions = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        months = service._stage_months(day)
        classes = self.table(service._class_query(self.nio.id, day), 2)
        needed = self.table(service._provision_query(self.nio.id, day), 1)
        changes = self.table(service._accrual_query(self.nio.id, day), 1)
        rates = {name: self.env["kondo.parameter"]._get(f"loan_provision_{name}", day) for name in RISING}
        seen = {"penalty": 0, "late": 0, "class": 0, "provision": 0, "accrued": 0}
        for loan_id, (product, (name, stage, principal, kept, changed, stands), rows) in loans.items():
            rule, dues = product._penalty_rule(), []
            for row in rows:
                due = self.due_of(row)
                if due.total and row["due"] < day:
                    more = penalty(rule, due, day, row["penalty_until"], row["penalty"], principal)
                    seen["penalty"] += bool(more)
                    row["penalty"] += more
                    if day > row["due"] + timedelta(days=rule.grace_days) and (rule.rate or rule.fixed):
                        row["penalty_until"] = day
                self.assertEqual(penalties[loan_id, row["number"]], row["penalty"], (name, day, rule, row))
                due = self.due_of(row)
                dues += [due] if due.total else []
            late = arrears(dues, day, tolerance=product.arrears_tolerance)
            since = min(late.since, kept) if late.since and kept else late.since
            expected = (since, (day - since).days if since else 0, late.instalments, late.total)
            self.assertEqual(positions[loan_id], expected, (name, day))
            seen["late"] += bool(since)
            new_stage = stage_on(day, months, stage, since, kept, changed)
            self.assertEqual(classes.get(loan_id, stage), new_stage, (name, day, stage, since, kept, changed))
            seen["class"] += stage != new_stage
            if stage in RISING:
                self.assertEqual(needed[loan_id], provision_needed(principal, 0, rates[stage]))
                seen["provision"] += 1
            else:
                earnings = [Earning(row["start"], row["due"], row["accrues"], row["paid_interest"]) for row in rows]
                self.assertEqual(changes[loan_id] + stands, accrued(earnings, day), (name, day))
                seen["accrued"] += 1
        for what, count in seen.items():
            self.assertGreater(count, LOANS // 20, what)

    def due_of(self, row):
        left = {name: row[name] - row[f"paid_{name}"] for name in COMPONENTS}
        left["fee"] += left.pop("tax")
        return Due(
            row["number"], row["due"], penalty=row["penalty"] - row["waived_penalty"] - row["paid_penalty"], **left
        )

    def table(self, query, column):
        self.env.cr.execute(query)
        return {row[0]: row[column] for row in self.env.cr.fetchall()}
