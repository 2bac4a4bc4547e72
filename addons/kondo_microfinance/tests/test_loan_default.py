from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.arrears import arrears

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestLoanDefault(LoanCase):
    """A loan of 100 000 F that is not repaid, with 20 000 F of guarantee savings."""

    def defaulting(self, **values):
        member = self.make_member()
        guarantee = self.make_account(member, product=self.guarantee_product, balance=20_000)
        product = self.loan_product(code="PEN", penalty_rate=24, penalty_per="year", guarantee_percent=20)
        loan = self.running(
            member=member,
            product=product,
            guarantee_account_id=guarantee.id,
            guarantee_savings=20_000,
            **values,
        )
        self.assertEqual(guarantee.blocked, 20_000)
        return loan, guarantee

    def evening(self, loan, day):
        """The caisse stands on a later day, its evening for loans done."""
        before = self.nio.business_date
        self.env["kondo.loan"]._day_end_penalties(self.nio, before, day)
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._day_end_positions(self.nio, before, day)
        self.env.invalidate_all()

    def balance(self, code):
        account = self.union._kondo_account(code)
        return int(sum(self.env["account.move.line"].search([("account_id", "=", account.id)]).mapped("balance")))

    def test_default_from_first_late_day_to_recovery(self):
        loan, guarantee = self.defaulting()
        first = loan.instalment_ids.sorted("number")[0]
        self.evening(loan, first.due + timedelta(days=1))
        self.assertEqual((loan.days_late, loan.amount_late), (1, 9168 + 6))  # 9 168 x 24 % x 1 / 360
        self.evening(loan, first.due + timedelta(days=30))
        self.assertEqual(first.penalty, 183)  # 9 168 x 24 % x 30 / 360, counted twice
        service = self.as_user(self.manager)["kondo.loan"]
        self.assertEqual(service.classify_and_provision(self.nio.id), {"classified": 0, "provisioned": 0})

        self.evening(loan, first.due + relativedelta(months=3, days=1))
        done = service.classify_and_provision(self.nio.id)
        self.assertEqual(done, {"classified": 1, "provisioned": 1})
        self.assertEqual(service.classify_and_provision(self.nio.id), {"classified": 0, "provisioned": 0})
        self.env.invalidate_all()
        self.assertEqual((loan.stage, self.balance("2022"), self.balance("292")), ("late_6", 0, 100_000))
        self.assertEqual((loan.provision, self.balance("2991"), self.balance("66412")), (32_000, -32_000, 32_000))

        self.evening(loan, first.due + relativedelta(months=7))
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        self.assertEqual((loan.stage, loan.provision, self.balance("2991")), ("late_12", 64_000, 0))
        self.assertEqual((self.balance("2992"), self.balance("7641"), self.balance("6642")), (-64_000, -32_000, 64_000))

        with self.assertRaises(UserError):
            loan.with_user(self.officer).call_guarantee()
        loan.with_user(self.manager).call_guarantee()
        self.env.invalidate_all()
        self.assertEqual((guarantee.balance, guarantee.blocked), (0, 0))
        self.assertLess(loan.principal, 100_000)

        self.evening(loan, first.due + relativedelta(months=14))
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        self.assertEqual((loan.stage, loan.provision), ("late_24", loan.principal))
        loan.with_user(self.officer).ask_write_off("Introuvable depuis un an")
        left = loan.principal
        loan.with_user(self.manager).write_off()
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.principal, loan.provision, loan.lost), ("written_off", 0, 0, left))
        self.assertEqual((self.balance("6691"), self.balance("294"), self.balance("2993")), (left, 0, 0))

        answer = self.loan_submit("loan_recovery", loan, amount=5_000)
        self.assertEqual(self.legs(answer)["769"], -5_000)
        self.env.invalidate_all()
        self.assertEqual(loan.recovered, 5_000)
        with self.assertRaises(UserError):
            self.loan_submit("loan_recovery", loan, amount=left)

    def test_not_written_off_before_all_is_set_aside(self):
        loan, _guarantee = self.defaulting()
        loan.with_user(self.officer).ask_write_off("Parti")
        with self.assertRaises(UserError):
            loan.with_user(self.officer).write_off()
        with self.assertRaises(UserError):
            loan.with_user(self.manager).write_off()

    def test_cured_loan_comes_back(self):
        loan, _guarantee = self.defaulting()
        first = loan.instalment_ids.sorted("number")[0]
        self.evening(loan, first.due + relativedelta(months=4))
        service = self.as_user(self.manager)["kondo.loan"]
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        self.repay(loan, loan.due_now)
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        self.assertEqual((loan.stage, loan.provision, self.balance("292")), ("performing", 0, 0))
        self.assertEqual(self.balance("2022"), loan.principal)

    def test_penalties_are_waived_by_a_second_person(self):
        loan, _guarantee = self.defaulting()
        first = loan.instalment_ids.sorted("number")[0]
        self.evening(loan, first.due + timedelta(days=30))
        waiver = self.as_user(self.manager)["kondo.loan.waiver"].create(
            {"loan_id": loan.id, "amount": 100, "reason": "Maladie"}
        )
        with self.assertRaises(UserError):
            waiver.action_grant()
        waiver.with_user(self.users["NIX"]["manager2"]).action_grant()
        self.env.invalidate_all()
        self.assertEqual((waiver.waived, first.waived_penalty, first.rest), (100, 100, 9168 + 83))

    def test_insurance_of_a_borrower_who_died(self):
        loan, guarantee = self.defaulting()
        self.move_day(self.nio, loan.disbursed_on + timedelta(days=20))
        loan.with_user(self.officer).declare_deceased(
            loan.disbursed_on + timedelta(days=10), "Acte 12/2026", "CIMA Vie"
        )
        loan.with_user(self.manager).claim_insurance()
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.principal, guarantee.blocked), ("closed", 0, 0))
        days = loan.schedule_ids[:1].instalment_ids.sorted("number")[0].days
        self.assertEqual(self.balance("331"), 100_000 + (1_500 * 10 * 2 + days) // (2 * days))  # half up

    def test_positions_agree_with_the_engine(self):
        loans = [self.defaulting()[0]]
        loans += [self.running(member=self.make_member(f"MEMBRE {n}"), amount=50_000 + n) for n in range(4)]
        start = loans[0].disbursed_on
        for number, loan in enumerate(loans[1:], 1):
            self.move_day(self.nio, start + relativedelta(months=number))
            self.repay(loan, 1_000 * number + loan.instalment_ids[:1].total)
        for day in (start + relativedelta(months=2), start + relativedelta(months=5, days=3)):
            self.evening(loans[0], day)
            for loan in loans:
                late = arrears(loan._dues(), day, tolerance=loan.product_id.arrears_tolerance)
                self.assertEqual(
                    (loan.days_late, loan.late_since or None, loan.instalments_late, loan.amount_late),
                    (late.days, late.since, late.instalments, late.total),
                )
                coming = [due for due in loan._dues() if due.due >= day]
                self.assertEqual((loan.next_due, loan.next_amount), (coming[0].due, coming[0].total))
