"""The loan files of the demonstration: who asks for what, what the officer found, and how each will be repaid."""

from datetime import timedelta
from typing import NamedTuple

from odoo import fields

from . import funding
from .loan_products import holders


class Request(NamedTuple):
    """A file that an officer enters.

    :ivar who: "woman", "man" or "group"
    :ivar count: number of instalments
    :ivar decision: what the committee says; None: the file waits where `state` says
    :ivar habit: how it is repaid: "good", "slow", "part", "stops", "clears", "account"
    :ivar more: what else the file holds: first_due (days), tranche, guarantor, pledge, relative, changed, reason
    """

    product: str
    who: str
    amount: int
    count: int
    decision: str | None = "granted"
    habit: str = "good"
    more: dict = {}  # noqa: RUF012  never written


# Entered on the first day, decided on the second, paid out from the third on.
FIRST = {
    "NIO": (
        Request("CAM", "group", 1_200_000, 1, more={"tranche": 500_000}),
        Request("CAM", "man", 350_000, 1),
        Request("COM", "woman", 500_000, 12, more={"first_due": 18}),
        Request("COM", "man", 750_000, 12, more={"first_due": 20, "guarantor": 300_000, "pledge": "moto"}),
        Request("COM", "woman", 400_000, 12, habit="part", more={"first_due": 15}),
        Request("COM", "man", 450_000, 10, habit="stops", more={"first_due": 16, "reschedule": 16}),
        Request("COM", "woman", 600_000, 12, habit="account"),
        Request("FEM", "woman", 100_000, 20),
        Request("FEM", "woman", 75_000, 16),
        Request("FEM", "woman", 100_000, 20, habit="slow"),
        Request("FEM", "woman", 150_000, 24, habit="stops"),
        Request("FEM", "group", 300_000, 26),
        Request("DEP", "man", 100_000, 3, habit="clears"),
        Request("DEP", "woman", 60_000, 3),
        Request("EQP", "man", 1_300_000, 24),
        Request("EQP", "group", 3_000_000, 36, "changed", more={"changed": 2_500_000}),
        Request("COM", "man", 1_000_000, 12, "refused", more={"poor": True}),
        Request("FEM", "woman", 120_000, 20, "deferred"),
    ),
    "SEG": (
        Request("CAM", "man", 250_000, 1),
        Request("COM", "woman", 800_000, 12, more={"first_due": 19, "pledge": "stock"}),
        Request("COM", "woman", 300_000, 12, "changed", more={"changed": 250_000, "first_due": 21}),
        Request("COM", "man", 500_000, 12, habit="slow", more={"first_due": 14}),
        Request("FEM", "woman", 100_000, 20),
        Request("FEM", "woman", 50_000, 16, habit="slow"),
        Request("FEM", "woman", 80_000, 20, habit="part"),
        Request("DEP", "man", 50_000, 2),
        Request("EQP", "man", 900_000, 24, more={"pledge": "moto"}),
        Request("COM", "man", 700_000, 12, "given_up"),
    ),
    "KOU": (
        Request("CAM", "group", 1_500_000, 1),
        Request("CAM", "man", 400_000, 1),
        Request("CAM", "man", 300_000, 1),
        Request("COM", "man", 350_000, 12, habit="stops", more={"first_due": 13}),
        Request("FEM", "woman", 75_000, 20),
        Request("FEM", "woman", 60_000, 16, habit="part"),
        Request("EQP", "man", 800_000, 24),
        Request("DEP", "woman", 40_000, 3),
    ),
    "MOP": (
        Request("COM", "woman", 450_000, 12, more={"first_due": 17}),
        Request("COM", "man", 600_000, 12),
        Request("FEM", "woman", 100_000, 20),
        Request("FEM", "woman", 90_000, 18, habit="stops"),
        Request("FEM", "woman", 60_000, 16),
        Request("EQP", "man", 700_000, 24),
        Request("DEP", "woman", 45_000, 3, habit="slow"),
    ),
}
# Niono's second sitting, some days ago: one waits for the teller, one has just been refused.
SECOND = (
    Request("FEM", "woman", 125_000, 20, more={"waits": True}),
    Request("DEP", "man", 80_000, 3),
    Request("COM", "man", 900_000, 12, "refused", more={"poor": True}),
)
# Before the committee of today, with a relative of its president; then one for the union, one reviewed, one begun.
WAITING = (
    Request("CAM", "group", 1_000_000, 1, None),
    Request("COM", "woman", 650_000, 12, None, more={"guarantor": 250_000}),
    Request("FEM", "woman", 150_000, 20, None, more={"relative": True}),
    Request("EQP", "man", 1_400_000, 30, None, more={"pledge": "moto"}),
    Request("EQP", "man", 4_000_000, 36, None),
    Request("COM", "woman", 300_000, 12, None, more={"state": "review"}),
    Request("DEP", "man", 70_000, 3, None, more={"state": "draft"}),
)
PURPOSES = {"CAM": "cash", "COM": "cash", "FEM": "cash", "EQP": "equipment", "DEP": "consumption"}
SECTORS = {"CAM": "agriculture", "COM": "trade", "FEM": "trade", "EQP": "manufacturing", "DEP": "services"}
MONTHS = {"CAM": 8, "FEM": 0.23}  # of the loan, of an instalment
REASONS = {
    "CAM": ("Engrais et redevance eau de la campagne", "Semences, labour et main-d'œuvre", "Intrants du coton"),
    "COM": (
        "Achat de riz à revendre",
        "Stock de pagnes avant la fête",
        "Pièces détachées de motos",
        "Céréales en gros",
    ),
    "FEM": ("Étuvage du riz", "Vente de poisson fumé", "Condiments au marché", "Beignets et jus", "Savon et karité"),
    "EQP": ("Motoculteur d'occasion", "Décortiqueuse à riz", "Moulin à céréales", "Réfrigérateur et congélateur"),
    "DEP": ("Frais de santé", "Frais scolaires", "Réparation de la maison après les pluies"),
}
OPINIONS = {
    False: ("favourable", "Activité connue et régulière, l'épargne du membre tourne bien."),
    True: ("unfavourable", "Ce qui reste chaque mois ne paie pas l'échéance ; dettes au marché."),
}
PLEDGES = {
    "moto": (20, "Moto Sanili 125", 450_000, "Carte grise 4127 MD 5"),
    "stock": (60, "Stock de la boutique", 900_000, "Inventaire signé"),
}


