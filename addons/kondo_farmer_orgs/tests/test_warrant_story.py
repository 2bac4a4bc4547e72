from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import OrgCase


class WarrantFixture:
    """Mixin: a store in Molodo, a product lent in fine against onions, the people who hold the padlocks."""

    @classmethod
    def build_network(cls):
        super().build_network()
        cls.warrant_product = cls.loan_product(
            name="Crédit warrantage",
            code="WAR",
            amortization="in_fine",
            instalments=1,
            every=6,
            minimum_instalments=1,
            for_groups=True,
            warrant_needed=True,
        )
        cls.store = cls.env["kondo.store"].create(
            {"name": "Magasin de Molodo", "company_id": cls.nio.id, "village_id": cls.village.id, "capacity": 60}
        )

    def make_warrant(self, organisation, kg=10_000, bags=100, price=125, **values):
        """Onions that the officer has entered, at 125 F a kilo: 1 250 000 F."""
        person = organisation.org_membership_ids[:1].person_id or self.add_person(organisation, "COULIBALY Awa")
        return self.as_user(self.officer)["kondo.warrant"].create(
            {
                "partner_id": organisation.id,
                "store_id": self.store.id,
                "crop_id": self.onion.id,
                "bags": bags,
                "kg": kg,
                "quality": "Violet de Galmi, sec",
                "first_price": price,
                "caisse_key_id": self.officer.id,
                "person_key_id": person.id,
                **values,
            }
        )

    def stored(self, organisation, **values):
        """Stock that the manager has confirmed in store."""
        warrant = self.make_warrant(organisation, **values)
        warrant.with_user(self.manager).action_confirm()
        self.env.invalidate_all()
        return warrant

    def market(self, price, user=None, **values):
        """The price of the day, entered by the officer; one of the same day is corrected."""
        prices = self.as_user(user or self.officer)["kondo.price"]
        day = self.nio.sudo().business_date
        known = prices.search([("crop_id", "=", self.onion.id), ("date", "=", day), ("company_id", "=", self.nio.id)])
        if known and not values:
            known.price = price
            return known
        return prices.create({"crop_id": self.onion.id, "price": price, "source": "Marché de Niono", **values})

    def release(self, warrant, bags, kg, **values):
        """Bags that the officer writes down, before anybody confirms them."""
        return self.as_user(self.officer)["kondo.warrant.release"].create(
            {
                "warrant_id": warrant.id,
                "bags": bags,
                "kg": kg,
                "taken_by": "COULIBALY Awa, NINA 1234",
                "producer_signed": True,
                **values,
            }
        )

    def evening(self):
        """The day's end looks at the stock; returns the loans it found short."""
        day = self.nio.sudo().business_date
        found = self.env["kondo.loan"]._day_end_warrants(self.nio, day, fields.Date.add(day, days=1))
        self.env.invalidate_all()
        return found

    def off_balance(self):
        """Francs on the account of pledged stock and on its counterpart, in Niono."""
        account, counterpart = self.nio._warrant_accounts()
        self.env.flush_all()
        lines = self.env["account.move.line"].sudo()
        return tuple(
            int(
                sum(
                    lines.search(
                        [
                            ("account_id", "=", one.id),
                            ("company_id", "=", self.nio.id),
                            ("parent_state", "=", "posted"),
                            ("move_id.kondo_operation_id.kind", "in", ("warrant_stock", "reversal")),
                        ]
                    ).mapped("balance")
                )
            )
            for one in (account, counterpart)
        )

    def tasks(self, loan):
        return (
            self.env["mail.activity"]
            .sudo()
            .search([("res_model", "=", "kondo.loan"), ("res_id", "=", loan.id)])
            .filtered(lambda one: one.activity_type_id == self.env.ref("kondo_farmer_orgs.mail_activity_warrant_cover"))
        )


