"""The rules of a caisse's cash, as a model in memory: what the real doors are compared with. Pure Python, whole francs.

Places are the vault and the tills; `books` is what the general ledger says of each, in francs, debit positive. The
model knows nothing of the ledger's code: it says what must come out.
"""

from dataclasses import dataclass, field


class Refused(Exception):
    """The rules do not allow this; nothing has changed."""


@dataclass
class CashModel:
    """One caisse: cash by place, books by account, open tills with what they opened with.

    >>> model = CashModel()
    >>> model.from_bank(100_000)
    >>> model.open("G1", supply=40_000)
    >>> model.deposit("G1", 32_500)
    >>> model.withdraw("G1", 72_501)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    Refused: the till is short
    >>> model.withdraw("G1", 30_000)
    >>> model.to_vault("G1", 10_000)
    >>> model.close("G1", counted=32_400)
    -100
    >>> model.cash, model.books["3791"], model.faults()
    ({'vault': 70000, 'G1': 32400}, 100, [])
    """

    cash: dict = field(default_factory=lambda: {"vault": 0})
    books: dict = field(default_factory=dict)
    sessions: dict = field(default_factory=dict)

    # ------------------------------------------------------------------ helpers
    def _book(self, debit, credit, amount):
        self.books[debit] = self.books.get(debit, 0) + amount
        self.books[credit] = self.books.get(credit, 0) - amount

    def _move(self, place, change, counterpart):
        """Cash of a place by `change` francs against an account or another place."""
        self.cash[place] = self.cash.get(place, 0) + change
        if change:
            self._book(place, counterpart, change)
        if place in self.sessions:
            self.sessions[place]["in" if change > 0 else "out"] += abs(change)

    def _need(self, condition, why):
        if not condition:
            raise Refused(why)

    # ------------------------------------------------------------------ what people do
    def from_bank(self, amount):
        self._need(amount > 0, "nothing is counted")
        self._move("vault", amount, "bank")

    def to_bank(self, amount):
        self._need(0 < amount <= self.cash["vault"], "the vault is short")
        self._move("vault", -amount, "bank")

    def open(self, till, supply=0):
        """Open a till with what lies in it, and `supply` francs from the vault."""
        self._need(till not in self.sessions, "the till is open")
        self._need(supply <= self.cash["vault"], "the vault is short")
        self.cash.setdefault(till, 0)
        self.sessions[till] = {"opening": self.cash[till], "in": 0, "out": 0}
        if supply:
            self._between("vault", till, supply)

    def supply(self, till, amount):
        self._need(till in self.sessions, "the till is closed")
        self._need(0 < amount <= self.cash["vault"], "the vault is short")
        self._between("vault", till, amount)

    def to_vault(self, till, amount):
        self._need(till in self.sessions, "the till is closed")
        self._need(0 < amount <= self.cash[till], "the till is short")
        self._between(till, "vault", amount)

    def _between(self, source, target, amount):
        self.cash[source] -= amount
        self.cash[target] += amount
        self._book(target, source, amount)
        for place, side in ((source, "out"), (target, "in")):
            if place in self.sessions:
                self.sessions[place][side] += amount

    def deposit(self, till, amount):
        self._need(till in self.sessions, "the till is closed")
        self._need(amount > 0, "an amount is above zero")
        self._move(till, amount, "members")

    def withdraw(self, till, amount):
        self._need(till in self.sessions, "the till is closed")
        self._need(amount > 0, "an amount is above zero")
        self._need(amount <= self.cash[till], "the till is short")
        self._need(amount <= -self.books.get("members", 0), "the member has less")
        self._move(till, -amount, "members")

    def close(self, till, counted):
        """Count and close a till; returns the difference, booked to 3791 (missing) or 3792 (too much)."""
        self._need(till in self.sessions, "the till is closed")
        self._need(counted >= 0, "a count is not negative")
        session = self.sessions[till]
        if session["opening"] + session["in"] - session["out"] != self.cash[till]:
            raise AssertionError("theory is not opening + in - out")
        difference = counted - self.cash[till]
        if difference:
            self._move(till, difference, "3791" if difference < 0 else "3792")
        del self.sessions[till]
        return difference

    def end_day(self):
        """The business day changes: no till is open over two of them."""
        self._need(not self.sessions, "tills are open")

    # ------------------------------------------------------------------ what must always hold
    def faults(self):
        """Which of the invariants do not hold (R8), as a list of texts; empty when all do."""
        found = [f"{place} holds {cash}" for place, cash in self.cash.items() if cash < 0]
        found += [
            f"{place}: {cash} in the till, {self.books.get(place, 0)} in the books"
            for place, cash in self.cash.items()
            if cash != self.books.get(place, 0)
        ]
        if sum(self.books.values()):
            found.append("the books do not balance")
        for till, session in self.sessions.items():
            if session["opening"] + session["in"] - session["out"] != self.cash[till]:
                found.append(f"{till}: theory is not opening + in - out")
        return found


def random_day(random, model, tills=("G1", "G2"), steps=10):
    """Yield what people do in one day, as (verb, arguments); the caller applies each to `model` (and to the real doors).

    Some of it is not allowed on purpose. The day ends with every open till counted, now and then with a difference.

    :param random: random.Random
    :param model: CashModel, read only to choose believable amounts
    """
    if model.cash["vault"] < 2_000_000:
        yield "from_bank", (random.randrange(1, 80) * 100_000,)
    for till in tills:
        if random.random() < 0.8:
            yield "open", (till, random.choice((0, 50_000, 200_000, 400_000)))
    for _step in range(random.randrange(steps)):
        till = random.choice(tills)
        verb = random.choice(("deposit", "deposit", "deposit", "withdraw", "withdraw", "supply", "to_vault", "open"))
        if verb == "open":
            yield "open", (till, 0)
        elif verb == "to_vault":
            yield verb, (till, random.randrange(1, 30) * 5_000)
        elif verb == "supply":
            yield verb, (till, random.choice((50_000, 100_000, 10**9)))
        else:
            yield verb, (till, random.choice((25, 500, 1_000, 7_525, 60_000, 250_000)) * random.randrange(1, 4))
    if random.random() < 0.1:
        yield "end_day", ()
    for till in [till for till in tills if till in model.sessions]:
        difference = random.choice((0, 0, 0, 0, -25, 100, -1_000))
        yield "close", (till, max(0, model.cash[till] + difference))
    if model.cash["vault"] > 10_000_000:
        yield "to_bank", (model.cash["vault"] - 3_000_000,)
    yield "end_day", ()
