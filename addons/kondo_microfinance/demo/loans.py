"""Loans in the demonstration: files, sittings of the committees, payments at the window, and what is done with who is
late. Its own generator of chance: the other parts live as they would without loans."""

import uuid
from datetime import timedelta
from random import Random

from odoo.addons.kondo_microfinance.engine.cash import make_up

from . import loan_arrears, loan_sittings
from .loan_files import FIRST, SECOND, WAITING, choose, fill, values_of
from .loan_products import create_committees, create_products

SEED = 1994
A_DAY = 3  # loans that a caisse pays out on one day


class Lending:
    """What the room remembers from day to day.

    :ivar requests: {id of the loan: Request}
    :ivar taken: ids of the members who have asked for a loan or answer for one
    """

    def __init__(self, life):
        self.random = Random(SEED)
        self.products = create_products(life)
        self.requests = {}
        self.taken = set()

    def later(self, life, at_least=1, at_most=4):
        """Minutes pass by this room's own chance, never beyond the evening."""
        life.hour += timedelta(minutes=self.random.randrange(at_least, at_most), seconds=self.random.randrange(60))
        life.hour = min(life.hour, life.hour.replace(hour=18, minute=50))
        life.frozen.move_to(min(life.hour, life.end))


def start(life):
    """Products, bodies and seats; what happens later is kept as `life.lending`."""
    life.lending = Lending(life)
    create_committees(life, life.lending.random)


def day(life, counter):
    """The first sitting of every caisse, then payments every day; a second and a third sitting at Niono."""
    number, last = life.days.index(life.date), len(life.days) - 1
    niono = counter.caisse.code == "NIO"
    if number == 0:
        enter(life, counter, FIRST[counter.caisse.code])
    elif number == 1:
        loan_sittings.sit(life, counter)
    elif number == 2 and niono:
        loan_sittings.sit(life, counter, "union")
    elif number == last - 6 and niono:
        enter(life, counter, SECOND)
    elif number == last - 4 and niono:
        loan_sittings.sit(life, counter)
    elif number == last - 1 and niono:
        enter(life, counter, WAITING)
    elif number == last and niono:
        loan_sittings.call_sitting(life, counter)
    pay_out(life, counter)
    receive(life, counter)
    loan_arrears.day(life, counter)


# ------------------------------------------------------------------ files
def enter(life, counter, requests):
    """The officer enters the files of the week and puts the finished ones before the committee."""
    random, taken = life.lending.random, life.lending.taken
    officer = life.as_user(counter.staff["officer"])
    members = [choose(life, random, counter, request, taken) for request in requests]
    for request, member in zip(requests, members, strict=True):
        if life.lending.products[request.product].shares_needed:
            pay_shares(life, counter, member)
    life.lending.later(life)
    loans = officer["kondo.loan"].create(
        [
            values_of(life, random, counter, life.lending.products, request, member)
            for request, member in zip(requests, members, strict=True)
        ]
    )
    open_guarantees(life, counter, loans)
    for loan, request in zip(loans, requests, strict=True):
        life.lending.requests[loan.id] = request
        if request.more.get("state") == "draft":
            continue
        if request.more.get("relative"):
            marry(life, counter, loan)
        fill(life, random, counter, loan, request, taken)
        if request.more.get("state") == "review":
            loan.write({"opinion": "reserved", "opinion_text": "La visite du magasin reste à faire."})
    done = loans.filtered(lambda loan: life.lending.requests[loan.id].more.get("state") != "draft")
    done.action_submit()
    life.lending.later(life)
    done.filtered(lambda loan: life.lending.requests[loan.id].more.get("state") != "review").action_present()
    life.env.cr.commit()


def open_guarantees(life, counter, loans):
    """A guarantee account for whoever saves with his loan."""
    saving = loans.filtered(lambda loan: "guarantee" in loan.product_id.charge_ids.mapped("kind"))
    accounts = life.as_user(counter.staff["teller"])["kondo.savings.account"].create(
        [{"partner_id": loan.partner_id.id, "product_id": life.products["GAR"].id} for loan in saving]
    )
    for loan, account in zip(saving, accounts, strict=True):
        loan.guarantee_account_id = account.id


def marry(life, counter, loan):
    """The borrower is the wife of somebody who sits on the committee: he withdraws when her file comes."""
    seat = life.env["kondo.committee.seat"].search(
        [("company_id", "=", counter.company.id), ("partner_id", "!=", False)], limit=1
    )
    life.env["kondo.member.relation"].create(
        {"partner_id": loan.partner_id.id, "other_id": seat.partner_id.id, "kind": "spouse"}
    )


