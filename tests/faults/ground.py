"""The ground of the fault tests: a union, a caisse with eight tills, another with one, members and open sessions.

    python -m tests.faults.ground --database DB           enter it (once) and print it as JSON
    python -m tests.faults.ground --database DB --check    compare sub-ledger, general ledger and balances

Everything happens in a process of its own, beside the server under test, and is committed.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TILLS = 8
FLOAT = 40_000_000
ACCOUNTS = 40
BLOCKED = 30_000


@dataclass(frozen=True)
class Ground:
    """What the fault tests need to know of the database.

    :ivar tellers: [{login, session, till}] of the first caisse; the password is the login
    :ivar stranger: the same of the other caisse's teller, and an account of that caisse
    :ivar accounts: [{id, number, name}] of the first caisse; the first has `BLOCKED` francs blocked
    """

    company: int
    tellers: list
    stranger: dict
    accounts: list
    accountant: str


def prepare(database):
    """Enter the ground in a database and describe it."""
    return Ground(**json.loads(_run(database).splitlines()[-1]))


def check(database):
    """The gaps between legs, journal items and balances, as lines of text; an empty list when the books agree."""
    return json.loads(_run(database, "--check").splitlines()[-1])


def _run(database, *options):
    command = [sys.executable, "-m", "tests.faults.ground", "--database", database, *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(f"The ground could not be prepared:\n{done.stderr[-3000:]}")
    return done.stdout


# ------------------------------------------------------------------ in the process of its own
def build(env):
    """Create what is missing; returns the fields of `Ground`."""
    known = env["res.company"].search([("kondo_code", "in", ("FXA", "FXB"))], order="kondo_code")
    first, second = known or create_caisses(env)
    env.cr.commit()
    tellers = [open_session(env, first, index) for index in range(1, TILLS + 1)]
    stranger = open_session(env, second, 1)
    accounts = env["kondo.savings.account"].search([("company_id", "=", first.id)], order="id")
    others = env["kondo.savings.account"].search([("company_id", "=", second.id)], order="id", limit=1)
    return {
        "company": first.id,
        "tellers": tellers,
        "stranger": {**stranger, "account": others.id},
        "accounts": [
            {"id": account.id, "number": account.number, "name": account.partner_id.name} for account in accounts
        ],
        "accountant": "fx.accountant.fxa",
    }


def create_caisses(env):
    from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

    admin = env.ref("base.user_admin")
    admin.group_ids += env.ref("kondo_microfinance.group_administrator")
    # `chart_template_load`: Odoo would install the commercial chart of accounts of the country.
    companies = env["res.company"].with_context(chart_template_load=True)
    union = companies.create({"name": "Union of the fault tests", "country_id": env.ref("base.ml").id}).with_env(env)
    union._kondo_set_up_union("FXU")
    caisses = env(user=admin.id)["res.company"]._kondo_create_caisses(
        union,
        [{"name": "Caisse A", "code": "FXA", "tills": TILLS}, {"name": "Caisse B", "code": "FXB", "tills": 1}],
    )
    caisses = caisses.with_env(env)
    product = env["kondo.savings.product"].create(
        {
            "name": "Demand deposit of the tests",
            "code": "FXD",
            "company_id": union.id,
            "account_id": union._kondo_account("2511").id,
        }
    )
    create_lending(env, union, caisses[0])
    for caisse, tellers, members in zip(caisses, (TILLS, 1), (ACCOUNTS, 1), strict=True):
        code = caisse.kondo_code.lower()
        for index in range(1, tellers + 1):
            create_user(env, f"fx.teller{index}.{code}", "group_teller", caisse)
        create_user(env, f"fx.manager.{code}", "group_caisse_manager", caisse)
        create_user(env, f"fx.accountant.{code}", "group_accountant", caisse)
        create_user(env, f"fx.officer.{code}", "group_loan_officer", caisse)
        partners = (
            env["res.partner"]
            .with_company(caisse)
            .create(
                [
                    {
                        "name": f"SOCIETAIRE{index:03d} Awa",
                        "is_kondo_member": True,
                        "member_kind": "individual",
                        "sex": "female",
                        "member_state": "active",
                        "company_id": caisse.id,
                    }
                    for index in range(members)
                ]
            )
        )
        accounts = env["kondo.savings.account"].create(
            [{"partner_id": partner.id, "product_id": product.id} for partner in partners]
        )
        if members > 1:
            accounts[0].with_context(kondo_ledger=LEDGER).blocked = BLOCKED
    return caisses


def create_lending(env, union, caisse):
    """A loan product, guarantee savings, and a committee of one that decides on every amount."""
    union.bureau_required = False
    for model in ("kondo.loan.question", "kondo.loan.document.type"):
        env[model].search([("company_id", "=", union.id)]).required = False
    env["kondo.savings.product"].create(
        {"name": "Guarantee savings", "code": "FXG", "kind": "guarantee", "company_id": union.id}
    )
    env["kondo.loan.product"].create(
        {
            "name": "Loans of the tests",
            "code": "FXL",
            "company_id": union.id,
            "annual_rate": 18,
            "instalments": 12,
            "shares_needed": False,
            "penalty_rate": 24,
            "penalty_per": "year",
        }
    )
    env["kondo.loan.approval.level"].create({"company_id": union.id, "body": "caisse", "amount_to": 0, "quorum": 1})
    env["kondo.committee.seat"].create({"company_id": caisse.id, "body": "caisse", "name": "DIARRA Moussa"})


def create_user(env, login, group, caisse):
    from odoo.addons.kondo_microfinance.demo.staff import set_passwords

    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": login,
                "login": login,
                "lang": "fr_FR",
                "tz": "Africa/Bamako",
                "group_ids": [(6, 0, env.ref(f"kondo_microfinance.{group}").ids)],
                "company_id": caisse.id,
                "company_ids": [(6, 0, caisse.ids)],
            }
        )
    )
    set_passwords(user)


def open_session(env, caisse, index):
    """The open session of a teller, opened with a float from the bank when there is none."""
    from odoo.addons.kondo_microfinance.engine.cash import make_up

    code = caisse.kondo_code.lower()
    login = f"fx.teller{index}.{code}"
    users = env["res.users"]
    teller = users.search([("login", "=", login)])
    till = caisse.till_ids.filtered(lambda place: place.code == f"G{index}")
    sessions = env["kondo.till.session"]
    session = sessions.search([("user_id", "=", teller.id), ("state", "!=", "closed")])
    if not session:
        manager = users.search([("login", "=", f"fx.manager.{code}")])
        accountant = users.search([("login", "=", f"fx.accountant.{code}")])
        vault = caisse.till_ids.filtered(lambda place: place.kind == "vault")
        slip = as_user(env, accountant)["kondo.cash.slip"].create(
            {
                "kind": "bank_to_vault",
                "vault_id": vault.id,
                "bank_account_id": caisse._kondo_account("1141").id,
                "counts": make_up(FLOAT),
            }
        )
        slip.action_send()
        env.cr.commit()
        slip.with_env(as_user(env, manager)).action_receive()
        env.cr.commit()
        slip = as_user(env, manager)["kondo.cash.slip"].create(
            {"kind": "vault_to_till", "vault_id": vault.id, "till_id": till.id, "counts": make_up(FLOAT)}
        )
        slip.action_send()
        env.cr.commit()
        as_user(env, teller)["kondo.till.session"].open_till(till.id, make_up(FLOAT + till.cash))
        env.cr.commit()
        session = sessions.search([("user_id", "=", teller.id), ("state", "!=", "closed")])
    return {"login": login, "session": session.id, "till": till.code}


def as_user(env, user):
    context = {"lang": "fr_FR", "tz": "Africa/Bamako", "allowed_company_ids": user.company_id.ids}
    return env(user=user.id, su=False, context=context)


def gaps(env):
    """Where the books of the two caisses do not agree, or Odoo finds their hash chains broken; one line each."""
    service = env["kondo.reconciliation"]
    found = []
    for company in env["res.company"].search([("kondo_code", "in", ("FXA", "FXB"))]):
        found += [f"{company.kondo_code}: {row}" for row in service._reconcile(company) if row["gap"]]
        found += [f"{company.kondo_code}: {row}" for row in service._sub_account_gaps(company)]
        accountant = env["res.users"].search([("login", "=", f"fx.accountant.{company.kondo_code.lower()}")])
        for row in company.with_env(as_user(env, accountant))._check_hash_integrity()["results"]:
            if row["status"] == "corrupted":
                found.append(
                    f"{company.kondo_code}: the hash chain is broken: {row['journal_name']} {row['msg_cover']}"
                )
    return found


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", required=True)
    parser.add_argument("--check", action="store_true", help="only compare the books, and print the gaps as JSON")
    options = parser.parse_args(arguments)

    import odoo.init  # noqa: F401  Odoo's own set-up, before anything else of it
    from odoo import SUPERUSER_ID
    from odoo.api import Environment
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-c", "odoo.conf", "-d", options.database, "--no-http", "--workers=0"], setup_logging=True)
    with Registry(options.database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {"lang": "fr_FR", "tracking_disable": True})
        print(json.dumps(gaps(env) if options.check else build(env)))


if __name__ == "__main__":
    main(sys.argv[1:])
