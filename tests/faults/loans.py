"""Loans on a real server: the same loan paid out and repaid at many tills at once, and each step of its life.

    python -m tests.faults.loans --rounds 20

Tests inside one transaction share a cursor: they cannot see a step that waits for a lock its own request holds, nor
two tills at the same franc. Here each request has its own connection; one that waits for itself ends in a timeout.
"""

import argparse
import threading
import uuid
from datetime import date, timedelta

from tests.client import Client
from tests.faults.crowd import Desk
from tests.faults.ground import check, prepare
from tests.server import Server

AMOUNT = 120_000


class Scene:
    """The caisse of the fault tests with its officer, its manager and its tellers at their desks."""

    def __init__(self, server):
        self.server = server
        self.ground = prepare(server.database)
        self.desks = [Desk(server.url, server.database, person) for person in self.ground.tellers]
        self.officer = self._client("fx.officer.fxa")
        self.manager = self._client("fx.manager.fxa")
        self.borrowers = iter(self.ground.accounts)
        self.failures = []

    def _client(self, login):
        return Client(self.server.url, self.server.database, timeout=30).authenticate(login, login)

    def expect(self, truth, sentence):
        if not truth:
            self.failures.append(sentence)

    # ------------------------------------------------------------------ steps
    def file(self, amount=AMOUNT, **values):
        """A file of the next member, before the committee. Returns (loan id, account id)."""
        account = next(self.borrowers)
        call = self.officer.call
        member = call("kondo.savings.account", "read", [[account["id"]], ["partner_id"]])[0]["partner_id"][0]
        product = call("kondo.loan.product", "search", [[("code", "=", "FXL")]])[0]
        purpose = call("kondo.loan.purpose", "search", [[]], {"limit": 1})[0]
        sector = call("kondo.loan.sector", "search", [[]], {"limit": 1})[0]
        loan = call(
            "kondo.loan",
            "create",
            [
                {
                    "partner_id": member,
                    "product_id": product,
                    "amount": amount,
                    "instalments": 12,
                    "purpose_id": purpose,
                    "sector_id": sector,
                    "opinion": "favourable",
                    "savings_account_id": account["id"],
                    **values,
                }
            ],
        )
        loan = loan[0] if isinstance(loan, list) else loan
        call("kondo.loan", "action_submit", [[loan]])
        call("kondo.loan", "action_present", [[loan]])
        return loan, account["id"]

    def grant(self, loan):
        sitting = self.manager.call("kondo.loan.committee", "create", [{}])
        sitting = sitting[0] if isinstance(sitting, list) else sitting
        rows = self.manager.call("kondo.loan.attendance", "search", [[("committee_id", "=", sitting)]])
        self.manager.call("kondo.loan.attendance", "write", [rows, {"present": True}])
        self.manager.call("kondo.loan", "decide", [[loan], sitting, "granted"])

    def running(self, **values):
        loan, account = self.file(**values)
        self.grant(loan)
        self.submit(0, "loan_disbursement", loan, paid="cash")
        return loan, account

    def submit(self, desk, kind, loan, **values):
        answer = self.desks[desk].submit(kind, str(uuid.uuid4()), loan_id=loan, **values)
        self.expect(answer.kind == "result", f"{kind}: {answer.kind} {answer.value}")
        return answer.value

    def read(self, loan, *names):
        row = self.manager.call("kondo.loan", "read", [[loan], list(names)])[0]
        return tuple(row[name] for name in names) if len(names) > 1 else row[names[0]]

    def together(self, requests):
        """Send (desk, kind, loan, values) at the same moment; the answers in their order."""
        answers, gate = [None] * len(requests), threading.Barrier(len(requests))

        def send(index, desk, kind, loan, values):
            gate.wait()
            answers[index] = self.desks[desk].submit(kind, str(uuid.uuid4()), loan_id=loan, **values)

        threads = [threading.Thread(target=send, args=(index, *row)) for index, row in enumerate(requests)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def late(self, loan, days):
        """The loan as it is after so many days without a payment: its dues and its position go back in time."""
        self.server.query(
            f"UPDATE kondo_loan_instalment SET due = due - {days + 31} WHERE loan_id = {loan} AND current RETURNING id"
        )
        since = date.today() - timedelta(days=days)  # noqa: DTZ011  the caisse stands on the day of this machine
        self.server.query(
            f"UPDATE kondo_loan SET days_late = {days}, late_since = '{since}', instalments_late = 1,"
            f" amount_late = (SELECT sum(principal + interest) FROM kondo_loan_instalment"
            f" WHERE loan_id = {loan} AND current AND due < '{date.today()}') WHERE id = {loan} RETURNING id"  # noqa: DTZ011
        )


# ------------------------------------------------------------------ what is played
def paid_out_once(scene):
    """Four tellers pay out the same loan at the same moment: one does, three are told."""
    loan, _account = scene.file()
    scene.grant(loan)
    answers = scene.together([(desk, "loan_disbursement", loan, {"paid": "cash"}) for desk in range(4)])
    kinds = sorted(answer.kind for answer in answers)
    scene.expect(kinds == ["refusal", "refusal", "refusal", "result"], f"paid out at once: {kinds}")
    scene.expect(scene.read(loan, "principal") == AMOUNT, "the loan owes what was paid out once")


def repaid_at_many_tills(scene):
    """Eight tills take 20 000 F each on a loan of 120 000 F: no franc is lost, what is too much is the member's."""
    loan, account = scene.running()
    before = scene.manager.call("kondo.savings.account", "read", [[account], ["balance"]])[0]["balance"]
    answers = scene.together([(desk, "loan_repayment", loan, {"amount": 20_000}) for desk in range(8)])
    bad = [answer for answer in answers if answer.kind not in ("result", "refusal")]
    scene.expect(not bad, f"repaid at many tills: {bad}")
    taken = 20_000 * sum(answer.kind == "result" for answer in answers)
    scene.expect(taken, "somebody was served")
    scene.expect(
        len({answer.value["receipt_number"] for answer in answers if answer.kind == "result"}) * 20_000 == taken,
        "receipts",
    )
    paid = scene.server.query(f"SELECT COALESCE(sum(amount), 0) FROM kondo_loan_allocation WHERE loan_id = {loan}")[0][
        0
    ]
    after = scene.manager.call("kondo.savings.account", "read", [[account], ["balance"]])[0]["balance"]
    scene.expect(
        int(paid) + after - before == taken, f"{taken} taken, {paid} on the loan, {after - before} on the account"
    )


def repaid_while_changed(scene):
    """A till takes a payment while the manager approves a new schedule: both stand, or one is told to begin again."""
    loan, _account = scene.running()
    change = scene.officer.call(
        "kondo.loan.change",
        "create",
        [{"loan_id": loan, "kind": "rescheduled", "instalments": 6, "reason": "Récolte en retard"}],
    )
    change = change if isinstance(change, list) else [change]
    answers = [None, None]

    def pay():
        answers[0] = scene.desks[1].submit("loan_repayment", str(uuid.uuid4()), loan_id=loan, amount=10_000)

    def approve():
        answers[1] = scene.manager.ask("kondo.loan.change", "action_approve", [change])

    threads = [threading.Thread(target=pay), threading.Thread(target=approve)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = [answer.kind for answer in answers]
    scene.expect(set(kinds) <= {"result", "refusal"} and "result" in kinds, f"paid while changed: {answers}")


def from_late_to_written_off(scene):
    """Everything the manager does with a loan that is not repaid, each through its own door."""
    loan, _account = scene.running()
    scene.late(loan, 440)
    call, officer = scene.manager.call, scene.officer.call
    officer("kondo.loan.followup", "create", [{"loan_id": loan, "kind": "visit", "note": "Parti"}])
    done = call("kondo.loan", "classify_and_provision", [scene.ground.company])
    scene.expect(done["classified"] >= 1 and done["provisioned"] >= 1, f"classified: {done}")
    scene.expect(scene.read(loan, "stage", "provision") == ("late_24", AMOUNT), "all is set aside")
    officer("kondo.loan", "ask_write_off", [[loan], "Introuvable"])
    call("kondo.loan", "write_off", [[loan]])
    scene.expect(scene.read(loan, "state", "principal", "lost") == ("written_off", 0, AMOUNT), "written off")
    scene.submit(2, "loan_recovery", loan, amount=5_000)
    scene.expect(scene.read(loan, "recovered") == 5_000, "recovered")


def guarantee_called(scene):
    """The savings held pay what is late."""
    account = scene.officer.call(
        "kondo.savings.account", "search", [[("number", "=", scene.ground.accounts[-1]["number"])]]
    )
    member = scene.officer.call("kondo.savings.account", "read", [account, ["partner_id"]])[0]["partner_id"][0]
    product = scene.manager.call("kondo.savings.product", "search", [[("code", "=", "FXG")]])[0]
    held = scene.manager.call("kondo.savings.account", "create", [{"partner_id": member, "product_id": product}])
    held = held[0] if isinstance(held, list) else held
    deposit = scene.desks[3].submit("deposit", str(uuid.uuid4()), account_id=held, amount=30_000)
    scene.expect(deposit.kind == "result", f"deposit: {deposit.value}")
    scene.borrowers = iter([scene.ground.accounts[-1], *scene.borrowers])
    loan, _account = scene.running(guarantee_account_id=held, guarantee_savings=30_000)
    scene.late(loan, 40)
    scene.manager.call("kondo.loan", "call_guarantee", [[loan]])
    left = scene.manager.call("kondo.savings.account", "read", [[held], ["balance", "blocked"]])[0]
    owed = scene.read(loan, "principal")
    scene.expect(owed < AMOUNT and left["balance"] + AMOUNT - owed <= 30_000, f"called: {left}, {owed} owed")


def changed_and_handed_over(scene):
    """Postponed, waived, the borrower dead and the insurer paying: each decided by a second person."""
    call, officer = scene.manager.call, scene.officer.call
    loan, _account = scene.running()
    change = officer(
        "kondo.loan.change", "create", [{"loan_id": loan, "kind": "postponed", "months": 2, "reason": "Pluies"}]
    )
    call("kondo.loan.change", "action_approve", [change if isinstance(change, list) else [change]])
    reason = scene.server.query(f"SELECT reason FROM kondo_loan_schedule WHERE loan_id = {loan} AND current")[0][0]
    scene.expect(reason == "postponed", f"postponed: {reason}")
    other, _account = scene.running()
    call("kondo.loan", "declare_deceased", [[other], str(date.today()), "Acte 12", "Assureur"])  # noqa: DTZ011
    call("kondo.loan", "claim_insurance", [[other]])
    scene.expect(scene.read(other, "principal") == 0, "the insurer took it over")
    given_up, _account = scene.file()
    scene.grant(given_up)
    call("kondo.loan", "action_cancel", [[given_up], "Le membre renonce"])
    scene.expect(scene.read(given_up, "state", "commitment") == ("cancelled", 0), "given up")


STORIES = (
    paid_out_once,
    repaid_at_many_tills,
    repaid_while_changed,
    from_late_to_written_off,
    guarantee_called,
    changed_and_handed_over,
)


def play(scene, rounds=1, stories=STORIES):
    """Play the stories; returns what went wrong, the books included."""
    for _round in range(rounds):
        for story in stories:
            story(scene)
    return scene.failures + check(scene.server.database)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with Server("loans", workers=4) as server:
        failures = []
        scene = Scene(server)
        for number in range(options.rounds):
            scene.borrowers = iter(scene.ground.accounts[number:]) if number else scene.borrowers
            failures += play(scene, stories=STORIES[:3] if number else STORIES)
        print("\n".join(failures) or f"{options.rounds} rounds, nothing lost, nobody waited for himself")


if __name__ == "__main__":
    main()