def choose(life, random, counter, request, taken):
    """A member who may ask for this: nobody of the committee or of the staff, nobody who has asked before."""
    kinds = {"woman": ("individual", "female"), "man": ("individual", "male"), "group": ("group", None)}
    kind, sex = kinds[request.who]
    seated = life.env["kondo.committee.seat"].search([("company_id", "=", counter.company.id)]).partner_id
    leaving = life.env["kondo.share.request"].search([("company_id", "=", counter.company.id)]).holding_id.partner_id
    able = holders(life, counter).filtered(
        lambda member: (
            member.member_kind == kind
            and (not sex or member.sex == sex)
            and member.id not in taken
            and not member.user_ids
            and member not in seated | leaving
        )
    )
    member = random.choice(list(able))
    taken.add(member.id)
    return member


def values_of(life, random, counter, products, request, member):
    """What the officer types to begin the file."""
    env, day, more = life.env, life.date, request.more
    product = products[request.product]
    values = {
        "partner_id": member.id,
        "product_id": product.id,
        "amount": request.amount,
        "instalments": request.count,
        "requested_on": day,
        "purpose_id": env["kondo.loan.purpose"].search([("code", "=", PURPOSES[request.product])]).id,
        "sector_id": env["kondo.loan.sector"].search([("code", "=", SECTORS[request.product])]).id,
        "reason": random.choice(REASONS[request.product]),
        "savings_account_id": account_of(life, counter, member).id,
        "pays_from_savings": request.habit == "account",
        "guarantee_savings": round(request.amount * product.guarantee_percent / 100),
        "funding_ids": funding.shares(life, request.product),
    }
    if "first_due" in more:
        values["first_due"] = working_day(day + timedelta(days=2 + more["first_due"]))
    if "tranche" in more:
        later = working_day(day + timedelta(days=25))
        values["tranche_ids"] = [(0, 0, {"on": later, "amount": more["tranche"]})]
    if more.get("relative"):
        values["related_party"] = "relative"
    if request.decision or "state" not in more:
        values.update(judgement(random, day, request, member))
    return values


