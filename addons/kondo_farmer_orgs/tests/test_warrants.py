from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..engine.warrants import coverage, lendable, releasable_kg
from .common import OrgCase
from .test_warrant_story import WarrantFixture

PERCENT = st.integers(1, 100).map(lambda percent: Fraction(percent, 100))


class TestWarrantEngine(BaseCase):
    @given(st.integers(0, 10**6), st.integers(1, 10**4), st.integers(0, 10**9), PERCENT, st.integers(0, 10**9))
    def test_what_stays_carries_the_debt_and_not_a_kilo_less_leaves(self, kg, price, others, share, owed):
        value = kg * price + others
        free = releasable_kg(kg, price, value, share, owed)
        self.assertTrue(0 <= free <= kg)
        if free and owed:
            self.assertGreaterEqual((value - free * price) * share, owed)
        if free < kg and value * share >= owed:
            self.assertLess((value - (free + 1) * price) * share, owed)

    @given(st.integers(0, 10**9), PERCENT)
    def test_the_share_is_never_exceeded(self, value, share):
        most = lendable(value, share)
        self.assertTrue(most <= value * share < most + 1)
        if most:
            self.assertGreaterEqual(coverage(value, most), 100 / share)

    def test_a_share_of_nothing_is_refused(self):
        with self.assertRaises(ValueError):
            lendable(1_000, Fraction(0))


