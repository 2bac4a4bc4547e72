"""Deposits at another caisse while a large one closes, through a real server with two workers."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from tests.faults.crowd import Desk, Tally
from tests.faults.ground import check, prepare
from tests.server import Server

ROOT = Path(__file__).resolve().parents[2]
TELLERS, PAUSE = 2, 0.3  # seconds between an answer and the next deposit: a queue of people at each window
BEGINS = "closing begins"


class Counter:
    """Two tellers of another caisse, one deposit after the other."""

    def __init__(self, server):
        ground = prepare(server.database)
        self.desks = [Desk(server.url, server.database, person) for person in ground.tellers[:TELLERS]]
        self.accounts = [account["id"] for account in ground.accounts]

    def run(self, seconds, stop=None):
        """Deposit for some seconds or until `stop` is set; the tally of their latencies."""
        tally, lock = Tally(), threading.Lock()
        end = perf_counter() + seconds

        def loop(index):
            desk, turn = self.desks[index], 0
            with desk.client() as client:
                while perf_counter() < end and not (stop and stop.is_set()):
                    account = self.accounts[2 + index * 8 + turn % 8]
                    values = {"session_id": desk.session, "account_id": account, "amount": 1000}
                    answer = client.ask("kondo.operation", "submit", ["deposit", str(uuid4()), values])
                    with lock:
                        tally.add([answer])
                    turn += 1
                    time.sleep(PAUSE)

        threads = [threading.Thread(target=loop, args=(index,), daemon=True) for index in range(len(self.desks))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(seconds + 60)
        return tally


def deposits(template, seconds):
    """(tally in peace, tally during the closing, gaps in the books) on a copy of a kept population."""
    with Server("meanwhile", workers=2, template=template) as server:
        counter = Counter(server)
        counter.run(min(5, seconds))  # the workers warm up
        peace = counter.run(seconds)
        stop = threading.Event()
        command = [sys.executable, "-m", "tests.bench.closing", "--close", server.database]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for line in process.stdout:
            if BEGINS in line:
                break
        threading.Thread(target=lambda: (process.stdout.read(), process.wait(), stop.set()), daemon=True).start()
        busy = counter.run(1800, stop)
        faults = [f"the closing ended with {process.wait()}"] if process.wait() else []
        return peace, busy, [*faults, *peace.faults, *busy.faults, *check(server.database)]
