"""Many people at the counter at the same moment: each on a connection of his own, all let go together."""

import threading
from dataclasses import dataclass, field

from tests.client import Client


class Desk:
    """A teller who is logged in, and the till session he works in. `client` gives another connection of his."""

    def __init__(self, url, database, person):
        self.url = url
        self.database = database
        self.session = person["session"]
        self.login = person["login"]
        first = Client(url, database).authenticate(self.login, self.login)
        self.cookies = first.session.cookies
        first.session.close()

    def client(self):
        client = Client(self.url, self.database)
        client.session.cookies.update(self.cookies)
        return client

    def submit(self, kind, uuid, **values):
        """Send one operation; returns how it ended (`tests.client.Answer`)."""
        with self.client() as client:
            return client.ask("kondo.operation", "submit", [kind, uuid, {"session_id": self.session, **values}])


@dataclass
class Tally:
    """How many answers of each kind, how late they were (seconds), and every one that should not be.

    >>> tally = Tally()
    >>> tally.latencies.extend([0.1, 0.2, 0.3, 0.4])
    >>> tally.percentile(50), tally.percentile(95), tally.percentile(100)
    (0.2, 0.4, 0.4)
    """

    results: int = 0
    refusals: int = 0
    faults: list = field(default_factory=list)
    latencies: list = field(default_factory=list)
    sentences: set = field(default_factory=set)

    def add(self, answers):
        for answer in answers:
            self.latencies.append(answer.seconds)
            if answer.kind == "result" and not answer.value.get("needs_approval"):
                self.results += 1
            elif answer.kind == "refusal":
                self.refusals += 1
                self.sentences.add(answer.value.message)
            else:
                self.faults.append(f"{answer.kind}: {answer.value}")
        return self

    def percentile(self, percent):
        """The latency that `percent` of the answers do not exceed."""
        ordered = sorted(self.latencies)
        return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]

    def milliseconds(self):
        """p50, p95 and max for a table."""
        return " ".join(f"{self.percentile(percent) * 1000:7.0f}" for percent in (50, 95, 100))


def together(calls):
    """Run the calls on a thread each, all let go at the same moment; returns their results in order."""
    barrier = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(index, call):
        barrier.wait()
        results[index] = call()

    threads = [threading.Thread(target=run, args=(index, call), daemon=True) for index, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    return results
