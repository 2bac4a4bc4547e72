"""How long the interest of 300 000 accounts takes, beside the least that any program would have to do for it.

    python -m tests.bench.interest [--accounts 300000] [--movements 6]

On a copy of the test database: one caisse, a passbook at 3,5 % on its lowest monthly balance, posted quarterly, with
deposits and withdrawals over the quarter. Printed: seconds and statements of the calculation, of the whole run
(calculation, details of each account, operation, entry, balances), and of the floor: one statement that reads the same
legs and one that writes as many. The run is committed, the floor is undone.
"""

import argparse
import sys
import uuid
from datetime import date, timedelta
from time import perf_counter

from psycopg2 import sql

import odoo.init  # noqa: F401  Odoo's own set-up, before anything else of it
from odoo import SUPERUSER_ID, sql_db
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import config

from tests.server import TEMPLATE, close_connections, copy_database, drop_database

DATABASE = "kondo_bench_interest"
START, END = date(2026, 1, 1), date(2026, 4, 1)


class Ground:
    """A caisse with many accounts, entered by SQL: their legs are those of real operations, without journal entries."""

    def __init__(self, env, accounts, movements):
        self.env = env(context={**env.context, "tracking_disable": True})
        union = self.env["res.company"].create({"name": "Union Bench", "country_id": env.ref("base.ml").id})
        self.env.user.company_ids += union
        self.env.user.group_ids += self.env.ref("kondo_microfinance.group_administrator")
        union._kondo_set_up_union("UB")
        (self.caisse,) = self.env["res.company"]._kondo_create_caisses(
            union, [{"name": "Caisse Bench", "code": "BEN", "tills": 1, "business_date": END - timedelta(days=1)}]
        )
        self.env.user.company_ids += self.caisse
        self.product = self.env["kondo.savings.product"].create(
            {"name": "Livret", "code": "LIV", "kind": "passbook", "company_id": union.id}
        )
        self.env["kondo.savings.interest.rule"].create(
            {
                "product_id": self.product.id,
                "date_from": START,
                "annual_rate": 3.5,
                "balance_basis": "lowest_of_month",
                "posting": "quarterly",
            }
        )
        member = self.env["res.partner"].create(
            {
                "name": "MEMBRE",
                "is_kondo_member": True,
                "member_kind": "individual",
                "sex": "female",
                "company_id": self.caisse.id,
            }
        )
        first = (
            self.env["kondo.savings.account"]
            .with_company(self.caisse)
            .create({"partner_id": member.id, "product_id": self.product.id})
        )
        self.env.flush_all()
        self.copy_account(first, accounts)
        for number in range(movements):
            self.move_all(number, movements)
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE kondo_operation, kondo_operation_line, kondo_savings_account")
        self.env.cr.commit()

    def copy_account(self, first, accounts):
        cr = self.env.cr
        cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'kondo_savings_account'")
        columns = [name for (name,) in cr.fetchall() if name not in ("id", "number", "opened_on")]
        names = sql.SQL(", ").join(map(sql.Identifier, columns)).as_string(cr._cnx)
        cr.execute(
            f"""INSERT INTO kondo_savings_account (number, opened_on, {names})
                SELECT 'B' || n, %s, {names} FROM kondo_savings_account, generate_series(2, %s) AS n WHERE id = %s""",
            (START - timedelta(days=500), accounts, first.id),
        )
        cr.execute("UPDATE kondo_savings_account SET opened_on = %s WHERE id = %s", (START, first.id))

    def move_all(self, number, movements):
        """One operation with a leg for each account; the first before the quarter, the others in it."""
        cr = self.env.cr
        day = START + timedelta(days=number * 89 // movements - (10 if not number else 0))
        amount = "(5000 + mod(id, 97) * 1000)" if number % 3 != 2 else "(-mod(id, 5) * 1000)"
        cr.execute(
            """INSERT INTO kondo_operation (uuid, kind, state, company_id, business_date, user_id, amount)
               VALUES (%s, 'batch', 'new', %s, %s, %s, 1) RETURNING id""",
            (str(uuid.uuid4()), self.caisse.id, day, SUPERUSER_ID),
        )
        (operation,) = cr.fetchone()
        account = self.product.account_id.id
        cr.execute(
            f"""INSERT INTO kondo_operation_line (operation_id, sequence, company_id, business_date, account_id, amount,
                        savings_account_id, partner_id, balance_after)
                SELECT %s, row_number() OVER (), company_id, %s, %s, -{amount}, id, partner_id, balance + {amount}
                  FROM kondo_savings_account WHERE product_id = %s AND {amount} <> 0""",
            (operation, day, account, self.product.id),
        )
        cr.execute(
            """INSERT INTO kondo_operation_line (operation_id, sequence, company_id, business_date, account_id, amount, balance_after)
               SELECT %s, 0, company_id, %s, %s, -sum(amount), 0 FROM kondo_operation_line WHERE operation_id = %s
                GROUP BY company_id""",
            (operation, day, self.product.expense_account_id.id, operation),
        )
        cr.execute(
            f"UPDATE kondo_savings_account SET balance = balance + {amount} WHERE product_id = %s", (self.product.id,)
        )
        cr.execute("UPDATE kondo_operation SET state = 'posted' WHERE id = %s", (operation,))
        cr.commit()


def timed(label, action):
    statements, start = sql_db.sql_counter, perf_counter()
    result = action()
    seconds = perf_counter() - start
    print(f"{label:42} {seconds:7.1f} s {sql_db.sql_counter - statements:6} statements", flush=True)
    return seconds, result


def floor(env, ground):
    """Read every leg of the quarter, write one for each account."""
    cr = env.cr
    cr.execute(
        """INSERT INTO kondo_operation (uuid, kind, state, company_id, business_date, user_id, amount)
           VALUES (%s, 'interest', 'new', %s, %s, %s, 1) RETURNING id""",
        (str(uuid.uuid4()), ground.caisse.id, END, SUPERUSER_ID),
    )
    (operation,) = cr.fetchone()
    cr.execute(
        """INSERT INTO kondo_operation_line (operation_id, sequence, company_id, business_date, account_id, amount,
                    savings_account_id, partner_id, balance_after)
           SELECT %s, 1, l.company_id, %s, l.account_id, sum(l.amount), l.savings_account_id, l.partner_id, 0
             FROM kondo_operation_line l
            WHERE l.company_id = %s AND l.business_date >= %s AND l.savings_account_id IS NOT NULL
            GROUP BY l.company_id, l.account_id, l.savings_account_id, l.partner_id HAVING sum(l.amount) <> 0""",
        (operation, END, ground.caisse.id, START - timedelta(days=31)),
    )


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=300_000)
    parser.add_argument("--movements", type=int, default=6)
    options = parser.parse_args(arguments)
    config.parse_config(["-c", "odoo.conf", "-d", DATABASE, "--no-http", "--workers=0"], setup_logging=True)
    copy_database(TEMPLATE, DATABASE)
    try:
        registry = Registry(DATABASE)
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {"lang": "fr_FR"})
            _seconds, ground = timed(
                "entering accounts and movements", lambda: Ground(env, options.accounts, options.movements)
            )
            company, product = ground.caisse, ground.product
            service = env["kondo.savings.interest"]
            last = END - timedelta(days=1)
            base, _ = timed("floor: legs read, legs written", lambda: floor(env, ground))
            cr.rollback()
            alone, found = timed("calculation", lambda: service._compute(company, product, None, last, last))
            cr.rollback()
            whole, _ = timed("whole run", lambda: service._post_next(company, product, END))
        with registry.cursor() as cr:
            run = Environment(cr, SUPERUSER_ID, {})["kondo.savings.interest.run"].search([])
            print(f"{run.account_count} accounts, {run.interest} F of interest, {run.state} {run.failure or ''}")
            if (run.account_count, run.interest) != (found["accounts"], found["interest"]) or run.state != "posted":
                raise SystemExit("what was posted is not what was computed")
        print(f"calculation / floor {alone / base:.1f}   whole run / floor {whole / base:.1f}")
    finally:
        close_connections(DATABASE)
        drop_database(DATABASE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