@tagged("post_install", "-at_install")
class TestOnionWarrant(WarrantFixture, OrgCase):
    """Onions of Molodo, from the weighing in November to the last bag that leaves the store."""

    def test_onions_from_the_store_to_the_last_bag(self):
        organisation = self.make_organisation("SCOOPS Jaba Molodo", [("COULIBALY Awa", "female", "1985-03-01")])
        self.make_account(organisation, self.demand)

        # 100 bags are weighed and entered by the officer; he does not confirm them himself
        warrant = self.make_warrant(organisation)
        self.assertEqual((warrant.state, warrant.first_value, warrant.value), ("draft", 1_250_000, 0))
        with self.assertRaisesRegex(UserError, "seconde personne|second person"):
            warrant.action_confirm()

        # the file counts on it, and says what is missing before the committee does
        loan = self.file(organisation, self.warrant_product, 1_200_000, 1)
        self.assertTrue(any("warehouse receipt" in fault for fault in self.said(loan)), self.said(loan))
        warrant.loan_id = loan
        self.assertTrue(any(warrant.name in fault for fault in self.said(loan)), self.said(loan))
        warrant.with_user(self.manager).action_confirm()
        self.env.invalidate_all()
        self.assertEqual((warrant.state, warrant.kg_left, warrant.value), ("received", 10_000, 1_250_000))
        self.assertEqual(self.off_balance(), (-1_250_000, 1_250_000))
        self.assert_books_agree()

        # 80 % of 1 250 000 F and no franc more
        self.assertTrue(any("1\u202f000\u202f000" in fault for fault in self.said(loan)), self.said(loan))
        with self.assertRaises(UserError):
            self.grant(loan)
        loan.amount = 1_000_000
        self.assertEqual(self.said(loan), [])
        self.grant(loan)
        self.pay_out(loan)
        loan = self.env["kondo.loan"].browse(loan.id)
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.principal, loan.warrant_coverage), ("active", 1_000_000, 125.0))
        self.assertFalse(self.evening())

        # the price falls: one task for the officer, red on the list, no second task the evening after
        price = self.market(105)
        self.assertEqual((warrant.market_price, warrant.coverage, warrant.coverage_low), (105, 105.0, True))
        self.assertEqual(self.evening(), 1)
        self.assertEqual(self.tasks(loan).user_id, self.officer)
        self.assertEqual(self.evening(), 1)
        self.assertEqual(len(self.tasks(loan)), 1)
        with self.assertRaisesRegex(UserError, "another person|autre personne"):
            warrant.with_user(self.price_author_as_manager(price)).action_revalue()
        warrant.with_user(self.manager).action_revalue()
        self.env.invalidate_all()
        self.assertEqual((warrant.price, warrant.value), (105, 1_050_000))
        self.assertEqual(self.off_balance(), (-1_050_000, 1_050_000))
        with self.assertRaisesRegex(UserError, loan.name):
            self.release(warrant, 1, 100).with_user(self.manager).action_confirm()

        # in the lean season it doubles: the task is done, and the books follow
        self.move_day(self.nio, fields.Date.add(self.nio.business_date, months=4))
        self.market(250)
        self.assertFalse(self.evening())
        self.assertFalse(self.tasks(loan))
        self.assertFalse(loan.warrant_alert)
        self.assertEqual(warrant.releasable_kg, 0, "a rise counts once it is booked")
        warrant.with_user(self.manager).action_revalue()
        self.env.invalidate_all()
        self.assertEqual((warrant.value, self.off_balance()), (2_500_000, (-2_500_000, 2_500_000)))
        # 1 000 000 F owed at 80 % need 1 250 000 F of stock: half of it
        self.assertEqual((warrant.releasable_kg, warrant.releasable_bags), (5_000, 50))

        # a partial repayment frees bags, and no more than it frees
        self.repay(loan, loan.accrued + 600_000)
        self.env.invalidate_all()
        owed = loan.principal
        free = warrant.releasable_kg
        self.assertGreater(free, 5_000)
        self.assertGreaterEqual((10_000 - free) * 250 * 8, owed * 10)
        self.assertLess((10_000 - free - 1) * 250 * 8, owed * 10)
        with self.assertRaisesRegex(UserError, loan.name):
            self.release(warrant, 99, free + 1).with_user(self.manager).action_confirm()
        out = self.release(warrant, 50, 5_000)
        with self.assertRaisesRegex(UserError, "second person|seconde personne"):
            out.action_confirm()
        out.with_user(self.manager).action_confirm()
        self.env.invalidate_all()
        self.assertEqual((out.state, warrant.kg_left, warrant.bags_left), ("done", 5_000, 50))
        self.assertEqual(self.off_balance(), (-1_250_000, 1_250_000))
        self.assert_books_agree()

        # the last bag waits for the last franc
        with self.assertRaisesRegex(UserError, loan.name):
            self.release(warrant, 50, 5_000).with_user(self.manager).action_confirm()
        self.repay(loan, loan.rest)
        self.env.invalidate_all()
        self.assertEqual(loan.state, "closed")
        self.assertEqual(warrant.releasable_kg, 5_000)
        last = self.release(warrant, 50, 5_000)
        last.with_user(self.manager).action_confirm()
        self.env.invalidate_all()
        self.assertEqual((warrant.state, warrant.kg_left, warrant.value), ("released", 0, 0))
        self.assertEqual(self.off_balance(), (0, 0))
        self.assertEqual(sum(warrant.sudo().move_ids.mapped("amount")), 0)

    def said(self, loan):
        """What stock forbids about a file, as the officer reads it; in English whatever his language."""
        self.env.invalidate_all()
        return loan.sudo().with_context(lang="en_US")._warrant_faults()

    def price_author_as_manager(self, price):
        """The one who entered the price, were he also the manager."""
        author = price.sudo().user_id
        author.group_ids += self.env.ref("kondo_microfinance.group_caisse_manager")
        return author
