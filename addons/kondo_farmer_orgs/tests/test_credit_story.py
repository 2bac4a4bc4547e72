from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .credit_common import CreditCase


@tagged("post_install", "-at_install")
class TestCreditStory(CreditCase):
    """Ten women, one contract in fine, and one of them does not pay."""

    def test_a_women_s_group_with_one_defaulter(self):
        # the officer enters the request with its parts and who stands for whom; it is granted, signed and paid out
        self.group_loan.joint_rule = "whole"
        request = self.request_split()
        request.action_fill_joint()
        self.grant(request)
        request.joint_ids.signed_on = self.nio.business_date
        self.pay_out(request)
        self.env.invalidate_all()
        loan = self.env["kondo.loan"].browse(request.id)
        self.assertEqual((loan.split_total, loan.split_gap, loan.split_count), (1_000_000, False, 10))
        self.assertEqual(loan.advance_account_id, self.advance)
        self.prove()
        monthly = loan.instalment_ids[0].total
        self.assertEqual(monthly, 15_000, "18 % a year of 1 000 000 F, a month")

        # the first month nine bring their 1 500 F and the treasurer 800 F that nobody's name is on
        self.move_day(self.nio, loan.instalment_ids[0].due)
        first = self.pay_by_list(loan, {rank: 1_500 for rank in range(1, 10)}, advance=800)
        self.assertEqual((first["advance"], self.advance.balance), (800, 800))
        self.assert_shared(loan)
        self.assertEqual(self.part(loan, 1).repaid, 1_500)
        self.assertFalse(any(loan.split_ids.mapped("days_late")), "the due day itself is not late")

        # a week later the tenth is late with her part, the nine others are not; so is the contract
        self.close_until(loan.instalment_ids[0].due + timedelta(days=7))
        late = loan.split_ids.filtered("days_late")
        self.assertEqual((late, late.amount_late, late.days_late), (self.part(loan, 10), 1_500, 7))
        self.assertEqual((loan.amount_late, loan.days_late, loan.split_late_count), (1_500, 7, 1))

        # a payment without names goes to who owes: the tenth
        window = self.repay(loan, 500)
        self.assert_shared(loan)
        self.assertEqual((self.part(loan, 10).repaid, self.part(loan, 9).repaid), (500, 1_500))

        # the list was wrong: the payment is undone, and so are its rows
        self.reverse(window)
        self.assert_shared(loan)
        self.assertEqual((self.part(loan, 10).repaid, self.part(loan, 10).amount_late), (0, 1_500))
        rows = self.part(loan, 10).payment_ids
        self.assertEqual(rows.mapped("amount"), [500, -500])

        # at the end nine pay all that is left of them
        self.move_day(self.nio, loan.instalment_ids[-1].due)
        rest = {rank: self.part(loan, rank).rest for rank in range(1, 10)}
        self.pay_by_list(loan, rest)
        self.assert_shared(loan)
        self.close_until(loan.instalment_ids[-1].due + timedelta(days=10))
        self.assertEqual(loan.split_ids.filtered("days_late"), self.part(loan, 10))
        self.assertEqual(sum(loan.split_ids.mapped("rest")), self.part(loan, 10).rest)
        self.assertEqual(loan.amount_late, self.part(loan, 10).amount_late)

        # the group is called for her part, the treasurer brings what eight owe, the ninth comes alone
        missing = self.part(loan, 10).amount_late
        call = self.as_user(self.officer)["kondo.joint.call"].create(
            {"loan_id": loan.id, "split_id": self.part(loan, 10).id}
        )
        call = call.with_env(self.as_user(self.manager))
        call.action_call()
        self.assertEqual((call.amount, sum(call.line_ids.mapped("amount"))), (missing, missing))
        *eight, ninth = call.line_ids
        brought = [[line.id, line.amount] for line in eight]
        self.repay(loan, sum(line.amount for line in eight), joint=brought)
        self.assert_shared(loan)
        self.assertEqual((call.state, loan.state), ("called", "active"))
        last = self.repay(loan, ninth.amount, joint=[[ninth.id, ninth.amount]])
        self.assertEqual((call.state, loan.state, loan.principal), ("paid", "closed", 0))
        self.assertFalse(any(loan.split_ids.mapped("rest")))
        self.assert_shared(loan)

        # even that is undone whole: the loan runs again, the ninth is asked again
        self.reverse(last)
        self.assertEqual((call.state, loan.state, ninth.rest), ("called", "active", ninth.amount))
        self.assert_shared(loan)
        self.assertEqual(self.part(loan, 10).rest, ninth.amount)

    def close_until(self, day):
        """The evening before `day`: where the loans of the caisse stand, in one statement."""
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._update_positions(self.nio, fields.Date.to_date(day))
        self.env.invalidate_all()
