"""Two months at the counters of the demonstration, lived by its own staff through the ledger's one door.

Nothing here writes a balance: every franc moves by `kondo.operation.submit` or a cash slip, as in a real caisse.
"""

import time as clock
import uuid
from collections import Counter as Tally
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from odoo.addons.kondo_microfinance.engine.cash import make_up

DIFFERENCES = (
    (-25, "Erreur de rendu de monnaie, non retrouvée"),
    (50, "Un membre a laissé la monnaie"),
    (-100, "Pièce manquante au billetage"),
    (-500, "Erreur de rendu, le gérant suit avec le caissier"),
    (200, "Excédent non expliqué"),
)
FLOAT = 250_000  # what a till keeps overnight
REASONS = ("Montant saisi deux fois", "Erreur de compte : mauvais sociétaire", "Erreur de montant")
NOTES = (None, None, None, "Vente de riz", "Tontine", "Frais scolaires", "Vente au marché", "Envoi de la famille")


class Counter:
    """One caisse as its staff sees it.

    :ivar accounts: {id: what it takes to choose an operation: balance, floor and size of its holder}
    """

    def __init__(self, caisse, company, staff, accounts):
        self.caisse = caisse
        self.company = company
        self.staff = staff
        self.vault = company.till_ids.filtered(lambda place: place.kind == "vault")
        self.tills = company.till_ids.filtered(lambda place: place.kind == "till").sorted("code")
        sizes = {"individual": 1, "group": 4, "legal": 20}
        self.accounts = {
            account.id: {
                "balance": 0,
                "floor": account.product_id.minimum_balance,
                "size": sizes[account.partner_id.member_kind],
            }
            for account in accounts
        }
        self.fresh = list(self.accounts)
        self.session = None

    def funded(self):
        return [account_id for account_id, account in self.accounts.items() if account["balance"] > account["floor"]]


