"""Loans of the demonstration: files, committees, payments, and the few that go wrong."""

from datetime import timedelta
from random import Random

from odoo import fields

from . import loan_files
from .loan_products import create_levels, create_lines, create_products, create_seats

SITTINGS = (2, 22)  # business days on which the committees sit
# Loans each sitting decides on, by caisse: (product, what becomes of it).
FILES = {
    "NIO": (
        (("CAM", ""), ("CAM", ""), ("COM", ""), ("COM", "guaranteed"), ("FEM", ""), ("FEM", ""), ("FEM", "late"),
         ("FEM", "changed"), ("EQU", "tranches"), ("DEP", ""), ("COM", "refused")),
        (("FEM", ""), ("COM", ""), ("DEP", "late"), ("EQU", "deferred")),
    ),
    "SEG": ((("COM", ""), ("FEM", ""), ("FEM", "late"), ("DEP", "")), (("EQU", ""), ("FEM", ""))),
    "KOU": ((("CAM", ""), ("CAM", ""), ("COM", ""), ("FEM", "late")), (("COM", ""), ("FEM", ""))),
    "MOP": ((("COM", ""), ("FEM", ""), ("FEM", "promise")), (("DEP", ""), ("FEM", ""))),
}  # fmt: skip
WAITING = (("COM", "guaranteed"), ("FEM", ""), ("EQU", ""), ("CAM", ""))  # before the committee of Niono today


def start(life):
    """What is lent, by whom it is decided, whose money it is."""
    life.loans = {"random": Random(1997), "fate": {}, "unpaid": [], "sitting": {}}
    life.products.update(create_products(life))
    create_levels(life)
    create_lines(life)
    for counter in life.counters:
        create_seats(life, counter)


def day(life, counter):
    """Files and sittings on their days, money paid out when the till has it, instalments on their due dates."""
    number = life.days.index(life.date)
    last = life.date == life.days[-1]
    for index, at in enumerate(SITTINGS):
        if number == at:
            files = [loan_files.make(life, counter, code, fate) for code, fate in FILES[counter.caisse.code][index]]
            sit(life, counter, [loan for loan in files if loan])
    if not last:
        pay_out(life, counter)
    repay(life, counter)
    if number == len(life.days) - 20:
        reschedule(life, counter)
    if number >= 14 and number % 7 == 3:
        follow(life, counter)
    if last and counter.caisse.code == "NIO":
        prepare_today(life, counter)


# ------------------------------------------------------------------ committees
def sit(life, counter, loans):
    """The committee decides on the files, the manager records it, the minutes are signed."""
    manager = life.as_user(counter.staff["manager"])
    committee = manager["kondo.loan.committee"].create({"place": "Salle de réunion de la caisse"})
    committee.attendance_ids.write({"present": True})
    life.env.cr.commit()
    for loan in loans:
        life.later(2, 6)
        fate = life.loans["fate"][loan.id]
        values, decision = {}, {"refused": "refused", "deferred": "deferred"}.get(fate, "granted")
        if decision == "refused":
            values["reason"] = "Capacité de remboursement insuffisante au vu de la visite"
        elif decision == "deferred":
            values["reason"] = "Facture pro forma du fournisseur à joindre"
        loan.with_env(manager).decide(committee.id, decision, values)
        life.env.cr.commit()
        if decision == "granted":
            life.loans["unpaid"].append(loan.id)
            life.count += 1
    committee.action_close()
    life.env.cr.commit()


def prepare_today(life, counter):
    """Files in every stage, and a sitting that has just begun."""
    for code, fate in WAITING:
        loan_files.make(life, counter, code, fate)
    loan_files.make(life, counter, "FEM", "", until="review")
    loan_files.make(life, counter, "DEP", "", until="draft")
    manager = life.as_user(counter.staff["manager"])
    committee = manager["kondo.loan.committee"].create({"place": "Salle de réunion de la caisse"})
    committee.attendance_ids[:4].write({"present": True})
    running = life.env["kondo.loan"].search([("company_id", "=", counter.company.id), ("state", "=", "active")])
    late = running.filtered("penalties_unpaid").sorted("id")[:1]
    if late:
        life.as_user(counter.staff["officer"])["kondo.loan.waiver"].create(
            {"loan_id": late.id, "amount": late.penalties_unpaid, "reason": "Hospitalisation, le retard est rattrapé"}
        )
    life.env.cr.commit()


