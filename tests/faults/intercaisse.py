"""Two caisses serve each other's members at the same moment, over one network that always nets to zero (R14).

    python -m tests.faults.intercaisse --rounds 10

Each round, transfers go out together from caisse A to accounts of B and from B to the same accounts of A, with
deposits and withdrawals between them, on a real server with several workers: every one is posted on both sides or
refused in words, none waits for another for ever. One UUID sent five times over is one operation. Then the server is
killed in the middle of such a crowd: what it had begun has left nothing. After each round the liaison accounts cancel
out over the network, per pair and per UUID, and the books agree.
"""

import argparse
import sys
import threading
import time
from uuid import uuid4

from tests.faults.crowd import Desk, Tally, together
from tests.faults.ground import check, prepare
from tests.server import TEMPLATE, Server

FILL = 5_000_000
GAPS = """
WITH legs AS (
    SELECT o.uuid, l.company_id AS here, other.id AS there, l.amount
      FROM kondo_operation_line l
      JOIN kondo_operation o ON o.id = l.operation_id
      JOIN account_account a ON a.id = l.account_id AND a.kondo_control = 'liaison'
      JOIN res_company other ON other.partner_id = l.partner_id
)
SELECT 'network', sum(amount)::text FROM legs HAVING sum(amount) <> 0
UNION ALL
SELECT 'pair', least(here, there) || '-' || greatest(here, there) FROM legs
 GROUP BY least(here, there), greatest(here, there) HAVING sum(amount) <> 0
UNION ALL
SELECT 'uuid', uuid FROM legs GROUP BY uuid HAVING sum(amount) <> 0 OR count(DISTINCT here) <> 2
UNION ALL
SELECT 'link', i.uuid FROM kondo_intercaisse i
 WHERE (SELECT count(*) FROM kondo_operation o WHERE o.uuid = i.uuid AND o.state = 'posted') <> 2
UNION ALL
SELECT 'sides', o.uuid FROM kondo_operation o WHERE o.kind LIKE 'remote\\_%%'
 GROUP BY o.uuid HAVING count(*) <> 2
"""


class Scene:
    """Tellers of both caisses and accounts on either side, filled."""

    def __init__(self, server):
        self.server = server
        self.ground = prepare(server.database)
        self.near = [Desk(server.url, server.database, person) for person in self.ground.tellers]
        self.far = Desk(server.url, server.database, self.ground.stranger)
        self.accounts = self.ground.accounts[:6]
        [(number,)] = server.query(
            "SELECT number FROM kondo_savings_account WHERE id = %s", [self.ground.stranger["account"]]
        )
        self.far_account = {"id": self.ground.stranger["account"], "number": number}
        for account in self.accounts:
            self.must(self.near[0].submit("deposit", str(uuid4()), account_id=account["id"], amount=FILL))
        self.must(self.far.submit("deposit", str(uuid4()), account_id=self.far_account["id"], amount=FILL))

    def must(self, answer):
        if answer.kind != "result":
            raise RuntimeError(f"The ground could not be filled: {answer.value}")

    def crowd(self, size):
        """Calls that cross: A to B and B to A on the same accounts, and cash at both counters."""
        calls = []
        for index in range(size):
            desk = self.near[index % len(self.near)]
            own = self.accounts[index % len(self.accounts)]
            calls.append(
                lambda desk=desk, own=own: desk.submit(
                    "remote_transfer",
                    str(uuid4()),
                    account_id=own["id"],
                    account_number=self.far_account["number"],
                    amount=1_000,
                )
            )
            calls.append(
                lambda own=own: self.far.submit(
                    "remote_transfer",
                    str(uuid4()),
                    account_id=self.far_account["id"],
                    account_number=own["number"],
                    amount=700,
                )
            )
            if index % 3 == 0:
                calls.append(
                    lambda desk=desk: desk.submit(
                        "remote_withdrawal",
                        str(uuid4()),
                        account_number=self.far_account["number"],
                        amount=500,
                        identity="NINA 1",
                    )
                )
                calls.append(
                    lambda own=own: self.far.submit(
                        "remote_deposit", str(uuid4()), account_number=own["number"], amount=900, bearer="Un passant"
                    )
                )
        return calls

    def gaps(self):
        return [f"{what}: {value}" for what, value in self.server.query(GAPS)] + check(self.server.database)


def play(scene, rounds, size=10, say=print):
    """The rounds; returns what failed, as lines of text."""
    failures = []
    for index in range(1, rounds + 1):
        calls = scene.crowd(size)
        tally = Tally().add(together(calls))
        say(f"crossed {index:4} {tally.results:5} {tally.refusals:5} {tally.milliseconds()}")
        failures += tally.faults
        if tally.results != len(calls):
            failures.append(f"round {index}: {tally.results} of {len(calls)} posted: {sorted(tally.sentences)}")
        failures += scene.gaps()
    key = str(uuid4())
    again = [
        lambda: scene.near[0].submit(
            "remote_deposit", key, account_number=scene.far_account["number"], amount=1_234, bearer="Un passant"
        )
    ] * 5
    answers = together(again)
    operations = {answer.value["operation_id"] for answer in answers if answer.kind == "result"}
    if len(operations) != 1 or any(answer.kind != "result" for answer in answers):
        failures.append(f"one UUID sent five times: {[answer.kind for answer in answers]}, {operations}")
    return failures + scene.gaps()


def posted(scene):
    return scene.server.query("SELECT count(*) FROM kondo_intercaisse")[0][0]


def cut(scene, times, size=8, say=print):
    """Kill the server in the middle of a crowd, start it again, and look at what is left."""
    failures = []
    for index in range(1, times + 1):
        crowd = threading.Thread(target=together, args=(scene.crowd(size),), daemon=True)
        before = posted(scene)
        crowd.start()
        deadline = time.monotonic() + 30
        while posted(scene) < before + 2 * index and time.monotonic() < deadline:
            time.sleep(0.02)
        scene.server.kill()
        crowd.join(60)
        say(f"killed {index}: {posted(scene) - before} operations had been posted")
        failures += scene.gaps()
        scene.server.restart()
        scene = Scene(scene.server)
    return failures


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--kills", type=int, default=3, help="how often the server is killed in a crowd (3)")
    parser.add_argument("--database", default=TEMPLATE, help=f"database to copy ({TEMPLATE})")
    parser.add_argument("--workers", type=int, default=4)
    options = parser.parse_args(arguments)
    with Server("intercaisse", workers=options.workers, template=options.database) as server:
        scene = Scene(server)
        failures = play(scene, options.rounds) + cut(scene, options.kills)
    for failure in failures:
        print(failure, file=sys.stderr)
    print("FAILED" if failures else "Both sides or none, every time, and the network nets to zero.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
