"""What the demonstration's union lends, who decides on it and whose money it is."""

from datetime import timedelta

from .people import person_name

FILE_FEE = {"name": "Frais de dossier", "kind": "fee", "when": "disbursement", "base": "principal", "value": 1}
TAX = {"name": "TAF sur frais de dossier", "kind": "fee", "when": "disbursement", "base": "principal", "value": 0.15}
PENALTY = {"penalty_rate": 24, "penalty_per": "year", "penalty_grace": 3}
PRODUCTS = (
    {
        "name": "Crédit de campagne", "code": "CAM", "annual_rate": 14, "amortization": "in_fine", "interest_by": "days",
        "days_in_year": "365", "every": 8, "unit": "months", "instalments": 1, "interest_collection": "last",
        "maximum_amount": 10_000_000, "for_individuals": False, "sequence": 10, "minimum_instalments": 1,
        "maximum_instalments": 2,
        "description": "Intrants et main-d'œuvre des organisations paysannes, remboursé à la vente de la récolte.",
        "charges": (FILE_FEE, TAX), **PENALTY,
    },
    {
        "name": "Crédit commerce", "code": "COM", "annual_rate": 18, "instalments": 12, "maximum_amount": 1_500_000,
        "multiple": "25", "sequence": 20, "minimum_instalments": 3, "maximum_instalments": 18,
        "guarantee_percent": 10, "charges": (FILE_FEE, TAX), "pays_ahead": True,
        "description": "Stock et fonds de roulement des commerçants.", **PENALTY,
    },
    {
        "name": "Crédit des femmes, hebdomadaire", "code": "FEM", "annual_rate": 18, "every": 1, "unit": "weeks",
        "days_in_year": "364", "instalments": 20, "maximum_amount": 250_000, "women_only": True, "multiple": "5",
        "sequence": 30, "minimum_instalments": 8, "maximum_instalments": 26, "pays_ahead": True,
        "charges": ({"name": "Frais de dossier", "kind": "fee", "when": "disbursement", "base": "amount", "value": 250},),
        "description": "Petit commerce des femmes, remboursé chaque jour de marché.", **PENALTY,
    },
    {
        "name": "Crédit équipement", "code": "EQU", "annual_rate": 16, "instalments": 24, "grace_principal": 3,
        "maximum_amount": 5_000_000, "tranches_allowed": True, "sequence": 40, "minimum_instalments": 6,
        "maximum_instalments": 36, "multiple": "100", "amortization": "equal_principal",
        "charges": (FILE_FEE, TAX), "pays_ahead": True,
        "description": "Charrues, motoculteurs, moulins, décortiqueuses ; trois mois sans capital.", **PENALTY,
    },
    {
        "name": "Crédit de dépannage", "code": "DEP", "annual_rate": 18, "instalments": 6, "maximum_amount": 200_000,
        "sequence": 50, "minimum_instalments": 1, "maximum_instalments": 6, "multiple": "25",
        "charges": ({"name": "Frais de dossier", "kind": "fee", "when": "disbursement", "base": "amount", "value": 500},),
        "description": "Santé, rentrée scolaire, soudure.", **PENALTY,
    },
)  # fmt: skip
LEVELS = (("caisse", 3_000_000, 3), ("union", 10_000_000, 3), ("board", 0, 5))
OFFICES = ("Président", "Vice-présidente", "Secrétaire", "Membre")


def create_products(life):
    """{code: product} of the union's loans, and the guarantee savings that go with them."""
    purposes = {"EQU": "equipment", "DEP": "consumption"}
    products = {}
    for definition in PRODUCTS:
        values = dict(definition)
        charges = values.pop("charges")
        product = life.env["kondo.loan.product"].create(
            {
                "company_id": life.union.id,
                "shares_needed": False,
                "closed_sunday": True,
                "shift": "next",
                "charge_ids": [
                    (0, 0, {"sequence": 10 * rank, "is_tax": charge["name"].startswith("TAF"), **charge})
                    for rank, charge in enumerate(charges, 1)
                ],
                **values,
            }
        )
        if definition["code"] in purposes:
            product.purpose_ids = life.env.ref(f"kondo_microfinance.loan_purpose_{purposes[definition['code']]}")
        products[definition["code"]] = product
    products["GAR"] = life.env["kondo.savings.product"].create(
        {"name": "Épargne de garantie", "code": "GAR", "kind": "guarantee", "company_id": life.union.id}
    )
    return products


def create_levels(life):
    """Who decides up to which amount."""
    life.env["kondo.loan.approval.level"].create(
        [
            {"company_id": life.union.id, "body": body, "amount_to": amount, "quorum": quorum}
            for body, amount, quorum in LEVELS
        ]
    )


def create_seats(life, counter):
    """The committee of a caisse: four people whom its members elected."""
    random = life.loans["random"]
    life.env["kondo.committee.seat"].create(
        [
            {
                "company_id": counter.company.id,
                "body": "caisse",
                "role": office,
                "name": person_name(random, counter.caisse.peoples, "female" if rank % 2 else "male"),
            }
            for rank, office in enumerate(OFFICES)
        ]
    )


def create_lines(life):
    """A donor's line, its first tranche on a bank account of Ségou."""
    donor = life.env["res.partner"].create({"name": "SOS Faim", "is_company": True})
    life.loans["line"] = life.env["kondo.funding.line"].create(
        {
            "name": "SOS Faim, femmes et organisations paysannes",
            "donor_id": donor.id,
            "agreement": "Convention de refinancement n° 2017/04",
            "company_id": life.union.id,
            "amount": 20_000_000,
            "date_from": life.days[0] - timedelta(days=30),
            "women_only": True,
        }
    )
    counter = life.counters[0]
    accountant = life.as_user(counter.staff["accountant"])
    journal = counter.company.bank_journal_ids[:1]
    life.env.cr.commit()
    life.loans["line"].with_env(accountant).receive(
        journal.id, 6_000_000, "Virement BNDA, première tranche", key=life.uuid()
    )
    life.count += 1
    life.env.cr.commit()
    life.env.invalidate_all()