# ------------------------------------------------------------------ money
def pay_out(life, counter):
    """Granted loans, the large ones on the member's account; two a day."""
    mine = life.env["kondo.loan"].browse(life.loans["unpaid"])
    mine = mine.filtered(lambda loan: loan.company_id == counter.company)[:4]
    for loan in mine:
        account = loan.amount > 300_000
        if not account and counter.session.till_id.cash < loan.amount + 50_000:
            continue
        submit(life, counter, "loan_disbursement", loan, paid="account" if account else "cash")
        life.loans["unpaid"].remove(loan.id)
    tranches = life.env["kondo.loan.tranche"].search(
        [("company_id", "=", counter.company.id), ("disbursed", "=", False), ("on", "<=", life.date),
         ("loan_id.state", "=", "active")]
    )  # fmt: skip
    for loan in tranches.loan_id:
        submit(life, counter, "loan_disbursement", loan, paid="account")


def repay(life, counter):
    """Who owes something comes on the day, or a few days later; some do not come."""
    random, session = life.loans["random"], counter.session
    due = life.env["kondo.loan"].search(
        [
            ("company_id", "=", counter.company.id),
            ("state", "=", "active"),
            "|",
            ("next_due", "<=", life.date),
            ("amount_late", ">", 0),
        ],
        order="id",
    )
    for loan in due:
        fate, late = life.loans["fate"].get(loan.id, ""), loan.days_late
        paid = len(loan.allocation_ids.payment_id)
        if fate in ("late", "promise", "changed") and paid >= 2:
            continue
        if random.random() < (0.15 if late == 0 else 0.3):
            continue
        amount = loan.due_now
        if random.random() < 0.08:
            amount = max(500, amount // 2 // 100 * 100)
        elif random.random() < 0.5:
            amount = -(-amount // 100) * 100  # brought in round notes; the rest is paid ahead or put on the account
        if amount:
            submit(life, counter, "loan_repayment", loan, amount=amount, session=session)


def submit(life, counter, kind, loan, **values):
    life.later(2, 6)
    session = values.pop("session", counter.session)
    session.env["kondo.operation"].submit(kind, life.uuid(), {"session_id": session.id, "loan_id": loan.id, **values})
    life.count += 1
    life.env.cr.commit()
    life.env.invalidate_all()


# ------------------------------------------------------------------ those that go wrong
def reschedule(life, counter):
    """A late loan whose borrower has a reason gets a new schedule, asked for by the officer, decided by the manager."""
    loans = life.env["kondo.loan"].browse(loan_id for loan_id, fate in life.loans["fate"].items() if fate == "changed")
    for loan in loans.filtered(lambda one: one.company_id == counter.company and one.state == "active"):
        change = life.as_user(counter.staff["officer"])["kondo.loan.change"].create(
            {
                "loan_id": loan.id,
                "kind": "rescheduled",
                "instalments": 20,
                "reason": "Maladie de l'enfant, l'étal a été fermé trois semaines",
            }
        )
        life.env.cr.commit()
        life.later(5, 10)
        change.with_env(life.as_user(counter.staff["manager"])).action_approve()
        life.count += 1
        life.env.cr.commit()
        life.env.invalidate_all()


def follow(life, counter):
    """Calls, visits, promises, a first letter."""
    late = life.env["kondo.loan"].search(
        [("company_id", "=", counter.company.id), ("state", "=", "active"), ("days_late", ">", 3)],
        order="days_late desc",
    )
    followups = life.as_user(counter.staff["officer"])["kondo.loan.followup"]
    for loan in late[:3]:
        done = set(followups.search([("loan_id", "=", loan.id)]).mapped("kind"))
        values = {"loan_id": loan.id}
        if "call" not in done:
            values |= {"kind": "call", "reached": True, "note": "Dit qu'elle passera après le marché."}
        elif "promise" not in done:
            values |= {
                "kind": "promise",
                "promise_on": life.date + timedelta(days=6),
                "promise_amount": loan.amount_late,
                "note": "Attend le paiement d'une vente de riz.",
            }
        elif "visit" not in done:
            values |= {
                "kind": "visit",
                "reached": True,
                "note": "Étal ouvert, peu de marchandise. Le mari est en voyage.",
            }
        elif "letter_1" not in done:
            values |= {"kind": "letter_1", "deadline": fields.Date.add(life.date, days=8)}
        else:
            continue
        life.later(2, 5)
        followups.create(values)
    life.env.cr.commit()
