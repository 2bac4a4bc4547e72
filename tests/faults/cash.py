"""Two thousand random days of a caisse's cash through the real doors (R8).

    python -m tests.faults.cash --days 2000

Each day the vault is supplied, two tills open, members come, cash goes back, tills are counted with now and then a
difference, and the business day ends. After each step what the model of `engine/till_model.py` says is compared with
the tills, the vault, the general ledger, the suspense accounts and the members' money: theory = opening + in - out,
differences posted, tills + vault = ledger. Everything is committed, in a copy of the database that is dropped.
"""

import argparse
import random
import sys
import time
import unittest

from tests.server import TEMPLATE, copy_database, drop_database


def play(env, days, seed, say=print):
    """Live `days` days; returns (steps compared, steps refused). An AssertionError says what does not agree."""
    from odoo.addons.kondo_microfinance.tests.cash_doors import CashDoors
    from odoo.addons.kondo_microfinance.tests.common import KondoFixture

    class Stage(KondoFixture, unittest.TestCase):
        def runTest(self):
            """Needed to be made at all; the days are played by the caller."""

    Stage.env = env
    Stage.build_network()
    doors = CashDoors(Stage(), commit=Stage.env.cr.commit)
    dice = random.Random(seed)
    started = time.monotonic()
    for done in range(0, days, 50):
        doors.live(dice, days=min(50, days - done))
        Stage.env.cr.execute("ANALYZE account_move, account_move_line, kondo_operation, kondo_operation_line")
        Stage.env.cr.commit()
        say(f"{min(done + 50, days):5} days, {doors.compared} steps, {time.monotonic() - started:.0f} s")
    service = Stage.env["kondo.reconciliation"]
    gaps = [row for row in service._reconcile(Stage.nio) if row["gap"]] + service._sub_account_gaps(Stage.nio)
    if gaps:
        raise AssertionError(f"The books do not agree: {gaps}")
    return doors.compared, doors.refused


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--database", default=TEMPLATE, help=f"database to copy ({TEMPLATE})")
    options = parser.parse_args(arguments)

    import odoo.init  # noqa: F401  Odoo's own set-up, before anything else of it
    from odoo import SUPERUSER_ID
    from odoo.api import Environment
    from odoo.modules.registry import Registry
    from odoo.sql_db import close_db
    from odoo.tools import config

    database = f"{options.database}_cash"
    copy_database(options.database, database)
    try:
        config.parse_config(["-c", "odoo.conf", "-d", database, "--no-http", "--workers=0"], setup_logging=True)
        with Registry(database).cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {"lang": "fr_FR", "tracking_disable": True})
            compared, refused = play(env, options.days, options.seed)
    finally:
        close_db(database)
        drop_database(database)
    print(f"{options.days} days, {compared} steps agree with the model, {refused} of them refused by both.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
