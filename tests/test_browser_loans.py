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

    def presented(self, member, **values):
        """A file that waits for the committee."""
        loan = self.file(member, **values)
        loan.sudo()._set_state("committee", submitted_by_id=self.officer.id)
        return loan

    def sitting(self):
        """Tonight's sitting of the committee of Niono: two seats, both needed."""
        self.env["kondo.loan.approval.level"].create(
            {"company_id": self.union.id, "body": "caisse", "amount_to": 0, "quorum": 2}
        )
        seats = self.env["kondo.committee.seat"]
        for name, role in (("COULIBALY Fanta", "Présidente"), ("DIARRA Moussa", "Secrétaire")):
            seats.create({"company_id": self.nio.id, "body": "caisse", "name": name, "role": role})
        return self.as_user(self.manager)["kondo.loan.committee"].create({"place": "Salle de réunion"})

    def test_the_officer_makes_a_file_and_presents_it(self):
        self.tour("kondo_officer_makes_a_file", self.officer, "/odoo/kondo-simulateur-credit")
        loan = self.env["kondo.loan"].search([("partner_id", "=", self.member.id)])
        self.assertEqual((loan.state, loan.amount, loan.instalments), ("committee", 300_000, 12))
        self.assertEqual((loan.opinion, loan.submitted_by_id), ("favourable", self.officer))

    def test_the_committee_decides_on_the_projector(self):
        loan = self.presented(self.member)
        self.sitting()
        self.tour("kondo_committee_decides", self.manager, "/odoo/kondo-comites")
        self.assertEqual((loan.state, loan.approved_by_id), ("approved", self.manager))
        self.assertEqual(loan.sudo().decision_ids.deciders, "COULIBALY Fanta, DIARRA Moussa")
        self.assert_books_agree()

    def test_from_the_village_to_the_first_instalment(self):
        questions = self.env["kondo.loan.question"].search([("company_id", "=", self.union.id)])
        named = {question.code: question for question in questions}
        named["food"].write({"name": "Nourriture", "required": True})
        named["sales"].write({"name": "Ventes", "required": True})
        paper = self.env["kondo.loan.document.type"].search([("company_id", "=", self.union.id)], limit=1)
        paper.write({"name": "Demande signée", "required": True})
        self.monthly.guarantor_count = 1
        guarantor = self.make_member("KEITA Salif", sex="male")

        self.tour("kondo_officer_settles_a_file", self.officer, "/odoo/kondo-a-faire")
        loan = self.env["kondo.loan"].search([("partner_id", "=", self.member.id)])
        self.assertEqual((loan.state, loan.amount, loan.capacity), ("committee", 100_000, 42_000))
        self.assertEqual((loan.guarantor_ids.partner_id, loan.guarantor_ids.ceiling), (guarantor, 100_000))
        self.assertEqual(loan.document_ids.filtered("seen").name, "Demande signée")

        self.grant(loan)
        till = self.open_till(self.nio, amount=1_000_000).till_id
        self.tour("kondo_teller_serves_a_loan", self.users["NIX"]["teller"], "/odoo/guichet")
        self.assertEqual((loan.state, loan.principal), ("active", 92_332))
        self.assertEqual(till.cash, 1_000_000 - 100_000 + 9_168)

        self.tour("kondo_officer_reads_a_loan", self.officer, "/odoo/kondo-credits")
        self.assert_books_agree()

    def test_the_committee_says_less_no_and_later(self):
        asked = self.loan_product(name="Crédit caution", code="CAU", guarantor_count=1)
        awa = self.presented(self.member)
        issa = self.presented(self.make_member("KONÉ Issa", sex="male"))
        kadia = self.presented(self.make_member("SIDIBÉ Kadia"), product=asked)
        self.sitting().attendance_ids.write({"present": True})
        self.tour("kondo_committee_decides_otherwise", self.manager, "/odoo/kondo-comites")
        self.assertEqual((awa.state, awa.amount, awa.commitment), ("approved", 80_000, 80_000))
        self.assertEqual((issa.state, kadia.state), ("refused", "review"))
        decisions = (awa | issa | kadia).sudo().decision_ids
        self.assertEqual(decisions.committee_id.state, "closed")
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
