"""The board of the evening in Chromium, in French."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up
from odoo.addons.kondo_microfinance.tests.common import KondoHttpCase


@tagged("post_install", "-at_install")
class TestBrowserClosing(KondoHttpCase):
    """Niono has closed its till, Ségou has not; background jobs run at once, as queue_job does where nothing runs them."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.dict("os.environ", {"QUEUE_JOB__NO_DELAY": "1"}))
        self.make_account(self.make_member("TRAORÉ Awa"), balance=50_000)
        self.close_tills(self.nio)
        self.account = self.make_account(self.make_member("DIALLO Oumou", self.seg), balance=20_000)

    def close_tills(self, caisse):
        for session in caisse.till_ids.open_session_id:
            session.with_user(session.user_id).count_till(make_up(session.till_id.cash))
            session.with_user(session.user_id).close_till()

    def tour(self, name):
        self.env.flush_all()
        self.start_tour("/odoo/kondo-cloture", name, login=self.network_manager.login, timeout=120)
        self.env.invalidate_all()

    def add_to_balance(self, francs):
        self.env.cr.execute(
            "UPDATE kondo_savings_account SET balance = balance + %s WHERE id = %s", (francs, self.account.id)
        )
        self.env.invalidate_all()

    def states(self):
        closings = self.env["kondo.closing"].search([("company_id", "in", (self.nio + self.seg).ids)])
        return {closing.company_id: closing.state for closing in closings}

    def test_the_network_closes_the_day(self):
        day = self.nio.business_date
        self.tour("kondo_network_closes_the_day")
        self.assertEqual(self.states(), {self.nio: "done"})
        self.assertGreater(self.nio.business_date, day)

        self.close_tills(self.seg)
        self.add_to_balance(1)
        self.tour("kondo_network_reads_a_refusal")
        self.assertEqual(self.states(), {self.nio: "done", self.seg: "stopped"})
        self.assertEqual(self.seg.business_date, day)

        self.add_to_balance(-1)
        self.tour("kondo_network_goes_on")
        self.assertEqual(self.states(), {self.nio: "done", self.seg: "done"})
        self.assertEqual(self.seg.business_date, self.nio.business_date)
        self.assert_books_agree()
