"""How a file of the demonstration is made: the borrower, the visit, what stands behind the loan."""

from datetime import timedelta

AMOUNTS = {
    "CAM": (1_200_000, 1_800_000, 2_500_000), "COM": (250_000, 300_000, 450_000, 600_000),
    "FEM": (50_000, 75_000, 100_000, 150_000), "EQU": (600_000, 900_000, 1_200_000), "DEP": (60_000, 100_000, 150_000),
}  # fmt: skip
SECTORS = {"CAM": "agriculture", "COM": "trade", "FEM": "trade", "EQU": "agriculture", "DEP": "services"}
PURPOSES = {"CAM": "cash", "COM": "cash", "FEM": "cash", "EQU": "equipment", "DEP": "consumption"}
REASONS = {
    "CAM": ("Engrais et semences de riz, 40 hectares", "Intrants coton de la campagne", "Main-d'œuvre du repiquage"),
    "COM": ("Stock de céréales avant la soudure", "Tissus et pagnes pour les fêtes", "Pièces de motos"),
    "FEM": ("Étal de poisson séché", "Beignets et jus au marché", "Échalotes en gros", "Savon et karité"),
    "EQU": ("Motoculteur", "Moulin à mil", "Décortiqueuse de riz"),
    "DEP": ("Frais de scolarité", "Soins du père", "Réparation du toit"),
}
OPINIONS = (
    "Activité tenue depuis plusieurs années, deux crédits remboursés sans retard.",
    "Bonne réputation au village, trésorerie suffisante en période creuse.",
    "Marge régulière, l'étal est fourni, la famille participe.",
)


def make(life, counter, code, fate, until="committee"):
    """A file entered by the officer and brought as far as `until`; None when nobody of this caisse may borrow so."""
    member = borrower(life, counter, code)
    if not member:
        return None
    random, officer = life.loans["random"], life.as_user(counter.staff["officer"])
    amount = random.choice(AMOUNTS[code])
    values = {
        "partner_id": member.id,
        "product_id": life.products[code].id,
        "amount": amount,
        "requested_amount": amount * random.choice((10, 10, 12)) // 10,
        "instalments": life.products[code].instalments,
        "purpose_id": life.env.ref(f"kondo_microfinance.loan_purpose_{PURPOSES[code]}").id,
        "sector_id": life.env.ref(f"kondo_microfinance.loan_sector_{SECTORS[code]}").id,
        "reason": random.choice(REASONS[code]),
        "savings_account_id": current_account(life, counter, member).id,
        "opinion": "unfavourable" if fate == "refused" else "favourable",
        "opinion_text": random.choice(OPINIONS),
        "bureau_consent_on": life.date,
        "bureau_on": life.date,
        "bureau_reference": f"BIC-{random.randrange(10**6):06d}",
        "bureau_score": random.choice(("A", "A", "B")),
        "visited_on": life.date - timedelta(days=random.randrange(1, 5)),
        "visited_place": member.village_id.name,
    }
    if life.products[code].guarantee_percent:
        asked = round(amount * life.products[code].guarantee_percent / 100)
        values |= {"guarantee_savings": asked, "guarantee_account_id": guarantee(life, counter, member, asked).id}
    if fate == "tranches":
        part = amount // 3 // 1000 * 1000
        values["tranche_ids"] = [(0, 0, {"on": life.date + timedelta(days=24), "amount": part})]
    if code == "FEM" and until == "committee":
        values["funding_ids"] = [(0, 0, {"line_id": life.loans["line"].id, "percent": 100})]
    life.later(10, 20)
    loan = officer["kondo.loan"].create(values)
    life.loans["fate"][loan.id] = fate
    if until != "draft":
        fill(life, loan, amount)
        if fate == "guaranteed":
            secure(life, counter, loan)
        loan.action_submit()
        if until == "committee":
            loan.action_present()
    life.env.cr.commit()
    return loan


def borrower(life, counter, code):
    """A member who has no loan yet: a group for a campaign, a woman for the women's credit."""
    taken = life.env["kondo.loan"].search([("company_id", "=", counter.company.id)]).partner_id
    accounts = life.env["kondo.savings.account"].browse(sorted(counter.accounts))
    members = (accounts.partner_id - taken).filtered(lambda member: member.member_state == "active").sorted("id")
    if code == "CAM":
        members = members.filtered(lambda member: member.member_kind == "group")
    else:
        members = members.filtered(lambda member: member.member_kind == "individual")
    if code == "FEM":
        members = members.filtered(lambda member: member.sex == "female")
    return members and life.loans["random"].choice(members)


def current_account(life, counter, member):
    accounts = life.env["kondo.savings.account"].browse(sorted(counter.accounts))
    return accounts.filtered(lambda account: account.partner_id == member)[:1]


def guarantee(life, counter, member, amount):
    """The member's guarantee account with the deposit that the loan asks for, made at the till."""
    teller = life.as_user(counter.staff["teller"])
    account = teller["kondo.savings.account"].create({"partner_id": member.id, "product_id": life.products["GAR"].id})
    life.env.cr.commit()
    counter.session.env["kondo.operation"].submit(
        "deposit", life.uuid(), {"session_id": counter.session.id, "account_id": account.id, "amount": amount}
    )
    life.count += 1
    life.env.cr.commit()
    life.env.invalidate_all()
    return account


def fill(life, loan, amount):
    """The visit form with figures that carry the instalment, the papers that are asked for."""
    random = life.loans["random"]
    figures = {
        "household_size": random.randrange(4, 14),
        "school_children": random.randrange(0, 6),
        "food": random.randrange(25, 60) * 1000,
        "other_loans": 0,
        "sales": random.randrange(25, 60) * max(amount, 100_000) // 40 // 1000 * 1000 + 150_000,
        "purchases": random.randrange(8, 16) * max(amount, 100_000) // 40 // 1000 * 1000,
        "harvest_sold": random.randrange(20, 40) * amount // 10,
        "harvest_costs": random.randrange(6, 12) * amount // 10,
    }
    for answer in loan.answer_ids:
        code = answer.question_id.code
        if answer.kind in ("amount", "number") and (code in figures or answer.required):
            answer.amount = figures.get(code, 1)
        elif answer.kind == "yes_no":
            answer.yes_no = "yes"
        elif answer.kind == "text":
            answer.value = f"{loan.reason}, depuis {random.randrange(3, 20)} ans"
    loan.document_ids.write({"seen": True})


def secure(life, counter, loan):
    """A neighbour answers for the loan, a motorcycle is pledged."""
    neighbour = borrower(life, counter, "COM")
    loan.env["kondo.loan.guarantor"].create(
        {"loan_id": loan.id, "partner_id": neighbour.id, "ceiling": loan.amount // 2}
    )
    kind = life.env["kondo.collateral.kind"].search([("company_id", "=", life.union.id)], limit=1)
    loan.env["kondo.loan.collateral"].create(
        {
            "loan_id": loan.id,
            "kind_id": kind.id,
            "name": "Charrue et paire de bœufs",
            "value": loan.amount * 6 // 10,
            "valued_on": life.date,
            "document": "Attestation du chef de village",
            "insured_until": life.date + timedelta(days=700),
        }
    )
