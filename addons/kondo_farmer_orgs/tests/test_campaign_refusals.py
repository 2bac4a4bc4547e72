from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .campaign_common import CampaignCase


@tagged("post_install", "-at_install")
class TestCampaignRefusals(CampaignCase):
    def setUp(self):
        super().setUp()
        self.enter_needs(self.benkadi, urea=20, npk=10, cash=60_000)
        self.loan = self.grant(self.request_loans())
        self.go_to("vouchers")
        self.supply = self.make_supply()

    def test_phases_are_the_network_s(self):
        with self.assertRaises(UserError):
            self.campaign.with_user(self.manager).action_next_phase()
        with self.assertRaises(UserError):
            self.campaign.with_user(self.network_manager).write({"state": "ended"})
        with self.assertRaises(UserError):  # the time of needs is over
            self.enter_needs(self.sigui, urea=1, npk=1, cash=0)
        self.campaign.with_user(self.network_manager).action_previous_phase()
        self.assertEqual(self.campaign.state, "committee")

    def test_no_voucher_over_the_quota_nor_without(self):
        self.issue(self.supply, self.benkadi, self.urea, 15)
        with self.assertRaisesRegex(ValidationError, "20"):
            self.issue(self.supply, self.benkadi, self.urea, 6)
        with self.assertRaises(ValidationError):
            self.issue(self.supply, self.sigui, self.urea, 1)
        stranger = self.sigui.org_membership_ids.person_id[:1]
        with self.assertRaises(ValidationError):
            self.issue(self.supply, self.benkadi, self.urea, 1, stranger)
        with self.assertRaises(UserError):
            self.as_user(self.teller)["kondo.input.voucher"].create({})
        quota = self.supply.quota_ids.filtered(lambda one: one.item_id.product_id == self.urea)
        with self.assertRaises(ValidationError):
            quota.quantity = 14

    def test_a_cancelled_voucher_frees_its_quota(self):
        voucher = self.issue(self.supply, self.benkadi, self.urea, 20)
        voucher.action_cancel()
        self.issue(self.supply, self.benkadi, self.urea, 20)
        with self.assertRaises(UserError):
            voucher.action_cancel()
        with self.assertRaises(UserError):
            voucher.write({"quantity": 30})

    def test_no_delivery_over_the_voucher(self):
        voucher = self.issue(self.supply, self.benkadi, self.urea, 5)
        with self.assertRaises(ValidationError):
            self.deliver(self.supply, self.benkadi, {voucher: 6})
        one = self.deliver(self.supply, self.benkadi, {voucher: 4})
        two = self.deliver(self.supply, self.benkadi, {voucher: 2})
        self.confirm(one)
        with self.assertRaises(UserError):  # both fitted when they were typed
            self.confirm(two)
        self.assertEqual((voucher.delivered, voucher.state, two.state), (4, "issued", "draft"))
        self.assertEqual(self.owed_in_books(), 48_000)

    def test_another_person_confirms(self):
        voucher = self.issue(self.supply, self.benkadi, self.urea, 5)
        delivery = self.as_user(self.manager)["kondo.input.delivery"].create(
            {
                "supply_id": self.supply.id,
                "organisation_id": self.benkadi.id,
                "line_ids": [(0, 0, {"voucher_id": voucher.id, "quantity": 5})],
            }
        )
        with self.assertRaises(UserError):
            self.confirm(delivery, self.manager)
        with self.assertRaises(UserError):  # nobody has signed for the organisation
            self.confirm(delivery)
        delivery.received_by = "Moussa"
        with self.assertRaises(UserError):
            self.confirm(delivery, self.officer)
        self.confirm(delivery)
        with self.assertRaises(UserError):  # once
            self.confirm(delivery)
        with self.assertRaises(UserError):
            delivery.write({"reference": "autre"})

    def test_in_kind_only_by_a_delivery_note(self):
        delivery = self.deliver(self.supply, self.benkadi, {self.issue(self.supply, self.benkadi, self.urea, 1): 1})
        with self.assertRaises(UserError):
            self.pay_out(self.loan, paid="supplier", delivery_id=delivery.id)
        self.pay_out(self.loan)  # only the cash
        self.env.invalidate_all()
        self.assertEqual(self.env["kondo.loan"].browse(self.loan.id).principal, 60_000)
        with self.assertRaises(UserError):
            self.pay_out(self.loan)

    def test_a_delivery_reversed_the_same_day(self):
        voucher = self.issue(self.supply, self.benkadi, self.urea, 20)
        loan = self.env["kondo.loan"].browse(self.loan.id)
        self.confirm(self.deliver(self.supply, self.benkadi, {voucher: 12}))
        delivery = self.deliver(self.supply, self.benkadi, {voucher: 8})
        answer = self.confirm(delivery)
        self.assertEqual((loan.principal, voucher.state), (240_000, "delivered"))
        self.reverse(answer)
        self.assertEqual((loan.principal, loan.disbursed, loan.in_kind_delivered), (144_000,) * 3)
        self.assertEqual((voucher.delivered, voucher.state, delivery.state), (12, "issued", "reversed"))
        self.assertEqual((self.owed_in_books(), self.supply.supplier_id.owed), (144_000, 144_000))
        self.confirm(self.deliver(self.supply, self.benkadi, {voucher: 8}))
        self.assertEqual((loan.principal, loan.in_kind_left, loan.commitment), (240_000, 150_000, 210_000))

    def test_the_first_delivery_reversed(self):
        voucher = self.issue(self.supply, self.benkadi, self.urea, 20)
        self.reverse(self.confirm(self.deliver(self.supply, self.benkadi, {voucher: 12})))
        loan = self.env["kondo.loan"].browse(self.loan.id)
        self.assertEqual(
            (loan.state, loan.principal, loan.commitment, loan.in_kind_delivered), ("approved", 0, 450_000, 0)
        )
        self.confirm(self.deliver(self.supply, self.benkadi, {voucher: 20}))
        self.assertEqual((loan.state, loan.principal), ("active", 240_000))

    def test_no_reversal_once_the_supplier_is_paid(self):
        voucher = self.issue(self.supply, self.benkadi, self.urea, 5)
        answer = self.confirm(self.deliver(self.supply, self.benkadi, {voucher: 5}))
        paid = self.settle(60_000)
        with self.assertRaisesRegex(UserError, "Toguna"):
            self.reverse(answer)
        self.reverse({"operation_id": paid["operation_id"]})
        self.assertEqual(self.supply.supplier_id.owed, 60_000)
        self.reverse(answer)
        self.assertEqual(self.owed_in_books(), 0)

    def test_never_more_than_is_owed(self):
        voucher = self.issue(self.supply, self.benkadi, self.urea, 5)
        self.confirm(self.deliver(self.supply, self.benkadi, {voucher: 5}))
        with self.assertRaises(UserError):
            self.prepare(60_001)
        with self.assertRaises(UserError):
            self.as_user(self.teller)["kondo.input.settlement"].create({"supplier_id": self.supply.supplier_id.id})
        one, two = self.prepare(40_000), self.prepare(40_000)
        one.with_env(self.as_user(self.manager)).action_approve()
        with self.assertRaises(UserError):
            two.with_env(self.as_user(self.manager)).action_approve()
        self.assertEqual(self.owed_in_books(), 20_000)

    def test_the_age_of_arrears_is_kept(self):
        loan = self.env["kondo.loan"].browse(self.loan.id)
        self.confirm(
            self.deliver(self.supply, self.benkadi, {self.issue(self.supply, self.benkadi, self.urea, 20): 20})
        )
        loan.with_env(self.as_user(self.manager)).action_drop_rest()
        self.env.invalidate_all()
        due = loan.instalment_ids.due
        self.move_day(self.nio, due + timedelta(days=12))
        loan._refresh_position()
        self.assertEqual(loan.days_late, 12)
        action = self.campaign.with_env(self.as_user(self.officer)).action_postpone()
        request = self.as_user(self.officer)["kondo.loan.postponement"].browse(action["res_id"])
        request.action_ask()
        request.with_env(self.as_user(self.manager)).action_approve()
        self.env.invalidate_all()
        self.assertEqual((request.done_count, loan.late_from_kept, loan.schedule_id.reason), (1, due, "postponed"))

    def test_another_caisse_sees_nothing(self):
        voucher = self.issue(self.supply, self.benkadi, self.urea, 5)
        delivery = self.deliver(self.supply, self.benkadi, {voucher: 5})
        officer, manager = self.users["SGX"]["officer"], self.users["SGX"]["manager"]
        for model in (
            "kondo.campaign.need", "kondo.campaign.need.input", "kondo.input.supplier", "kondo.input.supply",
            "kondo.input.item", "kondo.input.quota", "kondo.input.voucher", "kondo.input.delivery",
            "kondo.input.delivery.line", "kondo.campaign.board",
        ):  # fmt: skip
            self.assertTrue(self.as_user(self.officer)[model].search_count([]), model)
            self.assertFalse(self.as_user(officer)[model].search_count([]), model)
        with self.assertRaises(UserError):
            delivery.with_env(self.as_user(manager)).action_confirm()
        with self.assertRaises(UserError):
            voucher.with_env(self.as_user(officer)).action_cancel()
        with self.assertRaises(UserError):  # no needs of its own
            self.campaign.with_env(self.as_user(officer)).action_request_loans()
        self.assertEqual(self.board_of(self.campaign, officer)["area"], 0)

    # ------------------------------------------------------------------ helpers
    def reverse(self, answer):
        self.as_user(self.users["NIX"]["manager2"])["kondo.operation"].submit(
            "reversal", self.new_key(), {"operation_id": answer["operation_id"], "reason": "Erreur de saisie"}
        )
        self.env.invalidate_all()

    def prepare(self, amount):
        return self.as_user(self.accountant)["kondo.input.settlement"].create(
            {
                "supplier_id": self.supply.supplier_id.id,
                "journal_id": self.bank.id,
                "amount": amount,
                "reference": "Chèque 9",
            }
        )

    def settle(self, amount):
        answer = self.prepare(amount).with_env(self.as_user(self.manager)).action_approve()
        self.env.invalidate_all()
        return answer
