"""A closing that is killed again and again ends with the same books as one that nobody disturbs.

    python -m tests.faults.closing --kills 40

A caisse with loans and savings closes an ordinary day and the last of a month. Undisturbed, that gives a book hash. Then,
on fresh copies, the process that closes is killed (-9) at a random moment, three times out of four; else the database's
process is, which makes PostgreSQL crash and recover. Each time the closing is simply started again until it ends: the hash
must be the same, no lock may be left, and running every step a second time must post nothing.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing as closed
from pathlib import Path

import psycopg2

import odoo.init  # noqa: F401  Odoo's own set-up, before anything else of it

from tests.bench.population import AFTER, MONTH_END
from tests.server import close_connections, copy_database, drop_database, postgres

ROOT = Path(__file__).resolve().parents[2]
COMPANY = "BIG"


# ------------------------------------------------------------------ in the process that is killed
def work(database):
    """Close what is left up to the first day of the next month; prints "begin", then the seal of the books at the end, and
    the seal once every step of the last evening has been run a second time.
    """
    from odoo import SUPERUSER_ID
    from odoo.api import Environment
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-c", "odoo.conf", "-d", database, "--no-http", "--workers=0"], setup_logging=True)
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {"lang": "fr_FR", "tracking_disable": True})
        company = env["res.company"].search([("kondo_code", "=", COMPANY)])
        print("begin", flush=True)
        for day in (MONTH_END, AFTER):
            cr.commit()
            env.invalidate_all()
            if company.business_date < day:
                company._open_business_day(day)
        cr.commit()
        print("seal", env["kondo.reconciliation"]._book_hash(company), flush=True)
        for _sequence, _code, model, method in sorted(company._day_end_steps()):
            getattr(env[model], method)(company, MONTH_END, AFTER)  # the whole evening once more
            cr.commit()
        print("again", env["kondo.reconciliation"]._book_hash(company), flush=True)


# ------------------------------------------------------------------ outside
def prepare(loans, savings, *options):
    """The database of a population, made in a process of its own when it is missing."""
    command = [
        sys.executable,
        "-m",
        "tests.bench.closing",
        "--prepare",
        "--loans",
        str(loans),
        "--savings",
        str(savings),
    ]
    done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode:
        raise RuntimeError(f"The population could not be made:\n{done.stderr[-3000:]}")
    return done.stdout.splitlines()[-1]


class Scene:
    """Copies of one population, and processes that close it."""

    def __init__(self, template, seed=1):
        self.template = template
        self.database = f"{template}_kill"
        self.random = random.Random(seed)
        self.failures = []
        self.errors = tempfile.TemporaryFile("w+")
        self.fresh()
        start = time.monotonic()
        self.seal = self.finish()
        self.seconds = max(1.0, time.monotonic() - start - self.begins)
        self.operations = self.count()

    def fresh(self):
        """A copy of the population, on disk: the sequences of a database that was just copied go back in a crash before
        the first checkpoint, which no database at work is.
        """
        close_connections(self.database)
        copy_database(self.template, self.database)
        with closed(postgres()) as connection, connection.cursor() as cr:
            cr.execute("CHECKPOINT")

    def start(self):
        """A process that closes; returns once it has begun."""
        started = time.monotonic()
        command = [sys.executable, "-m", "tests.faults.closing", "--work", self.database]
        self.errors.seek(0)
        self.errors.truncate()
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=self.errors, text=True, start_new_session=True
        )
        for line in process.stdout:
            if line.strip() == "begin":
                break
        self.begins = time.monotonic() - started
        return process

    def finish(self):
        """Close to the end, nobody disturbing; the seal of the books, or why it did not end."""
        process = self.start()
        output, _errors = process.communicate(timeout=600)
        seals = dict(line.split() for line in output.splitlines() if line.startswith(("seal ", "again ")))
        if process.returncode == 0 and seals.get("again") != seals.get("seal"):
            self.failures.append("a second run of every step posted something")
        if process.returncode:
            self.errors.seek(0)
            return f"none: {self.errors.read()[-2000:]}"
        return seals.get("seal")

    def kill(self, database_too):
        """Start a closing and kill it, or the database's process under it, at a random moment."""
        process = self.start()
        time.sleep(self.random.uniform(0, self.seconds))
        if database_too:
            with closed(postgres()) as connection, connection.cursor() as cr:
                cr.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [self.database])
                pids = [pid for (pid,) in cr.fetchall()]
            if pids:
                os.kill(self.random.choice(pids), signal.SIGKILL)
            process.wait(timeout=600)
            self.wait_for_postgres()
        else:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stdout.close()

    def wait_for_postgres(self):
        """PostgreSQL recovers by itself; it answers again when that is over."""
        for _attempt in range(120):
            try:
                postgres().close()
                return
            except psycopg2.OperationalError:
                time.sleep(0.5)
        raise RuntimeError("PostgreSQL has not come back")

    def query(self, query):
        with closed(postgres(self.database)) as connection, connection.cursor() as cr:
            cr.execute(query)
            return cr.fetchall()

    def count(self):
        return self.query("SELECT count(*) FROM kondo_operation")[0][0]

    def play(self, database_too=False):
        """One kill, then to the end; whether the closing had been caught before its end."""
        self.fresh()
        self.kill(database_too)
        what = "database" if database_too else "process"
        caught = self.query(
            f"SELECT count(*) FROM res_company WHERE kondo_code = '{COMPANY}' AND business_date < '{AFTER}'"
        )[0][0]
        seal = self.finish()
        if seal != self.seal:
            self.failures.append(f"{what} killed: the books are {seal}, not {self.seal}")
        locks = self.query(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE l.locktype = 'advisory' AND d.datname = current_database()"
        )[0][0]
        if locks:
            self.failures.append(f"{what} killed: {locks} locks are left")
        if self.count() != self.operations:
            self.failures.append(f"{what} killed: {self.count()} operations, not {self.operations}")
        return bool(caught)

    def end(self):
        close_connections(self.database)
        drop_database(self.database)


def may_checkpoint():
    """Whether the database role can put a copy on disk before it is disturbed."""
    with closed(postgres()) as connection, connection.cursor() as cr:
        cr.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return cr.fetchone()[0]


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--loans", type=int, default=3000)
    parser.add_argument("--savings", type=int, default=9000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", metavar="DATABASE", help="only close the days of this database")
    options = parser.parse_args(arguments)
    if options.work:
        work(options.work)
        return 0
    if not may_checkpoint():
        print(
            "The database role of this command must be a superuser, on a server of its own: it makes PostgreSQL crash, and"
            " what other databases of the server are doing with it.",
            file=sys.stderr,
        )
        return 2
    scene = Scene(prepare(options.loans, options.savings), options.seed)
    print(f"undisturbed: {scene.seconds:.1f} s, {scene.operations} operations, {scene.seal[:16]}", flush=True)
    caught = 0
    try:
        for number in range(options.kills):
            caught += scene.play(database_too=number % 4 == 3)
            print(f"{number + 1} of {options.kills}, {len(scene.failures)} failures", flush=True)
    finally:
        scene.end()
    for failure in scene.failures:
        print(failure, file=sys.stderr)
    print(f"{options.kills - len(scene.failures)} of {options.kills} seals equal; {caught} caught before the end")
    return 1 if scene.failures or not caught else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