class Life:
    """Plays every business day of every caisse; today stays open where somebody may want to work at once.

    :ivar rooms: modules of this package that add what their part of the institution does: `start(life)` before the
        first day, `day(life, counter)` while the tills of a caisse are open
    """

    def __init__(self, env, random, frozen, network, days, rooms):
        self.env = env
        self.random = random
        self.frozen = frozen
        self.union = network["union"]
        self.companies = network["companies"]
        self.staff = network["staff"]
        self.products = network["products"]
        self.counters = network["counters"]
        self.days = days
        self.date = days[0]
        self.rooms = rooms
        self.count = 0
        self.seconds = Tally()  # {what was built: real seconds it took}
        self.end = datetime.now()  # noqa: DTZ005  the frozen clock, UTC as Mali's
        self.hour = None

    def live(self):
        self.start(self.days[0])
        for room in self.rooms:
            if hasattr(room, "start"):
                with self.timed(room):
                    room.start(self)
                    self.env.cr.commit()
        for number, day in enumerate(self.days):
            for counter in self.counters:
                if number:
                    # the day before ends in its own evening
                    self.frozen.move_to(min(datetime.combine(self.days[number - 1], time(19, 30)), self.end))
                    with self.timed("closings"):
                        manager = self.as_user(counter.staff["manager"])
                        manager["res.company"].browse(counter.company.id)._open_business_day(day)
                        self.env.cr.commit()
                if day == self.days[-1]:
                    self.last_day(counter, day)
                else:
                    self.usual_day(counter, day, number)
            if number % 10 == 0:
                self.env.cr.execute("ANALYZE account_move, account_move_line, kondo_operation, kondo_operation_line")
                self.env.cr.commit()
        self.frozen.move_to(self.end)

    # ------------------------------------------------------------------ a day
    def usual_day(self, counter, day, number):
        self.start(day)
        self.look_up_balances(counter)
        self.supply_vault(counter)
        market = day.weekday() == counter.caisse.market_day
        for index, till in enumerate(counter.tills):
            if index and not market:
                continue
            session = self.open_till(counter, till, index)
            counter.session = counter.session if index else session
            recent = number > len(self.days) - 24
            operations = (
                round(self.random.triangular(1, 4 if recent else 2, 1 + recent)) + (3 if market else 0) + recent
            )
            for _index in range(operations):
                self.operate(counter, session)
            if number >= 20 and self.random.random() < 0.08:
                self.authorised_withdrawal(counter, session)
            if self.random.random() < 0.04:
                self.mistake(counter, session)
            if not index:
                self.visit_rooms(counter)
            self.close_till(counter, session)

    def last_day(self, counter, day):
        """Niono works at both tills with a request to decide, Ségou at one; Koutiala has closed; Mopti awaits its float."""
        self.start(day)
        self.look_up_balances(counter)
        self.supply_vault(counter)
        code = counter.caisse.code
        if code == "MOP":
            self.send_float(counter, counter.tills[0], 500_000)
            return
        for index, till in enumerate(counter.tills if code == "NIO" else counter.tills[0]):
            session = self.open_till(counter, till, index)
            if not index:
                counter.session = session
                self.visit_rooms(counter)
            for _index in range(9 - 3 * index):
                self.operate(counter, session)
            if code == "KOU":
                self.close_till(counter, session)
            if index:
                self.authorised_withdrawal(counter, session, decide=False)

    def visit_rooms(self, counter):
        """What else happens at this counter today; the balances it moves are looked up again."""
        for room in self.rooms:
            if hasattr(room, "day"):
                with self.timed(room):
                    room.day(self, counter)
                    self.env.cr.commit()
        self.look_up_balances(counter)

    def look_up_balances(self, counter):
        """What the accounts hold, after interest, fees and whatever else moved them; those out of use are left out."""
        self.env.cr.execute(
            """SELECT a.id, a.balance, a.blocked + p.minimum_balance
                 FROM kondo_savings_account a JOIN kondo_savings_product p ON p.id = a.product_id
                WHERE a.id = ANY(%s) AND a.state IN ('active', 'inactive') AND a.block = 'none'""",
            (list(counter.accounts),),
        )
        known = {account_id: (int(balance), int(floor)) for account_id, balance, floor in self.env.cr.fetchall()}
        for account_id in list(counter.accounts):
            if account_id not in known:
                del counter.accounts[account_id]
                counter.fresh = [other for other in counter.fresh if other != account_id]
            else:
                counter.accounts[account_id].update(zip(("balance", "floor"), known[account_id], strict=True))

    # ------------------------------------------------------------------ clock
    def start(self, day):
        self.date = day
        self.hour = min(datetime.combine(day, time(7, 45)), self.end - timedelta(hours=2))
        self.later(1, 10)

    def later(self, at_least=2, at_most=9):
        """Minutes pass, never beyond the real present."""
        self.hour += timedelta(minutes=self.random.randrange(at_least, at_most), seconds=self.random.randrange(60))
        self.hour = min(self.hour, datetime.combine(self.date, time(19, 0)))
        self.frozen.move_to(min(self.hour, self.end))

    # ------------------------------------------------------------------ cash
    def supply_vault(self, counter):
        if counter.vault.cash >= 5_000_000:
            return
        slip = self.as_user(counter.staff["accountant"])["kondo.cash.slip"].create(
            {
                "kind": "bank_to_vault",
                "vault_id": counter.vault.id,
                "bank_account_id": counter.company._kondo_bank_accounts()[:1].id,
                "counts": make_up(15_000_000),
                "note": "Approvisionnement de la banque",
            }
        )
        slip.action_send()
        self.receive(slip, counter.staff["manager"])

    def send_float(self, counter, till, amount):
        slip = self.as_user(counter.staff["manager"])["kondo.cash.slip"].create(
            {"kind": "vault_to_till", "vault_id": counter.vault.id, "till_id": till.id, "counts": make_up(amount)}
        )
        slip.action_send()
        self.env.cr.commit()

    def receive(self, slip, user):
        self.env.cr.commit()
        self.later(1, 4)
        slip.with_env(self.as_user(user)).action_receive()
        self.env.cr.commit()
        self.count += 1

    def open_till(self, counter, till, index):
        """The float, from the vault where too little is left, counted by the teller. Returns the session in his hands."""
        amount = self.random.choice((300_000, 400_000, 500_000)) if till.cash < FLOAT else 0
        if amount:
            self.send_float(counter, till, amount)
            self.count += 1
        self.later(4, 12)
        teller = self.as_user(counter.staff["teller2" if index else "teller"])
        session_id = teller["kondo.till.session"].open_till(till.id, make_up(amount + till.cash))
        self.env.cr.commit()
        return teller["kondo.till.session"].browse(session_id)

    def close_till(self, counter, session):
        """What is too much for a night back to the vault, blind count, close; the manager closes the rare difference."""
        self.later(10, 30)
        till = session.till_id
        handed = (till.cash - FLOAT) // 10_000 * 10_000
        if handed >= FLOAT:
            slip = session.env["kondo.cash.slip"].create(
                {"kind": "till_to_vault", "vault_id": counter.vault.id, "till_id": till.id, "counts": make_up(handed)}
            )
            slip.action_send()
            self.receive(slip, counter.staff["manager"])
        self.later(2, 8)
        difference, note = 0, None
        if self.random.random() < 0.05:
            difference, note = self.random.choice(DIFFERENCES)
        session.count_till(make_up(max(0, till.cash + difference)))
        self.env.cr.commit()
        self.later(1, 5)
        if session.difference:
            session.with_env(self.as_user(counter.staff["manager"])).close_till(note)
            self.count += 1
        else:
            session.close_till()
        self.env.cr.commit()

    # ------------------------------------------------------------------ members at the window
    def operate(self, counter, session):
        """One member: a first deposit while some have none, else what people do."""
        self.later()
        random = self.random
        funded = counter.funded()
        if counter.fresh and (not funded or random.random() < 0.1 + 0.8 * len(counter.fresh) / len(counter.accounts)):
            self.deposit(counter, session, counter.fresh.pop(random.randrange(len(counter.fresh))), first=True)
            return
        account_id = random.choice(funded)
        kind = random.choices(("deposit", "withdrawal", "transfer"), (5, 5, 1))[0]
        free = counter.accounts[account_id]["balance"] - counter.accounts[account_id]["floor"]
        amount = int(free * random.uniform(0.1, 0.7)) // 500 * 500
        if kind == "withdrawal":
            amount = min(amount, 500_000, session.till_id.cash // 1000 * 1000)
        if kind == "deposit" or amount < 1000:
            self.deposit(counter, session, account_id)
        elif kind == "withdrawal":
            self.submit(counter, session, "withdrawal", account_id, amount)
        else:
            target = random.choice([other for other in counter.accounts if other != account_id])
            self.submit(counter, session, "transfer", account_id, min(amount, 1_000_000), counter_account_id=target)

    def deposit(self, counter, session, account_id, first=False):
        step = self.random.choice((500, 1000, 2500, 5000))
        pieces = round(self.random.triangular(2, 40, 6)) * (3 if first else 1)
        amount = step * pieces * counter.accounts[account_id]["size"]
        return self.submit(counter, session, "deposit", account_id, min(amount, 5_000_000))

    def submit(self, counter, session, kind, account_id, amount, **more):
        values = {"session_id": session.id, "account_id": account_id, "amount": amount, **more}
        if note := self.random.choice(NOTES):
            values["note"] = note
        answer = session.env["kondo.operation"].submit(kind, self.uuid(), values)
        self.env.cr.commit()
        self.keep(counter, values, answer)
        return answer

    def keep(self, counter, values, answer):
        """Remember what the accounts hold now."""
        self.count += 1
        counter.accounts[values["account_id"]]["balance"] = answer["balance_after"]
        if "counter_account_id" in values:
            counter.accounts[values["counter_account_id"]]["balance"] = answer["counter_after"]
            if values["counter_account_id"] in counter.fresh:
                counter.fresh.remove(values["counter_account_id"])

    def mistake(self, counter, session):
        """A deposit entered twice, undone by the manager."""
        self.later()
        account_id = self.random.choice(counter.funded())
        answer = self.deposit(counter, session, account_id)
        self.later(3, 10)
        manager = self.as_user(counter.staff["manager"])
        manager["kondo.operation"].submit(
            "reversal",
            self.uuid(),
            {"operation_id": answer["operation_id"], "reason": self.random.choice(REASONS)},
        )
        self.env.cr.commit()
        counter.accounts[account_id]["balance"] = answer["balance_before"]
        self.count += 1

    def authorised_withdrawal(self, counter, session, decide=True):
        """A withdrawal above the teller's limit, put before the manager."""
        cash = session.till_id.cash
        amount = self.random.choice((525_000, 600_000, 650_000, 750_000))
        rich = [
            account_id
            for account_id in counter.funded()
            if counter.accounts[account_id]["balance"] - counter.accounts[account_id]["floor"] >= amount
        ]
        if not rich or (decide and cash < amount):
            return
        self.later()
        account_id = self.random.choice(rich)
        values = {"session_id": session.id, "account_id": account_id, "amount": amount}
        asked = session.env["kondo.teller"].request_approval("withdrawal", values, "Achat d'intrants, membre connu")
        self.env.cr.commit()
        if not decide:
            return
        self.later(2, 6)
        approval = self.as_user(counter.staff["manager"])["kondo.approval"].browse(asked["approval_id"])
        approval.action_approve()
        self.env.cr.commit()
        self.later(1, 3)
        answer = session.env["kondo.operation"].submit(
            "withdrawal", self.uuid(), {**values, "approval_id": approval.id}
        )
        self.env.cr.commit()
        self.keep(counter, values, answer)

    # ------------------------------------------------------------------ helpers
    @contextmanager
    def timed(self, what):
        """Real time goes on while the clock of the demonstration stands still."""
        begun = clock.clock_gettime(clock.CLOCK_MONOTONIC)
        yield
        name = what if isinstance(what, str) else what.__name__.rpartition(".")[2]
        self.seconds[name] += clock.clock_gettime(clock.CLOCK_MONOTONIC) - begun

    def as_user(self, user):
        """The environment of a person at work in his caisse."""
        context = {
            "lang": "fr_FR",
            "tz": "Africa/Bamako",
            "allowed_company_ids": user.company_id.ids,
            "tracking_disable": True,
            "mail_create_nolog": True,
        }
        return self.env(user=user.id, su=False, context=context)

    def uuid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))
