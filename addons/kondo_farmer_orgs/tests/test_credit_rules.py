from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .credit_common import CreditCase


@tagged("post_install", "-at_install")
class TestCreditRules(CreditCase):
    """What a split contract refuses: by the database, by the file, at the window."""

    # ------------------------------------------------------------------ the parts make the contract
    def test_the_database_refuses_parts_that_do_not_make_the_contract(self):
        loan = self.borrow()
        self.prove()
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(IntegrityError, "950000"), self.env.cr.savepoint():
            self.part(loan, 1).sudo().granted = 50_000
            self.prove()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.set_ledger(loan, amount=900_000)
            self.prove()
        self.env.invalidate_all()
        self.assertEqual(loan.split_total, 1_000_000)

    def test_a_request_says_by_how_much_its_parts_differ_and_waits_for_them(self):
        loan = self.file(self.org, self.group_loan, 1_000_000, 6)
        self.assertIn("This product is split", " ".join(loan.with_context(lang=None)._check_blocking()))
        self.enter_parts(loan, [100_000] * 9)
        self.assertRegex(loan.split_gap, r"100\s000 F")
        self.prove()  # a draft may be unfinished
        with self.assertRaisesRegex(UserError, r"100\s000 F"):
            self.grant(loan)
        loan.write({"opinion": "favourable", "purpose_id": self.purpose().id, "sector_id": self.sector().id})
        with self.assertRaisesRegex(UserError, r"100\s000 F"):
            loan.action_submit()

    def purpose(self):
        return self.env["kondo.loan.purpose"].search([], limit=1)

    def sector(self):
        return self.env["kondo.loan.sector"].search([], limit=1)

    def test_a_committee_that_grants_less_cuts_every_part_alike(self):
        loan = self.request_split()
        loan.split_ids[0].granted = 150_000
        loan.split_ids[1].granted = 50_000
        loan.with_user(self.manager).sudo()._grant(500_001, {"terms": {"amount": 500_001}})
        self.env.invalidate_all()
        self.assertEqual(loan.amount, 500_001)
        granted = loan.sudo().split_ids.sorted("id").mapped("granted")
        self.assertEqual(granted, [75_001, 25_000, *[50_000] * 8])
        self.assertEqual(loan.split_ids[0].requested, 100_000)
        self.prove()
        # until it is paid out the manager divides otherwise; the officer does not, and the sum stays
        parts = loan.sudo().split_ids.sorted("id")
        change = [(1, parts[0].id, {"granted": 65_001}), (1, parts[1].id, {"granted": 35_000})]
        with self.assertRaises(UserError):
            loan.split_ids = change
        managed = loan.with_env(self.as_user(self.manager))
        managed.split_ids = change
        with self.assertRaisesRegex(UserError, r"5\s000 F"), self.env.cr.savepoint():
            managed.split_ids = [(1, parts[0].id, {"granted": 60_001})]
        self.pay_out(loan)
        with self.assertRaises(UserError):
            managed.split_ids = [(1, parts[0].id, {"measure": 2})]

    def test_parts_are_brought_to_the_amount_by_what_was_asked_for(self):
        loan = self.file(self.org, self.group_loan, 300_000, 6)
        loan.split_ids = [
            (0, 0, {"person_id": person.id, "requested": asked})
            for person, asked in zip(self.people, (200_000, 100_000, 100_000), strict=False)
        ]
        loan.action_adjust_parts()
        self.assertEqual(loan.split_ids.mapped("granted"), [150_000, 75_000, 75_000])

    def test_a_changed_part_sends_a_submitted_file_back(self):
        loan = self.request_split()
        self.set_ledger(loan, state="committee", submitted_by_id=self.officer.id)
        loan.split_ids[0].granted = 90_000
        self.assertEqual(loan.state, "draft")
        self.prove()

    # ------------------------------------------------------------------ people
    def test_only_people_of_the_organisation_have_a_part_and_each_but_one(self):
        loan = self.request_split()
        self.people[2].membership_ids.date_to = "2024-06-30"
        other = self.make_organisation("SCOOPS Jigiya")
        stranger = self.add_person(other, "KEITA Moussa", "male")
        loan.split_ids[0].person_id = stranger
        text = " ".join(loan._check_blocking())
        self.assertIn("KEITA Moussa", text)
        self.assertIn("FEMME 03", text)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["kondo.loan.split"].create({"loan_id": loan.id, "person_id": stranger.id})

    def test_who_is_late_with_a_part_has_none_in_another_contract(self):
        first = self.borrow()
        self.move_day(self.nio, first.instalment_ids[0].due)
        self.pay_by_list(first, {rank: 1_500 for rank in range(2, 11)})
        self.set_ledger(first, days_late=0)
        self.part(first, 1).sudo()._store_standing(first.instalment_ids[1].due)
        self.union.arrears_block = True
        other = self.make_organisation("Groupement Jigiya")
        self.env["kondo.org.membership"].create(
            {"organisation_id": other.id, "person_id": self.people[0].id, "date_from": "2024-01-01"}
        )
        loan = self.file(other, self.group_loan, 50_000, 6)
        loan.split_ids = [(0, 0, {"person_id": self.people[0].id, "granted": 50_000})]
        self.assertIn("FEMME 01", " ".join(loan._check_blocking()))

    # ------------------------------------------------------------------ payments
    def test_a_list_that_is_not_the_payment_is_refused_and_nothing_moves(self):
        loan = self.borrow()
        stranger = self.add_person(self.make_organisation("SCOOPS Jigiya"), "KEITA Moussa", "male")
        for values, said in (
            ({"amount": 2_000, "split": [[self.people[0].id, 1_500]]}, r"1\s500 F"),
            ({"amount": 1_500, "split": [[stranger.id, 1_500]]}, "KEITA Moussa"),
            ({"amount": 3_000, "split": [[self.people[0].id, 1_500], [self.people[0].id, 1_500]]}, "FEMME 01"),
            ({"amount": 1_500, "split": "x"}, ""),
            ({"amount": 1_500, "split": [[self.people[0].id, -1]]}, ""),
            ({"amount": 1_500, "advance": 1_500}, ""),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, said):
                self.repay(loan, **values)
        self.assertFalse(loan.allocation_ids)

    def test_what_the_loan_does_not_take_waits_on_the_advance_account(self):
        self.group_loan.pays_ahead = False
        loan = self.borrow()
        self.move_day(self.nio, loan.instalment_ids[0].due)
        answer = self.pay_by_list(loan, {1: 4_000, **{rank: 1_500 for rank in range(2, 11)}})
        self.assertEqual((answer["returned"], self.advance.balance), (2_500, 2_500))
        self.assertEqual(self.part(loan, 1).repaid, 1_500, "cut where more came than was due")
        self.assert_shared(loan)
        self.reverse(answer)
        self.assertEqual(self.advance.balance, 0)
        self.assert_shared(loan)

    def test_who_paid_ahead_early_owes_less_of_the_new_schedule(self):
        loan = self.borrow(product=self.level())
        self.move_day(self.nio, loan.instalment_ids[0].due)
        self.pay_by_list(
            loan, {rank: self.part(loan, rank)._standing()[self.part(loan, rank).id].due for rank in range(1, 11)}
        )
        before = [self.part(loan, rank).rest for rank in (1, 2)]
        answer = self.pay_by_list(loan, {1: 50_000}, early="lower")
        self.env.invalidate_all()
        self.assertEqual(loan.schedule_id.reason, "early")
        self.assert_shared(loan)
        self.assertLess(self.part(loan, 1).rest, before[0] - 50_000 + 100)
        self.assertGreater(self.part(loan, 2).rest, before[1] - 6_000, "her interest falls, her principal does not")
        self.assertFalse(any(loan.split_ids.mapped("amount_late")))
        self.reverse(answer)
        self.assert_shared(loan)
        self.assertEqual([self.part(loan, rank).rest for rank in (1, 2)], before)

    def level(self):
        return self.loan_product(name="Crédit de groupe étalé", code="GRE", split_mode="enforced")

    def test_a_reversal_before_later_payments_leaves_the_rows_what_the_loan_received(self):
        loan = self.borrow(product=self.level())
        self.move_day(self.nio, loan.instalment_ids[0].due)
        first = self.pay_by_list(loan, {1: 30_000, 2: 20_000})
        self.pay_by_list(loan, {3: 9_000})
        self.reverse(first)
        self.assert_shared(loan)
        self.assertEqual((self.part(loan, 1).repaid, self.part(loan, 3).repaid), (0, 9_000))

    def test_names_that_come_after_the_payment_replace_the_shares_by_dues(self):
        loan = self.borrow()
        self.move_day(self.nio, loan.instalment_ids[0].due)
        named = {self.people[0].id: 1_000, self.people[4].id: 2_000, 0: 50}

        def pay_then_name(operations, posting, target, amount, mode="none"):
            pay(operations, posting, target, amount, mode)
            operations._share_repayment(posting, target, named)

        operation = self.env.registry["kondo.operation"]
        pay = operation._pay_loan
        self.patch(operation, "_pay_loan", pay_then_name)
        self.repay(loan, 3_000)
        self.assertEqual((self.part(loan, 1).repaid, self.part(loan, 5).repaid), (1_000, 2_000))
        self.assertFalse(self.part(loan, 2).repaid)
        self.assert_shared(loan)

    # ------------------------------------------------------------------ rows
    def test_nobody_writes_what_a_person_paid(self):
        loan = self.borrow()
        self.repay(loan, 15_000)
        row = self.part(loan, 1).payment_ids
        with self.assertRaises(AccessError):
            row.copy()
        with self.assertRaises(AccessError):
            row.write({"amount": 1})
        with self.assertRaises(AccessError):
            row.unlink()
        with self.assertRaises(AccessError):
            self.part(loan, 1).write({"repaid": 5})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE kondo_loan_split_payment SET amount = 1 WHERE id = %s", (row.id,))
        stranger = self.as_user(self.users["SGX"]["officer"])
        self.assertFalse(stranger["kondo.loan.split"].search([("loan_id", "=", loan.id)]))
        self.assertFalse(stranger["kondo.loan.split.payment"].search([("loan_id", "=", loan.id)]))
        teller = self.as_user(self.users["NIX"]["teller"])
        with self.assertRaises(AccessError):
            teller["kondo.loan.split"].browse(self.part(loan, 1).id).write({"measure": 3})
