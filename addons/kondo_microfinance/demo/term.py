"""Term deposits and savings plans of the demonstration: a chart, some deposits a month, one of each end."""

from datetime import timedelta

from odoo import fields

CHART = ((3, 0, 3.0), (6, 0, 3.5), (6, 1_000_000, 4.0), (12, 0, 4.5), (12, 1_000_000, 5.0), (24, 0, 5.5))
NEW_CHART = ((3, 0, 3.0), (6, 0, 3.75), (12, 0, 4.75), (12, 1_000_000, 5.25), (24, 0, 5.75))
PLANS = 4


def start(life):
    """The union's term deposit and savings plan, with the chart in force and the one that replaces it."""
    first = life.days[0]
    products = life.env["kondo.savings.product"]
    life.products["DAT"] = products.create(
        {
            "name": "Dépôt à terme",
            "code": "DAT",
            "kind": "term",
            "company_id": life.union.id,
            "term_months": "1, 3, 6, 12, 24",
            "term_minimum": 50_000,
            "term_up_front": True,
            "break_rule": "held",
        }
    )
    life.products["PLN"] = products.create(
        {
            "name": "Plan d'épargne",
            "code": "PLN",
            "kind": "planned",
            "company_id": life.union.id,
            "plan_grace_days": 5,
            "plan_tolerance": 1,
            "bonus_rate": 2,
        }
    )
    dates = ((first - timedelta(days=200), ((1, 0, 2.5), *CHART)), (life.days[-20], ((1, 0, 2.5), *NEW_CHART)))
    life.env["kondo.term.rate"].create(
        [
            {
                "product_id": life.products["DAT"].id,
                "date_from": day,
                "months_from": months,
                "amount_from": amount,
                "rate": rate,
            }
            for day, chart in dates
            for months, amount, rate in chart
        ]
    )


def day(life, counter):
    """A deposit now and then; early plans paid on their market day; one break, one payment of a matured deposit."""
    number = life.days.index(life.date)
    index = life.counters.index(counter)
    if number >= 10 and (number - index) % 8 == 2:
        open_deposit(life, counter, short=number < 20)
    if number == 5 + index:
        start_plans(life, counter)
    if counter.caisse.market_day == life.date.weekday():
        pay_plans(life, counter)
    if number == 45 + index:
        break_deposit(life, counter)
    collect(life, counter)


def open_deposit(life, counter, short):
    """A member with money on an account places some of it; the first ones for a month, to mature within the story."""
    rich = [
        account_id
        for account_id in counter.funded()
        if counter.accounts[account_id]["balance"] - counter.accounts[account_id]["floor"] >= 60_000
    ]
    if not rich:
        return
    account = life.env["kondo.savings.account"].browse(life.random.choice(rich))
    free = counter.accounts[account.id]["balance"] - counter.accounts[account.id]["floor"]
    months = 1 if short else life.random.choice((3, 6, 12, 12, 24))
    mode = "maturity" if months < 6 else life.random.choice(("maturity", "maturity", "periodic"))
    instruction = "payout" if short else life.random.choice(("renew_principal", "renew_all", "transfer"))
    submit(
        life,
        counter,
        "term_opening",
        account.partner_id,
        amount=max(50_000, min(free * 6 // 10, 3_000_000) // 5_000 * 5_000),
        offer=f"{life.products['DAT'].id}-{months}",
        funding=account.id,
        interest_mode=mode,
        at_maturity=instruction,
        settlement=None if instruction == "payout" else account.id,
    )


def break_deposit(life, counter):
    """Somebody needs his money before the day."""
    deposit = life.env["kondo.term.deposit"].search(
        [("company_id", "=", counter.company.id), ("state", "=", "open"), ("settlement_account_id", "!=", False)],
        order="start, id",
        limit=1,
    )
    if deposit:
        submit(
            life,
            counter,
            "term_break",
            deposit.partner_id,
            deposit=deposit.id,
            pay=deposit.settlement_account_id.id,
            reason="Frais de santé",
        )


def collect(life, counter):
    """Members come for matured deposits, some days later; the last ones still wait when the demonstration ends."""
    waiting = life.env["kondo.term.deposit"].search(
        [
            ("company_id", "=", counter.company.id),
            ("waiting", ">", 0),
            ("ended_on", "<=", fields.Date.subtract(life.date, days=4)),
        ],
        limit=1,
    )
    if waiting and counter.session.till_id.cash >= waiting.waiting and life.days.index(life.date) < len(life.days) - 8:
        submit(life, counter, "term_maturity", waiting.partner_id, deposit=waiting.id)


def start_plans(life, counter):
    """Some members promise a sum each week, on market day."""
    teller = life.as_user(counter.staff["teller"])
    holders = life.env["kondo.savings.account"].browse(sorted(counter.accounts)).partner_id
    people = holders.filtered(lambda partner: partner.member_kind == "individual")[:PLANS]
    ahead = (counter.caisse.market_day - life.date.weekday()) % 7
    for member in people:
        account = teller["kondo.savings.account"].create(
            {"partner_id": member.id, "product_id": life.products["PLN"].id}
        )
        teller["kondo.savings.plan"].create(
            {
                "account_id": account.id,
                "amount": life.random.choice((1_000, 2_500, 5_000)),
                "frequency": "weekly",
                "date_from": life.date + timedelta(days=ahead),
                "count": life.random.choice((6, 26, 52)),
            }
        )
    life.env.cr.commit()


def pay_plans(life, counter):
    """Most pay on the day, some forget a week."""
    plans = life.env["kondo.savings.plan"].search(
        [("company_id", "=", counter.company.id), ("state", "=", "running"), ("date_from", "<=", life.date)]
    )
    for plan in plans:
        if life.random.random() < 0.9:
            life.later(1, 3)
            counter.session.env["kondo.operation"].submit(
                "deposit",
                life.uuid(),
                {"session_id": counter.session.id, "account_id": plan.account_id.id, "amount": plan.amount},
            )
            life.count += 1
            life.env.cr.commit()


def submit(life, counter, kind, partner, **values):
    """One operation of the window with a form of its own, by the teller whose till is open."""
    life.later(3, 8)
    session = counter.session
    session.env["kondo.operation"].submit(
        kind, life.uuid(), {"session_id": session.id, "partner_id": partner.id, **values}
    )
    life.count += 1
    life.env.cr.commit()
