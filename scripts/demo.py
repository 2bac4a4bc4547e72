"""Fill a freshly installed database with the demonstration network, and write down its logins.

    python -m scripts.demo -c odoo.conf -d kondo_demo --logins-file var/kondo_demo.logins

`kondo_microfinance/demo/network.py` gives `build(env, rooms)` and `LOGINS`: rows of (login, password, role, caisse).
"""

import argparse
import subprocess
import sys
from contextlib import closing
from importlib import import_module
from pathlib import Path

from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

import odoo.init  # noqa: F401  Odoo's own set-up, before anything else of it
from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tools import SQL, config

NETWORK = "odoo.addons.kondo_microfinance.demo.network"
ROOMS = ("odoo.addons.kondo_farmer_orgs.demo.organisations",)  # what other add-ons enter beside it


def speak_french(env):
    """French for everybody: who is there, and who will be created."""
    env["ir.default"].set("res.partner", "lang", "fr_FR")
    people = env["res.users"].with_context(active_test=False).search([]).partner_id
    (people | env["res.company"].search([]).partner_id).write({"lang": "fr_FR"})


def wait_for_disk(database, switch):
    """Whether new connections to the database wait for the disk at each commit."""
    with closing(db_connect("postgres").cursor()) as cr:
        cr._cnx.autocommit = True
        verb = SQL("SET synchronous_commit TO off") if switch == "off" else SQL("RESET synchronous_commit")
        cr.execute(SQL("ALTER DATABASE %s %s", SQL.identifier(database), verb))


def make_bundles(database):
    """The styles and scripts of all pages, so that the first page does not wait for them.

    Beside the building, which writes on the companies all the time: what a transaction sees may change under it.
    """
    with Registry(database).cursor() as cr:
        cr._cnx.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
        Environment(cr, SUPERUSER_ID, {"lang": "fr_FR"})["ir.qweb"]._pregenerate_assets_bundles()


def table(rows):
    """
    >>> print(table([("awa", "mdp", "caissière", "Niono"), ("modibo", "mdp", "gérant", "Niono")]))
    awa     mdp  caissière  Niono
    modibo  mdp  gérant     Niono
    """
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-c", "--config", required=True)
    parser.add_argument("-d", "--database", required=True)
    parser.add_argument("--logins-file", type=Path, required=True)
    parser.add_argument("--logins", action="store_true", help="only write the logins down again")
    parser.add_argument("--bundles", action="store_true", help="only make the bundles of the pages")
    options = parser.parse_args(arguments)

    config.parse_config(["-c", options.config, "-d", options.database, "--no-http", "--workers=0"], setup_logging=True)
    if options.bundles:
        make_bundles(options.database)
        return 0
    network = import_module(NETWORK)
    if not options.logins:
        bundles = subprocess.Popen([sys.executable, "-m", "scripts.demo", *arguments, "--bundles"])
        # A thousand operations commit one by one. A power cut here costs a database that is built again.
        wait_for_disk(options.database, "off")
        with Registry(options.database).cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {"lang": "fr_FR"})
            speak_french(env)
            cr.commit()
            network.build(env, [import_module(room) for room in ROOMS])
        wait_for_disk(options.database, "on")
        if bundles.wait():
            return bundles.returncode
    options.logins_file.write_text(table(network.LOGINS) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
