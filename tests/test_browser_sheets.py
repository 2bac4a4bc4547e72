"""A collection sheet in Chromium: typed by the officer, counted and booked by the teller."""

from odoo.tests import tagged

from odoo.addons.kondo_farmer_orgs.tests.sheet_common import SheetFixture
from odoo.addons.kondo_microfinance.tests.common import KondoHttpCase


@tagged("post_install", "-at_install")
class TestBrowserSheets(SheetFixture, KondoHttpCase):
    """SCOOPS Benkadi pays its instalment and saves."""

    def tour(self, name, user):
        self.env.flush_all()
        self.start_tour("/odoo/kondo-fiches-collecte", name, login=user.login, timeout=120)
        self.env.invalidate_all()

    def test_typed_by_the_officer_and_booked_by_the_teller(self):
        due, saved = self.loan.due_now, self.org_account.balance
        self.tour("kondo_officer_types_a_sheet", self.officer)
        sheet = self.env["kondo.sheet"].search([("organisation_id", "=", self.org.id)])
        self.assertEqual((sheet.state, sheet.total, sheet.returned_by_id), ("returned", due + 1_500, self.officer))
        cash = self.session_of(self.nio).till_id.cash
        self.tour("kondo_teller_books_a_sheet", self.teller)
        self.assertEqual((sheet.state, sheet.counted_by_id), ("posted", self.teller))
        self.assertEqual(self.session_of(self.nio).till_id.cash, cash + due + 1_500)
        self.assertEqual((self.loan.due_now, self.org_account.balance), (0, saved + 1_500))
        self.assert_books_agree()
