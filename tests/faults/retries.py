"""Each operation is sent two to ten times, and the line is cut: it must be posted once, with one answer.

    python -m tests.faults.retries --operations 1000

Some sends go out at the same moment, some lose their connection while they are being sent, before the answer or in
the middle of it; then the operation is asked again with the same UUID until an answer arrives, as the teller window
does. At the end there must be exactly as many postings as operations, each with the same answer every time.

One operation in ten is then misused: the same UUID with another payload, from another teller and from another caisse.
What comes back may show nothing of the first: neither its receipt number, amount, account nor member.
"""

import argparse
import http.client
import json
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from urllib.parse import urlsplit
from uuid import UUID

from tests.client import Refusal, RpcError, read_body
from tests.faults.crowd import Desk, together
from tests.faults.ground import Ground, check, prepare
from tests.server import TEMPLATE, Server, postgres

AT_ONCE = 6
TRIES = 20


class Counter:
    """Operations of one teller, over sockets that can be cut."""

    def __init__(self, url, database, person):
        self.address = urlsplit(url)
        self.desk = Desk(url, database, person)
        self.session = person["session"]

    def body(self, kind, uuid, values):
        params = {"model": "kondo.operation", "method": "submit", "args": [kind, uuid, values], "kwargs": {}}
        return json.dumps({"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}).encode()

    def send(self, kind, uuid, values, cut=None):
        """Send one operation and return the body of the answer (text), None when the line was cut.

        :param cut: 'sending' after half of the request, 'waiting' before the answer, 'reading' within it
        """
        body = self.body(kind, uuid, values)
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.desk.cookies)
        head = (
            f"POST /web/dataset/call_kw/kondo.operation/submit HTTP/1.1\r\nHost: {self.address.netloc}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nCookie: {cookies}\r\n"
            "Connection: close\r\n\r\n"
        ).encode()
        with socket.create_connection((self.address.hostname, self.address.port), timeout=60) as line:
            if cut == "sending":
                line.sendall(head + body[: len(body) // 2])
                return None
            line.sendall(head + body)
            if cut == "waiting":
                return None
            if cut == "reading":
                line.recv(40)
                return None
            response = http.client.HTTPResponse(line)
            response.begin()
            text = response.read().decode()
            if response.status != 200:
                raise RpcError(f"HTTP {response.status}: {text[:200]}")
            return text

    def try_send(self, *args, **kwargs):
        """Like `send`; None as well when the connection itself fails."""
        try:
            return self.send(*args, **kwargs)
        except (OSError, http.client.HTTPException):
            return None


class Run:
    """One run over a prepared database."""

    def __init__(self, url, database, operations, seed=2):
        self.database = database
        self.ground: Ground = prepare(database)
        self.counters = [Counter(url, database, person) for person in self.ground.tellers]
        self.stranger = Counter(url, database, self.ground.stranger)
        self.operations = operations
        self.seed = seed
        self.failures = []
        self.sends = 0
        self.cuts = 0
        self.misuses = 0

    def fill(self):
        """Enough money on every account."""
        for account in self.ground.accounts:
            self.one_answer(
                self.counters[0], "deposit", self.uuid(Random(account["id"])), self.values(account, 5_000_000)
            )

    def values(self, account, amount, **more):
        return {"account_id": account["id"], "amount": amount, **more}

    def uuid(self, random):
        return str(UUID(int=random.getrandbits(128), version=4))

    def one_answer(self, counter, kind, uuid, values):
        """Ask until an answer comes; returns it (dict)."""
        for _try in range(TRIES):
            text = counter.try_send(kind, uuid, {"session_id": counter.session, **values})
            if text is not None:
                return read_body(json.loads(text))
        raise RpcError(f"No answer to {uuid} after {TRIES} tries")

    # ------------------------------------------------------------------ one operation
    def play(self, index):
        """One operation: sent 2 to 10 times. Returns its UUID, None when something was wrong."""
        random = Random(self.seed * 1_000_003 + index)
        counter = self.counters[index % len(self.counters)]
        uuid = self.uuid(random)
        accounts = random.sample(self.ground.accounts[1:], 2)
        kind = random.choice(("deposit", "withdrawal", "transfer"))
        values = self.values(accounts[0], 10_007 + 11 * index)  # no two alike, so that a leak is recognised
        if kind == "transfer":
            values["counter_account_id"] = accounts[1]["id"]
        sends = random.randrange(2, 11)
        cuts = [random.choice((None, None, "sending", "waiting", "waiting", "reading")) for _send in range(sends - 1)]
        at_once = random.choice((1, 1, 2, 3, 4))
        payload = {"session_id": counter.session, **values}
        calls = [lambda cut=cut: counter.try_send(kind, uuid, payload, cut=cut) for cut in cuts]
        texts = together(calls[:at_once]) + [call() for call in calls[at_once:]]
        try:
            answers = [read_body(json.loads(text)) for text in texts if text is not None]
            last = self.one_answer(counter, kind, uuid, values)
        except RpcError as error:
            self.failures.append(f"operation {index} ({kind}): {error}")
            return None
        self.sends += sends
        self.cuts += sum(cut is not None for cut in cuts)
        first_times = [answer for answer in [*answers, last] if not answer.pop("replayed")]
        if len(first_times) > 1:
            self.failures.append(f"operation {index} was posted {len(first_times)} times")
        if any(answer != last for answer in answers):
            self.failures.append(f"operation {index} had different answers: {[*answers, last]}")
        if index % 10 == 0:
            self.misuse(index, kind, uuid, values, last, random)
        return uuid

    def misuse(self, index, kind, uuid, values, answer, random):
        """The same UUID in other hands."""
        counter = self.counters[index % len(self.counters)]
        other = self.counters[(index + 1) % len(self.counters)]
        account = random.choice(self.ground.accounts[1:])
        own = {"account_id": self.ground.stranger["account"], "amount": 500 + index % 97}
        sent = {
            "another amount": (counter, kind, {**values, "amount": values["amount"] + 1, "session_id": counter.session}),
            "another kind": (counter, "withdrawal" if kind == "deposit" else "deposit", {**values, "session_id": counter.session}),
            "another account": (counter, "deposit", {**self.values(account, 777), "session_id": counter.session}),
            "another teller": (other, kind, {**values, "session_id": other.session}),
            "another caisse, this session": (self.stranger, kind, {**values, "session_id": counter.session}),
            "another caisse, this account": (self.stranger, kind, {**values, "session_id": self.stranger.session}),
        }  # fmt: skip
        for name, (hand, misused, payload) in sent.items():
            self.expect_refusal(index, name, answer, hand.try_send(misused, uuid, payload))
        # In another caisse the same UUID is another operation, with nothing of this one.
        text = self.stranger.try_send("deposit", uuid, {"session_id": self.stranger.session, **own})
        self.misuses += len(sent) + 1
        if text is None or (body := read_body(json.loads(text)))["amount"] != own["amount"] or body["replayed"]:
            self.failures.append(f"operation {index}: another caisse could not use the UUID for its own: {text}")
        self.expect_nothing_shown(index, "another caisse, its own operation", answer, text or "")

    def expect_refusal(self, index, name, answer, text):
        try:
            read_body(json.loads(text or "{}"))
        except Refusal:
            self.expect_nothing_shown(index, name, answer, text)
            return
        except RpcError as error:
            self.failures.append(f"operation {index}, {name}: {error}")
            return
        self.failures.append(f"operation {index}, {name}: not refused: {text}")

    def expect_nothing_shown(self, index, name, answer, text):
        shown = json.dumps(json.loads(text), ensure_ascii=False)
        amount = str(answer["amount"])
        secrets = {answer["receipt_number"], answer["account_number"], answer["member_name"], amount}
        secrets |= {f"{answer['amount']:,}".replace(",", space) for space in (" ", "\u202f", "\xa0", ",", ".")}
        secrets |= {answer.get("counter_number"), answer.get("counter_name"), str(answer["balance_after"])} - {None}
        for secret in secrets:
            if secret in shown:
                self.failures.append(f"operation {index}, {name}: the answer shows {secret}: {shown[:300]}")

    # ------------------------------------------------------------------ all of them
    def live(self):
        self.fill()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            uuids = [uuid for uuid in pool.map(self.play, range(1, self.operations + 1)) if uuid]
        self.count(uuids)
        self.failures += [f"The books do not agree: {gap}" for gap in check(self.database)]

    def count(self, uuids):
        """Exactly one posting, one entry and two legs for each operation."""
        connection = postgres(self.database)
        try:
            with connection.cursor() as cr:
                cr.execute(
                    """SELECT count(*), count(DISTINCT o.uuid), count(DISTINCT m.id),
                              count(DISTINCT m.id) FILTER (WHERE m.state = 'posted')
                         FROM kondo_operation o LEFT JOIN account_move m ON m.kondo_operation_id = o.id
                        WHERE o.company_id = %s AND o.uuid = ANY(%s) AND o.state = 'posted'""",
                    (self.ground.company, uuids),
                )
                counted = cr.fetchone()
        finally:
            connection.close()
        print(
            f"{self.operations} operations, {self.sends} sends, {self.cuts} lines cut, {self.misuses} misuses:"
            f" {counted[0]} postings, {counted[3]} posted entries"
        )
        if set(counted) != {self.operations}:
            self.failures.append(f"postings, UUIDs, entries, posted entries: {counted} instead of {self.operations}")


@contextmanager
def place(options):
    """The server of --url, or one of our own on a copy of a database, dropped at the end."""
    if options.url:
        yield options.url, options.database
        return
    with Server("retries", workers=options.workers, template=options.database) as server:
        yield server.url, server.database


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operations", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--database", default=TEMPLATE, help=f"database to copy, or that of --url ({TEMPLATE})")
    parser.add_argument("--url", help="a server that runs already; its database is written to")
    parser.add_argument("--workers", type=int, default=4, help="processes of our own server (4)")
    parser.add_argument("--seed", type=int, default=2)
    options = parser.parse_args(arguments)
    with place(options) as (url, database):
        run = Run(url, database, options.operations, options.seed)
        run.live()
    for failure in run.failures[:20]:
        print(failure, file=sys.stderr)
    print(
        f"FAILED ({len(run.failures)})" if run.failures else "Posted once each, one answer each, and the books agree."
    )
    return 1 if run.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
