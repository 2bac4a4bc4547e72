import uuid

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import KondoCase

AMOUNTS = st.one_of(st.integers(1, 2_000), st.integers(1, 400_000))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["deposit", "withdrawal", "transfer", "reversal", "again"]),
        st.integers(0, 3),
        st.integers(0, 3),
        AMOUNTS,
    ),
    min_size=5,
    max_size=25,
)


@tagged("post_install", "-at_install")
class TestLedgerProperties(KondoCase):
    """Whatever happens at the counter, sub-ledger = general ledger = balances (R4)."""

    def test_random_days_keep_the_books(self):
        members = [self.make_member(f"MEMBRE {index}") for index in range(2)]
        accounts = [
            self.make_account(member, product) for member in members for product in (self.passbook, self.demand)
        ]
        session = self.session_of(self.nio)
        operations = self.as_user(session.user_id)["kondo.operation"]
        manager = self.as_user(self.users["NIX"]["manager"])["kondo.operation"]
        seen = {"accepted": 0, "refused": 0}

        @settings(
            max_examples=15, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        @given(STEPS)
        def day(steps):
            expected = {account.id: account.balance for account in accounts}
            cash = session.till_id.cash
            sent = []
            for kind, first, second, amount in steps:
                source, target = accounts[first], accounts[second]
                request = {"session_id": session.id, "account_id": source.id, "amount": amount}
                key = str(uuid.uuid4())
                if kind == "transfer":
                    request["counter_account_id"] = target.id
                if kind in ("reversal", "again") and not sent:
                    continue
                try:
                    if kind == "again":
                        answer = operations.submit(*sent[-1][:3])
                        self.assertTrue(answer["replayed"])
                        continue
                    if kind == "reversal":
                        original = sent[-1]
                        manager.submit(
                            "reversal", key, {"operation_id": original[3]["operation_id"], "reason": "essai"}
                        )
                        kind, request, sign = original[0], original[2], -1
                        sent.clear()
                    else:
                        answer = operations.submit(kind, key, request)
                        sent.append((kind, key, request, answer))
                        sign = 1
                except UserError:
                    seen["refused"] += 1
                    continue
                seen["accepted"] += 1
                change = sign * request["amount"] * (1 if kind == "deposit" else -1)
                expected[request["account_id"]] += change
                if kind == "transfer":
                    expected[request["counter_account_id"]] -= change
                else:
                    cash += change
            self.env.invalidate_all()
            self.assertEqual({account.id: account.balance for account in accounts}, expected)
            self.assertEqual(session.till_id.cash, cash)
            self.assert_books_agree()

        day()
        self.assertGreater(seen["accepted"], 5)
        self.assertGreater(seen["refused"], 0)
