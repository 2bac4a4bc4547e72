"""What the caisses do for each other: members served elsewhere, a bag of cash on the road, debts settled by bank."""

from odoo import fields

from odoo.addons.kondo_microfinance.engine.cash import make_up

BANKS = {"SEG": "BNDA Ségou", "NIO": "BNDA Niono", "KOU": "BMS Koutiala", "MOP": "BDM Mopti"}
PASSERS_BY = ("Amadou TALL", "Fatim CISSÉ", "Yacouba SANGARÉ", "Rokia DIAWARA")
ENDOWMENT = 60_000_000
CARRIERS = "Daouda TRAORÉ et un gendarme, Toyota de l'union"


def start(life):
    """Bank accounts, levels of cash, and the union's rules for operations elsewhere."""
    for counter in life.counters:
        code = counter.caisse.code
        accountant = life.as_user(counter.staff["accountant"])
        counter.company.with_env(accountant)._kondo_create_bank_account(
            BANKS.get(code, f"BNDA {code}"),
            f"ML016 0{counter.company.kondo_number}201 0260100170{counter.company.kondo_number:02d}",
        )
        endow(life, counter)
        counter.vault.write({"ceiling": 25_000_000, "floor": 2_000_000})
        counter.tills.write({"floor": 100_000})
    life.union.write({"remote_withdrawal_ceiling": 300_000, "remote_withdrawal_day_ceiling": 500_000})
    life.env["kondo.remote.fee"].create(
        [
            {"company_id": life.union.id, "kind": "remote_withdrawal", "flat": 100, "rate": 0.5, "maximum": 2_500},
            {"company_id": life.union.id, "kind": "remote_transfer", "flat": 250},
        ]
    )


def endow(life, counter):
    """What the union has put on the caisse's bank account: without it the vault would be filled from an overdraft."""
    company = counter.company
    lines = [(company._kondo_bank_accounts()[:1], ENDOWMENT), (company._kondo_account("56"), -ENDOWMENT)]
    life.env["account.move"].with_company(company).create(
        {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": company.general_journal_id.id,
            "date": life.date,
            "ref": "Dotation de l'union",
            "line_ids": [(0, 0, {"account_id": account.id, "balance": amount}) for account, amount in lines],
        }
    ).action_post()


def day(life, counter):
    """Now and then a member of another caisse, a bag that arrives or leaves, a debt that is paid."""
    receive(life, counter)
    others = [other for other in life.counters if other.company != counter.company and same_day(counter, other)]
    if others and life.random.random() < 0.18:
        serve(life, counter, life.random.choice(others))
    if life.random.random() < 0.02 or (life.date == life.days[-1] and counter is life.counters[0]):
        send(life, counter)
    if life.random.random() < 0.15:
        settle(life, counter)


def same_day(counter, other):
    return counter.company.business_date == other.company.business_date


def serve(life, counter, other):
    """A deposit for, or a small withdrawal of, a member of another caisse."""
    life.env["kondo.savings.account"].invalidate_model()
    accounts = life.env["kondo.savings.account"].browse(sorted(other.accounts))
    people = accounts.filtered(lambda account: account.partner_id.member_kind == "individual")
    if not people:
        return
    account = life.random.choice(people)
    life.later()
    values = {"session_id": counter.session.id, "account_number": account.number}
    amount = account.available // 3 // 500 * 500
    if 1_000 <= amount <= 150_000 and counter.session.till_id.cash > amount and life.random.random() < 0.5:
        kind, more = "remote_withdrawal", {"identity": f"Carte NINA {life.random.randrange(10**8, 10**9)}"}
    else:
        kind, amount = "remote_deposit", life.random.randrange(2, 60) * 500
        more = {"bearer": life.random.choice(PASSERS_BY)}
    counter.session.env["kondo.teller"].find_remote_account(account.number)
    life.env.cr.commit()
    counter.session.env["kondo.operation"].submit(kind, life.uuid(), {**values, **more, "amount": amount})
    life.env.cr.commit()
    life.count += 1


def send(life, counter):
    """A sealed bag from this vault, counted by the manager and let go by the accountant."""
    amount = life.random.choice((1_500_000, 2_000_000, 3_000_000))
    later = [other for other in life.counters[life.counters.index(counter) + 1 :]]
    if counter.vault.cash < amount + 2_000_000 or not later:
        return
    life.later()
    manager = life.as_user(counter.staff["manager"])
    convoy = manager["kondo.cash.convoy"].create(
        {
            "company_id": counter.company.id,
            "vault_id": counter.vault.id,
            "dest_company_id": life.random.choice(later).company.id,
            "carrier": CARRIERS,
            "seal": f"S-{life.random.randrange(1000, 9999)}",
            "counts": make_up(amount),
        }
    )
    convoy.action_prepare()
    life.env.cr.commit()
    life.later(1, 4)
    convoy.with_env(life.as_user(counter.staff["accountant"])).action_send()
    life.env.cr.commit()
    life.count += 1


def receive(life, counter):
    """The bags that have arrived; those of the last day stay on the road."""
    if life.date == life.days[-1]:
        return
    manager = life.as_user(counter.staff["manager"])
    for convoy in manager["kondo.cash.convoy"].search(
        [("dest_company_id", "=", counter.company.id), ("state", "=", "road")]
    ):
        if convoy.sudo().company_id.business_date == counter.company.business_date:
            convoy.receive(make_up(convoy.amount))
            life.env.cr.commit()
            life.count += 1


def settle(life, counter):
    """What this caisse has owed another for some days, paid by bank and confirmed there on the same day."""
    accountant = life.as_user(counter.staff["accountant"])
    owed = accountant["kondo.liaison.balance"].search([("company_id", "=", counter.company.id), ("balance", "<", 0)])
    here = {other.company.id for other in life.counters if same_day(counter, other)}
    owed = owed.filtered(lambda row: row.age >= 3 and row.sudo().other_company_id.id in here)
    if not owed:
        return
    row = life.random.choice(owed)
    other = next(one for one in life.counters if one.company == row.sudo().other_company_id)
    life.later()
    settlement = accountant["kondo.liaison.settlement"].create(
        {
            "company_id": counter.company.id,
            "creditor_company_id": other.company.id,
            "amount": -row.balance,
            "bank_account_id": counter.company._kondo_bank_accounts()[:1].id,
            "reference": f"OV {life.random.randrange(1, 99)} du {fields.Date.to_string(life.date)}",
        }
    )
    settlement.action_propose()
    life.env.cr.commit()
    there = settlement.with_env(life.as_user(other.staff["accountant"]))
    there.creditor_bank_account_id = other.company._kondo_bank_accounts()[:1]
    life.env.cr.commit()
    there.action_confirm()
    life.env.cr.commit()
    life.count += 1
