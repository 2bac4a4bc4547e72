"""Build the demonstration network: a union, four caisses, their staff and members, and two months at the counters.

    build(env)   with the superuser's environment, on a database where the add-on is installed and nothing was entered

Deterministic but for ids and clock times: the same people and the same amounts each time, in dates that end today.
"""

import logging
import time
from random import Random

import freezegun

from odoo import fields

from . import batch, collection, funding, intercaisse, interest, loans, rules, shares, standing, term
from .life import Counter, Life
from .people import document, member_values, person_name, phone
from .places import CAISSES, UNION, UNION_CODE
from .staff import create_staff, logins

_logger = logging.getLogger(__name__)

SEED = 1911
MEMBERS = 400
DAYS = 60
LOGINS = logins()
PRODUCTS = (
    {"name": "Dépôt à vue", "code": "DAV", "kind": "demand", "account": "2511", "minimum_balance": 0, "minimum_operation": 250},
    {"name": "Compte sur livret", "code": "LIV", "kind": "passbook", "account": "2512", "minimum_balance": 1000, "minimum_operation": 500},
)  # fmt: skip
# What the other parts of the institution do in these two months.
ROOMS = (interest, rules, term, shares, standing, collection, intercaisse, batch, funding, loans)
LIMITS = (
    ("group_teller", "withdrawal", 500_000),
    ("group_teller", "transfer", 1_000_000),
    ("group_teller", "deposit", 5_000_000),
)


def build(env, rooms=()):
    """Enter the network, once: nothing happens when it is there already. Commits.

    :param rooms: modules like those of `ROOMS`, of add-ons that build on this one
    """
    if env["res.company"].search_count([("kondo_code", "=", UNION_CODE)], limit=1):
        return
    started = time.monotonic()
    random = Random(SEED)
    env = env(context={**env.context, "lang": "fr_FR", "tz": "Africa/Bamako", "tracking_disable": True})
    today = fields.Date.today()
    days = business_days(today)
    union = create_union(env)
    caisses = create_caisses(env, union, days[0])
    staff = create_staff(env, union, caisses)
    products = create_products(env, union)
    counters = []
    for caisse in CAISSES:
        company = caisses[caisse.code]
        members = create_members(env, random, caisse, company, staff[caisse.code]["teller"], today)
        accounts = open_accounts(env, random, members, products)
        counters.append(Counter(caisse, company, staff[caisse.code], accounts))
    env.cr.commit()
    env.cr.execute("ANALYZE")
    _logger.info("demonstration: network and members after %.0f s", time.monotonic() - started)
    with freezegun.freeze_time(ignore=["odoo.sql_db", "odoo.tools.profiler"]) as frozen:
        network = {
            "union": union,
            "companies": caisses,
            "staff": staff,
            "products": products,
            "counters": counters,
        }
        life = Life(env, random, frozen, network, days, (*ROOMS, *rooms))
        life.live()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    check(env, caisses.values())
    _logger.info("demonstration: %s operations after %.0f s", life.count, time.monotonic() - started)
    spent = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in life.seconds.most_common() if seconds >= 0.5)
    _logger.info("demonstration: of these, %s", spent)


def business_days(today):
    """Mondays to Saturdays of the last two months, and today whatever day it is.

    >>> [day.isoformat() for day in business_days(fields.Date.to_date("2026-11-22"))][-3:]
    ['2026-11-20', '2026-11-21', '2026-11-22']
    """
    days = [fields.Date.subtract(today, days=back) for back in range(DAYS, 0, -1)]
    return [day for day in days if day.weekday() != 6] + [today]


def check(env, caisses):
    """The books of the demonstration agree to the franc, or the demonstration is not delivered."""
    service = env["kondo.reconciliation"]
    for company in caisses:
        gaps = [row for row in service._reconcile(company) if row["gap"]] + service._sub_account_gaps(company)
        if gaps:
            raise RuntimeError(f"The books of {company.name} do not agree: {gaps}")


# ------------------------------------------------------------------ the institution
def create_union(env):
    """The database's own company becomes the union."""
    union = env.ref("base.main_company")
    admin = env.ref("base.user_admin")
    # `chart_template_load`: Odoo would install the commercial chart of accounts of the country.
    union.with_context(chart_template_load=True).write({**UNION, "country_id": env.ref("base.ml").id})
    union._kondo_set_up_union(UNION_CODE)
    admin.write(
        {
            "group_ids": [(4, env.ref("kondo_microfinance.group_administrator").id)],
            "lang": "fr_FR",
            "tz": "Africa/Bamako",
        }
    )
    env["kondo.operation.limit"].create(
        [{"company_id": union.id, "role": role, "kind": kind, "amount": amount} for role, kind, amount in LIMITS]
    )
    return union


