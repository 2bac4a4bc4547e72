"""Standing orders in the demonstration: five members, one of whom never has the money in time."""

# caisse: [(frequency, kind of amount, francs, purpose)]
ORDERS = {
    "NIO": [
        ("weekly", "fixed", 2_500, "Épargne de la semaine"),
        ("monthly", "fixed", 400_000, "Loyer du magasin"),
    ],
    "SEG": [
        ("fortnightly", "up_to", 10_000, "Frais scolaires"),
        ("daily", "above", 250_000, "Mise de côté de ce qui dépasse"),
    ],
    "KOU": [("weekly", "fixed", 5_000, "Épargne du marché")],
}
LATER = 8  # days before the first order: the accounts hold something then


def day(demo, counter):
    """One order a day until the caisse has its own, entered by the teller and activated by the manager."""
    wanted = ORDERS.get(counter.caisse.code, ())
    if not wanted or demo.days.index(demo.date) < LATER:
        return
    orders = demo.env["kondo.standing.order"]
    known = orders.search_count([("company_id", "=", counter.company.id)])
    if known >= len(wanted):
        return
    pair = accounts_of(demo, counter, known)
    if not pair:
        return
    frequency, kind, amount, purpose = wanted[known]
    demo.later(5, 10)
    order = counter.session.env["kondo.standing.order"].create(
        {
            "source_account_id": pair[0].id,
            "target_account_id": pair[1].id,
            "frequency": frequency,
            "amount_kind": kind,
            "amount": amount,
            "purpose": purpose,
            "month_day": 5,
            "date_from": demo.date,
            "authorisation": f"OP {counter.caisse.code} {known + 1:03d}",
            "authorised_on": demo.date,
        }
    )
    demo.env.cr.commit()
    demo.later(5, 15)
    order.with_env(demo.as_user(counter.staff["manager"])).action_activate()
    demo.env.cr.commit()


def accounts_of(demo, counter, rank):
    """Two accounts of one member who has money, the `rank`-th of those who have two."""
    accounts = demo.env["kondo.savings.account"].browse(sorted(counter.accounts))
    pairs = [
        (source, target)
        for source in accounts
        if source.kind == "demand" and source.balance > 0
        for target in accounts
        if target.partner_id == source.partner_id and target.kind == "passbook"
    ]
    return pairs[min(rank, len(pairs) - 1)] if pairs else None
