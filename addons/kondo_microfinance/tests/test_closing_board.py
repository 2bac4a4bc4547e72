from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.models.closing.closing import UnderWay
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER
from odoo.addons.queue_job.tests.common import trap_jobs

from .collection_common import DayEndCase


@tagged("post_install", "-at_install")
class TestClosingBoard(DayEndCase):
    """The board of the evening: who sees which caisse, one job for each, plain reasons."""

    def setUp(self):
        super().setUp()
        self.account = self.make_account(self.make_member("TRAORÉ Awa"), balance=50_000)
        self.staff = self.users["NIX"]
        self.today = fields.Date.context_today(self.env.user)
        for caisse in (self.nio, self.seg):
            self.env.cr.execute("UPDATE res_company SET business_date = %s WHERE id = %s", (self.today, caisse.id))
        self.env.cr.execute("UPDATE kondo_till_session SET business_date = %s WHERE state <> 'closed'", (self.today,))
        self.env.invalidate_all()

    def service(self, user):
        return self.as_user(user)["kondo.closing"]

    def stand_on(self, day):
        """Niono's business day, whatever it was."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_company SET business_date = %s WHERE id = %s", (day, self.nio.id))
        self.env.invalidate_all()

    def row(self, user=None, caisse=None):
        rows = self.service(user or self.staff["manager"]).board()["caisses"]
        return next(row for row in rows if row["id"] == (caisse or self.nio).id)

    def close(self, user=None, caisses=None):
        with trap_jobs() as trap:
            self.service(user or self.staff["manager"]).close_caisses((caisses or self.nio).ids)
            count = len(trap.enqueued_jobs)
            trap.perform_enqueued_jobs()
        self.env.invalidate_all()
        return count

    def test_a_manager_closes_his_caisse_and_reads_it_on_the_board(self):
        self.session_of(self.nio)
        row = self.row()
        self.assertTrue(row["blocked"])
        self.assertIn("Guichet", row["said"])
        with self.assertRaises(UserError):
            self.close()
        self.close_tills()
        self.assertEqual((self.row()["state"], self.row()["blocked"]), ("open", False))
        self.assertEqual(self.close(), 1)
        row = self.row()
        self.assertEqual((row["state"], row["tone"]), ("closed", "success"))
        self.assertEqual({cell["state"] for cell in row["steps"].values()}, {"done"})
        self.assertGreater(self.nio.business_date, self.today)
        board = self.service(self.staff["manager"]).board()
        self.assertEqual((board["closed"], board["total"]), (1, 1))
        with self.assertRaisesRegex(UserError, "prochaine|next"):
            self.close()

    def test_a_trial_is_read_by_who_asked_for_it_and_nobody_else(self):
        self.close_tills()
        mine = self.as_user(self.staff["manager"])
        trial_id = mine["res.company"].browse(self.nio.id).action_preview_closing()["res_id"]
        trial = mine["kondo.closing.preview"].browse(trial_id)
        trial.write({"line_ids": [(0, 0, {"label": "Intérêts", "operations": 1, "amount": 5})]})
        line_id = trial.line_ids.id
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.users["SGX"]["manager"], self.staff["accountant"]):
            env = self.as_user(user)
            for model, row_id in (("kondo.closing.preview", trial_id), ("kondo.closing.preview.line", line_id)):
                self.assertFalse(env[model].search([("id", "=", row_id)]))
                with self.assertRaises(AccessError):
                    env[model].browse(row_id).read(["display_name"])
        self.assertEqual(
            self.as_user(self.staff["manager"])["kondo.closing.preview"].browse(trial_id).company_id, self.nio
        )

    def test_the_proof_of_a_caisse_opens_for_its_own_staff_and_the_network(self):
        day = fields.Date.to_string(self.today)
        for user in (self.staff["accountant"], self.network_manager):
            proof_id = self.as_user(user)["kondo.reconcile"].open_proof(self.nio.id, day)["res_id"]
            proof = self.env["kondo.reconcile"].browse(proof_id)
            self.assertEqual((proof.company_id, proof.date), (self.nio, self.today))
        with self.assertRaisesRegex(UserError, "vôtres|yours"):
            self.as_user(self.users["SGX"]["manager"])["kondo.reconcile"].open_proof(self.nio.id, day)

    def test_two_clicks_are_one_job(self):
        self.close_tills()
        with trap_jobs() as trap:
            service = self.service(self.staff["manager"])
            service.close_caisses(self.nio.ids)
            service.close_caisses(self.nio.ids)
            trap.assert_jobs_count(1)

    def test_what_a_step_refuses_is_read_on_the_board_and_no_job_fails(self):
        self.close_tills()
        interest = type(self.env["kondo.savings.interest"])
        with patch.object(interest, "_day_end", autospec=True, side_effect=UserError("Il manque le compte 332")):
            self.close()
        row = self.row()
        self.assertEqual((row["state"], row["tone"], row["said"]), ("stopped", "danger", "Il manque le compte 332"))
        self.assertEqual(row["steps"]["interest"]["state"], "failed")
        self.assertEqual(row["steps"]["interest"]["text"], "Il manque le compte 332")
        self.close()
        self.assertEqual(self.row()["state"], "closed")

    def test_a_till_opened_in_between_is_a_reason_too(self):
        self.close_tills()
        with trap_jobs() as trap:
            self.service(self.staff["manager"]).close_caisses(self.nio.ids)
            self.session_of(self.nio)
            trap.perform_enqueued_jobs()
        row = self.row()
        self.assertEqual((row["state"], row["blocked"]), ("stopped", True))
        self.close_tills()
        self.close()
        self.assertEqual(self.row()["state"], "closed")

    def test_a_closing_nobody_carries_any_more_is_said_to_be_interrupted(self):
        self.close_tills()
        closing, *_rest = self.env["kondo.closing"]._begin(self.nio, self.today + timedelta(days=1))
        self.assertEqual(closing.state, "running")
        self.assertEqual((self.row()["state"], self.row()["tone"]), ("interrupted", "danger"))
        self.close()
        self.assertEqual(self.row()["state"], "closed")

    def test_the_network_closes_every_caisse_and_a_caisse_only_itself(self):
        self.close_tills()
        self.assertEqual(len(self.service(self.network_manager).board()["caisses"]), 2)
        with self.assertRaises(UserError):
            self.close(self.staff["manager"], self.seg)
        self.assertEqual([row["id"] for row in self.service(self.staff["manager"]).board()["caisses"]], self.nio.ids)
        for login in ("accountant", "teller", "officer"):
            with self.assertRaises(UserError):
                self.close(self.staff[login])
        with self.assertRaises(UserError):
            self.service(self.staff["teller"]).board()
        self.assertFalse(self.service(self.staff["accountant"]).board()["can_close"])
        self.assertEqual(self.close(self.network_manager, self.nio + self.seg), 2)
        board = self.service(self.network_manager).board()
        self.assertEqual((board["closed"], board["total"]), (2, 2))

    def test_missed_days_give_the_books_of_days_closed_in_time(self):
        self.close_tills()
        start = self.today - timedelta(days=12)
        self.stand_on(start)
        self.assertEqual((self.row()["tone"], self.row()["late_days"]), ("warning", 12))
        target = self.service(self.staff["manager"])._target(self.nio)
        seals = []
        for how in ("in time", "at once"):
            with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
                if how == "in time":
                    day = start
                    while (day := self.nio._next_business_day(day)) < target:
                        self.nio._open_business_day(day)
                    self.nio._open_business_day(target)
                else:
                    self.close()
                self.assertEqual(self.nio.business_date, target)
                closings = self.env["kondo.closing"].search([("company_id", "=", self.nio.id)])
                seals.append([(closing.date, closing.book_hash) for closing in closings])
                _undone = 1 / 0
            self.env.invalidate_all()
        self.assertGreater(len(seals[0]), 5)
        self.assertEqual(seals[0], seals[1])

    def test_a_closing_leads_to_a_day_on_which_the_caisse_works(self):
        self.env["kondo.holiday"].search([("company_id", "=", self.union.id)]).unlink()
        self.union.closed_weekdays = str((self.today).weekday())
        self.close_tills()
        self.stand_on(self.today - timedelta(days=1))
        self.close()
        self.assertEqual(self.nio.business_date, self.today + timedelta(days=1))
        self.assertEqual(self.row()["state"], "closed")

    def test_a_job_that_is_started_again_closes_no_further_day(self):
        self.close_tills()
        self.stand_on(self.today - timedelta(days=3))
        service = self.service(self.staff["manager"])
        with trap_jobs() as trap:
            service.close_caisses(self.nio.ids)
            job = trap.enqueued_jobs[0]
        job.perform()
        reached = self.nio.business_date
        closings = self.env["kondo.closing"].search_count([])
        job.perform()
        self.env.invalidate_all()
        self.assertEqual(self.nio.business_date, reached)
        self.assertEqual(self.env["kondo.closing"].search_count([]), closings)

    def test_an_old_board_does_not_close_the_day_that_came_after(self):
        self.close_tills()
        self.stand_on(self.today - timedelta(days=1))
        seen = [self.row()["day"]]
        with trap_jobs() as trap:
            service = self.service(self.staff["manager"])
            service.close_caisses(self.nio.ids, seen)
            trap.assert_jobs_count(1)
            self.stand_on(self.today)
            with self.assertRaises(UserError):
                service.close_caisses(self.nio.ids, seen)

    def test_the_step_that_runs_is_shown_while_it_runs(self):
        self.close_tills()
        interest = type(self.env["kondo.savings.interest"])
        with patch.object(interest, "_day_end", autospec=True, side_effect=UserError("Il manque le compte 332")):
            self.close()
        seen = []

        def look(*_args):
            seen.append(self.row())

        with patch.object(interest, "_day_end", autospec=True, side_effect=look):
            self.close()
        states = {code: cell["state"] for code, cell in seen[0]["steps"].items()}
        self.assertEqual(seen[0]["state"], "running")
        codes = [step[1] for step in sorted(self.nio._day_end_steps())]
        place = rf"\D{codes.index('interest') + 1}\D+{len(codes)}\D"
        self.assertRegex(seen[0]["said"], place, "which step of how many")
        label = self.service(self.staff["manager"]).env["kondo.closing.step"]._labels()["interest"]
        self.assertTrue(seen[0]["said"].startswith(label))
        self.assertEqual(states.pop("interest"), "running")
        self.assertEqual(states["standing_orders"], "done")
        self.assertEqual({states[code] for code in ("fees", "snapshot", "proof")}, {"waiting"})
        self.assertFalse(self.env["kondo.closing"].search([("company_id", "=", self.nio.id)]).current)

    def test_a_day_that_is_open_shows_nothing_of_the_evening_before(self):
        self.close_tills()
        self.stand_on(self.today - timedelta(days=7))
        self.nio._open_business_day(self.today)
        row = self.row()
        self.assertEqual(({cell["state"] for cell in row["steps"].values()}, row["state"]), ({"waiting"}, "open"))
        self.assertTrue(row["closing_id"])

    def test_a_job_whose_worker_died_is_said_to_be_interrupted(self):
        self.close_tills()
        service = self.service(self.staff["manager"])
        service.close_caisses(self.nio.ids)
        job = self.env["queue.job"].search([("identity_key", "=", service._job_key(self.nio.id))])
        self.assertEqual((job.channel, self.row()["state"]), ("root.closing", "queued"))
        closing, *_rest = self.env["kondo.closing"]._begin(self.nio, self.today + timedelta(days=1))
        job.write({"state": "started", "date_started": fields.Datetime.now()})
        self.assertEqual(self.row()["state"], "running", "it has only just begun")
        long_ago = fields.Datetime.now() - timedelta(minutes=5)
        job.date_started = long_ago
        closing.with_context(kondo_ledger=LEDGER).current_since = long_ago
        self.assertEqual(self.row()["state"], "interrupted")
        service.close_caisses(self.nio.ids)
        self.assertEqual(self.row()["state"], "queued")

    def test_somebody_else_who_closes_is_no_reason_to_stop(self):
        self.close_tills()
        busy = UnderWay("Quelqu'un clôture déjà")
        with patch.object(type(self.env["res.company"]), "_close_until", autospec=True, side_effect=busy):
            self.close()
        self.assertEqual(self.row()["state"], "open")

    def test_more_caisses_ask_the_database_no_more_questions(self):
        counts = []
        for user in (self.staff["manager"], self.network_manager):
            self.service(user).board()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.service(user).board()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
