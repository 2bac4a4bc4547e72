"""A bad spreadsheet cannot hurt the books: thousands of spoilt lists of salaries, checked and sent in a real caisse.

    python -m tests.faults.files --files 10000

Each file is the same list, spoilt in one of the ways of `batch_files.MUTATIONS`. The caisse refuses it with a reason
in words (and a row where a row is at fault), answers that it has it already, or posts it whole. At the end every
account holds its amount times the number of lists posted: there is no partial batch, and nothing crashed.
"""

import argparse
import base64
import sys
import time
from collections import Counter
from random import Random

from tests.faults.ground import as_user, build, gaps
from tests.server import TEMPLATE, copy_database, drop_database

DATABASE = "kondo_test_files"
PAYMENTS = 30


class Run:
    """One run over a prepared database, with the superuser's environment."""

    def __init__(self, env, files, seed=3):
        self.env = env
        self.files = files
        self.seed = seed
        self.failures = []
        self.outcomes = Counter()
        ground = build(env)
        env.cr.commit()
        self.caisse = env["res.company"].browse(ground["company"])
        accounts = env["kondo.savings.account"].browse([account["id"] for account in ground["accounts"][:PAYMENTS]])
        self.accounts = accounts
        self.amounts = {account.id: 50_000 + 250 * index for index, account in enumerate(accounts)}
        self.before = {account.id: account.balance for account in accounts}
        self.payments = [(account.number, account.partner_id.name, self.amounts[account.id]) for account in accounts]
        self.foreign = env["kondo.savings.account"].browse(ground["stranger"]["account"]).number
        users = env["res.users"]
        self.maker = as_user(env, users.search([("login", "=", ground["accountant"])]))
        self.approver = as_user(env, users.search([("login", "=", "fx.manager.fxa")]))

    def live(self):
        for number in range(self.files):
            name = "?"
            try:
                name, content, good = self.mutated(number)
                self.outcomes[self.send(name, content, good)] += 1
                self.env.cr.commit()
            except Exception as crash:
                self.env.cr.rollback()
                self.env.invalidate_all()
                self.failures.append(f"file {number} ({name}) crashed: {crash!r}")
        self.check_balances()
        self.failures += gaps(self.env)

    def mutated(self, number):
        from odoo.addons.kondo_microfinance.tests.batch_files import mutated

        return mutated(Random(self.seed * 1_000_003 + number), self.payments, self.foreign)

    def send(self, name, content, good):
        """Check a file and, when it is good, send and approve it. Returns what became of it."""
        batch = self.maker["kondo.batch"].create(
            {
                "label": f"Salaires, {name}",
                "account_id": self.caisse._kondo_account("331").id,
                "control_count": PAYMENTS,
                "control_total": sum(self.amounts.values()),
                "file": base64.b64encode(content or b" ").decode(),
                "file_name": "salaires.xlsx",
            }
        )
        action = batch.action_check()
        if action is not True:
            return "answered with the batch that has it"
        if batch.state == "faulty":
            wrong = batch.line_ids.filtered(lambda line: line.state == "error")
            if good:
                self.failures.append(f"a good file was refused ({name}): {batch.fault_note} {wrong.mapped('reason')}")
            if not (batch.fault_note or wrong) or not all(line.row and line.reason for line in wrong):
                self.failures.append(f"a file was refused without a reason ({name})")
            return "refused"
        if batch.warning_count:
            return "left to a person: another name"
        if good is False:
            self.failures.append(f"a spoilt file was taken ({name})")
        batch.action_submit()
        self.env.cr.commit()
        self.approver["kondo.batch"].browse(batch.id).action_approve()
        self.env.invalidate_all()
        return "posted"

    def check_balances(self):
        self.env.invalidate_all()
        for account in self.accounts:
            expected = self.before[account.id] + self.outcomes["posted"] * self.amounts[account.id]
            if account.balance != expected:
                self.failures.append(f"{account.number} holds {account.balance} F instead of {expected}")


def play(database, files):
    """Run in a database that may be spoilt; returns the Run."""
    import odoo.init  # noqa: F401  Odoo's own set-up, before anything else of it
    from odoo import SUPERUSER_ID
    from odoo.api import Environment
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-c", "odoo.conf", "-d", database, "--no-http", "--workers=0"], setup_logging=True)
    with Registry(database).cursor() as cr:
        run = Run(Environment(cr, SUPERUSER_ID, {"lang": "fr_FR", "tracking_disable": True}), files)
        run.live()
    return run


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000)
    options = parser.parse_args(arguments)
    copy_database(TEMPLATE, DATABASE)
    started = time.monotonic()
    try:
        run = play(DATABASE, options.files)
    finally:
        sys.modules["odoo.sql_db"].close_db(DATABASE)
        drop_database(DATABASE)
    print(f"{options.files} files in {time.monotonic() - started:.0f} s")
    for outcome, count in run.outcomes.most_common():
        print(f"  {count:6d} {outcome}")
    for failure in run.failures[:50]:
        print(f"FAILED {failure}")
    return 1 if run.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
