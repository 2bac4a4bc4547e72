"""The entry of an operation is written with less work than Odoo's own; it must come out the same."""

from odoo.tests import tagged

from odoo.addons.kondo_microfinance.tests.common import KondoCase

# Whom Odoo's lists show beside the entry: the member, where Odoo would say who created it.
OURS = {"invoice_partner_display_name"}


@tagged("post_install", "-at_install")
class TestLeanEntry(KondoCase):
    """Deposits, a withdrawal, a transfer and a slip, each computed anew by Odoo itself."""

    def moves(self):
        account = self.make_account(balance=50_000)
        target = self.make_account(self.make_member("KONÉ Issa", sex="male"), self.demand)
        self.submit("withdrawal", account, 10_000)
        self.submit("transfer", account, 5_000, counter_account_id=target.id)
        self.submit("deposit", account, 7_500)
        return self.env["account.move"].search([("kondo_operation_id", "!=", False)], order="id")

    def stored(self, records):
        """Names of the fields that Odoo computes and stores and nobody types."""
        return [
            name
            for name, field in records._fields.items()
            if field.store and field.compute and field.readonly and name not in OURS
        ]

    def test_odoo_computes_the_same_from_the_finished_entry(self):
        moves = self.moves()
        self.assertGreater(len(moves), 4)
        for records in (moves, moves.line_ids):
            names = self.stored(records)
            self.assertTrue({"amount_total", "sequence_number"} <= set(names) or "amount_residual" in names)
            before = records.read(names)
            for name in names:
                self.env.add_to_compute(records._fields[name], records)
            after = records.read(names)
            for old, new in zip(before, after, strict=True):
                self.assertEqual(old, new)

    def test_the_entries_of_a_till_follow_each_other_without_a_gap(self):
        for _journal, moves in self.moves().grouped("journal_id").items():
            self.assertEqual(moves.mapped("sequence_number"), list(range(1, len(moves) + 1)))
            self.assertEqual(moves.filtered("made_sequence_gap"), moves.browse())
            self.assertEqual(len(set(moves.mapped("sequence_prefix"))), 1)

    def test_odoo_finds_the_hash_chain_whole(self):
        self.moves()
        accountant = self.users["NIX"]["accountant"]
        results = self.nio.with_env(self.as_user(accountant))._check_hash_integrity()["results"]
        self.assertTrue(results)
        self.assertEqual({row["status"] for row in results}, {"verified"})

    def test_the_accountant_sees_the_member_beside_the_entry(self):
        deposit = self.moves()[-1]
        self.assertEqual(deposit.invoice_partner_display_name, "TRAORÉ Awa")

    def test_the_journal_of_a_till_takes_no_other_entry(self):
        journal = self.nio.till_ids.journal_id[0]
        accounts = [self.union._kondo_account(code).id for code in ("1141", "3792")]
        move = (
            self.env["account.move"]
            .with_company(self.nio)
            .create(
                {
                    "journal_id": journal.id,
                    "line_ids": [
                        (0, 0, {"account_id": accounts[0], "debit": 100}),
                        (0, 0, {"account_id": accounts[1], "credit": 100}),
                    ],
                }
            )
        )
        with self.assertRaisesRegex(Exception, journal.name):
            move.action_post()
