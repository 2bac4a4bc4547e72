"""A real server over a real database, for what a test inside one transaction cannot show.

    with Server("withdrawals") as server:
        teller = server.client("admin", "admin")
        ...

Odoo's own HttpCase serves every request from the test's one cursor: nothing is committed and nothing runs at the same
time. Here Odoo runs in processes of its own, with several workers, on a copy of the test database that is dropped at
the end. The copy shows what `./test` installed, and every commit in it is true.
"""

import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import requests
from psycopg2 import sql

from tests.client import Client

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = os.environ.get("KONDO_TEST_DATABASE", "kondo_test")
LOGS = ROOT / "var" / "log"

_logger = logging.getLogger(__name__)


def postgres(database="postgres"):
    """A connection outside Odoo, committing each statement; where to is said by PG* variables, as for psql."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def filestore(database):
    return ROOT / "var" / "data" / "filestore" / database


def close_connections(database):
    """Free a database of whoever of ours is connected, this process first: PostgreSQL copies only a database at rest.

    PostgreSQL's own vacuum processes belong to no user: ending them takes a superuser, and `CREATE DATABASE` ends them
    itself.
    """
    if "odoo.sql_db" in sys.modules:
        sys.modules["odoo.sql_db"].close_db(database)
    with closing(postgres()) as connection, connection.cursor() as cr:
        cr.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()
            """,
            [database],
        )


def drop_database(database):
    """Drop a database and its files. PostgreSQL itself ends its vacuum processes there; ours are ended first."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database))
    with closing(postgres()) as connection, connection.cursor() as cr:
        for attempt in range(5):
            close_connections(database)
            try:
                cr.execute(drop)
                break
            except psycopg2.errors.ObjectInUse:  # somebody connected in between
                if attempt == 4:
                    raise
                time.sleep(0.5)
    shutil.rmtree(filestore(database), ignore_errors=True)


def copy_database(template, database):
    """Copy a database and its files, replacing an older copy of that name."""
    drop_database(database)
    with closing(postgres()) as connection, connection.cursor() as cr:
        cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if not cr.fetchone():
            raise RuntimeError(f"There is no database {template}: build it with ./test --prepare")
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(database), sql.Identifier(template))
        for attempt in range(5):
            close_connections(template)
            try:
                cr.execute(copy)
                break
            except psycopg2.errors.ObjectInUse:  # somebody connected in between
                if attempt == 4:
                    raise
                time.sleep(0.5)
    if filestore(template).exists():
        shutil.copytree(filestore(template), filestore(database))


class Server:
    """Odoo with several workers on its own copy of the test database.

    :param name: names the database (`kondo_test_NAME`) and the log (`var/log/server-NAME.log`)
    :param workers: processes that answer requests; 0 is one process with threads
    :param jobs: run background jobs (queue_job) as well
    :param options: more options of Odoo's command line
    :param template: the database to copy

    `kill` and `restart` are for tests of what a crash leaves behind: `kill` gives the processes no chance to tidy up,
    and the database stays as it is until the end of the `with` block.
    """

    def __init__(self, name, workers=4, jobs=False, options=(), template=TEMPLATE):
        self.name = name
        self.template = template
        self.database = f"{template}_{name}"
        self.workers = workers
        self.jobs = jobs
        self.options = list(options)
        self.log = LOGS / f"server-{name}.log"
        self.port = None
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        copy_database(self.template, self.database)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.unlink(missing_ok=True)
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        self.stop()
        drop_database(self.database)

    def start(self):
        """Start, and return when every worker can answer."""
        self.port = free_port()
        command = [
            sys.executable, "-m", "odoo", "-c", "odoo.conf",
            "-d", self.database, "--db-filter", f"^{self.database}$",
            "--http-port", str(self.port), "--gevent-port", str(free_port()),
            "--workers", str(self.workers), "--max-cron-threads", "0",
            "--logfile", str(self.log), *self.options,
        ]  # fmt: skip
        environment = dict(os.environ)
        environment.pop("ODOO_QUEUE_JOB_CHANNELS", None)
        if not self.jobs:
            environment["ODOO_QUEUE_JOB_CHANNELS"] = "root:0"
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait_until_ready()

    def _wait_until_ready(self, seconds=120):
        deadline = time.monotonic() + seconds
        with requests.Session() as session:
            session.trust_env = False
            while True:
                if self.process.poll() is not None:
                    raise RuntimeError(f"The server ended by itself, see {self.log}\n{self.log_tail()}")
                try:
                    # the login page needs the registry; /web/health alone would answer before it is loaded
                    if session.get(f"{self.url}/web/login", timeout=seconds).status_code == 200:
                        return
                except requests.RequestException:
                    pass
                if time.monotonic() > deadline:
                    raise RuntimeError(f"The server does not answer, see {self.log}\n{self.log_tail()}")
                time.sleep(0.1)

    def log_tail(self, lines=30):
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def client(self, login=None, password=None, timeout=60):
        """A client of this server, logged in when a login is given (the password is the login unless said)."""
        client = Client(self.url, self.database, timeout)
        return client.authenticate(login, login if password is None else password) if login else client

    def query(self, query, parameters=()):
        """The rows of a query on what the server committed."""
        with closing(postgres(self.database)) as connection, connection.cursor() as cr:
            cr.execute(query, parameters)
            return cr.fetchall()

    def stop(self):
        """Ask the server to end, and wait for it."""
        self._end(signal.SIGTERM)

    def kill(self):
        """End all its processes at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def restart(self):
        """Start again after `stop` or `kill`, on a new port; earlier clients have to be made anew."""
        self.stop()
        self.start()

    def _end(self, how):
        if self.process is None:
            return
        group = self.process.pid
        try:
            if how == signal.SIGTERM:
                self.process.terminate()
                self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            _logger.info("%s does not end by itself", self.database)
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process = None
