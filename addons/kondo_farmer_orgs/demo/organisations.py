"""The farmer organisations of the demonstration: 136 of them, their people, and what SOS Faim's line lends them.

A part of the network's life like those of `kondo_microfinance/demo`: files by the officers, sittings of the committees,
disbursements to the accounts, repayments. Its own generator of chance.
"""

from random import Random

from odoo import fields

from odoo.addons.kondo_microfinance.demo import loan_sittings
from odoo.addons.kondo_microfinance.demo.loan_files import Request
from odoo.addons.kondo_microfinance.demo.loans import submit
from odoo.addons.kondo_microfinance.demo.people import GROUP_NAMES, person_name, phone

from . import lending
from .plan import births, plans

SEED = 2017
FORMS = (("scoops", "SCOOPS"), ("association", "Association"), ("gie", "GIE"), ("coop_ca", "Coopérative"))
OFFICES = ("president", "vice_president", "secretary", "treasurer")
# crop, its measure, zone and cercles, and months from today until its harvest is paid
CAMPAIGNS = (
    ("Coton", "hectare", "Zone cotonnière de Koutiala", ("Koutiala",), 5),
    ("Riz", "hectare", "Office du Niger", ("Niono", "Ségou"), 4),
    ("Échalote et oignon", "bag", "Delta et plateau", ("Mopti",), 4),
)
CROP_OF = {"KOU": "Coton", "NIO": "Riz", "SEG": "Riz", "MOP": "Échalote et oignon"}
FILES_ON, SITTING_ON = 3, 4  # days of the demonstration


class Orgs:
    """What this part remembers: crops, zones, campaigns by crop, and the loans of each caisse."""

    def __init__(self, life):
        self.random = Random(SEED)
        self.campaigns = campaigns(life)
        self.products = lending.create_products(life)
        self.line = lending.create_line(life)
        self.members = {}
        rows = plans(self.random)
        share = len(rows) // len(life.counters)
        for index, counter in enumerate(life.counters):
            self.members[counter.caisse.code] = enter(life, self, counter, rows[index * share : (index + 1) * share])


def start(life):
    life.orgs = Orgs(life)


def day(life, counter):
    """Files on the fourth day, the sitting on the fifth, then disbursements and repayments as they come."""
    number = life.days.index(life.date)
    if number == FILES_ON:
        files = lending.enter_files(life, counter)
        for loan in files:  # the part of the loans knows them: granted, paid out and repaid here
            life.lending.requests[loan.id] = Request(
                "CAM", "group", loan.amount, 1, habit="account", more={"waits": True}
            )
    elif number == SITTING_ON:
        loan_sittings.sit(life, counter)
    elif number > SITTING_ON:
        lending.pay_out(life, counter, submit)
        lending.receive(life, counter, submit)


def campaigns(life):
    """{crop name: campaign} of the season."""
    found = {}
    for crop_name, measure, zone_name, cercles, months in CAMPAIGNS:
        union = {"company_id": life.union.id}
        crop = life.env["kondo.crop"].create({**union, "name": crop_name, "measure": measure})
        zone = life.env["kondo.zone"].create(
            {
                **union,
                "name": zone_name,
                "cercle_ids": [(6, 0, life.env["kondo.cercle"].search([("name", "in", cercles)]).ids)],
            }
        )
        found[crop_name] = life.env["kondo.campaign"].create(
            {
                **union,
                "name": f"{crop_name} {life.days[0].year}",
                "crop_id": crop.id,
                "zone_id": zone.id,
                "date_from": fields.Date.subtract(life.days[0], months=4),
                "marketing_on": fields.Date.add(life.days[-1], months=months),
            }
        )
    return found


def enter(life, orgs, counter, rows):
    """The organisations of one caisse as members of it, with their people and an account each."""
    env, random = life.env, orgs.random
    campaign = orgs.campaigns[CROP_OF[counter.caisse.code]]
    villages = env["kondo.village"].search(
        [("commune_id.cercle_id", "=", counter.company.kondo_cercle_id.id)], order="id"
    )
    names = organisation_names(random, len(rows), [row.womens for row in rows], villages)
    values = []
    for row, (form, name, village) in zip(rows, names, strict=True):
        joined = fields.Date.subtract(life.days[0], days=random.randrange(400, 2600))
        values.append(
            {
                "is_kondo_member": True,
                "member_kind": "group",
                "name": name,
                "org_form": form,
                "org_zone_id": campaign.zone_id.id,
                "org_crop_ids": [(6, 0, campaign.crop_id.ids)],
                "org_hectares": 0 if row.womens else row.men * random.randrange(1, 4),
                "org_registration": f"{counter.caisse.code}/{joined:%Y}/{random.randrange(100, 1000)}",
                "village_id": village.id,
                "city": village.name,
                "phone": phone(random),
                "member_state": "active",
                "membership_date": joined,
                "company_id": counter.company.id,
                "applied_by_id": counter.staff["teller"].id,
                "country_id": env.ref("base.ml").id,
            }
        )
    members = env["res.partner"].with_company(counter.company).create(values)
    enter_people(life, orgs, counter, members, rows)
    env["kondo.savings.account"].create(
        [{"partner_id": member.id, "product_id": life.products["DAV"].id} for member in members]
    )
    return members


def organisation_names(random, count, womens, villages):
    """(form, name, village) of each, no name twice in a caisse."""
    made, taken = [], set()
    for alone in womens[:count]:
        while True:
            form, word = FORMS[1] if alone and random.random() < 0.5 else random.choice(FORMS)
            village, own = random.choice(villages), random.choice(GROUP_NAMES)
            kind = "des femmes " if alone else ""
            name = f"{word} {kind}{own} de {village.name}"
            if name not in taken:
                break
        taken.add(name)
        made.append((form, name, village))
    return made


def enter_people(life, orgs, counter, members, rows):
    """The people of each organisation, its officers first."""
    env, random, year = life.env, orgs.random, life.days[0].year
    people, belongs = [], []
    for member, row in zip(members, rows, strict=True):
        born = births(random, row.women, row.young_women, year), births(random, row.men, row.young_men, year)
        for sex, dates in zip(("female", "male"), born, strict=True):
            for date in dates:
                people.append(
                    {
                        "name": person_name(random, counter.caisse.peoples, sex),
                        "sex": sex,
                        "birth_date": date,
                        "company_id": counter.company.id,
                        "village_id": member.village_id.id,
                    }
                )
                belongs.append(member)
    persons = env["kondo.org.person"].create(people)
    places = {}
    memberships = []
    for person, member in zip(persons, belongs, strict=True):
        place = places[member] = places.get(member, -1) + 1
        memberships.append(
            {
                "organisation_id": member.id,
                "person_id": person.id,
                "role": OFFICES[place] if place < len(OFFICES) else "member",
                "date_from": member.membership_date,
            }
        )
    env["kondo.org.membership"].create(memberships)
