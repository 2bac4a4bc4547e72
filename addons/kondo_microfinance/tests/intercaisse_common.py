import uuid

from odoo.addons.kondo_microfinance.engine.cash import make_up

from .common import KondoCase


class IntercaisseCase(KondoCase):
    """Two caisses that serve each other's members; liaison accounts cancel out after each test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for caisse in (cls.nio, cls.seg):
            journal = caisse.with_user(cls.users[caisse.kondo_code]["accountant"])._kondo_create_bank_account(
                "BNDA", f"ML016 00{caisse.id} 17"
            )
            setattr(cls, f"bank_{caisse.kondo_code}", journal.default_account_id)

    def tearDown(self):
        self.assertEqual(self.env["kondo.intercaisse"]._liaison_gaps(self.union), [])
        super().tearDown()

    def fill_vault(self, caisse, amount=50_000_000):
        """Cash from the caisse's own bank account to its vault, by two managers."""
        staff = self.users[caisse.kondo_code]
        vault = self.vault(caisse)
        slip = self.as_user(staff["manager"])["kondo.cash.slip"].create(
            {
                "kind": "bank_to_vault",
                "vault_id": vault.id,
                "bank_account_id": caisse._kondo_bank_accounts().id,
                "counts": make_up(amount),
            }
        )
        slip.action_send()
        slip.with_user(staff["manager2"]).action_receive()
        return vault

    def vault(self, caisse):
        return caisse.till_ids.filtered(lambda till: till.kind == "vault")

    def remote(self, kind, number, amount, caisse=None, key=None, **values):
        """An operation at the counter of `caisse` (Niono) on the account `number` of another caisse."""
        session = self.session_of(caisse or self.nio)
        more = {"remote_deposit": {"bearer": "KEITA Modibo"}, "remote_withdrawal": {"identity": "NINA 12345"}}
        return self.as_user(session.user_id)["kondo.operation"].submit(
            kind,
            key or str(uuid.uuid4()),
            {
                "session_id": session.id,
                "account_number": number,
                "amount": amount,
                **more.get(kind, {}),
                **values,
            },
        )

    def liaison(self, caisse, other):
        """What `caisse` has in its books towards `other`, debit positive."""
        self.env.flush_all()
        row = self.env["kondo.liaison.balance"].search(
            [("company_id", "=", caisse.id), ("other_company_id", "=", other.id)]
        )
        return sum(row.mapped("balance"))
