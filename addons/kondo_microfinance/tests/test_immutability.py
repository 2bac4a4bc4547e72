import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KondoCase

# The rules refuse with IntegrityError; where the tables are the owner role's (docs/production.md), rights refuse first.
REFUSALS = (psycopg2.IntegrityError, psycopg2.errors.InsufficientPrivilege)


@tagged("post_install", "-at_install")
class TestImmutability(KondoCase):
    """The past cannot be rewritten: not by the ORM, not through Odoo's accounting, not by SQL (R6)."""

    def setUp(self):
        super().setUp()
        self.account = self.make_account(balance=10_000)
        self.posted = self.env["kondo.operation"].search(
            [("company_id", "=", self.nio.id), ("kind", "=", "deposit")], limit=1
        )

    def everybody(self):
        staff = self.users["NIX"]
        return [*staff.values(), self.controller, self.network_manager, self.env.ref("base.user_admin"), self.env.user]

    def test_no_role_writes_or_deletes_an_operation_or_a_leg(self):
        for user in self.everybody():
            for record in (self.posted, self.posted.line_ids[0]):
                record = record.with_user(user)
                for change in (
                    lambda r: r.write({"amount": 1}),
                    lambda r: r.unlink(),
                    lambda r: r.copy(),
                    lambda r: r.create({"amount": 1}),
                    lambda r: r.with_context(kondo_ledger=True).write({"amount": 1}),
                ):
                    with self.assertRaises(AccessError, msg=user.login):
                        change(record)
                with self.assertRaises(AccessError):
                    record.sudo().write({"amount": 1})

    def test_no_role_moves_a_balance_or_cash_by_hand(self):
        session = self.session_of(self.nio)
        for record, values in (
            (self.account, {"balance": 1}),
            (self.account, {"blocked": 5}),
            (self.account, {"state": "closed"}),
            (session.till_id, {"cash": 1}),
            (session.till_id, {"last_receipt": 0}),
            (session, {"state": "closed"}),
            (session, {"theoretical_cash": 1}),
        ):
            for user in self.everybody():
                with self.assertRaises(AccessError, msg=f"{user.login} {values}"):
                    record.with_user(user).with_context(kondo_ledger="<ledger key>").write(values)
                with self.assertRaises(AccessError):
                    record.with_user(user).sudo().write(values)

    def test_a_new_account_starts_empty_whatever_is_asked(self):
        account = self.as_user(self.users["NIX"]["teller"])["kondo.savings.account"].create(
            {"partner_id": self.account.partner_id.id, "product_id": self.demand.id, "balance": 500, "state": "closed"}
        )
        self.assertEqual((account.balance, account.state), (0, "active"))

    def test_the_database_refuses_what_python_would_not_see(self):
        line = self.posted.line_ids[0]
        for statement in (
            f"UPDATE kondo_operation SET amount = 1 WHERE id = {self.posted.id}",
            f"UPDATE kondo_operation SET state = 'new' WHERE id = {self.posted.id}",
            f"DELETE FROM kondo_operation WHERE id = {self.posted.id}",
            "TRUNCATE kondo_operation CASCADE",
            f"UPDATE kondo_operation_line SET amount = amount + 1 WHERE id = {line.id}",
            f"DELETE FROM kondo_operation_line WHERE id = {line.id}",
            "TRUNCATE kondo_operation_line CASCADE",
            f"""INSERT INTO kondo_operation_line (operation_id, sequence, company_id, business_date, account_id, amount, balance_after)
                VALUES ({self.posted.id}, 9, {self.nio.id}, now(), {line.account_id.id}, 5, 0)""",
            f"UPDATE account_move SET state = 'draft' WHERE id = {self.posted.move_id.id}",
            f"UPDATE account_move SET kondo_operation_id = NULL WHERE id = {self.posted.move_id.id}",
            f"DELETE FROM account_move WHERE id = {self.posted.move_id.id}",
            f"UPDATE account_move_line SET debit = debit + 1, balance = balance + 1 WHERE id = {self.posted.move_id.line_ids[0].id}",
            f"DELETE FROM account_move_line WHERE id = {self.posted.move_id.line_ids[0].id}",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.DatabaseError, msg=statement) as refused,
                self.cr.savepoint(),
            ):
                self.cr.execute(statement)
            self.assertIsInstance(refused.exception, REFUSALS, statement)

    def test_an_operation_that_does_not_balance_cannot_be_committed(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
            self.cr.execute(
                """INSERT INTO kondo_operation (uuid, kind, state, company_id, business_date, user_id, amount)
                   VALUES ('x', 'deposit', 'posted', %s, now(), %s, 5)""",
                (self.nio.id, self.env.uid),
            )
            self.cr.execute("SET CONSTRAINTS kondo_operation_balanced IMMEDIATE")

    def test_the_account_itself_refuses_to_be_overdrawn(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
            self.cr.execute("UPDATE kondo_savings_account SET balance = -1 WHERE id = %s", (self.account.id,))

    def test_the_entry_of_an_operation_is_not_reset_edited_reversed_or_deleted(self):
        for user in (self.users["NIX"]["accountant"], self.env.ref("base.user_admin"), self.env.user):
            move = self.posted.move_id.with_user(user).with_context(allowed_company_ids=self.nio.ids)
            for change in (
                lambda m: m.button_draft(),
                lambda m: m.button_cancel(),
                lambda m: m.write({"date": "2020-01-01"}),
                lambda m: m.write({"ref": "autre"}),
                lambda m: m.write({"kondo_operation_id": False}),
                lambda m: m._reverse_moves(),
                lambda m: m.unlink(),
                lambda m: m.with_context(force_delete=True).unlink(),
                lambda m: m.line_ids[0].write({"account_id": self.union._kondo_account("1141").id}),
                lambda m: m.line_ids.write({"balance": 0}),
                lambda m: m.line_ids.unlink(),
                lambda m: m.with_context(kondo_ledger={}).write({"state": "draft"}),
            ):
                with self.assertRaises(UserError):
                    change(move)
                self.assertEqual(self.posted.move_id.state, "posted")

    def test_an_accountant_cannot_post_by_hand_on_a_controlled_account(self):
        accountant = self.as_user(self.users["NIX"]["accountant"])
        bank = self.union._kondo_account("1141")
        for controlled in (self.passbook.account_id, self.session_of(self.nio).till_id.account_id):
            move = accountant["account.move"].create(self.entry(controlled, bank))
            with self.assertRaises(UserError):
                move.action_post()

    def test_an_accountant_posts_by_hand_elsewhere(self):
        accountant = self.as_user(self.users["NIX"]["accountant"])
        move = accountant["account.move"].create(
            self.entry(self.union._kondo_account("1141"), self.union._kondo_account("331"))
        )
        move.action_post()
        self.assertEqual(move.state, "posted")
        with self.assertRaises(UserError):
            move.line_ids[0].account_id = self.passbook.account_id

    def test_nobody_links_an_entry_to_an_operation_by_hand(self):
        accountant = self.as_user(self.users["NIX"]["accountant"])
        values = self.entry(self.union._kondo_account("1141"), self.union._kondo_account("331"))
        with self.assertRaises(AccessError):
            accountant["account.move"].create({**values, "kondo_operation_id": self.posted.id})
        move = accountant["account.move"].create(values)
        with self.assertRaises(AccessError):
            move.kondo_operation_id = self.posted

    def entry(self, debit, credit, amount=500):
        return {
            "journal_id": self.nio.general_journal_id.id,
            "date": self.nio.business_date,
            "line_ids": [
                (0, 0, {"account_id": debit.id, "debit": amount, "credit": 0, "name": "x"}),
                (0, 0, {"account_id": credit.id, "debit": 0, "credit": amount, "name": "x"}),
            ],
        }
