"""The loan officer's and the committee's screens in Chromium, in French."""

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.kondo_microfinance.tests.common import KondoHttpCase
from odoo.addons.kondo_microfinance.tests.loan_common import LoanFixture


@tagged("post_install", "-at_install")
class TestBrowserLoans(LoanFixture, KondoHttpCase):
    """Niono lends to Awa: the officer makes her file, the committee grants it, and then she is late."""

    def setUp(self):
        super().setUp()
        self.member = self.make_member("TRAORÉ Awa")
        self.make_account(self.member)

    def tour(self, name, user, url):
        self.env.flush_all()
        self.start_tour(url, name, login=user.login, timeout=120)
        self.env.invalidate_all()

    def test_the_officer_makes_a_file_and_presents_it(self):
        self.tour("kondo_officer_makes_a_file", self.officer, "/odoo/kondo-simulateur-credit")
        loan = self.env["kondo.loan"].search([("partner_id", "=", self.member.id)])
        self.assertEqual((loan.state, loan.amount, loan.instalments), ("committee", 300_000, 12))
        self.assertEqual((loan.opinion, loan.submitted_by_id), ("favourable", self.officer))

    def test_the_committee_decides_on_the_projector(self):
        loan = self.file(self.member)
        loan.sudo()._set_state("committee", submitted_by_id=self.officer.id)
        self.env["kondo.loan.approval.level"].create(
            {"company_id": self.union.id, "body": "caisse", "amount_to": 0, "quorum": 2}
        )
        seats = self.env["kondo.committee.seat"]
        for name, role in (("COULIBALY Fanta", "Présidente"), ("DIARRA Moussa", "Secrétaire")):
            seats.create({"company_id": self.nio.id, "body": "caisse", "name": name, "role": role})
        self.as_user(self.manager)["kondo.loan.committee"].create({"place": "Salle de réunion"})
        self.tour("kondo_committee_decides", self.manager, "/odoo/kondo-comites")
        self.assertEqual((loan.state, loan.approved_by_id), ("approved", self.manager))
        self.assertEqual(loan.sudo().decision_ids.deciders, "COULIBALY Fanta, DIARRA Moussa")
        self.assert_books_agree()

    def test_the_officer_follows_who_is_late(self):
        loan = self.running(member=self.member)
        day = loan.instalment_ids.sorted("number")[0].due + timedelta(days=10)
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._update_positions(self.nio, day)
        self.tour("kondo_officer_follows", self.officer, "/odoo/kondo-a-faire")
        promise = loan.followup_ids
        self.assertEqual((promise.kind, promise.promise_amount, promise.promise_state), ("promise", 20_000, "waiting"))
        self.assertEqual((promise.user_id, promise.days_then), (self.officer, 10))
        self.assert_books_agree()
