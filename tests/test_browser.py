"""One browser tour per role, in French, in Chromium."""

from odoo.tests import tagged

from odoo.addons.kondo_microfinance.tests.common import KondoHttpCase


@tagged("post_install", "-at_install")
class TestBrowser(KondoHttpCase):
    """Niono has Awa with 185 000 F and an open till; Ségou has Oumou."""

    def setUp(self):
        super().setUp()
        self.passbook.minimum_balance = 0
        self.open_till(self.nio, amount=1_000_000)
        self.account = self.make_account(self.make_member("TRAORÉ Awa"), balance=185_000)
        self.make_account(self.make_member("DIALLO Oumou", self.seg), balance=20_000)
        self.env.flush_all()

    def tour(self, name, user, url="/odoo"):
        self.start_tour(url, name, login=user.login, timeout=120)

    def test_the_tellers_day(self):
        self.tour("kondo_teller_day", self.users["NIX"]["teller"], "/odoo/guichet")
        self.env.invalidate_all()
        self.assertEqual(self.account.balance, 200_000)

    def test_a_lost_answer_is_asked_again_and_posted_once(self):
        before = self.env["kondo.operation"].search_count([])
        self.tour("kondo_teller_lost_answer", self.users["NIX"]["teller"], "/odoo/guichet")
        self.env.invalidate_all()
        self.assertEqual(self.account.balance, 210_000)
        self.assertEqual(self.env["kondo.operation"].search_count([]), before + 1)

    def test_the_teller_sells_shares_and_serves_a_member_of_another_caisse(self):
        self.union.remote_operations = True
        self.env["kondo.share.product"].create(
            {"name": "Part sociale", "code": "PSX", "company_id": self.union.id, "nominal": 5_000}
        )
        self.tour("kondo_teller_other_operations", self.users["NIX"]["teller"], "/odoo/guichet")
        self.env.invalidate_all()
        theirs = self.env["kondo.savings.account"].search([("number", "=", "SGX-LIV-00001")])
        self.assertEqual(theirs.balance, 35_000)
        self.assertEqual(self.account.partner_id.share_paid, 20_000)
        self.assert_books_agree()

    def test_the_accountant_finds_the_operation(self):
        accountant = self.users["NIX"]["accountant"]
        self.tour("kondo_accountant_operation", accountant, "/odoo/kondo-operations")

    def test_the_accountant_reads_the_general_ledger(self):
        accountant = self.users["NIX"]["accountant"]
        self.tour(
            "kondo_accountant_general_ledger",
            accountant,
            "/odoo/action-account_financial_report.action_general_ledger_wizard",
        )

    def test_the_accountant_reads_the_trial_balance(self):
        accountant = self.users["NIX"]["accountant"]
        self.tour(
            "kondo_accountant_trial_balance",
            accountant,
            "/odoo/action-account_financial_report.action_trial_balance_wizard",
        )

    def test_the_controller_sees_all_caisses_and_changes_nothing(self):
        self.tour("kondo_controller_reads_all", self.controller, "/odoo/kondo-comptes-epargne")

    def test_a_teller_sees_nothing_of_another_caisse(self):
        self.tour("kondo_teller_sees_own_caisse", self.users["NIX"]["teller"], "/odoo/kondo-membres")
