"""The accountant's returns and books in Chromium, in French."""

from odoo.tests import tagged

from odoo.addons.kondo_microfinance.tests.common import KondoHttpCase


@tagged("post_install", "-at_install")
class TestBrowserReturns(KondoHttpCase):
    """A caisse with a member's deposit: its accountant prepares the annual statements and reads the trial balance."""

    def setUp(self):
        super().setUp()
        self.open_till(self.nio, amount=1_000_000)
        self.make_account(self.make_member("TRAORÉ Awa"), balance=185_000)
        self.env.flush_all()

    def test_the_accountant_prepares_a_return(self):
        accountant = self.users["NIX"]["accountant"]
        self.start_tour(
            "/odoo/kondo-declarations", "kondo_accountant_prepares_a_return", login=accountant.login, timeout=120
        )
        self.env.invalidate_all()
        record = self.env["kondo.return"].search([("company_id", "=", self.nio.id)])
        self.assertEqual((record.state, record.computed_by_id), ("checked", accountant))
        self.assertTrue(record.red_count)

    def test_the_accountant_reads_the_trial_balance_of_the_sfd(self):
        accountant = self.users["NIX"]["accountant"]
        self.start_tour("/odoo/kondo-balance", "kondo_accountant_reads_the_books", login=accountant.login, timeout=120)
