"""How long the evening of a large caisse takes, step by step, beside the least that any program would have to do.

    python -m tests.bench.closing --loans 100000 --savings 300000 [--double] [--no-deposits] [--rebuild]

The population (see `population.py`) is kept between runs in a database named after its size; each run works on a copy.
Closed are an ordinary day and the last of a quarter, when interest on savings is posted too. Printed: seconds and
statements of each step, peak memory of the process and of PostgreSQL's, and the ratio to the floor, which is measured in
the same run: one UPDATE of an accrual of each loan and of each account, one row of a photograph of each; the faster of
two turns counts. Then the entries that one `account.move` per due loan would take, on 1 000 loans, and the latency of
deposits at another caisse while the ordinary day is closed, beside the same in peace.

Aims: an ordinary day at most 5 floors and 40 s, a month end at most 10 floors, twice the population at most 2.2 times the
time, the p95 of deposits at most twice as long.
"""

import argparse
import resource
import sys
from pathlib import Path
from time import perf_counter

import odoo.init  # noqa: F401  Odoo's own set-up, before anything else of it
from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

from tests.bench.kept import environment, kept
from tests.bench.meanwhile import BEGINS, deposits
from tests.bench.population import AFTER, MONTH_END
from tests.server import TEMPLATE, close_connections, copy_database, drop_database

DAY_AIM, DAY_SECONDS, MONTH_AIM, DOUBLE_AIM, DEPOSIT_AIM = 5, 40, 10, 2.2, 2
NOTABLE = 0.05  # seconds from which a step has a line of its own


# ------------------------------------------------------------------ closing
def close_day(env, company, until):
    """Close the caisse's day; [(code, seconds, statements, result)] of its steps, and the seconds of all."""
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
    if closing.state != "done" or company.business_date != until:
        raise SystemExit(f"the day of {date} is not closed: {closing.failure}")
    return [(step.code, step.seconds, counts.get(step.code, 0), step.result) for step in closing.step_ids], seconds


def floor(cr, company_id):
    """Seconds of the smallest SQL that accrues every loan and account and photographs each; undone."""
    start = perf_counter()
    cr.execute("UPDATE kondo_loan SET accrued = accrued + 1 WHERE company_id = %s", [company_id])
    cr.execute("UPDATE kondo_savings_account SET blocked = blocked + 0 WHERE company_id = %s", [company_id])
    cr.execute(
        """INSERT INTO kondo_snapshot_loan (company_id, date, loan_id, days_late, principal, late, accrued, provision, needed,
                                            deposits)
           SELECT company_id, '2000-01-01', id, COALESCE(days_late, 0), principal, amount_late, accrued, provision, provision, 0
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


def one_entry_per_loan(env, company, count=1000):
    """Entries a second when each due loan has a journal entry of its own, created and posted by Odoo; undone."""
    loans = env["kondo.loan"].search([("company_id", "=", company.id), ("state", "=", "active")], limit=count)
    bank = company._kondo_account("1141").id
    income = loans[0].product_id._account("interest_income", "short").id
    start = perf_counter()
    for loan in loans:
        sides = [
            {"account_id": bank, "debit": 100, "credit": 0, "partner_id": loan.partner_id.id},
            {"account_id": income, "debit": 0, "credit": 100, "partner_id": loan.partner_id.id},
        ]
        entry = {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": company.general_journal_id.id,
            "date": company.business_date,
            "ref": loan.name,
            "line_ids": [(0, 0, side) for side in sides],
        }
        env["account.move"].create(entry).action_post()
    seconds = perf_counter() - start
    env.cr.rollback()
    return len(loans) / seconds


def server_memory(cr):
    """The most megabytes that a PostgreSQL process of this database has held, shared buffers included; 0 when elsewhere."""
    cr.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    peaks = [0]
    for (pid,) in cr.fetchall():
        status = Path(f"/proc/{pid}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        peaks += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
    return max(peaks)


# ------------------------------------------------------------------ what is printed
def verdict(value, aim):
    return f"{value:.1f} (aim {aim}: {'met' if value <= aim else 'MISSED'})"


def show(title, steps, seconds, base, aim):
    print(f"\n{title}: {seconds:.1f} s, floor {base:.1f} s, ratio {verdict(seconds / base, aim)}")
    for code, took, statements, result in steps:
        if took >= NOTABLE:
            print(f"  {code:20} {took:8.2f} s {statements:6} statements  {result or ''}")
    rest = [step for step in steps if step[1] < NOTABLE]
    print(f"  {len(rest)} other steps     {sum(step[1] for step in rest):8.2f} s", flush=True)


def measure(template):
    """Close the two evenings on a copy; (seconds of the ordinary day, of the month end)."""
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
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"\npeak memory: {memory:.0f} MB in this process, {server_memory(cr):.0f} MB in PostgreSQL's")
            rate = one_entry_per_loan(env, company)
            cr.execute("SELECT count(*) FROM kondo_loan WHERE company_id = %s AND state = 'active'", [company.id])
            (loans,) = cr.fetchone()
            print(
                f"one account.move per due loan: {rate:.0f} a second, {loans / rate:.0f} s for {loans} loans",
                flush=True,
            )
        return ordinary[1], month[1]
    finally:
        close_connections(database)
        drop_database(database)


def show_deposits(template, seconds=15):
    peace, busy, gaps = deposits(template, seconds)
    for name, tally in (("in peace", peace), ("during the closing", busy)):
        print(f"\ndeposits at another caisse {name}: {tally.results}, p50, p95, max ms {tally.milliseconds()}", end="")
    print(f"\np95 {verdict(busy.percentile(95) / peace.percentile(95), DEPOSIT_AIM)}")
    if gaps:
        raise SystemExit(f"faults: {gaps}")


def close_only(database):
    with Registry(database).cursor() as cr:
        env = environment(cr)
        company = env["res.company"].search([("kondo_code", "=", "BIG")])
        print(BEGINS, flush=True)
        close_day(env, company, MONTH_END)


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
    day, month = measure(template)
    print(f"\nordinary day in seconds: {verdict(day, DAY_SECONDS)}")
    if not options.no_deposits:
        show_deposits(template)
    if options.double:
        more, longer = measure(kept(2 * options.loans, 2 * options.savings, options.rebuild))
        print(f"\ntwice the population, ordinary day: {verdict(more / day, DOUBLE_AIM)}")
        print(f"twice the population, month end: {verdict(longer / month, DOUBLE_AIM)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