@tagged("post_install", "-at_install")
class TestWarrants(WarrantFixture, OrgCase):
    @classmethod
    def build_network(cls):
        super().build_network()
        cls.other = cls.users["NIX"]["manager2"]

    def setUp(self):
        super().setUp()
        self.organisation = self.make_organisation("SCOOPS Jaba", [("COULIBALY Awa", "female", "1985-03-01")])

    def undo(self, operation, user=None):
        return (
            self.as_user(user or self.other)["kondo.operation"]
            .browse(operation.id)
            .submit("reversal", self.new_key(), {"operation_id": operation.id, "reason": "Saisi deux fois"})
        )

    # ------------------------------------------------------------------ receipt
    def test_a_store_takes_no_more_than_it_holds(self):
        self.store.capacity = 10
        self.stored(self.organisation, kg=9_500)
        second = self.make_warrant(self.organisation, kg=600, bags=6)
        with self.assertRaisesRegex(UserError, "500"):
            second.with_user(self.manager).action_confirm()
        self.assertEqual(second.state, "draft")

    def test_whoever_corrects_the_count_does_not_confirm_it(self):
        warrant = self.make_warrant(self.organisation)
        warrant.with_user(self.manager).kg = 9_900
        with self.assertRaises(UserError):
            warrant.with_user(self.manager).action_confirm()
        warrant.with_user(self.other).action_confirm()
        self.env.invalidate_all()
        self.assertEqual((warrant.kg_left, warrant.confirmed_by_id), (9_900, self.other))

    def test_what_was_confirmed_no_longer_changes_by_hand(self):
        warrant = self.stored(self.organisation)
        for values in ({"kg": 12_000}, {"kg_left": 12_000}, {"value": 5}, {"state": "draft"}):
            with self.assertRaises(AccessError):
                warrant.with_user(self.officer).write(values)
        with self.assertRaises(UserError):
            warrant.with_user(self.officer).caisse_key_id = self.manager
        warrant.with_user(self.manager).caisse_key_id = self.manager
        with self.assertRaises(UserError):
            warrant.with_user(self.manager).unlink()

    def test_the_producers_padlock_has_one_holder(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.make_warrant(self.organisation, person_key_id=False)

    def test_a_receipt_entered_twice_is_undone_the_same_day(self):
        warrant = self.stored(self.organisation)
        self.undo(warrant.sudo().move_ids.operation_id)
        self.env.invalidate_all()
        self.assertEqual((warrant.state, warrant.kg_left, warrant.value, self.off_balance()), ("draft", 0, 0, (0, 0)))
        warrant.with_user(self.manager).action_confirm()
        self.env.invalidate_all()
        self.assertEqual((warrant.value, self.off_balance()), (1_250_000, (-1_250_000, 1_250_000)))

    # ------------------------------------------------------------------ the loan
    def test_stock_of_another_member_carries_no_loan(self):
        stranger = self.make_organisation("SCOOPS Jigi", [("KEITA Sira", "female", "1980-01-01")])
        loan = self.file(stranger, self.warrant_product, 100_000, 1)
        with self.assertRaises(ValidationError):
            self.make_warrant(self.organisation, loan_id=loan.id)

    def test_the_product_sets_its_own_share(self):
        warrant = self.stored(self.organisation)
        loan = self.file(self.organisation, self.warrant_product, 1_000_000, 1)
        warrant.loan_id = loan
        self.env.invalidate_all()
        self.assertEqual((loan.warrant_lendable, loan._warrant_faults()), (1_000_000, []))
        self.warrant_product.warrant_share = 60
        self.env.invalidate_all()
        self.assertEqual(loan.warrant_lendable, 750_000)
        self.assertEqual(len(loan._warrant_faults()), 1)

    def test_the_share_is_that_in_force_on_the_day(self):
        day = fields.Date.today()
        self.env["kondo.parameter"].create(
            {"key": "warrant_share", "label": "Share", "date_from": day, "value": "70", "confidence": "good"}
        )
        warrant = self.stored(self.organisation)
        warrant.loan_id = self.file(self.organisation, self.warrant_product, 100_000, 1)
        self.env.invalidate_all()
        self.assertEqual(warrant.loan_id.warrant_lendable, 875_000)

    def test_a_price_that_fell_since_the_decision_stops_the_disbursement(self):
        warrant = self.stored(self.organisation)
        loan = self.file(self.organisation, self.warrant_product, 1_000_000, 1)
        warrant.loan_id = loan
        self.grant(loan)
        with self.assertRaises(UserError):
            warrant.with_user(self.officer).loan_id = False
        self.market(120)
        with self.assertRaisesRegex(UserError, "960"):
            self.pay_out(loan)
        self.assertEqual(loan.sudo().state, "approved")

    def test_a_file_whose_stock_changes_begins_anew(self):
        loan = self.file(self.organisation, self.warrant_product, 100_000, 1)
        loan.sudo()._set_state("review")
        warrant = self.make_warrant(self.organisation, loan_id=loan.id)
        self.env.invalidate_all()
        self.assertEqual(loan.sudo().state, "draft")
        warrant.action_cancel()
        self.assertEqual((warrant.state, warrant.loan_id.id), ("cancelled", False))

    # ------------------------------------------------------------------ releases
    def lent(self, amount=500_000):
        warrant = self.stored(self.organisation)
        loan = self.file(self.organisation, self.warrant_product, amount, 1)
        warrant.loan_id = loan
        self.grant(loan)
        self.pay_out(loan)
        self.env.invalidate_all()
        return warrant, self.env["kondo.loan"].browse(loan.id)

    def test_a_release_is_signed_by_both_key_holders(self):
        warrant, _loan = self.lent()
        unsigned = self.release(warrant, 1, 100, producer_signed=False)
        with self.assertRaisesRegex(UserError, "COULIBALY Awa"):
            unsigned.with_user(self.manager).action_confirm()
        strange = self.release(warrant, 1, 100, caisse_key_id=self.users["NIX"]["teller"].id)
        with self.assertRaisesRegex(UserError, "Teller Nix"):
            strange.with_user(self.manager).action_confirm()

    def test_the_last_kilo_leaves_with_the_last_bag(self):
        warrant = self.stored(self.organisation)
        with self.assertRaises(UserError):
            self.release(warrant, 100, 9_999).with_user(self.manager).action_confirm()
        with self.assertRaises(UserError):
            self.release(warrant, 101, 10_000).with_user(self.manager).action_confirm()
        self.release(warrant, 100, 10_000).with_user(self.manager).action_confirm()
        self.env.invalidate_all()
        self.assertEqual(warrant.state, "released")

    def test_a_release_of_the_day_is_undone_with_its_bags(self):
        warrant, _loan = self.lent()
        out = self.release(warrant, 20, 2_000)
        out.with_user(self.manager).action_confirm()
        self.undo(out.sudo().operation_id)
        self.env.invalidate_all()
        self.assertEqual((out.state, warrant.kg_left, warrant.bags_left), ("reversed", 10_000, 100))
        self.assertEqual(self.off_balance(), (-1_250_000, 1_250_000))
        receipt = warrant.sudo().move_ids.filtered(lambda move: move.what == "received")
        with self.assertRaises(UserError):
            self.undo(receipt.operation_id)

    def test_a_debt_written_off_keeps_its_stock(self):
        warrant, loan = self.lent()
        loan.sudo()._set_state("written_off")
        self.env.invalidate_all()
        self.assertEqual(warrant.releasable_kg, 0)
        with self.assertRaisesRegex(UserError, loan.name):
            self.release(warrant, 1, 100).with_user(self.manager).action_confirm()
        loan.sudo()._set_state("active")

    def test_two_lots_carry_one_loan_together(self):
        first, loan = self.lent(900_000)
        second = self.make_warrant(self.organisation, kg=10_000, loan_id=loan.id)
        self.assertEqual(first.releasable_kg, 1_000)
        second.with_user(self.manager).action_confirm()
        self.env.invalidate_all()
        self.assertEqual((first.releasable_kg, first.coverage), (10_000, 277.7))

    # ------------------------------------------------------------------ prices
    def test_the_price_of_the_zone_and_of_the_caisse_come_first(self):
        warrant = self.stored(self.organisation)
        network = self.as_user(self.network_manager, self.union + self.nio)["kondo.price"]
        network.create({"crop_id": self.onion.id, "price": 200, "company_id": self.union.id})
        self.env.invalidate_all()
        self.assertEqual(warrant.market_price, 200)
        self.market(150)
        self.env.invalidate_all()
        self.assertEqual(warrant.market_price, 150)
        self.market(140, zone_id=self.zone.id)
        self.env.invalidate_all()
        self.assertEqual((self.store.zone_id, warrant.market_price), (self.zone, 140))

    def test_the_price_of_a_day_that_is_over_stays(self):
        price = self.market(150)
        self.move_day(self.nio, fields.Date.add(self.nio.business_date, days=1))
        with self.assertRaises(UserError):
            price.price = 250
        with self.assertRaises(ValidationError):
            self.market(150, date=fields.Date.add(self.nio.business_date, days=1))

    # ------------------------------------------------------------------ whose it is
    def test_another_caisse_sees_neither_stock_nor_price(self):
        warrant = self.stored(self.organisation)
        self.market(150)
        self.release(warrant, 1, 100)
        stranger = self.as_user(self.users["SGX"]["officer"])
        for model in ("kondo.warrant", "kondo.warrant.move", "kondo.warrant.release", "kondo.store", "kondo.price"):
            self.assertFalse(stranger[model].search([("company_id", "=", self.nio.id)]), model)
        with self.assertRaises(UserError):
            stranger["kondo.price"].create({"crop_id": self.onion.id, "price": 9, "company_id": self.union.id})
        with self.assertRaises(UserError):
            warrant.with_user(self.users["SGX"]["manager"]).with_context(
                allowed_company_ids=self.seg.ids
            ).action_confirm()

    def test_a_teller_reads_and_changes_nothing(self):
        warrant = self.stored(self.organisation)
        teller = self.as_user(self.users["NIX"]["teller"])
        self.assertEqual(teller["kondo.warrant"].browse(warrant.id).kg_left, 10_000)
        with self.assertRaises(UserError):
            teller["kondo.warrant"].browse(warrant.id).action_revalue()
        with self.assertRaises(AccessError):
            teller["kondo.warrant"].browse(warrant.id).note = "…"

    def test_movements_are_written_by_operations_only(self):
        move = self.stored(self.organisation).sudo().move_ids
        for change in (lambda: move.write({"kg": 1}), move.unlink, lambda: move.copy({"kg": 5})):
            with self.assertRaises(AccessError):
                change()
