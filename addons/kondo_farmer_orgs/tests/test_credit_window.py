from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .credit_common import CreditCase


@tagged("post_install", "-at_install")
class TestCreditWindow(CreditCase):
    """The list at the teller's till, the officer's list of people, and the papers."""

    def wizard(self, loan, user=None, **values):
        env = self.as_user(user or self.session_of(self.nio).user_id)
        return env["kondo.split.pay"].create({"loan_id": loan.id, **values})

    def test_everybody_paid_what_is_due_but_one_and_the_rest_waits(self):
        loan = self.borrow()
        self.move_day(self.nio, loan.instalment_ids[0].due)
        wizard = self.wizard(loan, amount=16_000)
        self.assertEqual((len(wizard.line_ids), wizard.due), (10, 15_000))
        self.assertEqual(wizard.line_ids.mapped("due"), [1_500] * 10)
        wizard.action_all_due()
        wizard.line_ids[9].amount = 0
        self.assertRegex(wizard.gap, r"2\s500 F")
        with self.assertRaisesRegex(UserError, r"2\s500 F"):
            wizard.action_pay()
        wizard.action_rest_to_advance()
        self.assertEqual((wizard.advance, wizard.gap), (2_500, False))
        done = wizard.action_pay()
        self.assertIn("16", done["params"]["message"])
        wizard.action_pay()  # sent twice, posted once
        self.assertEqual(self.advance.balance, 2_500)
        self.assertEqual(loan.split_ids.mapped("repaid"), [1_500] * 9 + [0])
        self.assert_shared(loan)
        # the name is found: the money that waited is hers
        again = self.wizard(loan, amount=1_500, source_id=self.advance.id)
        again.line_ids[9].amount = 1_500
        again.action_pay()
        self.assertEqual((self.advance.balance, self.part(loan, 10).repaid), (1_000, 1_500))
        self.assert_shared(loan)

    def test_the_list_asks_for_money_a_till_and_a_teller(self):
        loan = self.borrow()
        wizard = self.wizard(loan)
        with self.assertRaises(UserError):
            wizard.action_pay()
        wizard.amount = wizard.line_ids[0].amount = 1_000
        wizard.session_id = False
        with self.assertRaises(UserError):
            wizard.action_pay()
        with self.assertRaises(AccessError):
            self.wizard(loan, self.officer)

    def test_guarantors_pay_at_the_window(self):
        self.group_loan.joint_rule = "whole"
        loan = self.request_split()
        loan.action_fill_joint()
        self.grant(loan)
        loan.joint_ids.signed_on = self.nio.business_date
        self.pay_out(loan)
        self.env.invalidate_all()
        loan = self.env["kondo.loan"].browse(loan.id)
        day = fields.Date.add(loan.instalment_ids[0].due, days=5)
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._update_positions(self.nio, day)
        self.env.invalidate_all()
        call = self.as_user(self.manager)["kondo.joint.call"].create(
            {"loan_id": loan.id, "split_id": self.part(loan, 3).id, "deadline": day, "text": "Apportez ce papier."}
        )
        with self.assertRaises(UserError):
            self.pages("joint_notice", call)
        call.action_call()
        pages = self.pages("joint_notice", call)
        self.assertEqual(len(pages), 9)
        self.assertRegex(pages[0]["articles"][1][1], "166|167")
        self.assertEqual(pages[0]["articles"][2][1], "Apportez ce papier.")
        wizard = self.wizard(loan, call_id=call.id, amount=call.rest)
        self.assertEqual(sum(wizard.line_ids.mapped("due")), 1_500)
        wizard.action_all_due()
        wizard.action_pay()
        self.assertEqual((call.state, self.part(loan, 3).repaid), ("paid", 1_500))
        self.assert_shared(loan)

    def test_the_officer_enters_everybody_of_the_day(self):
        loan = self.file(self.org, self.group_loan, 1_000_000, 6)
        self.people[3].membership_ids.date_to = "2024-12-31"
        loan.action_fill_parts()
        self.assertEqual(loan.split_ids.person_id, self.people - self.people[3])
        loan.action_adjust_parts()
        self.assertEqual(loan.split_total, 1_000_000)
        loan.action_fill_parts()
        self.assertEqual(len(loan.split_ids), 9)
        empty = self.file(self.make_organisation("SCOOPS Vide"), self.group_loan, 10_000, 6)
        for action in ("action_fill_parts", "action_adjust_parts"):
            with self.assertRaises(UserError):
                getattr(empty, action)()

    def pages(self, report, records):
        report = records.env[f"report.kondo_farmer_orgs.report_{report}"]
        return report._get_report_values(records.ids)["pages"]

    def test_the_list_of_the_parts_is_printed_for_signatures_and_later_with_what_was_repaid(self):
        loan = self.request_split()
        (page,) = self.pages("loan_parts", loan)
        self.assertEqual(len(page["table"]["rows"]), 10)
        self.assertEqual(page["table"]["total"][2:4], ["1\u202f000\u202f000"] * 2)
        self.grant(loan)
        self.pay_out(loan)
        self.repay(loan, 15_000)
        self.env.invalidate_all()
        (page,) = self.pages("loan_parts", loan)
        self.assertEqual(page["table"]["rows"][0][3], "1\u202f500")
        with self.assertRaises(UserError):
            self.pages("loan_parts", self.file(self.org, self.group_loan, 10_000, 6))
        with self.assertRaises(AccessError):
            self.pages("loan_parts", loan.with_env(self.as_user(self.users["SGX"]["officer"])))

    def test_a_collection_sheet_asks_each_for_what_is_due_of_her(self):
        loan = self.borrow()
        day = loan.instalment_ids[0].due
        self.move_day(self.nio, day)
        self.pay_by_list(loan, {rank: 1_500 for rank in range(1, 10)})
        parts = {person: part.total for person, part in loan._sheet_parts(day, day).items()}
        self.assertEqual([parts[person] for person in self.people], [0] * 9 + [1_500])
