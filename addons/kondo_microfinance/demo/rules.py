"""Tariffs of the demonstration's products, and what managers decide on some accounts: holds, a block, an overdraft, a
joint account, an account that sleeps."""

from odoo import fields

from ..models.ledger.key import LEDGER

# product: [(service, francs)]
TARIFFS = {
    "DAV": [("keeping", 300), ("transfer", 200), ("statement", 250), ("closing", 1_000), ("dormant", 100)],
    "LIV": [("keeping", 100), ("passbook", 500), ("closing", 500), ("dormant", 50)],
}
HOLDS = (
    ("payment", 20_000, "Pension alimentaire, accord du 3", 45),
    ("manager", 15_000, "Litige avec un autre membre, en attente du conseil", None),
    ("legal", 50_000, "Saisie, ordonnance du tribunal de Niono", None),
)


def start(demo):
    """The price list of the union, in force since the beginning of the year before."""
    first = fields.Date.start_of(demo.date, "year")
    demo.env["kondo.savings.fee"].create(
        [
            {
                "product_id": demo.products[code].id,
                "moment": moment,
                "amount": price,
                "date_from": fields.Date.subtract(first, years=1),
            }
            for code, services in TARIFFS.items()
            if code in demo.products
            for moment, price in services
        ]
    )


def day(demo, counter):
    """One decision on some days, each by whoever may take it."""
    number = demo.days.index(demo.date)
    decisions = {18: join, 22: hold, 25: block, 28: overdraft, 32: sleep}
    if number in decisions:
        decisions[number](demo, counter)
    if demo.date == demo.days[-1] and counter.company.kondo_code == "NIO":
        ask_reactivation(demo, counter)


def accounts_of(demo, counter, kind=None, least=0):
    """Accounts in use of the counter that hold `least` francs free, as a recordset in the order of their numbers."""
    accounts = demo.env["kondo.savings.account"].browse(
        account_id for account_id, known in counter.accounts.items() if known["balance"] - known["floor"] >= least
    )
    return accounts.filtered(lambda account: not kind or account.kind == kind).sorted("number")


def join(demo, counter):
    """A couple holds an account together."""
    own = accounts_of(demo, counter, "passbook", 5_000).filtered(
        lambda account: account.partner_id.member_kind == "individual"
    )
    if len(own) > 1:
        manager = demo.as_user(counter.staff["manager"])
        account, other = own[0], own[1].partner_id
        if other != account.partner_id:
            values = {"account_id": account.id, "partner_id": other.id, "date_from": demo.date}
            manager["kondo.savings.coholder"].create(values)


def hold(demo, counter):
    manager = demo.as_user(counter.staff["manager"])
    found = accounts_of(demo, counter, least=60_000)
    for account, (kind, amount, reason, days) in zip(found, HOLDS, strict=False):
        until = fields.Date.add(demo.date, days=days) if days else None
        holds = manager["kondo.savings.hold"]
        holds._place_by_manager(account.with_env(manager), amount, kind, reason, until)


def block(demo, counter):
    """A holder has died: nothing leaves until the heirs agree."""
    found = accounts_of(demo, counter, "passbook", 2_000)
    if found:
        found[-1].with_env(demo.as_user(counter.staff["manager"]))._set_block("debit", "Décès signalé par la famille")


def overdraft(demo, counter):
    """A trader may go below zero until the harvest is paid; the network's manager agrees."""
    found = accounts_of(demo, counter, "demand", 30_000)
    if found:
        request = demo.as_user(counter.staff["manager"])["kondo.savings.overdraft"].create(
            {
                "account_id": found[0].id,
                "amount": 100_000,
                "date_to": fields.Date.add(demo.date, months=3),
                "reason": "Achat de riz avant la paie de la campagne",
            }
        )
        request.with_env(demo.as_user(demo.staff[None]["network"])).action_grant()


def sleep(demo, counter):
    """An account carried over from the old books, untouched for eight years: the end of the day finds it."""
    found = accounts_of(demo, counter, "passbook", 10_000).filtered(lambda account: not account.is_joint)
    lonely = found.filtered(lambda account: len(account.partner_id.savings_account_ids) == 1 and not account.blocked)
    if lonely:
        long_ago = fields.Date.subtract(demo.date, years=8, months=2)
        lonely[0].with_context(kondo_ledger=LEDGER).write({"opened_on": long_ago, "last_movement_on": long_ago})
        demo.env.flush_all()


def ask_reactivation(demo, counter):
    """The holder of a dormant account has come back; the manager has yet to decide."""
    dormant = demo.env["kondo.savings.account"].search(
        [("company_id", "=", counter.company.id), ("state", "=", "dormant")], limit=1
    )
    if dormant:
        demo.as_user(counter.staff["teller"])["kondo.savings.reactivation"].create(
            {
                "account_id": dormant.id,
                "reason": "De retour d'Abidjan, veut épargner de nouveau",
                "identity_seen": "Carte biométrique",
                "holder_present": True,
            }
        )
