"""Fifty people withdraw from one account at the same moment, and the money is enough for ten.

    python -m tests.faults.withdrawals --rounds 20

Each round, 50 withdrawals go out together on connections of their own, through eight tills, to a real server with
several workers: exactly 10 must be paid and 40 refused in words; no crash, no lost answer. The same with a blocked
amount on the account, with transfers and withdrawals against each other, and with transfers that cross. At the end
sub-ledger, general ledger and balances must agree.

JSON-RPC gives errors with HTTP 200: what is counted is the answer, not the status. Odoo's listening queue is 8 per
worker, shorter than 50 connections: some wait a whole second to be connected at all. Fifty calls that do nothing are
timed in the same run to show that wait; where the money is for ten, no answer may come later than 1.5 s after the
slowest of them (the transfers that cross are fifty whole postings: they take what that takes).
"""

import argparse
import sys
from contextlib import contextmanager
from uuid import uuid4

from tests.client import Client
from tests.faults.crowd import Desk, Tally, together
from tests.faults.ground import BLOCKED, check, prepare
from tests.server import TEMPLATE, Server

PEOPLE = 50
PAID = 10
AMOUNT = 10_000
SLACK = 1.5


class Scene:
    """A server with its ground: accounts, and tellers who are logged in."""

    def __init__(self, url, database):
        self.url = url
        self.database = database
        self.ground = prepare(database)
        self.desks = [Desk(url, database, person) for person in self.ground.tellers]

    def account(self, index):
        return self.ground.accounts[index]["id"]

    def deposit(self, account, amount):
        """Put money on an account; returns its balance."""
        answer = self.desks[0].submit("deposit", str(uuid4()), account_id=account, amount=amount)
        if answer.kind != "result":
            raise RuntimeError(f"A deposit was not taken: {answer.value}")
        return answer.value["balance_after"]

    def withdraw(self, account, amount):
        answer = self.desks[0].submit("withdrawal", str(uuid4()), account_id=account, amount=amount)
        if answer.kind != "result":
            raise RuntimeError(f"A withdrawal was not paid: {answer.value}")

    def fill(self, account, balance):
        """Bring an account to exactly `balance` francs, by operations like any other."""
        before = self.deposit(account, balance + AMOUNT)
        if before > balance:
            self.withdraw(account, before - balance)

    def crowd(self, kind, account, people=PEOPLE, **values):
        """One call for each of `people`, spread over the tills."""
        desks = [self.desks[index % len(self.desks)] for index in range(people)]
        return [
            lambda desk=desk: desk.submit(kind, str(uuid4()), account_id=account, amount=AMOUNT, **values)
            for desk in desks
        ]

    def queueing(self, people=PEOPLE):
        """As many calls that do nothing: what it costs to be connected."""

        def nothing():
            with Client(self.url, self.database) as client:
                return client.ask("res.users", "no_such_method")

        tally = Tally()
        tally.latencies = [answer.seconds for answer in together([nothing] * people)]
        return tally


def verdict(tally, paid, refused):
    """Why a round failed, or None."""
    if tally.faults:
        return f"{len(tally.faults)} answers that are neither paid nor refused: {tally.faults[0][:200]}"
    if (tally.results, tally.refusals) != (paid, refused):
        return f"{tally.results} paid and {tally.refusals} refused instead of {paid} and {refused}"
    if not all(tally.sentences):
        return "a refusal without a sentence"
    return None


# ------------------------------------------------------------------ the rounds
def plain(scene):
    """50 withdrawals, money for 10."""
    scene.fill(scene.account(1), PAID * AMOUNT)
    tally = Tally().add(together(scene.crowd("withdrawal", scene.account(1))))
    return tally, verdict(tally, PAID, PEOPLE - PAID)


def blocked(scene):
    """The same, with a blocked amount that must stay."""
    scene.fill(scene.account(0), PAID * AMOUNT + BLOCKED)
    tally = Tally().add(together(scene.crowd("withdrawal", scene.account(0))))
    return tally, verdict(tally, PAID, PEOPLE - PAID)


def mixed(scene):
    """25 withdrawals and 25 transfers to another account, money for 10 of either."""
    scene.fill(scene.account(2), PAID * AMOUNT)
    half = PEOPLE // 2
    calls = scene.crowd("withdrawal", scene.account(2), half)
    calls += scene.crowd("transfer", scene.account(2), half, counter_account_id=scene.account(3))
    tally = Tally().add(together(calls))
    return tally, verdict(tally, PAID, PEOPLE - PAID)


def crossed(scene):
    """25 transfers one way and 25 the other, money for all: none may wait for another for ever."""
    half = PEOPLE // 2
    for index in (4, 5):
        scene.fill(scene.account(index), half * AMOUNT)
    calls = scene.crowd("transfer", scene.account(4), half, counter_account_id=scene.account(5))
    calls += scene.crowd("transfer", scene.account(5), half, counter_account_id=scene.account(4))
    tally = Tally().add(together(calls))
    return tally, verdict(tally, PEOPLE, 0)


VARIANTS = {"plain": plain, "blocked": blocked, "mixed": mixed, "crossed": crossed}


def play(scene, rounds, variant_rounds, say=print):
    """Play the rounds. Returns (failures as text, whether every answer came in time)."""
    failures = []
    queue, ten_paid = Tally(), Tally()
    say(f"{'round':14} {'paid':>5} {'refused':>8}   p50     p95     max ms")
    for name, count in {variant: rounds if variant == "plain" else variant_rounds for variant in VARIANTS}.items():
        for index in range(1, count + 1):
            if index % 4 == 1:
                queue.latencies += scene.queueing().latencies
            tally, failure = VARIANTS[name](scene)
            if name != "crossed":
                ten_paid.latencies += tally.latencies
            say(f"{name:9} {index:4} {tally.results:5} {tally.refusals:8} {tally.milliseconds()}  {failure or ''}")
            if failure:
                failures.append(f"{name} {index}: {failure}")
    for gap in check(scene.database):
        failures.append(f"The books do not agree: {gap}")
    late = ten_paid.percentile(100) - queue.percentile(100)
    say(f"{'money for ten, all rounds':29} {ten_paid.milliseconds()}")
    say(f"{'50 calls that do nothing':29} {queue.milliseconds()}")
    say(f"The last answer came {late:.2f} s beyond the queueing of {PEOPLE} connections (at most {SLACK} s).")
    return failures, late <= SLACK


@contextmanager
def place(options):
    """The server of --url, or one of our own on a copy of a database, dropped at the end."""
    if options.url:
        yield Scene(options.url, options.database)
        return
    with Server("withdrawals", workers=options.workers, template=options.database) as server:
        yield Scene(server.url, server.database)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20, help="plain rounds (20); the variants get a quarter of it")
    parser.add_argument("--database", default=TEMPLATE, help=f"database to copy, or that of --url ({TEMPLATE})")
    parser.add_argument("--url", help="a server that runs already; its database is written to")
    parser.add_argument("--workers", type=int, default=4, help="processes of our own server (4)")
    options = parser.parse_args(arguments)
    with place(options) as scene:
        failures, in_time = play(scene, options.rounds, max(1, options.rounds // 4))
    for failure in failures:
        print(failure, file=sys.stderr)
    print("FAILED" if failures or not in_time else "Every round as it must be, and the books agree.")
    return 1 if failures or not in_time else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
