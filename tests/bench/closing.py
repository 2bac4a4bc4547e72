"""How long the evening of a large caisse takes, step by step, beside the least that any program would have to do.

    python -m tests.bench.closing --loans 100000 --savings 300000 [--double] [--no-deposits]

The population (see `population.py`) is kept between runs in a database named after its size, until the add-on changes; each
run works on a copy.
Closed are an ordinary day and the last of a month. Printed: seconds and statements of each step, peak memory of the
process, the ratio to the floor, which is measured in the same run: one UPDATE of an accrual of each loan and of each
account, one row of a photograph of each. Then the latency of deposits at another caisse while the closing runs, beside
the same without it; and the entries that one `account.move` per due loan would take, on 1 000 loans.

Aims: an ordinary day at most 5 floors and 40 s, a month end at most 10 floors, twice the population at most 2.2 times the
time, the p95 of deposits at most twice as long.
"""

import argparse
import resource
import subprocess
import sys
import threading
import time
from contextlib import closing as closed
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import odoo.init  # noqa: F401  Odoo's own set-up, before anything else of it
from odoo import SUPERUSER_ID, sql_db
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import config

from tests.bench.population import AFTER, MONTH_END, ORDINARY, Population
from tests.faults.crowd import Desk
from tests.faults.ground import check, prepare
from tests.server import TEMPLATE, Server, close_connections, copy_database, drop_database, postgres

ROOT = Path(__file__).resolve().parents[2]
DAY_AIM, DAY_SECONDS, MONTH_AIM, DOUBLE_AIM, DEPOSIT_AIM = 5, 40, 10, 2.2, 2


def environment(cr):
    return Environment(cr, SUPERUSER_ID, {"lang": "fr_FR", "tracking_disable": True})


def shape(database):
    """The columns of a database's tables of ours, in a word: another shape is another version of the add-on."""
    with closed(postgres(database)) as connection, connection.cursor() as cr:
        cr.execute(
            """SELECT md5(string_agg(table_name || '.' || column_name, ',' ORDER BY table_name, column_name))
                 FROM information_schema.columns WHERE table_name LIKE 'kondo%'"""
        )
        return cr.fetchone()[0]


def kept(loans, savings, rebuild=False):
    """The database of a population, built when it is missing, its first evening behind it."""
    name = f"kondo_bench_closing_{loans}_{savings}"
    with closed(postgres()) as connection, connection.cursor() as cr:
        cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        found = bool(cr.fetchone())
    if found and not rebuild and shape(name) == shape(TEMPLATE):
        return name
    print(f"building {loans} loans and {savings} savings accounts", flush=True)
    making = f"{name}_making"
    copy_database(TEMPLATE, making)
    start = perf_counter()
    with Registry(making).cursor() as cr:
        population = Population(environment(cr), loans, savings)
        cr.commit()
        company = population.company
        print(f"  entered in {perf_counter() - start:.0f} s; the first evening follows", flush=True)
        company._open_business_day(ORDINARY)
        cr.commit()
    close_connections(making)
    drop_database(name)
    with closed(postgres()) as connection, connection.cursor() as cr:
        cr.execute(f"ALTER DATABASE {making} RENAME TO {name}")
    return name


# ------------------------------------------------------------------ closing
def close_day(env, company, until):
    """Close the caisse's day; [(code, seconds, statements)] of its steps."""
    counts = {}
    closings = type(env["kondo.closing"])
    run = closings._run

    def counted(self, sequence, code, *others):
        before = sql_db.sql_counter
        run(self, sequence, code, *others)
        counts[code] = sql_db.sql_counter - before

    closings._run = counted
    try:
        date = company.business_date
        start = perf_counter()
        company._open_business_day(until)
        seconds = perf_counter() - start
    finally:
        closings._run = run
    env.cr.commit()
    env.invalidate_all()
    closing = env["kondo.closing"].search([("company_id", "=", company.id), ("date", "=", date)])
    steps = [(step.code, step.seconds, counts.get(step.code, 0), step.result) for step in closing.step_ids]
    return steps, seconds


def floor(cr, company_id):
    """Seconds of the smallest SQL that accrues every loan and account and photographs each; undone."""
    start = perf_counter()
    cr.execute("UPDATE kondo_loan SET accrued = accrued + 1 WHERE company_id = %s", [company_id])
    cr.execute("UPDATE kondo_savings_account SET blocked = blocked + 0 WHERE company_id = %s", [company_id])
    cr.execute(
        """INSERT INTO kondo_snapshot_loan (company_id, date, loan_id, days_late, principal, late, accrued, provision, needed)
           SELECT company_id, '2000-01-01', id, COALESCE(days_late, 0), principal, amount_late, accrued, provision, provision
             FROM kondo_loan WHERE company_id = %s AND state = 'active'""",
        [company_id],
    )
    cr.execute(
        """INSERT INTO kondo_snapshot_account (company_id, date, account_id, balance, blocked)
           SELECT company_id, '2000-01-01', id, balance, blocked FROM kondo_savings_account WHERE company_id = %s""",
        [company_id],
    )
    seconds = perf_counter() - start
    cr.rollback()
    return seconds


def show(title, steps, seconds, base, aim):
    print(f"\n{title}: {seconds:.1f} s, floor {base:.1f} s, ratio {seconds / base:.1f} (aim {aim})")
    for code, took, statements, result in steps:
        if took >= 0.05:
            print(f"  {code:20} {took:8.2f} s {statements:6} statements  {result or ''}")