def create_caisses(env, union, first_day):
    """{code: company} of the four caisses; the administrator works in all of them."""
    admin = env.ref("base.user_admin")
    definitions = []
    for caisse in CAISSES:
        region = env["kondo.region"].search([("code", "=", caisse.region)])
        cercle = env["kondo.cercle"].search([("name", "=", caisse.cercle), ("region_id", "=", region.id)])
        definitions.append(
            {
                "name": caisse.name,
                "code": caisse.code,
                "tills": caisse.tills,
                "business_date": first_day,
                "region_id": region.id,
                "cercle_id": cercle.id,
                "commune_id": commune(env, region, cercle, caisse.commune).id,
            }
        )
    companies = env(user=admin.id)["res.company"]._kondo_create_caisses(union, definitions).with_env(env)
    for caisse, company in zip(CAISSES, companies, strict=True):
        company.write({"street": caisse.street, "city": caisse.commune, "phone": caisse.phone})
        company.till_ids.filtered(lambda place: place.kind == "till").ceiling = 3_000_000
    admin.company_ids += union + companies
    return dict(zip((caisse.code for caisse in CAISSES), companies, strict=True))


def commune(env, region, cercle, name):
    """The commune of that name in the region, entered when the geography has none."""
    communes = env["kondo.commune"]
    return communes.search([("name", "=", name), ("region_id", "=", region.id)], limit=1) or communes.create(
        {"name": name, "region_id": region.id, "cercle_id": cercle.id}
    )


def create_products(env, union):
    """{code: product} that the union offers in all its caisses."""
    products = env["kondo.savings.product"].create(
        [
            {
                **{key: value for key, value in product.items() if key != "account"},
                "company_id": union.id,
                "account_id": union._kondo_account(product["account"]).id,
            }
            for product in PRODUCTS
        ]
    )
    return {product.code: product for product in products}


# ------------------------------------------------------------------ its members
def create_members(env, random, caisse, company, teller, today):
    """The members of one caisse with their documents, mandataries and heirs; a few applicants among them."""
    villages = create_villages(env, caisse, company)
    values = [member_values(random, caisse, villages, today) for _index in range(MEMBERS // len(CAISSES))]
    for vals in values[-3:]:
        vals.update(member_state="applicant", membership_date=False)
    common = {"company_id": company.id, "applied_by_id": teller.id, "country_id": env.ref("base.ml").id}
    members = env["res.partner"].with_company(company).create([{**vals, **common} for vals in values])
    people = members.filtered(lambda member: member.member_kind == "individual")
    create_documents(env, random, people, today)
    env["kondo.heir"].create(
        [
            {
                "partner_id": member.id,
                "name": person_name(random, caisse.peoples, random.choice(("female", "male"))),
                "relation": random.choice(("spouse", "child", "child", "sibling")),
            }
            for member in people
            if random.random() < 0.3
        ]
    )
    mandates = []
    for member in members - people:
        sex = "female" if member.women_count else "male"
        for role in ("Présidente", "Trésorière") if sex == "female" else ("Président", "Trésorier"):
            mandates.append(mandate(random, member, person_name(random, caisse.peoples, sex), role, "together"))
    for member in people:
        if random.random() < 0.06:
            name = person_name(random, caisse.peoples, random.choice(("female", "male")))
            mandates.append(mandate(random, member, name, False, random.choice(("alone", "inquire"))))
    env["kondo.mandate"].create(mandates)
    return members


def create_villages(env, caisse, company):
    """The villages and quarters around a caisse, those of its seat twice as likely."""
    villages = env["kondo.village"]
    region, cercle = company.kondo_region_id, company.kondo_cercle_id
    weighted = []
    for name, places in caisse.places.items():
        town = commune(env, region, cercle, name)
        known = {village.name: village for village in villages.search([("commune_id", "=", town.id)])}
        missing = villages.create([{"name": place, "commune_id": town.id} for place in places if place not in known])
        known.update((village.name, village) for village in missing)
        weighted += [known[place] for place in places] * (2 if name == caisse.commune else 1)
    return weighted


def create_documents(env, random, people, today):
    """An identity document for nine in ten."""
    categories = {category.code: category.id for category in env["res.partner.id_category"].search([])}
    vals_list = []
    for member in people:
        code, number, valid_from, valid_until = document(random, today)
        if code in categories and random.random() < 0.9:
            vals_list.append(
                {
                    "partner_id": member.id,
                    "category_id": categories[code],
                    "name": number,
                    "valid_from": valid_from,
                    "valid_until": valid_until,
                    "status": "open",
                }
            )
    env["res.partner.id_number"].create(vals_list)


def mandate(random, member, name, role, scope):
    return {
        "partner_id": member.id,
        "holder_name": name,
        "holder_phone": phone(random),
        "role": role,
        "scope": scope,
        "date_from": member.membership_date or fields.Date.today(),
    }


def open_accounts(env, random, members, products):
    """A passbook for most, a demand account for those who trade and for groups, both for some."""
    vals_list = []
    for member in members.filtered(lambda member: member.member_state == "active"):
        codes = {"DAV"} if member.member_kind != "individual" else {random.choice(("LIV", "LIV", "LIV", "DAV"))}
        if random.random() < 0.36:
            codes = {"DAV", "LIV"}
        vals_list += [{"partner_id": member.id, "product_id": products[code].id} for code in sorted(codes)]
    return env["kondo.savings.account"].create(vals_list)
