"""What the network of the demonstration lends, and who decides: five products, three bodies and their members."""

from .people import person_name

FILE_FEE = {"name": "Frais de dossier", "kind": "fee", "when": "disbursement", "base": "principal"}
TAF = {
    "name": "TAF sur frais de dossier",
    "kind": "fee",
    "when": "disbursement",
    "base": "principal",
    "value": 0.17,
    "is_tax": True,
}
INSURANCE = {
    "name": "Assurance décès emprunteur",
    "kind": "insurance",
    "when": "disbursement",
    "base": "principal",
    "value": 0.5,
}
SAVED = {"name": "Épargne de garantie", "kind": "guarantee", "when": "disbursement", "base": "principal", "value": 10}
WEEKLY_SAVED = {
    "name": "Épargne obligatoire de la semaine",
    "kind": "guarantee",
    "when": "instalment",
    "base": "amount",
    "value": 250,
}
COMMON = {"closed_sunday": True, "shift": "next", "shares_needed": False}
PRODUCTS = (
    {
        "name": "Crédit de campagne agricole",
        "code": "CAM",
        "description": "Semences, engrais et redevance eau ; tout est remboursé en une fois, à la vente de la récolte.",
        "amortization": "in_fine",
        "annual_rate": 12,
        "every": 8,
        "instalments": 1,
        "maximum_instalments": 1,
        "minimum_amount": 50_000,
        "maximum_amount": 5_000_000,
        "tranches_allowed": True,
        "penalty_rate": 1,
        "penalty_per": "month",
        "penalty_grace": 15,
        "charge_ids": [{**FILE_FEE, "value": 1}, TAF],
    },
    {
        "name": "Crédit commerce",
        "code": "COM",
        "description": "Fonds de roulement d'un commerce, douze mensualités égales.",
        "annual_rate": 18,
        "instalments": 12,
        "maximum_instalments": 18,
        "minimum_amount": 100_000,
        "maximum_amount": 3_000_000,
        "guarantee_percent": 10,
        "penalty_rate": 2,
        "penalty_per": "month",
        "penalty_grace": 3,
        "early_fee_percent": 1,
        "charge_ids": [{**FILE_FEE, "value": 1}, TAF, INSURANCE, SAVED],
    },
    {
        "name": "Crédit femmes et petit commerce",
        "code": "FEM",
        "description": "Le petit commerce des femmes : une échéance par semaine, le jour du versement du prêt.",
        "annual_rate": 16,
        "unit": "weeks",
        "instalments": 20,
        "minimum_instalments": 16,
        "maximum_instalments": 26,
        "minimum_amount": 25_000,
        "maximum_amount": 300_000,
        "women_only": True,
        "multiple": "25",
        "penalty_per": "day",
        "penalty_fixed": 50,
        "penalty_grace": 2,
        "penalty_cap_percent": 25,
        "charge_ids": [{**FILE_FEE, "value": 1, "minimum": 500}, WEEKLY_SAVED],
    },
    {
        "name": "Crédit équipement",
        "code": "EQP",
        "description": "Motoculteur, décortiqueuse, charrette, réfrigérateur : le capital se rembourse après trois mois.",
        "annual_rate": 15,
        "instalments": 24,
        "minimum_instalments": 12,
        "maximum_instalments": 36,
        "grace_principal": 3,
        "minimum_amount": 250_000,
        "maximum_amount": 10_000_000,
        "shares_needed": True,
        "guarantee_percent": 10,
        "penalty_rate": 2,
        "penalty_per": "month",
        "penalty_grace": 5,
        "charge_ids": [{**FILE_FEE, "value": 1.5}, TAF, INSURANCE, SAVED],
    },
    {
        "name": "Crédit dépannage",
        "code": "DEP",
        "description": "Santé, école, cérémonie : une petite somme, trois mois.",
        "annual_rate": 15,
        "instalments": 3,
        "maximum_instalments": 6,
        "minimum_amount": 10_000,
        "maximum_amount": 200_000,
        "for_groups": False,
        "for_legal": False,
        "penalty_rate": 2,
        "penalty_per": "month",
        "penalty_grace": 3,
        "charge_ids": [{**FILE_FEE, "value": 0.5, "minimum": 250}],
    },
)
LEVELS = (("caisse", 1_500_000, 3), ("union", 10_000_000, 3), ("board", 0, 4))
OFFICES = ("Président", "Vice-présidente", "Secrétaire", "Membre", "Membre")
UNION_SEATS = (
    ("union", "TRAORÉ Mamadou", "Président"),
    ("union", "MAÏGA Ramatou", "Rapporteure"),
    ("union", "SANOGO Yacouba", "Membre"),
    ("board", "COULIBALY Zoumana", "Président du conseil"),
    ("board", "DICKO Aïssata", "Vice-présidente"),
    ("board", "KONÉ Siaka", "Secrétaire"),
    ("board", "DOLO Antandou", "Membre"),
)


def create_products(life):
    """{code: kondo.loan.product} of the union, and its guarantee savings among `life.products`."""
    life.products["GAR"] = life.env["kondo.savings.product"].create(
        {"name": "Épargne de garantie", "code": "GAR", "kind": "guarantee", "company_id": life.union.id}
    )
    products = life.env["kondo.loan.product"].create(
        [
            {
                **COMMON,
                **product,
                "sequence": 10 * number,
                "company_id": life.union.id,
                "charge_ids": [
                    (0, 0, {**charge, "sequence": 10 * rank}) for rank, charge in enumerate(product["charge_ids"], 1)
                ],
            }
            for number, product in enumerate(PRODUCTS, 1)
        ]
    )
    return {product.code: product for product in products}


def create_committees(life, random):
    """The bodies that decide; five elected members sit in each caisse, one of them not a member of the register."""
    life.env["kondo.loan.approval.level"].create(
        [
            {"company_id": life.union.id, "body": body, "amount_to": amount, "quorum": quorum}
            for body, amount, quorum in LEVELS
        ]
    )
    seats = [
        {"company_id": life.union.id, "body": body, "name": name, "role": role, "sequence": 10 * number}
        for number, (body, name, role) in enumerate(UNION_SEATS, 1)
    ]
    for counter in life.counters:
        members = holders(life, counter).filtered(lambda member: member.member_kind == "individual")
        women = members.filtered(lambda member: member.sex == "female")
        men = list(members - women)
        elected = [random.choice(men), random.choice(list(women))]
        elected += random.sample([member for member in members if member not in elected], 2)
        for number, role in enumerate(OFFICES):
            who = (
                {"partner_id": elected[number].id}
                if number < len(elected)
                else {"name": person_name(random, counter.caisse.peoples, "male")}
            )
            seats.append({"company_id": counter.company.id, "role": role, "sequence": 10 * (number + 1), **who})
    life.env["kondo.committee.seat"].create(seats)


def holders(life, counter):
    """The active members of a caisse who have an account, in the order of their accounts."""
    accounts = life.env["kondo.savings.account"].browse(sorted(counter.accounts))
    return accounts.partner_id.filtered(lambda member: member.member_state == "active")