def measure(template):
    """Close the two evenings on a copy; (seconds of the ordinary day, of the month end, floor)."""
    database = f"{template}_run"
    copy_database(template, database)
    try:
        with Registry(database).cursor() as cr:
            env = environment(cr)
            company = env["res.company"].search([("kondo_code", "=", "BIG")])
            base = min(floor(cr, company.id) for _turn in range(2))
            ordinary = close_day(env, company, MONTH_END)
            show("ordinary day", *ordinary, base, DAY_AIM)
            month = close_day(env, company, AFTER)
            show("end of a month", *month, base, MONTH_AIM)
            bare = one_entry_per_loan(env, company)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"\npeak memory of the process: {memory:.0f} MB")
        print(f"one account.move per due loan: {bare:.0f} a second")
        return ordinary[1], month[1], base
    finally:
        close_connections(database)
        drop_database(database)


def one_entry_per_loan(env, company, count=1000):
    """Entries a second when each due loan has a journal entry of its own, created and posted by Odoo; undone."""
    loans = env["kondo.loan"].search([("company_id", "=", company.id), ("state", "=", "active")], limit=count)
    bank = company._kondo_account("1141").id
    income = loans[0].product_id._account("interest_income", "short").id
    journal = company.general_journal_id
    start = perf_counter()
    for loan in loans:
        env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": journal.id,
                "date": company.business_date,
                "ref": loan.name,
                "line_ids": [
                    (0, 0, {"account_id": bank, "debit": 100, "credit": 0, "partner_id": loan.partner_id.id}),
                    (0, 0, {"account_id": income, "debit": 0, "credit": 100, "partner_id": loan.partner_id.id}),
                ],
            }
        ).action_post()
    seconds = perf_counter() - start
    env.cr.rollback()
    return len(loans) / seconds


# ------------------------------------------------------------------ meanwhile, at another caisse
def deposits(server, seconds, stop=None):
    """Deposits of two tellers one after the other; sorted latencies in seconds."""
    ground = prepare(server.database)
    desks = [Desk(server.url, server.database, person) for person in ground.tellers[:2]]
    latencies = []

    def loop(index):
        with desks[index].client() as client:
            end = perf_counter() + seconds
            turn = 0
            while perf_counter() < end and not (stop and stop.is_set()):
                account = ground.accounts[2 + index * 8 + turn % 8]["id"]
                values = {"session_id": desks[index].session, "account_id": account, "amount": 1000}
                answer = client.ask("kondo.operation", "submit", ["deposit", str(uuid4()), values])
                if answer.kind != "result":
                    raise RuntimeError(answer.value)
                latencies.append(answer.seconds)
                turn += 1
                time.sleep(0.3)

    threads = [threading.Thread(target=loop, args=(index,), daemon=True) for index in range(len(desks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 60)
    return sorted(latencies)


def meanwhile(template):
    """Print what a deposit takes while another caisse closes, beside the same in peace."""
    with Server("meanwhile", workers=2, template=template) as server:
        deposits(server, 5)
        peace = deposits(server, 15)
        stop = threading.Event()
        command = [sys.executable, "-m", "tests.bench.closing", "--close", server.database]
        process = subprocess.Popen(command, cwd=ROOT)
        threading.Thread(target=lambda: (process.wait(), stop.set()), daemon=True).start()
        busy = deposits(server, 600, stop)
        process.wait()
        gaps = check(server.database)
    low, high = (rows[int(len(rows) * 0.95)] * 1000 for rows in (peace, busy))
    print(
        f"\ndeposits at another caisse: p95 {low:.0f} ms in peace ({len(peace)}), {high:.0f} ms during the closing"
        f" ({len(busy)}), ratio {high / low:.1f} (aim {DEPOSIT_AIM})"
    )
    if process.returncode or gaps:
        raise SystemExit(f"the closing ended with {process.returncode}; gaps: {gaps}")


def close_only(database):
    with Registry(database).cursor() as cr:
        env = environment(cr)
        close_day(env, env["res.company"].search([("kondo_code", "=", "BIG")]), MONTH_END)


def read_settings(database=TEMPLATE):
    """Odoo's own settings, for what works in this process."""
    config.parse_config(["-c", "odoo.conf", "-d", database, "--no-http", "--workers=0"], setup_logging=True)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loans", type=int, default=100_000)
    parser.add_argument("--savings", type=int, default=300_000)
    parser.add_argument("--double", action="store_true", help="also with twice the population")
    parser.add_argument("--rebuild", action="store_true", help="make the population anew")
    parser.add_argument("--prepare", action="store_true", help="only make the population and print its database")
    parser.add_argument("--no-deposits", action="store_true", help="without the deposits at another caisse")
    parser.add_argument("--close", metavar="DATABASE", help="only close the ordinary day of this database")
    options = parser.parse_args(arguments)
    read_settings(options.close or TEMPLATE)
    if options.close:
        close_only(options.close)
        return
    template = kept(options.loans, options.savings, options.rebuild)
    if options.prepare:
        print(template)
        return
    day, month, base = measure(template)
    print(f"\nordinary day / floor {day / base:.1f} (aim {DAY_AIM}), {day:.0f} s (aim {DAY_SECONDS})")
    print(f"end of a month / floor {month / base:.1f} (aim {MONTH_AIM})")
    if options.double:
        twice = kept(2 * options.loans, 2 * options.savings, options.rebuild)
        more, longer, _base = measure(twice)
        print(f"twice the population: {more / day:.2f} and {longer / month:.2f} times (aim {DOUBLE_AIM})")
    if not options.no_deposits:
        meanwhile(template)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
