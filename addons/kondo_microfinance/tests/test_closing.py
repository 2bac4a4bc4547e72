from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .collection_common import DayEndCase


@tagged("post_install", "-at_install")
class TestClosing(DayEndCase):
    """The evening of Niono: recorded, taken up where it stopped, never done twice."""

    def setUp(self):
        super().setUp()
        self.account = self.make_account(self.make_member("TRAORÉ Awa"), balance=50_000)
        self.close_tills()
        self.day = self.nio.business_date
        self.tomorrow = self.day + timedelta(days=1)

    def closing(self, day=None):
        self.env.invalidate_all()
        return self.env["kondo.closing"].search([("company_id", "=", self.nio.id), ("date", "=", day or self.day)])

    def test_each_step_is_recorded_once_with_its_time(self):
        self.nio._open_business_day(self.tomorrow)
        closing = self.closing()
        codes = [code for _sequence, code, _model, _method in sorted(self.nio._day_end_steps())]
        self.assertEqual(closing.step_ids.mapped("code"), codes)
        self.assertEqual(set(closing.step_ids.mapped("state")), {"done"})
        self.assertEqual((closing.state, closing.next_date, len(closing.book_hash)), ("done", self.tomorrow, 64))
        self.assertFalse(set(closing.step_ids.mapped("label")) & set(codes), "every step has words")
        with self.assertRaises(AccessError):
            closing.state = "running"
        with self.assertRaises(AccessError):
            closing.unlink()

    def test_each_step_that_has_words_is_run(self):
        codes = {code for _sequence, code, _model, _method in self.nio._day_end_steps()}
        self.assertEqual(codes, set(self.env["kondo.closing.step"]._labels()))

    def test_a_closing_that_stopped_goes_on_where_it_stopped(self):
        service = type(self.env["kondo.savings.interest"])
        with patch.object(service, "_day_end", autospec=True, side_effect=UserError("Il manque le compte 332")):
            with self.assertRaisesRegex(UserError, "332"):
                self.nio._open_business_day(self.tomorrow)
        closing = self.closing()
        self.assertEqual((closing.state, closing.failure), ("stopped", "Il manque le compte 332"))
        self.assertEqual(self.nio.business_date, self.day)
        failed = closing.step_ids.filtered(lambda step: step.state == "failed")
        self.assertEqual(failed.code, "interest")
        orders = type(self.env["kondo.standing.order"])
        # two days later: what was done up to tomorrow is not done again, and tomorrow is closed too
        with patch.object(orders, "_day_end", autospec=True) as again:
            self.nio._open_business_day(self.tomorrow + timedelta(days=1))
        self.assertEqual([call.args[2] for call in again.call_args_list], [self.tomorrow])
        self.assertEqual((self.closing().state, self.closing().next_date), ("done", self.tomorrow))
        self.assertEqual(self.closing(self.tomorrow).state, "done")
        self.assertEqual(self.nio.business_date, self.tomorrow + timedelta(days=1))

    def test_a_caisse_with_a_gap_does_not_close_and_says_where(self):
        self.env.cr.execute("UPDATE kondo_savings_account SET balance = balance + 1 WHERE id = %s", (self.account.id,))
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, f"{self.account.number} · TRAORÉ Awa.*50.001.F.*50.000.F"):
            self.nio._open_business_day(self.tomorrow)
        self.assertEqual((self.nio.business_date, self.closing().state), (self.day, "stopped"))
        self.env.cr.execute("UPDATE kondo_savings_account SET balance = balance - 1 WHERE id = %s", (self.account.id,))
        self.env.invalidate_all()
        self.nio._open_business_day(self.tomorrow)
        self.assertEqual((self.nio.business_date, self.closing().state), (self.tomorrow, "done"))

    def test_rows_that_an_evening_writes_have_room_on_their_pages(self):
        self.env.cr.execute(
            "SELECT relname, reloptions FROM pg_class WHERE relname IN ('kondo_loan', 'kondo_savings_account')"
        )
        options = dict(self.env.cr.fetchall())
        self.assertIn("fillfactor=45", options["kondo_loan"] or [])
        self.assertIn("fillfactor=33", options["kondo_savings_account"] or [])

    def test_seals_are_chained(self):
        self.nio._open_business_day(self.tomorrow)
        self.nio._open_business_day(self.tomorrow + timedelta(days=1))
        first, second = self.closing(), self.closing(self.tomorrow)
        self.assertNotEqual(first.book_hash, second.book_hash)

    def test_the_next_business_day_is_a_working_day(self):
        self.env["kondo.holiday"].search([("company_id", "=", self.union.id)]).unlink()
        self.union.closed_weekdays = "6"
        saturday = self.day + timedelta(days=(5 - self.day.weekday()) % 7)
        monday = saturday + timedelta(days=2)
        self.assertEqual(self.nio._next_business_day(saturday), monday)
        self.env["kondo.holiday"].create({"company_id": self.union.id, "name": "Tabaski", "day": monday})
        self.assertEqual(self.nio._next_business_day(saturday), monday + timedelta(days=1))

    def test_a_photograph_of_the_evening(self):
        self.nio._open_business_day(self.tomorrow)
        rows = self.env["kondo.snapshot.deposits"].search([("company_id", "=", self.nio.id), ("date", "=", self.day)])
        accounts = self.env["kondo.savings.account"].search(
            [("company_id", "=", self.nio.id), ("state", "!=", "closed")]
        )
        self.assertEqual(sum(rows.mapped("balance")), sum(accounts.mapped("balance")))
        self.assertEqual(sum(rows.mapped("accounts")), len(accounts))
        before = len(rows)
        self.env["kondo.snapshot"]._day_end(self.nio, self.day, self.tomorrow)
        again = self.env["kondo.snapshot.deposits"].search_count(
            [("company_id", "=", self.nio.id), ("date", "=", self.day)]
        )
        self.assertEqual(again, before, "taken again it is the same")
        with self.assertRaises(AccessError):
            rows.write({"balance": 1})
        self.env["kondo.snapshot"]._day_end(self.nio, self.day, self.day + timedelta(days=40))
        month = self.env["kondo.snapshot.account"].search([("company_id", "=", self.nio.id), ("date", "=", self.day)])
        self.assertEqual(sum(month.mapped("balance")), sum(accounts.mapped("balance")))

    def test_a_trial_says_what_would_be_posted_and_posts_nothing(self):
        fee = {"product_id": self.passbook.id, "moment": "keeping", "amount": 100, "date_from": "2020-01-01"}
        self.env["kondo.savings.fee"].create(fee)
        self.env.cr.execute(
            "UPDATE res_company SET business_date = %s WHERE id = %s", (self.day + relativedelta(day=31), self.nio.id)
        )
        self.env.invalidate_all()
        operations = self.env["kondo.operation"].search_count([])
        shown, refusal = self.env["kondo.closing"]._preview(self.nio, self.nio.business_date + timedelta(days=1))
        self.assertIsNone(refusal)
        self.assertIn("fee", [kind for kind, _count, _amount in shown])
        self.env.invalidate_all()
        self.assertEqual(self.env["kondo.operation"].search_count([]), operations)
        self.assertFalse(self.closing(self.nio.business_date))
        action = self.nio.with_user(self.users["NIX"]["manager"]).action_preview_closing()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.mapped("amount"), [amount for _kind, _count, amount in shown])
