"""The daily round in the demonstration: one collector each for Ségou and Niono, fifteen members, a tontine's commission."""

from .staff import Person, set_passwords

ROUNDS = {
    "NIO": (
        Person("collecte.niono", "Yacouba TRAORÉ", "collector", "group_collector", "NIO"),
        "Marché central et quartier N'Débougou",
        "tontine",
    ),
    "SEG": (
        Person("collecte.segou", "Sékou DIALLO", "collector", "group_collector", "SEG"),
        "Grand marché, Médine et Bagadadji",
        "percent",
    ),
}
MEMBERS = 15
STAKES = (200, 250, 500, 500, 500, 1_000, 1_000, 2_000)
REASONS = ("Ligne 7 cochée deux fois", "Le billetage ne donne pas le total annoncé")


def start(demo):
    """The two schemes of the union, the collectors with their users, accounts and books."""
    schemes = {
        "tontine": demo.env["kondo.collection.scheme"].create(
            {
                "name": "Tontine : une mise par mois",
                "company_id": demo.union.id,
                "payer": "member",
                "base": "stake",
                "share": 60,
            }
        ),
        "percent": demo.env["kondo.collection.scheme"].create(
            {
                "name": "2,5 % à la charge de la caisse",
                "company_id": demo.union.id,
                "payer": "caisse",
                "base": "percent",
                "rate": 2.5,
            }
        ),
    }
    for counter in demo.counters:
        if counter.caisse.code in ROUNDS:
            create_collector(demo, counter, schemes)


def create_collector(demo, counter, schemes):
    """The collector is a member too: his commission reaches his own account."""
    person, zone, scheme = ROUNDS[counter.caisse.code]
    company = counter.company
    user = (
        demo.env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": person.name,
                "login": person.login,
                "lang": "fr_FR",
                "tz": "Africa/Bamako",
                "group_ids": [(6, 0, demo.env.ref("kondo_microfinance.group_collector").ids)],
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
                "action_id": demo.env.ref("kondo_microfinance.kondo_collection_action").id,
            }
        )
    )
    set_passwords(user)
    member = (
        demo.env["res.partner"]
        .with_company(company)
        .create(
            {
                "name": person.name,
                "is_kondo_member": True,
                "member_kind": "individual",
                "sex": "male",
                "company_id": company.id,
            }
        )
    )
    account = demo.env["kondo.savings.account"].create({"partner_id": member.id, "product_id": demo.products["DAV"].id})
    collector = demo.env["kondo.collector"].create(
        {
            "name": person.name,
            "user_id": user.id,
            "company_id": company.id,
            "zone": zone,
            "scheme_id": schemes[scheme].id,
            "account_id": account.id,
            "ceiling": 100_000,
        }
    )
    accounts = demo.env["kondo.savings.account"].browse(counter.accounts)
    savers = accounts.filtered(lambda one: one.kind == "passbook" and one.partner_id.member_kind == "individual")
    demo.env["kondo.collector.member"].create(
        [
            {
                "collector_id": collector.id,
                "account_id": saver.id,
                "stake": demo.random.choice(STAKES),
                "sequence": rank,
                "carnet": f"{counter.caisse.code[0]}{rank:03d}",
            }
            for rank, saver in enumerate(savers[:MEMBERS], 1)
        ]
    )


def day(demo, counter):
    """The collector brings his sheet, the teller counts it; now and then it waits until the next day."""
    if counter.caisse.code not in ROUNDS:
        return
    collector = demo.env["kondo.collector"].search([("company_id", "=", counter.company.id)], limit=1)
    if not collector:
        return
    sheet = go_round(demo, counter, collector)
    last = demo.date == demo.days[-1]
    if sheet and demo.random.random() < 0.06 and not last:
        demo.later(5, 15)
        send_back(demo, counter, sheet)
    if not last and demo.random.random() < 0.93:
        waiting = demo.env["kondo.collection"].search(
            [("collector_id", "=", collector.id), ("state", "=", "to_count")], order="id"
        )
        for one in waiting:
            receive(demo, counter, one)
    if demo.date.day <= 5:
        pay_commission(demo, counter)


def go_round(demo, counter, collector):
    """One round in four is left out; on market days people give twice."""
    if demo.random.random() < 0.25 or not collector.member_ids:
        return None
    times = 2 if demo.date.weekday() == counter.caisse.market_day else 1
    rows = [
        (row, row.stake * times if demo.random.random() < 0.78 else 0)
        for row in collector.member_ids
        if row.account_id.state in ("active", "inactive") and row.account_id.block == "none"
    ]
    total = sum(amount for _row, amount in rows)
    if not total:
        return None
    demo.later(5, 20)
    sheets = demo.as_user(collector.user_id)["kondo.collection"]
    sheet = sheets.create(
        {
            "collector_id": collector.id,
            "control_total": total,
            "line_ids": [(0, 0, {"member_id": row.id, "amount": amount}) for row, amount in rows],
        }
    )
    sheet.action_announce()
    demo.env.cr.commit()
    return sheet.with_env(demo.env)


def send_back(demo, counter, sheet):
    """The teller finds a row ticked twice; the collector corrects it."""
    sheet.with_env(demo.as_user(counter.staff["teller"])).action_send_back(demo.random.choice(REASONS))
    demo.env.cr.commit()
    demo.later(3, 8)
    mine = sheet.with_env(demo.as_user(sheet.collector_id.user_id))
    paid = mine.line_ids.filtered("amount")
    if len(paid) > 1:
        paid[-1].amount = 0
    mine.control_total = sum(mine.line_ids.mapped("amount"))
    mine.action_announce()
    demo.env.cr.commit()


def receive(demo, counter, sheet):
    demo.later(4, 10)
    counter.session.env["kondo.operation"].submit(
        "collection",
        demo.uuid(),
        {"session_id": counter.session.id, "collection_id": sheet.id, "amount": sheet.total},
    )
    demo.env.cr.commit()
    demo.count += 1


def pay_commission(demo, counter):
    """Last month's commissions, prepared by the accountant and posted by the manager; nothing the second time."""
    accountant = demo.as_user(counter.staff["accountant"])["kondo.collection.commission"]
    found = accountant.prepare_month(counter.company.id, previous(demo.date))
    demo.env.cr.commit()
    commissions = accountant.browse(found).filtered(lambda one: one.state == "draft" and one.due)
    for commission in commissions:
        demo.later(5, 10)
        commission.with_env(demo.as_user(counter.staff["manager"])).action_post()
        demo.count += 1
    demo.env.cr.commit()


def previous(day):
    """The first day of the month before that of `day`.

    >>> from datetime import date
    >>> str(previous(date(2026, 1, 1)))
    '2025-12-01'
    """
    return day.replace(year=day.year - (day.month == 1), month=(day.month - 2) % 12 + 1, day=1)