def pay_shares(life, counter, member):
    """Who asks for equipment has paid his shares."""
    holding = life.env["kondo.share.holding"].search([("partner_id", "=", member.id)], limit=1)
    if holding and not holding.due:
        return
    submit(
        life,
        counter,
        "share_payment",
        partner_id=member.id,
        shares=0 if holding else 2,
        amount=holding.due if holding else 10_000,
        source="cash",
    )


# ------------------------------------------------------------------ the window
def pay_out(life, counter):
    """Granted loans to those who come today, and tranches whose day has come."""
    company = counter.company.id
    loans = life.env["kondo.loan"].search(
        [("company_id", "=", company), "|", ("state", "=", "approved"), ("tranche_ids.disbursed", "=", False)],
        order="id",
    )
    ready = [
        loan
        for loan in loans
        if not life.lending.requests[loan.id].more.get("waits")
        and (loan.state == "approved" or loan.state == "active" and due_tranche(life, loan))
    ]
    for loan in ready[:A_DAY]:
        amount = loan._next_payout()
        to_account = loan.pays_from_savings or amount > 1_000_000
        if not to_account:
            fund(life, counter, amount)
        submit(life, counter, "loan_disbursement", loan_id=loan.id, paid="account" if to_account else "cash")


def due_tranche(life, loan):
    tranche = loan._next_tranche()
    return tranche and tranche.on <= life.date and not loan.days_late


def fund(life, counter, amount):
    """More cash from the vault when the till does not hold what is to be paid out."""
    till = counter.session.till_id
    missing = amount + 150_000 - till.cash
    if missing <= 0:
        return
    slip = life.as_user(counter.staff["manager"])["kondo.cash.slip"].create(
        {
            "kind": "vault_to_till",
            "vault_id": counter.vault.id,
            "till_id": till.id,
            "counts": make_up(-(-missing // 50_000) * 50_000),
        }
    )
    slip.action_send()
    life.env.cr.commit()
    life.lending.later(life, 1, 4)
    slip.with_env(life.as_user(counter.session.user_id)).action_receive()
    life.env.cr.commit()
    life.count += 1


def receive(life, counter):
    """Who owes today comes, or does not, by his habit."""
    loans = life.env["kondo.loan"].search(
        [
            ("company_id", "=", counter.company.id),
            ("state", "=", "active"),
            "|",
            ("next_due", "<=", life.date),
            ("amount_late", ">", 0),
        ],
        order="id",
    )
    for loan in loans:
        request = life.lending.requests[loan.id]
        amount = brought(life, loan, request)
        if amount:
            submit(life, counter, "loan_repayment", loan_id=loan.id, amount=amount)
    if life.days.index(life.date) == 40:
        clear(life, counter)


def brought(life, loan, request):
    """Francs that a borrower brings today."""
    rows = loan.schedule_id.instalment_ids.filtered(lambda row: row.rest and row.due <= life.date).sorted("number")
    if not rows:
        return 0
    due, since, paid = sum(rows.mapped("rest")), (life.date - rows[0].due).days, rows[0].number - 1
    habit = "good" if loan.restructured else request.habit
    if habit == "slow":
        return due if since >= 4 else 0
    if habit == "part" and loan.followup_ids.filtered(lambda step: step.promise_on == life.date):
        return due
    if habit == "part":
        return max(500, due * 2 // 5 // 500 * 500) if since % 14 == 0 else 0
    if habit == "stops":
        return due if loan.unit == "weeks" and paid < 1 else 0
    return 0 if habit == "account" else due


def clear(life, counter):
    """Before its time: the money he waited for has come."""
    for loan_id, request in life.lending.requests.items():
        loan = life.env["kondo.loan"].browse(loan_id)
        if request.habit == "clears" and loan.company_id == counter.company and loan.state == "active":
            total = loan.early_quote()["total"]
            submit(life, counter, "loan_repayment", loan_id=loan.id, amount=total, early="clear")


def submit(life, counter, kind, **values):
    """One operation by the teller whose till is open."""
    life.lending.later(life)
    session = counter.session
    key = str(uuid.UUID(int=life.lending.random.getrandbits(128), version=4))
    session.env["kondo.operation"].submit(kind, key, {"session_id": session.id, **values})
    life.count += 1
    life.env.cr.commit()
