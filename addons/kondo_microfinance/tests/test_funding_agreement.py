from dateutil.relativedelta import relativedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.words import spaced

from .test_funding import FundingCase


@tagged("post_install", "-at_install")
class TestFundingAgreement(FundingCase):
    """What an agreement asks for holds on the day of the disbursement, and its money is where the agreement says."""

    def test_what_came_back_of_a_line_that_does_not_revolve_is_never_lent_again(self):
        """Given back before it was ever lent, money does not make room for what borrowers repay."""
        line = self.new_line(name="Une fois", revolving=False)
        self.receive(200_000, line)
        loan = self.grant(self.financed(120_000, line))
        self.pay_out(loan)
        line.with_user(self.accountant).give_back(self.bank.id, 70_000, "Non prêté")
        row = loan.instalment_ids.sorted("number")[0]
        self.move_day(self.nio, row.due)
        answer = self.repay(loan, row.rest)
        self.env.invalidate_all()
        back = 120_000 - loan.principal
        self.assertEqual((line.available, line.held, line.lendable), (10_000 + back, back, 10_000))
        self.assertIn(spaced(10_000), "\n".join(self.financed(10_001, line)._check_blocking()))
        self.assertEqual(self.financed(10_000, line)._check_blocking(), [])
        line.with_user(self.accountant).give_back(self.bank.id, back, "Retour")
        self.env.invalidate_all()
        self.assertEqual((line.available, line.held, line.lendable), (10_000, 0, 10_000))
        self.reverse(answer)
        self.assertEqual((line.available, line.held), (10_000 - back, 0))
        with self.assertRaises(UserError):
            line.revolving = True

    def test_what_no_longer_holds_on_the_day_of_the_disbursement_is_refused(self):
        """Granted within the agreement, the loan is paid out on another day than planned, to somebody who has moved."""
        commune = self.env["kondo.commune"].search([], limit=1)
        village = self.env["kondo.village"].create({"name": "Sokoura Test", "commune_id": commune.id})
        zone = self.env["kondo.zone"].create(
            {"name": "Sud", "company_id": self.union.id, "commune_ids": [(6, 0, commune.ids)]}
        )
        today = self.nio.business_date
        line = self.new_line(name="Zone", zone_ids=[(6, 0, zone.ids)], date_to=today + relativedelta(days=3))
        self.receive(500_000, line)
        member = self.make_member(village_id=village.id)
        loan = self.grant(self.financed(50_000, line, member=member, start_on=today))
        member.village_id = False
        with self.assertRaisesRegex(UserError, "Sud"):
            self.pay_out(loan)
        member.village_id = village
        self.session_of(self.nio)
        self.move_day(self.nio, today + relativedelta(days=4))
        with self.assertRaisesRegex(UserError, "Zone"):
            self.pay_out(loan)
        self.move_day(self.nio, today + relativedelta(days=3))
        self.pay_out(loan)
        self.assertEqual(self.stands(line), (500_000, 50_000, 450_000))

    def test_a_later_tranche_is_asked_for_again(self):
        product = self.loan_product(name="Par tranches", code="TRA", tranches_allowed=True)
        today = self.nio.business_date
        line = self.new_line(name="Tranches", date_to=today + relativedelta(days=5), borrower_limit=100_000)
        self.receive(500_000, line)
        loan = self.financed(
            100_000,
            line,
            product=product,
            tranche_ids=[(0, 0, {"on": today + relativedelta(days=5), "amount": 40_000})],
        )
        self.pay_out(self.grant(loan))
        self.assertEqual(self.stands(line), (500_000, 60_000, 440_000))
        line.borrower_limit = 99_999
        self.move_day(self.nio, today + relativedelta(days=5))
        with self.assertRaisesRegex(UserError, spaced(99_999)):
            self.pay_out(loan)
        line.borrower_limit = 100_000
        self.move_day(self.nio, today + relativedelta(days=6))
        with self.assertRaisesRegex(UserError, "Tranches"):
            self.pay_out(loan)
        line.date_to = False
        self.pay_out(loan)
        self.assertEqual(self.stands(line), (500_000, 100_000, 400_000))

    def test_a_top_up_asks_for_what_it_adds_only(self):
        self.receive(110_000)
        loan = self.grant(self.financed(100_000))
        self.pay_out(loan)
        loan = self.env["kondo.loan"].browse(loan.id)
        self.assertEqual(loan.with_context(kondo_funding_added=10_000)._funding_faults(), [])
        self.assertEqual(len(loan.with_context(kondo_funding_added=10_001)._funding_faults()), 1)

    def test_all_loans_of_a_borrower_count_against_the_ceiling(self):
        line = self.new_line(name="Plafond", borrower_limit=100_000)
        self.receive(500_000, line)
        member = self.make_member()
        self.grant(self.financed(60_000, line, member=member))  # granted, nothing paid out yet
        self.assertEqual(self.financed(40_000, line, member=member)._check_blocking(), [])
        self.assertIn(spaced(100_000), "".join(self.financed(40_001, line, member=member)._check_blocking()))

    def test_a_reversal_gives_back_to_each_line_what_it_took(self):
        """Parts of a payment and parts of a loan round apart: the mirror image is of the payment, not of the loan."""
        loan = self.file(amount=100_001, funding_ids=[(0, 0, {"line_id": self.line.id, "percent": 50})])
        self.receive(50_000)
        self.pay_out(self.grant(loan))
        self.assertEqual(self.stands(), (50_000, 50_000, 0))
        self.move_day(self.nio, loan.instalment_ids.sorted("number")[0].due)
        for amount in (1_501, 1_502, 1_503, 1_507):
            self.reverse(self.repay(loan, amount))
            self.assertEqual(self.stands(), (50_000, 50_000, 0))

    def test_what_was_done_before_a_move_is_not_undone_on_the_other_line(self):
        second = self.new_line(name="FIDA 2018")
        self.receive(200_000)
        self.receive(200_000, second)
        loan = self.grant(self.financed(120_000))
        self.pay_out(loan)
        self.move_day(self.nio, loan.instalment_ids.sorted("number")[0].due)
        before = self.repay(loan, 9_000)
        values = {"loan_id": loan.id, "line_id": self.line.id, "to_line_id": second.id, "reason": "Accord"}
        move = self.env["kondo.funding.reassignment"].with_user(self.accountant).create(values)
        move.with_user(self.network_manager).action_approve()
        stood = (self.stands(), self.stands(second))
        with self.assertRaisesRegex(UserError, loan.name):
            self.reverse(before)
        self.assertEqual((self.stands(), self.stands(second)), stood)
        self.reverse(self.repay(loan, 5_000))
        self.assertEqual((self.stands(), self.stands(second)), stood)

    def test_a_line_takes_over_what_is_not_promised_and_within_its_ceiling(self):
        second = self.new_line(name="FIDA 2018", borrower_limit=99_999)
        self.receive(200_000)
        self.receive(150_000, second)
        loan = self.grant(self.financed(100_000))
        self.pay_out(loan)
        values = {"loan_id": loan.id, "line_id": self.line.id, "to_line_id": second.id, "reason": "Accord"}
        move = self.env["kondo.funding.reassignment"].with_user(self.accountant).create(values)
        move = move.with_user(self.network_manager)
        with self.assertRaisesRegex(UserError, spaced(99_999)):
            move.action_approve()
        second.borrower_limit = 0
        self.grant(self.financed(50_001, second))
        with self.assertRaisesRegex(UserError, spaced(99_999)):  # 50 001 of 150 000 are promised
            move.action_approve()
        self.receive(1, second)
        move.action_approve()
        self.assertEqual(self.stands(second), (150_001, 100_000, 50_001))
