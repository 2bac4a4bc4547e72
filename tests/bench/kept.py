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
    name = f"kondo_bench_closing_{loans}_{savings}"
    population, addons = digests()
    found = marks(name)
    if rebuild or found is None or found.get(MARKS[0]) != population:
        make(name, loans, savings)
    elif found.get(MARKS[1]) != addons:
        print(f"bringing {name} up to date", flush=True)
        command = [sys.executable, "-m", "odoo", "-c", "odoo.conf", "-d", name, "-u", "kondo_microfinance", "--no-http"]
        subprocess.run([*command, "--stop-after-init", "--workers=0"], cwd=ROOT, check=True, capture_output=True)
    else:
        return name
    with closed(postgres(name)) as connection, connection.cursor() as cr:
        for mark in zip(MARKS, (population, addons), strict=True):
            cr.execute(
                """INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)
                   ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value""",
                mark,
            )
        cr.execute("VACUUM ANALYZE")  # what PostgreSQL does by itself before the next evening comes
    return name


def make(name, loans, savings):
    """Enter the population on a copy of the test database, close its first evening, give it its name."""
    print(f"building {loans} loans and {savings} savings accounts", flush=True)
    making = f"{name}_making"
    copy_database(TEMPLATE, making)
    start = perf_counter()
    with Registry(making).cursor() as cr:
        company = Population(environment(cr), loans, savings).company
        cr.commit()
        with closed(postgres(making)) as connection, connection.cursor() as outside:
            outside.execute("VACUUM ANALYZE")
        print(f"  entered in {perf_counter() - start:.0f} s; the first evening follows", flush=True)
        company._open_business_day(ORDINARY)
        cr.commit()
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


def digests():
    """(digest of what makes a population, digest of the add-ons)."""
    ours = [ROOT / "tests" / "bench" / "population.py", ROOT / "tests" / "faults" / "ground.py"]
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
