"""What SOS Faim's line lends the organisations of the demonstration, and how they repay."""

import uuid

from odoo.addons.kondo_microfinance.demo.loan_files import Request, answers, judgement
from odoo.addons.kondo_microfinance.demo.loan_products import COMMON, FILE_FEE

PARTS = (10_000, 15_000, 20_000, 25_000, 30_000)  # francs for one person
TRANCHES = (60_000_000, 60_000_000)  # to the bank of a caisse each
A_DAY = 5  # disbursements in a caisse
WEEKS = 5  # of the market gardeners' loans
PRODUCTS = (
    {
        "name": "Crédit de campagne des OP",
        "code": "OPC",
        "description": "Un contrat avec l'organisation, réparti entre ses membres ; remboursé à la commercialisation.",
        "every": 8,
        "unit": "months",
        "annual_rate": 12,
    },
    {
        "name": "Crédit maraîchage et étuvage des OP",
        "code": "OPM",
        "description": "Cinq semaines : semences, étuvage du riz, petit commerce des groupements de femmes.",
        "every": WEEKS,
        "unit": "weeks",
        "annual_rate": 12,
    },
)


def create_products(life):
    """{code: product} for organisations only."""
    common = {
        **COMMON,
        "company_id": life.union.id,
        "amortization": "in_fine",
        "instalments": 1,
        "maximum_instalments": 1,
        "minimum_amount": 100_000,
        "maximum_amount": 5_000_000,
        "for_individuals": False,
        "for_legal": False,
        "split_mode": "informative",
        "penalty_rate": 1,
        "penalty_per": "month",
        "penalty_grace": 10,
    }
    products = life.env["kondo.loan.product"].create(
        [
            {**common, **product, "sequence": 100 + rank, "charge_ids": [(0, 0, {**FILE_FEE, "value": 0.5})]}
            for rank, product in enumerate(PRODUCTS)
        ]
    )
    return {product.code: product for product in products}


def create_line(life):
    """The agreement of 2017 and its two tranches."""
    donor = life.env["res.partner"].search([("name", "=", "SOS Faim")], limit=1) or life.env["res.partner"].create(
        {"name": "SOS Faim", "is_company": True}
    )
    line = life.env["kondo.funding.line"].create(
        {
            "name": "SOS Faim 2017, organisations paysannes",
            "donor_id": donor.id,
            "agreement": "Convention de refinancement n° 2017/11",
            "company_id": life.union.id,
            "amount": sum(TRANCHES),
            "date_from": "2017-01-01",
            "for_individuals": False,
            "for_legal": False,
        }
    )
    life.env.cr.commit()
    for number, (counter, amount) in enumerate(zip(life.counters, TRANCHES, strict=False), 1):
        accountant = line.with_env(life.as_user(counter.staff["accountant"]))
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{line.name} {number}"))
        accountant.receive(counter.company.bank_journal_ids[:1].id, amount, f"Virement, tranche {number}", key=key)
        life.count += 1
    life.env.cr.commit()
    life.env.invalidate_all()
    return line


def enter_files(life, counter):
    """One file for each organisation of the caisse, split among its people, before the committee."""
    officer = life.as_user(counter.staff["officer"])
    members = life.orgs.members[counter.caisse.code]
    life.lending.later(life)
    loans = officer["kondo.loan"].create([values_of(life, member) for member in members])
    for loan in loans:
        request = Request("CAM", "group", loan.amount, 1)
        found = answers(life.orgs.random, request, loan.partner_id, life.date)
        loan.write(
            {
                "answer_ids": [
                    (1, answer.id, found[answer.question_id.code])
                    for answer in loan.answer_ids
                    if answer.question_id.code in found
                ],
                "document_ids": [(1, paper.id, {"seen": True, "seen_on": life.date}) for paper in loan.document_ids],
            }
        )
    loans.action_submit()
    loans.action_present()
    life.env.cr.commit()
    return loans


def values_of(life, member):
    """What the officer types: the women's groups borrow for five weeks, the others for the campaign."""
    orgs = life.orgs
    people = member.org_membership_ids.person_id
    product = orgs.products["OPM" if all(person.sex == "female" for person in people) else "OPC"]
    campaign = next(one for one in orgs.campaigns.values() if one.zone_id == member.org_zone_id)
    parts = [(person, orgs.random.choice(PARTS)) for person in people]
    amount = sum(part for _person, part in parts)
    account = life.env["kondo.savings.account"].search([("partner_id", "=", member.id)], limit=1)
    request = Request("CAM", "group", amount, 1)
    return {
        "partner_id": member.id,
        "product_id": product.id,
        "campaign_id": campaign.id,
        "amount": amount,
        "instalments": 1,
        "requested_on": life.date,
        "purpose_id": life.env["kondo.loan.purpose"].search([("code", "=", "cash")]).id,
        "sector_id": life.env["kondo.loan.sector"].search([("code", "=", "agriculture")]).id,
        "reason": "Intrants de la campagne" if product.code == "OPC" else "Semences maraîchères et étuvage du riz",
        "savings_account_id": account.id,
        "funding_ids": [(0, 0, {"line_id": orgs.line.id, "percent": 100})],
        "split_ids": [
            (0, 0, {"person_id": person.id, "requested": part, "granted": part, "sequence": rank})
            for rank, (person, part) in enumerate(parts)
        ],
        **judgement(orgs.random, life.date, request, member),
        **({"first_due": campaign.marketing_on} if product.code == "OPC" else {}),
    }


def own_loans(life, counter, *domain):
    products = life.orgs.products["OPC"] | life.orgs.products["OPM"]
    return life.env["kondo.loan"].search(
        [("company_id", "=", counter.company.id), ("product_id", "in", products.ids), *domain], order="id"
    )


def pay_out(life, counter, submit):
    """A few organisations a day come for their money; it goes to their account."""
    for loan in own_loans(life, counter, ("state", "=", "approved"))[:A_DAY]:
        submit(life, counter, "loan_disbursement", loan_id=loan.id, paid="account")


def receive(life, counter, submit):
    """A group that owes pays from its account, the interest brought to the window first. One in twelve brings nothing, one
    in twelve a half.
    """
    due = own_loans(life, counter, ("state", "=", "active"), ("next_due", "<=", life.date))
    for loan in due:
        habit = life.orgs.members[counter.caisse.code].ids.index(loan.partner_id.id) % 12
        if habit == 5 or (habit == 7 and loan.principal < loan.amount):
            continue
        amount = loan.due_now if habit != 7 else loan.due_now // 2 // 500 * 500
        account = loan.savings_account_id
        missing = amount - (account.balance - account.blocked)
        if missing > 0:
            brought = -(-missing // 5_000) * 5_000
            submit(life, counter, "deposit", account_id=account.id, amount=brought, note="Apport du groupement")
        submit(life, counter, "loan_repayment", loan_id=loan.id, source=account.id, amount=amount)