def judgement(random, day, request, member):
    """Visit, credit bureau and opinion of the officer."""
    opinion, text = OPINIONS[bool(request.more.get("poor"))]
    return {
        "visited_on": day,
        "visited_place": member.village_id.name,
        "bureau_consent_on": day,
        "bureau_on": day,
        "bureau_reference": f"BIC-{day:%y%m}-{random.randrange(10**5, 10**6)}",
        "bureau_score": random.choice(("A2", "A3", "B1")),
        "opinion": opinion,
        "opinion_text": text,
    }


def working_day(day):
    """The day, or Monday when it is a Sunday."""
    return day + timedelta(days=1) if day.weekday() == 6 else day


def account_of(life, counter, member):
    """The account of the member that receives what is overpaid, a demand account first."""
    return (
        life.env["kondo.savings.account"]
        .browse(sorted(counter.accounts))
        .filtered(lambda account: account.partner_id == member)
        .sorted(lambda account: (account.kind != "demand", account.id))[:1]
    )


def fill(life, random, counter, loan, request, taken):
    """The visit form, the papers, guarantors and pledges, by the officer."""
    found = answers(random, request, loan.partner_id, life.date)
    loan.write(
        {
            "answer_ids": [
                (1, answer.id, found[answer.question_id.code])
                for answer in loan.answer_ids
                if answer.question_id.code in found
            ],
            "document_ids": [
                (1, paper.id, {"seen": True, "seen_on": life.date})
                for paper in loan.document_ids
                if paper.required or random.random() < 0.3
            ],
            "guarantor_ids": guarantors(life, random, counter, request, taken),
            "collateral_ids": pledges(life, request),
        }
    )


def answers(random, request, member, day):
    """{code of a question: values} whose result pays the instalments, or not where the request is a poor one."""
    months = MONTHS.get(request.product, 1) * request.count
    enough = random.uniform(0.5, 0.7) if request.more.get("poor") else random.uniform(1.3, 1.9)
    left = request.amount * 1.15 / months / 0.7 * enough
    food, income = random.randrange(30, 60) * 1_000, random.randrange(10, 40) * 1_000
    need = left + food - income + 10_000
    found = {
        "household_size": random.randrange(5, 16),
        "school_children": random.randrange(0, 6),
        "household_income": income,
        "food": food,
        "school_health": 10_000,
        "other_loans": 0,
    }
    if request.product == "CAM":
        costs = round(need * 12 * 0.6, -4)
        found.update(hectares=random.randrange(2, 9), harvest_sold=round(need * 12, -4) + costs, harvest_costs=costs)
    else:
        found.update(
            sales=round(need * 3.2, -3),
            purchases=round(need * 2, -3),
            transport=round(need * 0.1, -3),
            place_cost=round(need * 0.1, -3),
            stock=round(need * 2, -3),
        )
    typed = {code: {"amount": int(amount)} for code, amount in found.items()}
    trade = member.profession or "Culture et petit commerce en groupe"
    typed["activity"] = {"value": f"{trade}, depuis {day.year - random.randrange(2, 15)}"}
    return {**typed, "own_place": {"yes_no": random.choice(("yes", "no"))}}


def guarantors(life, random, counter, request, taken):
    if "guarantor" not in request.more:
        return []
    member = choose(life, random, counter, request._replace(who="man"), taken)
    return [(0, 0, {"partner_id": member.id, "ceiling": request.more["guarantor"], "phone": member.phone})]


def pledges(life, request):
    if "pledge" not in request.more:
        return []
    sequence, name, value, paper = PLEDGES[request.more["pledge"]]
    kind = life.env["kondo.collateral.kind"].search(
        [("company_id", "=", life.union.id), ("sequence", "=", sequence)], limit=1
    )
    pledge = {"kind_id": kind.id, "name": name, "value": value, "valued_on": life.date, "document": paper}
    if kind.insurance_needed:
        pledge.update(insurer="Sabu Nyuman", insured_until=fields.Date.add(life.date, months=10))
    return [(0, 0, pledge)]
