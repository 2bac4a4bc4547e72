"""Shares in the demonstration: most members pay one or a few, some by instalments, some hand theirs over or leave."""

NUMBERS = (1, 1, 1, 1, 2, 2, 2, 3, 4, 5, 10)
REASONS = ("Part s'installer à Sikasso", "Besoin d'argent pour les soins", "Quitte le groupement", "Cède à son frère")


def start(demo):
    """The share of the network: 5 000 F, paid within six months, three months of notice."""
    demo.env["kondo.share.product"].create(
        {
            "name": "Part sociale",
            "code": "PS",
            "company_id": demo.union.id,
            "nominal": 5_000,
            "minimum_shares": 1,
            "maximum_shares": 50,
            "instalment_months": 6,
            "notice_months": 3,
            "entrance_fee": 1_000,
            "dividend_ceiling": 6,
        }
    )


def day(demo, counter):
    """One or two members a day about their shares; now and then somebody hands some over or wants his money back."""
    random = demo.random
    for _visit in range(random.choice((0, 0, 1, 1, 1, 2))):
        pay(demo, counter)
    if random.random() < 0.04:
        hand_over(demo, counter)
    if random.random() < 0.03:
        leave(demo, counter)


def pay(demo, counter):
    """An instalment of somebody who still owes one, else a first subscription."""
    random = demo.random
    holdings = demo.env["kondo.share.holding"].search(
        [("company_id", "=", counter.company.id), ("state", "=", "active")]
    )
    owing = holdings.filtered("due")
    if owing and random.random() < 0.3:
        holding = random.choice(owing)
        amount = holding.due if random.random() < 0.6 else max(500, holding.due // 1000 * 500)
        send(demo, counter, holding.partner_id, 0, min(amount, holding.due))
        return
    accounts = demo.env["kondo.savings.account"].browse(counter.accounts)
    known = demo.env["kondo.share.holding"].search([("company_id", "=", counter.company.id)]).partner_id
    strangers = (accounts.partner_id - known).filtered(lambda member: member.member_state == "active")
    if not strangers:
        return
    member = random.choice(strangers.sorted("id"))
    shares = random.choice(NUMBERS) * {"individual": 1, "group": 2, "legal": 4}[member.member_kind]
    value = shares * 5_000
    send(demo, counter, member, shares, value if random.random() < 0.7 else max(2_500, value // 2 // 500 * 500))


def send(demo, counter, member, shares, amount):
    demo.later()
    values = {
        "session_id": counter.session.id,
        "partner_id": member.id,
        "shares": shares,
        "amount": amount,
        "source": "cash",
    }
    counter.session.env["kondo.operation"].submit("share_payment", demo.uuid(), values)
    demo.env.cr.commit()
    demo.count += 1


def hand_over(demo, counter):
    """Shares go from one member to another, agreed by the manager."""
    request = ask(demo, counter, "transfer")
    if request:
        demo.later(3, 10)
        manager = demo.as_user(counter.staff["manager"])
        request.with_env(manager).action_approve()
        demo.env.cr.commit()
        demo.count += 1


def leave(demo, counter):
    """A refund is asked for; it waits for its notice."""
    request = ask(demo, counter, "refund")
    if request and demo.random.random() < 0.5:
        demo.later(3, 10)
        request.with_env(demo.as_user(counter.staff["manager"])).action_approve()
        demo.env.cr.commit()


def ask(demo, counter, kind):
    random = demo.random
    holdings = demo.env["kondo.share.holding"].search(
        [("company_id", "=", counter.company.id), ("state", "=", "active")]
    )
    full = holdings.filtered(lambda holding: holding.full_count > 1 and not holding.due)
    open_ones = demo.env["kondo.share.request"].search([("state", "in", ("draft", "requested", "approved"))]).holding_id
    full -= open_ones
    if len(full) < 2:
        return None
    holding, other = random.sample(list(full.sorted("id")), 2)
    demo.later()
    teller = demo.as_user(counter.staff["teller"])
    request = teller["kondo.share.request"].create(
        {
            "holding_id": holding.id,
            "kind": kind,
            "shares": 1 if kind == "transfer" else holding.subscribed,
            "target_id": other.partner_id.id if kind == "transfer" else False,
            "notice_date": counter.company.business_date,
            "reason": REASONS[3] if kind == "transfer" else random.choice(REASONS[:3]),
        }
    )
    request.action_submit()
    demo.env.cr.commit()
    return request
