from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .period_common import LAST, NEW_YEAR, PeriodCase


@tagged("post_install", "-at_install")
class TestMonthClose(PeriodCase):
    """December 2025 of a union and two caisses."""

    def test_the_month_waits_for_every_caisse_and_says_which_one(self):
        self.move_to(NEW_YEAR, self.nio)
        month = self.month()
        self.assertEqual((self.row(month, self.nio).state, self.row(month, self.seg).day), ("ok", "fail"))
        self.assertEqual(month.ready, "2 / 3")
        with self.assertRaisesRegex(UserError, "Ségou") as refusal:
            month.action_close()
        self.assertIn("30", str(refusal.exception))
        self.assertNotIn("Niono", str(refusal.exception))
        self.assertFalse(self.nio.fiscalyear_lock_date)

        self.move_to(NEW_YEAR, self.seg)
        month.action_close()
        self.env.invalidate_all()
        self.assertEqual((month.state, month.closed_by_id), ("closed", self.network_manager.with_env(month.env)))
        for company in (self.union, self.nio, self.seg):
            self.assertEqual(company.fiscalyear_lock_date, LAST, company.name)
            self.assertFalse(company.hard_lock_date, "a month may be reopened")
        with self.assertRaises(UserError):
            month.action_close()

    def test_nobody_posts_in_a_closed_month(self):
        self.move_to(NEW_YEAR)
        before = self.entry(LAST, -1_000, "7028")
        draft = self.entry(LAST, -2_000, "7028", post=False)
        draft.unlink()
        self.closed_month()
        with self.assertRaisesRegex(UserError, "31"):
            self.entry(LAST, -1_000, "7028")
        with self.assertRaises(UserError):
            self.entry(LAST, -1_000, "7028", caisse=self.seg)
        with self.assertRaises(UserError):
            before.button_draft()
        self.assertEqual(self.ledger("7028"), -1_000)
        self.entry(NEW_YEAR, -500, "7028")
        self.assertEqual(self.ledger("7028"), -1_500)

    def test_an_operation_never_lands_in_a_closed_month_nor_beside_its_day(self):
        self.move_to(NEW_YEAR)
        self.closed_month()
        account = self.make_account(self.make_member("DIARRA Fanta"))
        session = self.session_of(self.nio)
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_company SET business_date = %s WHERE id = %s", (LAST, self.nio.id))
        self.env.cr.execute("UPDATE kondo_till_session SET business_date = %s WHERE id = %s", (LAST, session.id))
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "31"), self.env.cr.savepoint():
            self.submit("deposit", account, 5_000, session=session)
        self.env.invalidate_all()
        self.assertEqual(account.balance, 0)

    def test_the_lock_is_not_set_back_by_hand_nor_by_exception(self):
        self.move_to(NEW_YEAR)
        self.closed_month()
        for company in (self.nio, self.union):
            for earlier in (False, date(2025, 12, 30)):
                with self.assertRaises(UserError, msg=company.name):
                    company.fiscalyear_lock_date = earlier
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["account.lock_exception"].create(
                {"company_id": self.nio.id, "fiscalyear_lock_date": date(2025, 11, 30), "reason": "oubli"}
            )
        self.nio.fiscalyear_lock_date = date(2026, 1, 1)  # tighter is the accountant's own business
        self.assertEqual(self.nio.fiscalyear_lock_date, date(2026, 1, 1))

    def test_what_is_red_and_what_is_amber(self):
        self.move_to(NEW_YEAR)
        month = self.month()
        self.assertEqual(self.row(month, self.nio).state, "ok", self.row(month, self.nio).reason)
        draft = self.entry(LAST, -1_000, "7028", post=False)
        self.entry(LAST, 700, "3791")
        month.action_check()
        row = self.row(month, self.nio)
        self.assertEqual((row.state, row.entries, row.suspense, row.books), ("fail", "fail", "warn", "ok"))
        self.assertIn("3791", row.reason)
        accountant = self.users["NIX"]["accountant"]
        opened = row.with_user(accountant).action_open()
        self.assertEqual(self.env["account.move"].search(opened["domain"]).ids, draft.ids)

        draft.unlink()
        self.env.cr.execute(
            "UPDATE kondo_savings_account SET balance = balance + 1 WHERE company_id = %s", (self.nio.id,)
        )
        self.env.invalidate_all()
        month.action_check()
        self.assertEqual((self.row(month, self.nio).books, self.row(month, self.seg).books), ("fail", "ok"))
        with self.assertRaisesRegex(UserError, "Niono"):
            month.action_close()
        self.env.cr.execute(
            "UPDATE kondo_savings_account SET balance = balance - 1 WHERE company_id = %s", (self.nio.id,)
        )
        self.env.invalidate_all()
        month.action_close()
        self.assertEqual(self.row(month, self.nio).state, "warn", "a cash difference does not block")
        with self.assertRaises(AccessError):
            row.reason = "rien"

    def test_a_day_without_a_finished_closing_blocks(self):
        self.move_to(NEW_YEAR)
        month = self.month()
        self.env.cr.execute(
            "UPDATE kondo_closing SET state = 'stopped' WHERE company_id = %s AND date = '2025-12-30'", (self.seg.id,)
        )
        self.env.invalidate_all()
        month.action_check()
        self.assertEqual((self.row(month, self.seg).closings, self.row(month, self.nio).closings), ("fail", "ok"))
        self.env.cr.execute("DELETE FROM kondo_closing WHERE company_id = %s", (self.seg.id,))
        self.env.invalidate_all()
        month.action_check()
        self.assertEqual(self.row(month, self.seg).closings, "fail", "a day with operations and no closing at all")

    def test_accounts_between_caisses_agree(self):
        self.move_to(LAST, self.nio)
        self.union.remote_day_gap = 3
        self.move_to(NEW_YEAR, self.seg)
        # a member of Ségou, already in January, pays in at Niono, still in December
        account = self.env["kondo.savings.account"].search([("company_id", "=", self.seg.id)], limit=1)
        self.session_of(self.seg)
        session = self.session_of(self.nio)
        self.as_user(session.user_id)["kondo.operation"].submit(
            "remote_deposit",
            "11111111-2222-4333-8444-555555555555",
            {"session_id": session.id, "account_number": account.number, "amount": 3_000, "bearer": "Issa"},
        )
        self.move_to(NEW_YEAR, self.nio)
        month = self.month()
        self.assertEqual(
            [self.row(month, company).liaison for company in (self.nio, self.seg, self.union)],
            ["warn", "warn", "warn"],
            "each caisse keeps its own day",
        )
        month.action_close()
        self.assertEqual(month.state, "closed")

    def test_months_close_in_their_order(self):
        self.move_to(date(2026, 2, 2))
        january = self.month(date(2026, 1, 31))
        self.assertEqual(january.month, date(2026, 1, 1))
        self.entry(date(2026, 1, 15), -1_000, "7028")
        with self.assertRaisesRegex(UserError, "(?i)décembre 2025"):
            january.action_close()
        december = self.closed_month()
        january.action_close()
        self.assertEqual(self.nio.fiscalyear_lock_date, date(2026, 1, 31))
        self.assertEqual(self.by_network().new({}).month, date(2026, 2, 1), "the next one to close")
        with self.assertRaisesRegex(UserError, "(?i)janvier 2026"):
            december._ask_reopen("facture")
        with self.assertRaises(UserError):
            self.month(date(2027, 1, 1)).action_close()

    def test_reopening_needs_a_reason_and_two_persons(self):
        self.move_to(NEW_YEAR)
        self.nio.fiscalyear_lock_date = date(2025, 11, 30)
        month = self.closed_month()
        second = self.build_user("network2", "group_network_manager", self.union, self.union + self.nio + self.seg)
        with self.assertRaises(UserError):
            month.action_reopen()
        wizard = month.env["kondo.month.reopen"].browse(month.action_ask_reopen()["res_id"])
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard.reason = "Facture EDM de décembre"
        wizard.action_confirm()
        with self.assertRaisesRegex(UserError, "autre personne|another person"):
            month.action_reopen()
        with self.assertRaises(UserError):
            self.by_network(month, self.controller).action_reopen()
        self.by_network(month, second).action_reopen()
        self.env.invalidate_all()
        self.assertEqual(month.state, "reopened")
        self.assertEqual((self.nio.fiscalyear_lock_date, self.seg.fiscalyear_lock_date), (date(2025, 11, 30), False))
        self.assertIn("Facture EDM", " ".join(month.message_ids.mapped("body")))
        self.entry(LAST, 4_000, "6239")
        month.action_close()
        self.assertEqual((month.state, self.seg.fiscalyear_lock_date), ("closed", LAST))
        self.assertFalse(month.reopen_asked_by_id)

    def test_who_may_and_what_a_caisse_sees(self):
        self.move_to(NEW_YEAR)
        month = self.month()
        accountant = self.as_user(self.users["NIX"]["accountant"])
        mine = month.with_env(accountant)
        self.env.invalidate_all()
        self.assertEqual(mine.check_ids.company_id.ids, self.nio.ids)
        self.assertEqual(mine.ready, "3 / 3")
        mine.action_check()
        for action in ("action_close", "action_reopen", "action_ask_reopen", "action_keep_closed"):
            with self.assertRaises(UserError, msg=action):
                getattr(mine, action)()
        with self.assertRaises(UserError):
            accountant["kondo.month.close"].create({"company_id": self.union.id, "month": date(2025, 11, 1)})
        with self.assertRaises(AccessError):
            self.row(month, self.seg).with_env(accountant).action_open()
        teller = month.with_env(self.as_user(self.users["NIX"]["teller"]))
        with self.assertRaises(UserError):
            teller.action_check()
        with self.assertRaises(AccessError):
            month.state = "closed"
        with self.assertRaises(AccessError):
            month.month = date(2025, 11, 1)
