"""Fill a freshly installed database with the demonstration network, and write down its logins.

    python -m scripts.demo -c odoo.conf -d kondo_demo --logins-file var/kondo_demo.logins

`kondo_microfinance/demo/network.py` gives `build(env)` and `LOGINS`: rows of (person, role, caisse, login, password).
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

import odoo.init  # noqa: F401  Odoo's own set-up, before anything else of it
from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import config

NETWORK = "odoo.addons.kondo_microfinance.demo.network"


def speak_french(env):
    """French for everybody: who is there, and who will be created."""
    env["ir.default"].set("res.partner", "lang", "fr_FR")
    people = env["res.users"].with_context(active_test=False).search([]).partner_id
    (people | env["res.company"].search([]).partner_id).write({"lang": "fr_FR"})


def table(rows):
    """
    >>> print(table([("Awa", "caissière", "awa", "mdp"), ("Modibo", "gérant", "modibo", "mdp")]))
    Awa     caissière  awa     mdp
    Modibo  gérant     modibo  mdp
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
    options = parser.parse_args(arguments)

    config.parse_config(["-c", options.config, "-d", options.database, "--no-http", "--workers=0"], setup_logging=True)
    registry = Registry(options.database)
    network = import_module(NETWORK)
    if not options.logins:
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {"lang": "fr_FR"})
            speak_french(env)
            network.build(env)
            env["ir.qweb"]._pregenerate_assets_bundles()  # so that the first page does not wait for them
    options.logins_file.write_text(table(network.LOGINS) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
