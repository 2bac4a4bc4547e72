"""A donor's line of the demonstration: the agreement, its first tranche at the bank, the women's loans it pays."""

import uuid
from datetime import timedelta

PRODUCT = "FEM"  # whose loans it pays


def start(life):
    """The agreement, and the transfer that Ségou's bank has advised."""
    donor = life.env["res.partner"].create({"name": "SOS Faim", "is_company": True})
    life.line = life.env["kondo.funding.line"].create(
        {
            "name": "SOS Faim, crédit des femmes",
            "donor_id": donor.id,
            "agreement": "Convention de refinancement n° 2026/04",
            "company_id": life.union.id,
            "amount": 20_000_000,
            "date_from": life.days[0] - timedelta(days=30),
            "for_legal": False,
            "women_only": True,
        }
    )
    life.env.cr.commit()
    counter = life.counters[0]
    journal = counter.company.bank_journal_ids[:1]
    line = life.line.with_env(life.as_user(counter.staff["accountant"]))
    line.receive(
        journal.id,
        6_000_000,
        "Virement BNDA, première tranche",
        key=str(uuid.uuid5(uuid.NAMESPACE_OID, life.line.name)),
    )
    life.count += 1
    life.env.cr.commit()
    life.env.invalidate_all()


def shares(life, product):
    """Commands for the lines of a file of this product."""
    return [(0, 0, {"line_id": life.line.id, "percent": 100})] if product == PRODUCT else []
