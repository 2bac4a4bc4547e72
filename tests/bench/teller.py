"""How many operations a second go through the counter, beside what Odoo itself needs for a bare journal entry.

    python -m tests.bench.teller

A real server with several workers, closed loops over HTTP with 1, 2 and 4 clients at different tills:

* cold: deposits, each client on accounts of his own: UUID, limits, till, receipt, balance, legs, hashed entry, proof;
* hot:  4 clients deposit on one and the same account;
* bare: entries of two lines created and posted with Odoo's defaults, each client in a journal of his own, no hash;
* bare, hashed: the same in hash-chained journals, as those of the tills are.

The figures take turns, so that whatever else the machine does weighs on all alike; the ratios are between sums over
all turns. Aims: a whole operation at least 1.3 times as fast as a bare entry, the hot account at least 0.9 times as
fast as the cold ones. Latencies are those of single calls, in milliseconds.
"""

import argparse
import sys
import threading
from dataclasses import dataclass, field
from time import perf_counter
from uuid import uuid4

from tests.faults.crowd import Desk, Tally
from tests.faults.ground import check, prepare
from tests.server import TEMPLATE, Server

AIM_BARE, AIM_HOT = 1.3, 0.9
CLIENTS = (1, 2, 4)
ADDONS = ("--addons-path", "addons,tests/bench/addons", "-i", "kondo_bench")


@dataclass
class Figure:
    """Calls of one kind by a number of clients, over all turns."""

    calls: int = 0
    seconds: float = 0
    tally: Tally = field(default_factory=Tally)

    @property
    def rate(self):
        return self.calls / self.seconds if self.seconds else 0.0


class Bench:
    """A prepared server and the loops."""

    def __init__(self, server):
        self.database = server.database
        ground = prepare(server.database)
        self.desks = [Desk(server.url, server.database, person) for person in ground.tellers[: max(CLIENTS)]]
        self.accounts = [account["id"] for account in ground.accounts]
        with self.desks[0].client() as client:
            self.bare = client.call("kondo.bench", "journals", [max(CLIENTS)])
            self.hashed = client.call("kondo.bench", "journals", [max(CLIENTS), True])
        self.figures = {}

    def call(self, kind, client, index, turn):
        """One call of a client; `turn` counts his calls."""
        if kind.startswith("bare"):
            journal = (self.hashed if kind == "bare, hashed" else self.bare)[index]
            return client.ask("kondo.bench", "bare_entry", journal)
        account = 1 if kind == "hot" else 2 + index * 8 + turn % 8
        values = {"session_id": self.desks[index].session, "account_id": self.accounts[account], "amount": 1000}
        return client.ask("kondo.operation", "submit", ["deposit", str(uuid4()), values])

    def measure(self, kind, clients, seconds, warm_up):
        """Let `clients` loop; what they do in the first `warm_up` seconds does not count."""
        start = perf_counter() + warm_up
        results = [[] for _client in range(clients)]

        def loop(index):
            with self.desks[index].client() as client:
                turn = 0
                while (now := perf_counter()) < start + seconds:
                    answer = self.call(kind, client, index, turn)
                    turn += 1
                    if answer.kind != "result":
                        raise RuntimeError(f"{kind}: {answer.value}")
                    if now >= start:
                        results[index].append((perf_counter(), answer))

        threads = [threading.Thread(target=loop, args=(index,), daemon=True) for index in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(seconds + warm_up + 120)
        ends = [end for result in results for end, _answer in result]
        if not all(results):
            raise RuntimeError(f"{kind}: a client came to nothing")
        figure = self.figures.setdefault((kind, clients), Figure())
        figure.calls += len(ends)
        figure.seconds += max(ends) - start
        figure.tally.latencies += [answer.seconds for result in results for _end, answer in result]

    def run(self, turns, seconds, warm_up):
        for kind in ("bare", "cold", "bare, hashed", "hot"):  # every worker has seen everything once
            self.measure(kind, max(CLIENTS), 2, 2)
        self.figures.clear()
        for turn in range(turns):
            for clients in CLIENTS:
                for kind in ("bare", "cold", "bare, hashed"):
                    self.measure(kind, clients, seconds, warm_up)
            self.measure("hot", max(CLIENTS), seconds, warm_up)
            print(f"turn {turn + 1} of {turns} done", file=sys.stderr)

    def ratio(self, kind, to, clients):
        return self.figures[kind, clients].rate / self.figures[to, clients].rate

    def report(self):
        print(f"{'':14} {'clients':>7} {'per second':>11}     p50     p95     max ms")
        for (kind, clients), figure in sorted(self.figures.items()):
            print(f"{kind:14} {clients:7} {figure.rate:11.1f} {figure.tally.milliseconds()}")
        print()
        for clients in CLIENTS:
            print(
                f"whole operation / bare entry, {clients} clients: {self.ratio('cold', 'bare', clients):.2f}"
                f"   (/ bare entry with hash: {self.ratio('cold', 'bare, hashed', clients):.2f})"
            )
        hot = self.ratio("hot", "cold", max(CLIENTS))
        print(f"hot account / cold accounts, {max(CLIENTS)} clients: {hot:.2f}")
        whole = min(self.ratio("cold", "bare", clients) for clients in CLIENTS)
        print(f"\nAims: {AIM_BARE} and {AIM_HOT}. Smallest: {whole:.2f} and {hot:.2f}.")


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=3, help="how often each figure is taken (3)")
    parser.add_argument("--seconds", type=float, default=5, help="length of one measurement (5)")
    parser.add_argument("--warm-up", type=float, default=1, help="seconds before it that do not count (1)")
    parser.add_argument("--workers", type=int, default=4, help="processes of the server (4)")
    parser.add_argument("--database", default=TEMPLATE, help=f"database to copy ({TEMPLATE})")
    options = parser.parse_args(arguments)
    with Server("bench", workers=options.workers, template=options.database, options=ADDONS) as server:
        bench = Bench(server)
        bench.run(options.turns, options.seconds, options.warm_up)
        gaps = check(server.database)
    bench.report()
    for gap in gaps:
        print(f"The books do not agree: {gap}", file=sys.stderr)
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
