import uuid

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up

from .common import KondoCase


@tagged("post_install", "-at_install")
class TestLedger(KondoCase):
    """The one door to money: once, balanced, guarded, in the books."""

    def test_a_deposit_moves_the_balance_the_till_and_the_books(self):
        account = self.make_account()
        session = self.session_of(self.nio)
        answer = self.submit("deposit", account, 25_000)
        self.assertEqual((answer["balance_before"], answer["balance_after"]), (0, 25_000))
        self.assertEqual(account.balance, 25_000)
        self.assertEqual(session.till_id.cash, 1_025_000)
        move = self.operation(answer).move_id
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.journal_id, session.till_id.journal_id)
        self.assertEqual(move.company_id, self.nio)
        self.assertTrue(move.inalterable_hash)
        self.assertRecordValues(
            move.line_ids.sorted("balance"),
            [
                {"account_id": self.passbook.account_id.id, "balance": -25_000.0, "partner_id": account.partner_id.id},
                {"account_id": session.till_id.account_id.id, "balance": 25_000.0, "partner_id": False},
            ],
        )

    def test_a_receipt_number_comes_from_the_till(self):
        account = self.make_account()
        first = self.submit("deposit", account, 1_000)["receipt_number"]
        second = self.submit("deposit", account, 1_000)["receipt_number"]
        self.assertRegex(first, r"^NIX-G1-\d{6}$")
        self.assertEqual(int(second[-6:]), int(first[-6:]) + 1)

    def test_the_same_request_again_gets_the_first_answer_and_posts_nothing(self):
        account = self.make_account()
        key = str(uuid.uuid4())
        first = self.submit("deposit", account, 5_000, key=key)
        again = self.submit("deposit", account, 5_000, key=key)
        self.assertFalse(first["replayed"])
        self.assertTrue(again["replayed"])
        self.assertEqual({**first, "replayed": True}, again)
        self.assertEqual(account.balance, 5_000)

    def test_the_same_number_with_another_request_is_refused_and_tells_nothing(self):
        account = self.make_account()
        key = str(uuid.uuid4())
        answer = self.submit("deposit", account, 5_000, key=key)
        with self.assertRaises(UserError) as refused:
            self.submit("deposit", account, 7_777, key=key)
        for secret in (answer["receipt_number"], account.partner_id.name, account.number, "5 000", "5000"):
            self.assertNotIn(secret, str(refused.exception))
        self.assertEqual(account.balance, 5_000)

    def test_another_user_with_the_same_number_learns_nothing(self):
        account = self.make_account()
        key = str(uuid.uuid4())
        self.submit("deposit", account, 5_000, key=key)
        other = self.open_till(self.nio, role="teller2", till_code="G2")
        with self.assertRaises(UserError):
            self.submit("deposit", account, 5_000, key=key, session=other)
        self.assertEqual(account.balance, 5_000)

    def test_a_refused_operation_is_forgotten_and_may_be_sent_again(self):
        account = self.make_account(balance=10_000)
        key = str(uuid.uuid4())
        with self.assertRaises(UserError):
            self.submit("withdrawal", account, 50_000, key=key)
        self.submit("deposit", account, 100_000)
        answer = self.submit("withdrawal", account, 50_000, key=key)
        self.assertFalse(answer["replayed"])
        self.assertEqual(account.balance, 60_000)

    def test_a_withdrawal_leaves_the_minimum_balance(self):
        account = self.make_account(balance=10_000)
        with self.assertRaisesRegex(UserError, "9.000"):
            self.submit("withdrawal", account, 9_001)
        self.submit("withdrawal", account, 9_000)
        self.assertEqual(account.balance, 1_000)

    def test_the_guard_holds_when_the_cheap_check_was_passed(self):
        """The balance the check saw is gone by the time of the guard: the database itself refuses."""
        account = self.make_account(balance=10_000)
        self.patch(type(account), "_check_movement", lambda self, change: None)
        with self.assertRaises(UserError):
            self.submit("withdrawal", account, 9_001)
        self.assertEqual(account.balance, 10_000)

    def test_a_till_never_pays_more_than_it_holds(self):
        account = self.make_account(balance=3_000_000)
        session = self.session_of(self.nio)
        slip = self.as_user(session.user_id)["kondo.cash.slip"].create(
            {
                "kind": "till_to_vault",
                "vault_id": self.nio.till_ids.filtered(lambda till: till.kind == "vault").id,
                "till_id": session.till_id.id,
                "counts": {"n10000": 390},
            }
        )
        slip.action_send()
        slip.with_user(self.users["NIX"]["manager"]).action_receive()
        self.assertEqual(session.till_id.cash, 100_000)
        with self.assertRaisesRegex(UserError, "100.000"):
            self.submit("withdrawal", account, 100_001)

    def test_amounts_that_are_no_francs_are_refused(self):
        account = self.make_account()
        for amount in (0, -5, 0.5, "1000", None, True, 10**13):
            with self.assertRaises(UserError, msg=repr(amount)):
                self.submit("deposit", account, amount)
        self.assertEqual(account.balance, 0)

    def test_a_request_without_a_valid_number_is_refused(self):
        account = self.make_account()
        for key in ("", "abc", None, 7):
            with self.assertRaises(UserError):
                self.as_user(self.users["NIX"]["teller"])["kondo.operation"].submit(
                    "deposit", key, {"session_id": self.session_of(self.nio).id, "account_id": account.id, "amount": 1}
                )

    def test_kinds_of_the_house_cannot_be_sent_from_outside(self):
        teller = self.as_user(self.users["NIX"]["teller"])
        for kind in ("slip", "till_difference", "write", "", None):
            with self.assertRaises(UserError):
                teller["kondo.operation"].submit(kind, str(uuid.uuid4()), {})

    def test_a_transfer_moves_money_between_two_accounts_and_no_cash(self):
        source = self.make_account(balance=50_000)
        target = self.make_account(self.make_member("KONÉ Issa", sex="male"), self.demand)
        cash = self.session_of(self.nio).till_id.cash
        answer = self.submit("transfer", source, 20_000, counter_account_id=target.id)
        self.assertEqual((source.balance, target.balance), (30_000, 20_000))
        self.assertEqual(answer["counter_after"], 20_000)
        self.assertEqual(self.session_of(self.nio).till_id.cash, cash)

    def test_a_transfer_to_itself_or_to_another_caisse_is_refused(self):
        source = self.make_account(balance=50_000)
        elsewhere = self.make_account(self.make_member("DIALLO Oumou", self.seg))
        for target in (source, elsewhere):
            with self.assertRaises(UserError):
                self.submit("transfer", source, 1_000, counter_account_id=target.id)

    def test_a_reversal_by_the_manager_undoes_everything(self):
        account = self.make_account(balance=10_000)
        cash = self.session_of(self.nio).till_id.cash
        deposit = self.submit("deposit", account, 25_000)
        answer = self.reverse(deposit)
        reversal = self.operation(answer)
        self.assertEqual(account.balance, 10_000)
        self.assertEqual(self.session_of(self.nio).till_id.cash, cash)
        self.assertEqual(reversal.reversal_of_id.id, deposit["operation_id"])
        self.assertEqual(self.operation(deposit).reversed_by_id, reversal)
        self.assertEqual(sum((reversal.move_id + self.operation(deposit).move_id).line_ids.mapped("balance")), 0)

    def test_an_operation_is_reversed_once_only(self):
        account = self.make_account()
        deposit = self.submit("deposit", account, 25_000)
        self.reverse(deposit)
        with self.assertRaises(UserError):
            self.reverse(deposit)
        self.assertEqual(account.balance, 0)

    def test_nobody_reverses_his_own_operation(self):
        teller = self.users["NIX"]["teller"]
        account = self.make_account()
        deposit = self.submit("deposit", account, 25_000)
        with self.assertRaises(UserError):
            self.reverse(deposit, by=teller)
        teller.group_ids += self.env.ref("kondo_microfinance.group_caisse_manager")
        with self.assertRaises(UserError):
            self.reverse(deposit, by=teller)
        self.assertEqual(account.balance, 25_000)

    def test_a_reversal_needs_a_reason_and_its_own_caisse(self):
        deposit = self.submit("deposit", self.make_account(), 25_000)
        with self.assertRaises(UserError):
            self.reverse(deposit, reason="  ")
        with self.assertRaises(UserError):
            self.reverse(deposit, by=self.users["SGX"]["manager"])

    def test_a_deposit_already_spent_is_not_reversed_into_the_red(self):
        account = self.make_account(balance=10_000)
        deposit = self.submit("deposit", account, 50_000)
        self.submit("withdrawal", account, 55_000)
        with self.assertRaises(UserError):
            self.reverse(deposit)
        self.assertEqual(account.balance, 5_000)

    def test_odoo_itself_verifies_the_chain_of_entries(self):
        account = self.make_account(balance=10_000)
        for amount in (500, 700, 900):
            self.submit("deposit", account, amount)
        self.submit("withdrawal", account, 1_500)
        journal = self.session_of(self.nio).till_id.journal_id
        moves = self.env["account.move"].search([("journal_id", "=", journal.id)], order="sequence_number")
        self.assertEqual(moves.mapped("sequence_number"), list(range(1, len(moves) + 1)))
        self.assertFalse(any(moves.mapped("made_sequence_gap")))
        self.assertTrue(all(moves.mapped("inalterable_hash")))
        accountant = self.as_user(self.users["NIX"]["accountant"])
        report = accountant["res.company"].browse(self.nio.id)._check_hash_integrity()
        chain = [row["status"] for row in report["results"] if row["journal_name"].startswith(journal.name)]
        self.assertEqual(chain, ["verified"])

    def test_two_runs_of_the_same_books_have_the_same_hash(self):
        account = self.make_account(balance=10_000)
        service = self.env["kondo.reconciliation"]
        before = service._book_hash(self.nio)
        self.assertEqual(service._book_hash(self.nio), before)
        self.submit("deposit", account, 500)
        self.assertNotEqual(service._book_hash(self.nio), before)

    def test_the_proof_holds_at_the_end_of_any_day(self):
        account = self.make_account(balance=10_000)
        session = self.session_of(self.nio)
        first_day = self.nio.business_date
        teller = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        teller.count_till(make_up(session.till_id.cash))
        teller.close_till()
        self.nio._open_business_day(fields.Date.add(first_day, days=1))
        self.submit("deposit", account, 700, session=self.open_till(amount=0))
        service = self.env["kondo.reconciliation"]
        for date, expected in ((first_day, -10_000), (self.nio.business_date, -10_700)):
            rows = {row["account_id"]: row for row in service._reconcile(self.nio, date)}
            passbook = rows[self.passbook.account_id.id]
            self.assertEqual([passbook[side] for side in ("legs", "items", "balances")], [expected] * 3)
            self.assertFalse(any(row["gap"] for row in rows.values()))

    def test_the_proof_sees_a_gap_of_one_franc(self):
        """The proof must be able to fail: a franc slipped past the ledger by SQL is found and named."""
        account = self.make_account(balance=10_000)
        service = self.env["kondo.reconciliation"]
        self.env.cr.execute("UPDATE kondo_savings_account SET balance = balance + 1 WHERE id = %s", (account.id,))
        row = next(row for row in service._reconcile(self.nio) if row["account_id"] == self.passbook.account_id.id)
        self.assertEqual(row["gap"], 1)
        self.assertEqual(service._sub_account_gaps(self.nio), [(account.number, 10_001, 10_000)])
        self.env.cr.execute("UPDATE kondo_savings_account SET balance = balance - 1 WHERE id = %s", (account.id,))

    def reverse(self, answer, by=None, reason="Montant mal saisi"):
        manager = by or self.users["NIX"]["manager"]
        return self.as_user(manager)["kondo.operation"].submit(
            "reversal", str(uuid.uuid4()), {"operation_id": answer["operation_id"], "reason": reason}
        )
