"""A union, two caisses, their people and their members: the ground every test of the institution stands on."""

import uuid
from contextlib import contextmanager
from unittest.mock import patch

from odoo import api, fields
from odoo.tests import HttpCase, TransactionCase

from odoo.addons.kondo_microfinance.engine.cash import make_up

ROLES = {
    "teller": "group_teller",
    "officer": "group_loan_officer",
    "manager": "group_caisse_manager",
    "accountant": "group_accountant",
    "teller2": "group_teller",
    "manager2": "group_caisse_manager",
}


@contextmanager
def _posting_in_test(self):
    """A posting inside the test's own transaction: a savepoint stands for the cursor of its own."""
    self.env.flush_all()
    with self.env.cr.savepoint():
        yield api.Environment(self.env.cr, self.env.uid, self.env.context, self.env.su)
    self.env.invalidate_all()


def _charts_once(read):
    """The charts that Odoo has: it looks through all its modules for them at each company, and they stay the same."""

    def known(self, get_all=False):
        if get_all not in _charts:
            _charts[get_all] = read(self, get_all=get_all)
        return _charts[get_all]

    return known


_charts = {}


class KondoFixture:
    """Mixin that builds the small network. `cls.users['NIO']['teller']` is the teller of Niono, and so on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(cls.env.registry["kondo.operation"], "_posting_env", _posting_in_test))
        charts = cls.env.registry["account.chart.template"]
        with patch.object(charts, "_get_chart_template_mapping", _charts_once(charts._get_chart_template_mapping)):
            cls.build_network()

    @classmethod
    def build_network(cls):
        env = cls.env(context={**cls.env.context, "tracking_disable": True, "lang": "fr_FR"})
        cls.env = env
        union = env["res.company"].create({"name": "Union Test", "country_id": env.ref("base.ml").id})
        cls.union = union
        env.user.company_ids += union
        env.user.group_ids += env.ref("kondo_microfinance.group_administrator")
        union._kondo_set_up_union("UT")
        cls.nio, cls.seg = env["res.company"]._kondo_create_caisses(
            union,
            [
                {"name": "Caisse de Niono", "code": "NIX", "tills": 2, "business_date": cls.business_date()},
                {"name": "Caisse de Ségou", "code": "SGX", "tills": 1, "business_date": cls.business_date()},
            ],
        )
        env.user.company_ids += cls.nio + cls.seg
        cls.passbook = env["kondo.savings.product"].create(
            {
                "name": "Compte sur livret",
                "code": "LIV",
                "kind": "passbook",
                "company_id": union.id,
                "account_id": union._kondo_account("2512").id,
                "minimum_balance": 1000,
            }
        )
        cls.demand = env["kondo.savings.product"].create(
            {
                "name": "Dépôt à vue",
                "code": "DAV",
                "kind": "demand",
                "company_id": union.id,
                "account_id": union._kondo_account("2511").id,
            }
        )
        cls.build_people()

    @classmethod
    def business_date(cls):
        return fields.Date.today()

    @classmethod
    def build_people(cls):
        """The staff of each caisse, the controller and the manager of the network."""
        everywhere = cls.union + cls.nio + cls.seg
        people = [
            (role, (f"{role}_{caisse.kondo_code.lower()}", group, caisse, caisse))
            for caisse in (cls.nio, cls.seg)
            for role, group in ROLES.items()
        ]
        people.append(("controller", ("controller", "group_controller", cls.union, everywhere)))
        people.append(("network", ("network", "group_network_manager", cls.union, everywhere)))
        users = cls.create_users([cls.user_values(*values) for _role, values in people])
        *staff, cls.controller, cls.network_manager = users
        cls.users = {cls.nio.kondo_code: {}, cls.seg.kondo_code: {}}
        for (role, _values), user in zip(people, staff, strict=False):
            cls.users[user.company_id.kondo_code][role] = user

    @classmethod
    def user_values(cls, login, group, company, companies):
        return {
            "login": login,
            "password": login,
            "name": login.replace("_", " ").title(),
            "email": f"{login}@example.com",
            "lang": "fr_FR",
            "tz": "Africa/Bamako",
            "group_ids": [(6, 0, cls.env.ref(f"kondo_microfinance.{group}").ids)],
            "company_id": company.id,
            "company_ids": [(6, 0, companies.ids)],
        }

    @classmethod
    def create_users(cls, vals_list):
        return cls.env["res.users"].with_context(no_reset_password=True).create(vals_list)

    @classmethod
    def build_user(cls, *values):
        """One person more: login, group, own caisse, caisses."""
        return cls.create_users([cls.user_values(*values)])

    # ------------------------------------------------------------------ members and accounts
    def make_member(self, name="TRAORÉ Awa", caisse=None, **values):
        """An active member of a caisse (default: Niono)."""
        caisse = caisse or self.nio
        return (
            self.env["res.partner"]
            .with_company(caisse)
            .create(
                {
                    "name": name,
                    "is_kondo_member": True,
                    "member_kind": "individual",
                    "sex": "female",
                    "company_id": caisse.id,
                    **values,
                }
            )
        )

    def make_account(self, member=None, product=None, balance=0):
        """A savings account, filled with `balance` francs by a real deposit of its caisse's teller."""
        member = member or self.make_member()
        account = self.env["kondo.savings.account"].create(
            {"partner_id": member.id, "product_id": (product or self.passbook).id}
        )
        if balance:
            self.submit("deposit", account, balance)
        return account

    # ------------------------------------------------------------------ tills
    def as_user(self, user, caisse=None):
        """An environment as that user sees it."""
        caisse = caisse or user.company_id
        return self.env(user=user, context={"lang": "fr_FR", "tz": "Africa/Bamako", "allowed_company_ids": caisse.ids})

    def fill_vault(self, caisse, amount=50_000_000):
        """Cash from the bank to the vault, by two managers."""
        staff = self.users[caisse.kondo_code]
        vault = caisse.till_ids.filtered(lambda till: till.kind == "vault")
        slip = self.as_user(staff["manager"])["kondo.cash.slip"].create(
            {
                "kind": "bank_to_vault",
                "vault_id": vault.id,
                "bank_account_id": caisse._kondo_bank_accounts()[:1].id,
                "counts": make_up(amount),
            }
        )
        slip.action_send()
        slip.with_user(staff["manager2"]).action_receive()
        return vault

    def send_float(self, caisse, till, amount):
        """A slip from the vault to a till, handed over and not yet received."""
        staff = self.users[caisse.kondo_code]
        vault = caisse.till_ids.filtered(lambda place: place.kind == "vault")
        if vault.cash < amount:
            self.fill_vault(caisse)
        slip = self.as_user(staff["manager"])["kondo.cash.slip"].create(
            {"kind": "vault_to_till", "vault_id": vault.id, "till_id": till.id, "counts": make_up(amount)}
        )
        slip.action_send()
        return slip

    def open_till(self, caisse=None, amount=1_000_000, role="teller", till_code="G1"):
        """Open a till with a float from the vault; returns the session."""
        caisse = caisse or self.nio
        teller = self.users[caisse.kondo_code][role]
        till = caisse.till_ids.filtered(lambda place: place.code == till_code)
        if amount:
            self.send_float(caisse, till, amount)
        session_id = self.as_user(teller)["kondo.till.session"].open_till(till.id, make_up(amount + till.cash))
        self.env.invalidate_all()
        return self.env["kondo.till.session"].browse(session_id)

    def session_of(self, caisse):
        """The open session of the caisse's teller, opened when there is none."""
        teller = self.users[caisse.kondo_code]["teller"]
        session = self.env["kondo.till.session"].search(
            [("user_id", "=", teller.id), ("state", "!=", "closed")], limit=1
        )
        return session or self.open_till(caisse)

    # ------------------------------------------------------------------ operations
    def submit(self, kind, account, amount, key=None, session=None, **values):
        """Send an operation as the teller of the account's caisse; returns the answer."""
        session = session or self.session_of(account.company_id)
        return self.as_user(session.user_id)["kondo.operation"].submit(
            kind,
            key or str(uuid.uuid4()),
            {"session_id": session.id, "account_id": account.id, "amount": amount, **values},
        )

    def operation(self, answer):
        return self.env["kondo.operation"].browse(answer["operation_id"])

    def assert_books_agree(self):
        """Sub-ledger = general ledger = balances, to the franc, in every caisse of the test."""
        service = self.env["kondo.reconciliation"]
        self.env.flush_all()
        for caisse in (self.nio, self.seg):
            for row in service._reconcile(caisse):
                self.assertEqual(row["gap"], 0, f"{caisse.kondo_code}: {row}")
            self.assertEqual(service._sub_account_gaps(caisse), [])


class KondoCase(KondoFixture, TransactionCase):
    """A test on the small network that ends with books that agree."""

    def tearDown(self):
        self.assert_books_agree()
        super().tearDown()


class KondoHttpCase(KondoFixture, HttpCase):
    """The same ground for a browser or an RPC client."""
