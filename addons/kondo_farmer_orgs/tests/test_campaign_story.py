"""A cotton campaign from the plan to the marketing, told in the order in which it happens."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .campaign_common import CampaignCase


@tagged("post_install", "-at_install")
class TestCampaignStory(CampaignCase):
    def test_from_plan_to_marketing(self):
        # Needs, then loan requests in one click, then the committee
        self.enter_needs(self.benkadi, urea=20, npk=10, cash=60_000)
        self.enter_needs(self.sigui, urea=10, npk=0 + 5, cash=25_000)
        self.assertEqual(self.campaign.need_ids.mapped("total"), [450_000, 220_000])
        self.go_to("committee")
        first, second = self.request_loans()
        self.assertEqual((first.amount, first.in_kind_amount, second.amount), (450_000, 390_000, 220_000))
        self.assertEqual(first.first_due, self.campaign.due_on)
        with self.assertRaises(UserError):  # once only
            self.request_loans()
        for loan in (first, second):
            self.grant(loan)
        # Vouchers within the quotas, deliveries in kind, the cash part at the window
        self.go_to("vouchers")
        supply = self.make_supply()
        awa, moussa = self.benkadi.org_membership_ids.person_id.sorted("id")
        vouchers = [
            self.issue(supply, self.benkadi, self.urea, 12, awa),
            self.issue(supply, self.benkadi, self.urea, 8, moussa),
            self.issue(supply, self.benkadi, self.npk, 10),
            self.issue(supply, self.sigui, self.urea, 10),
        ]
        self.confirm(self.deliver(supply, self.benkadi, {vouchers[0]: 12, vouchers[1]: 3}))
        self.assertEqual((first.principal, first.in_kind_delivered, first.state), (180_000, 180_000, "active"))
        self.assertEqual((self.owed_in_books(), supply.supplier_id.owed), (180_000, 180_000))
        self.pay_out(first)
        self.env.invalidate_all()
        self.assertEqual((first.principal, first.disbursed, first.cash_left), (240_000, 240_000, 0))
        self.move_day(self.nio, self.day + timedelta(days=20))
        self.confirm(self.deliver(supply, self.benkadi, {vouchers[1]: 5, vouchers[2]: 10}))
        self.assertEqual((first.principal, first.commitment, first.in_kind_left), (450_000, 0, 0))
        self.confirm(self.deliver(supply, self.sigui, {vouchers[3]: 10}))
        self.pay_out(second)
        self.env.invalidate_all()
        self.assertEqual((second.principal, second.commitment), (145_000, 75_000))
        interest = first.instalment_ids.interest
        whole = self.campaign.due_on - self.day
        later = self.campaign.due_on - self.day - timedelta(days=20)
        expected = 0.12 / 365 * (240_000 * whole.days + 210_000 * later.days)
        self.assertAlmostEqual(interest, expected, delta=0.03 * expected)
        # What will not be delivered leaves the loan; the supplier is paid by two people
        second.with_env(self.as_user(self.manager)).action_drop_rest()
        self.env.invalidate_all()
        self.assertEqual(
            (second.amount, second.commitment, second.tranche_ids.mapped("disbursed")), (145_000, 0, [True])
        )
        self.assertEqual(self.owed_in_books(), 510_000)
        settlement = self.as_user(self.accountant)["kondo.input.settlement"].create(
            {
                "supplier_id": supply.supplier_id.id,
                "journal_id": self.bank.id,
                "amount": 500_000,
                "reference": "Virement 77",
            }
        )
        with self.assertRaises(UserError):
            settlement.action_approve()
        settlement.with_env(self.as_user(self.manager)).action_approve()
        self.env.invalidate_all()
        self.assertEqual((supply.supplier_id.owed, self.owed_in_books()), (10_000, 10_000))
        # The harvest is late: all loans of the campaign are postponed together by two people
        self.go_to("harvest")
        self.move_day(self.nio, self.campaign.due_on - timedelta(days=10))
        action = self.campaign.with_env(self.as_user(self.officer)).action_postpone()
        request = self.as_user(self.officer)["kondo.loan.postponement"].browse(action["res_id"])
        self.assertEqual(request.loan_ids.ids, (first | second).sorted("name").ids)
        request.months = 2
        request.action_ask()
        with self.assertRaises(UserError):
            request.action_approve()
        request.with_env(self.as_user(self.manager)).action_approve()
        self.env.invalidate_all()
        self.assertEqual((request.done_count, request.failed_count), (2, 0))
        self.assertEqual(first.instalment_ids.due, self.campaign.due_on + relativedelta(months=2))
        # The buyer pays through the caisse: one producer of his list is unknown, then entered
        self.move_day(self.nio, self.campaign.due_on + relativedelta(months=2))
        self.go_to("marketing")
        due_first, due_second = first.rest, second.rest
        rows = [
            ("SCPC Benkadi", "SCPC Benkadi Awa", 3_000, due_first - 100_000),
            ("SCPC Benkadi", "SCPC Benkadi Moussa", 2_000, 100_000),
            ("SCPC Benkadi", "COULIBALY Seydou", 1_000, 0),
            ("SCPC Sigui", "", 2_000, due_second + 30_000),
        ]
        sheet = self.make_sheet(rows, without_account="organisation")
        sheet.action_check()
        self.assertEqual((sheet.state, sheet.error_count), ("faulty", 1))
        self.assertIn("SCPC Benkadi", sheet.line_ids.filtered(lambda line: line.state == "error").reason)
        with self.assertRaises(UserError):
            sheet.action_submit()
        self.add_person(self.benkadi, "COULIBALY Seydou", sex="male")
        sheet.action_check()
        self.assertEqual((sheet.state, sheet.error_count, sheet.gross), ("ready", 0, 2_400_000))
        sheet.action_submit()
        with self.assertRaises(UserError):
            sheet.action_approve()
        accounts = self.account_of(self.benkadi), self.account_of(self.sigui)
        before = [account.balance for account in accounts]
        bank = self.bank_balance()
        sheet.with_env(self.as_user(self.manager)).action_approve()
        self.env.invalidate_all()
        self.assertEqual(self.bank_balance() - bank, 2_400_000)
        self.assertEqual((first.state, second.state, first.principal + second.principal), ("closed", "closed", 0))
        gained = [account.balance - was for account, was in zip(accounts, before, strict=True)]
        # net of the rows without an account of their own, and what was kept over the debt
        self.assertEqual(gained, [1_800_000 - due_first, 600_000 - due_second])
        again = sheet.with_env(self.as_user(self.manager)).action_approve()
        self.assertTrue(again["replayed"])
        board = self.board_of(self.campaign)
        self.assertEqual((board["area"], board["organisations"], board["outstanding"]), (18, 2, 0))
        self.assertEqual(board["proceeds"], 18 * 1_000 * 300)
        self.assertEqual((board["fallen"], board["paid_0"], board["due"]), (due_first + due_second,) * 2 + (0,))
        self.go_to("ended")
