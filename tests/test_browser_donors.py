"""A donor's report in Chromium, in French: its numbers opened to names."""

from odoo.tests import HttpCase, tagged

from odoo.addons.kondo_farmer_orgs.tests.common import OrgFixture
from odoo.addons.kondo_microfinance.tests.common import KondoFixture
from odoo.addons.kondo_microfinance.tests.loan_common import LoanFixture


@tagged("post_install", "-at_install")
class TestBrowserDonors(OrgFixture, LoanFixture, KondoFixture, HttpCase):
    """A line that lends to two organisations: three women and a man by name, one of the women in both."""

    def setUp(self):
        super().setUp()
        accountant = self.users["NIX"]["accountant"]
        bank = self.nio.with_user(accountant)._kondo_create_bank_account("BNDA Niono", "ML016 020").sudo()
        donor = self.env["res.partner"].create({"name": "SOS Faim", "is_company": True})
        self.line = self.env["kondo.funding.line"].create(
            {
                "name": "SOS Faim 2017",
                "donor_id": donor.id,
                "agreement": "Convention 2017/04",
                "company_id": self.union.id,
                "amount": 1_000_000,
                "date_from": "2020-01-01",
            }
        )
        self.line.with_user(accountant).receive(bank.id, 500_000, "Virement 12")
        first, second = self.make_organisation("SCOOPS Benkadi"), self.make_organisation("SCOOPS Jigiya")
        awa = self.add_person(first, "COULIBALY Awa")
        others = [self.add_person(first, "COULIBALY Adama", sex="male"), self.add_person(first, "DIARRA Sitan")]
        self.env["kondo.org.membership"].create({"organisation_id": second.id, "person_id": awa.id})
        self.lend(first, [awa, *others])
        self.lend(second, [awa, self.add_person(second, "KEITA Fanta")])

    def lend(self, organisation, people):
        loan = self.file(
            organisation,
            amount=40_000 * len(people),
            funding_ids=[(0, 0, {"line_id": self.line.id})],
            split_ids=[(0, 0, {"person_id": person.id, "requested": 40_000, "granted": 40_000}) for person in people],
        )
        self.pay_out(self.grant(loan))

    def test_the_network_reports_to_a_donor(self):
        self.env.flush_all()
        login = self.network_manager.login
        self.start_tour("/odoo/kondo-lignes", "kondo_network_reports_to_a_donor", login=login, timeout=120)
        self.env.invalidate_all()
        self.assert_books_agree()
