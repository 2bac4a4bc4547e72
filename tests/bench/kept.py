"""The database of a population, kept between runs: made when it is missing, brought up to date when the add-ons changed."""

import hashlib
import subprocess
import sys
from contextlib import closing as closed
from pathlib import Path
from time import perf_counter

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry

from tests.bench.population import ORDINARY, Population
from tests.server import TEMPLATE, close_connections, copy_database, drop_database, postgres

ROOT = Path(__file__).resolve().parents[2]
MARKS = ("kondo_bench.population", "kondo_bench.addons")


def environment(cr):
    return Environment(cr, SUPERUSER_ID, {"lang": "fr_FR", "tracking_disable": True})


def kept(loans, savings, rebuild=False):
    """The name of the database of a population, the first evening behind it."""

    def enter(cr, vacuum):
        print(f"building {loans} loans and {savings} savings accounts", flush=True)
        start = perf_counter()
        company = Population(environment(cr), loans, savings).company
        cr.commit()
        vacuum()
        print(f"  entered in {perf_counter() - start:.0f} s; the first evening follows", flush=True)
        company._open_business_day(ORDINARY)
        cr.commit()

    ours = [ROOT / "tests" / "bench" / "population.py", ROOT / "tests" / "faults" / "ground.py"]
    return keep(f"kondo_bench_closing_{loans}_{savings}", ours, enter, rebuild)


def keep(name, ours, enter, rebuild=False, addon="kondo_microfinance"):
    """The name of a database, made when it is missing or `ours` changed, brought up to date when the add-ons changed.

    :param ours: files that say what is in it
    :param enter: function (cursor, function that vacuums) that fills a copy of the test database
    :param addon: what is brought up to date, with all that builds on it
    """
    contents, addons = digests(ours)
    found = marks(name)
    if rebuild or found is None or found.get(MARKS[0]) != contents:
        make(name, enter)
    elif found.get(MARKS[1]) != addons:
        print(f"bringing {name} up to date", flush=True)
        command = [sys.executable, "-m", "odoo", "-c", "odoo.conf", "-d", name, "-u", addon, "--no-http"]
        subprocess.run([*command, "--stop-after-init", "--workers=0"], cwd=ROOT, check=True, capture_output=True)
    else:
        return name
    with closed(postgres(name)) as connection, connection.cursor() as cr:
        for mark in zip(MARKS, (contents, addons), strict=True):
            cr.execute(
                """INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)
                   ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value""",
                mark,
            )
        cr.execute("VACUUM ANALYZE")  # what PostgreSQL does by itself before the next evening comes
    return name


def make(name, enter):
    """Fill a copy of the test database, then give it its name."""
    making = f"{name}_making"

    def vacuum():
        with closed(postgres(making)) as connection, connection.cursor() as outside:
            outside.execute("VACUUM ANALYZE")

    copy_database(TEMPLATE, making)
    with Registry(making).cursor() as cr:
        enter(cr, vacuum)
    close_connections(making)
    drop_database(name)
    with closed(postgres()) as connection, connection.cursor() as cr:
        cr.execute(f"ALTER DATABASE {making} RENAME TO {name}")


def marks(name):
    """What a kept database was made of: {mark: digest}, None when there is no such database."""
    with closed(postgres()) as connection, connection.cursor() as cr:
        cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cr.fetchone():
            return None
    with closed(postgres(name)) as connection, connection.cursor() as cr:
        cr.execute("SELECT key, value FROM ir_config_parameter WHERE key = ANY(%s)", [list(MARKS)])
        return dict(cr.fetchall())


def digests(ours):
    """(digest of what makes the contents, digest of the add-ons)."""
    addons = [
        path
        for path in (ROOT / "addons").rglob("*")
        if path.suffix in (".py", ".xml", ".csv") and "tests" not in path.parts and "static" not in path.parts
    ]
    return tuple(_digest(paths) for paths in (ours, sorted(addons)))


def _digest(paths):
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()
