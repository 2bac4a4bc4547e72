from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .credit_common import CreditCase


@tagged("post_install", "-at_install")
class TestCreditJoint(CreditCase):
    """Who stands for whom, up to what; how the group is asked to pay, and how what it paid is undone."""

    @classmethod
    def build_network(cls):
        super().build_network()
        cls.group_loan.joint_rule = "share"
        cls.group_loan.joint_factor = 2

    def signed(self, **values):
        """A contract paid out, its ten women standing for each other for twice their own share."""
        loan = self.request_split(**values)
        loan.action_fill_joint()
        loan.sudo().joint_ids.signed_on = self.nio.business_date
        self.grant(loan)
        self.pay_out(loan)
        self.env.invalidate_all()
        return self.env["kondo.loan"].browse(loan.id)

    def late_by_one(self):
        """The contract a month on: the tenth woman has brought nothing."""
        loan = self.signed()
        self.move_day(self.nio, loan.instalment_ids[0].due)
        self.pay_by_list(loan, {rank: 1_500 for rank in range(1, 10)})
        day = fields.Date.add(loan.instalment_ids[0].due, days=20)
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._update_positions(self.nio, day)
        self.env.invalidate_all()
        return loan

    def call(self, loan, **values):
        call = self.as_user(self.officer)["kondo.joint.call"].create(
            {"loan_id": loan.id, "split_id": self.part(loan, 10).id, **values}
        )
        return call.with_env(self.as_user(self.manager))

    def bring(self, call, francs, **values):
        """Guarantors pay at the window: {line: francs}."""
        rows = [[line.id, amount] for line, amount in francs.items()]
        return self.repay(call.loan_id, sum(francs.values()), joint=rows, **values)

    # ------------------------------------------------------------------ who stands
    def test_everybody_of_the_group_stands_as_the_product_says(self):
        loan = self.request_split()
        self.assertIn("joint", loan.with_context(lang="en_US")._check_blocking()[-1])
        loan.action_fill_joint()
        self.assertEqual(loan.joint_ids.mapped("ceiling"), [200_000] * 10)
        loan.action_fill_joint()
        self.assertEqual(len(loan.joint_ids), 10)
        self.grant(loan)
        with self.assertRaisesRegex(UserError, "FEMME 07"):
            self.pay_out(loan)
        loan.joint_ids.signed_on = self.nio.business_date
        with self.assertRaises(UserError):
            loan.joint_ids[0].ceiling = 5
        self.pay_out(loan)
        self.assertEqual(sum(self.people[0].joint_ids.mapped("standing")), 200_000)
        with self.assertRaises(UserError):
            loan.joint_ids[0].signed_on = False

    def test_a_guarantee_that_covers_too_little_is_told(self):
        loan = self.request_split()
        loan.joint_ids = [(0, 0, {"person_id": self.people[0].id, "ceiling": 300_000})]
        self.assertRegex(" ".join(loan._check_blocking()), r"300\s000 F")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            loan.joint_ids = [(0, 0, {"person_id": self.people[1].id, "ceiling": 1, "split_id": self.part(loan, 2).id})]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            loan.joint_ids = [(0, 0, {"person_id": self.people[0].id, "ceiling": 300_000})]

    def test_it_shows_on_the_page_of_the_person_and_of_the_member(self):
        member = self.make_member("FEMME 01")
        self.people[0].partner_id = member
        loan = self.signed()
        self.assertEqual(member.joint_ids, loan.joint_ids.filtered(lambda one: one.person_id == self.people[0]))
        self.assertEqual((member.joint_ids.standing, member.joint_ids.borrower_id), (200_000, self.org))

    # ------------------------------------------------------------------ the call
    def test_the_group_pays_for_the_defaulter_and_a_reversal_gives_it_back(self):
        loan = self.late_by_one()
        late = self.part(loan, 10)
        self.assertEqual((late.amount_late, late.days_late), (1_500, 20))
        call = self.call(loan)
        with self.assertRaises(UserError):
            call.with_env(self.as_user(self.officer)).action_call()
        call.action_call()
        self.assertEqual((call.state, call.amount, len(call.line_ids)), ("called", 1_500, 9))
        self.assertEqual(sorted(call.line_ids.mapped("amount")), [166] * 3 + [167] * 6)
        self.assertNotIn(self.people[9], call.line_ids.guarantee_id.person_id)
        self.assertEqual(call.line_ids[0].guarantee_id.called, 167)

        lines = call.line_ids
        answer = self.bring(call, {lines[0]: 167, lines[1]: 100})
        self.assertEqual((lines[0].rest, lines[1].rest, call.state), (0, 67, "called"))
        self.assertEqual((late.repaid, late.amount_late), (267, 1_233))
        self.assertEqual(self.part(loan, 1).repaid, 1_500, "what she paid for another is not her part")
        self.assertEqual(lines[0].guarantee_id.standing, 199_833)
        self.assert_shared(loan)

        self.reverse(answer)
        self.assertEqual((lines[0].paid, lines[0].guarantee_id.paid, late.repaid), (0, 0, 0))
        self.assertEqual(call.payment_ids.mapped("amount"), [167, 100, -167, -100])
        self.assert_shared(loan)

        self.bring(call, {line: line.amount for line in lines})
        self.assertEqual((call.state, call.rest, late.amount_late, loan.days_late), ("paid", 0, 0, 0))
        self.assert_shared(loan)

    def test_a_call_asks_no_more_than_is_late_and_than_is_answered_for(self):
        loan = self.late_by_one()
        call = self.call(loan, amount=1_501)
        with self.assertRaisesRegex(UserError, r"1\s500 F"):
            call.action_call()
        call.amount = 1_500
        self.set_ledger(loan.joint_ids, ceiling=160)
        with self.assertRaisesRegex(UserError, r"1\s440 F"):
            call.action_call()
        call.amount = 900
        call.action_call()
        with self.assertRaises(AccessError):
            call.amount = 5
        for rows, said in (
            ({call.line_ids[0]: 101}, "FEMME 01"),
            ({call.line_ids[0]: -1}, ""),
        ):
            with self.assertRaisesRegex(UserError, said):
                self.bring(call, rows)
        with self.assertRaises(UserError):
            self.repay(loan, 99, joint=[[call.line_ids[0].id, 100]])
        self.assertEqual(call.paid, 0)

    def test_a_call_given_up_frees_the_guarantors(self):
        loan = self.late_by_one()
        call = self.call(loan)
        call.action_call()
        self.bring(call, {call.line_ids[0]: 67})
        with self.assertRaises(UserError):
            call.action_give_up()
        closing = call.env["kondo.joint.call.close"].create(
            {"call_id": call.id, "reason": "Un arrangement a été trouvé"}
        )
        closing.action_confirm()
        guarantee = call.line_ids[0].guarantee_id
        self.assertEqual((call.state, guarantee.called, guarantee._left()), ("closed", 67, 199_933))
        with self.assertRaises(UserError):
            self.bring(call, {call.line_ids[1]: 10})

    def test_savings_held_of_a_guarantor_count_for_the_call(self):
        member = self.make_member("FEMME 01")
        account = self.make_account(member, self.demand, balance=50_000)
        self.people[0].partner_id = member
        loan = self.request_split()
        loan.action_fill_joint()
        loan.guarantor_ids = [
            (0, 0, {"partner_id": member.id, "ceiling": 20_000, "account_id": account.id, "held": 20_000})
        ]
        loan.sudo().joint_ids.signed_on = self.nio.business_date
        self.grant(loan)
        self.pay_out(loan)
        self.env.invalidate_all()
        loan = self.env["kondo.loan"].browse(loan.id)
        guarantee = member.joint_ids
        self.assertEqual(guarantee.held, 20_000)
        self.move_day(self.nio, loan.instalment_ids[0].due)
        self.pay_by_list(loan, {rank: 1_500 for rank in range(1, 10)})
        day = fields.Date.add(loan.instalment_ids[0].due, days=20)
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._update_positions(self.nio, day)
        self.env.invalidate_all()
        call = self.call(loan)
        call.action_call()
        loan.with_env(self.as_user(self.manager)).call_guarantee(1_500)
        self.env.invalidate_all()
        self.assertEqual((account.balance, self.part(loan, 10).repaid), (48_500, 1_500))
        self.assertEqual((guarantee.paid, call.rest), (167, 1_333))
        self.assert_shared(loan)

    # ------------------------------------------------------------------ individual loans under joint liability
    def test_lateness_of_one_blocks_the_group(self):
        product = self.loan_product(
            name="Crédit solidaire", code="SOL", split_mode="joint", joint_rule="whole", joint_blocks=True
        )
        for rank in range(3):
            self.people[rank].partner_id = self.make_member(self.people[rank].name)
        wizard = self.as_user(self.officer)["kondo.joint.loans"].create(
            {
                "organisation_id": self.org.id,
                "product_id": product.id,
                "purpose_id": self.env["kondo.loan.purpose"].search([], limit=1).id,
                "sector_id": self.env["kondo.loan.sector"].search([], limit=1).id,
                "line_ids": [(0, 0, {"person_id": person.id, "amount": 50_000}) for person in self.people[:2]],
            }
        )
        loans = self.env["kondo.loan"].search(wizard.action_make()["domain"], order="id")
        self.assertEqual(loans.partner_id, self.people[:2].partner_id)
        self.assertEqual(loans[0].joint_ids.person_id, self.people[1], "the others of the group stand for her")
        self.assertEqual(loans[0].joint_ids.ceiling, 50_000)
        loans.sudo().joint_ids.signed_on = self.nio.business_date
        for loan in loans:
            self.grant(loan)
            self.pay_out(loan)
        self.env.invalidate_all()
        self.set_ledger(loans[0], days_late=3)
        third = self.file(self.people[2].partner_id, product, 50_000, joint_group_id=self.org.id)
        self.assertIn(loans[0].name, " ".join(third._check_blocking()))
        product.joint_blocks = False
        self.assertNotIn(loans[0].name, " ".join(third._joint_group_faults()))
        third.joint_group_id = False
        self.assertEqual(len(third._joint_group_faults()), 1)
        stranger = self.file(self.make_member("KEITA Moussa"), product, 50_000, joint_group_id=self.org.id)
        self.assertIn("KEITA Moussa", " ".join(stranger._joint_group_faults()))

    # ------------------------------------------------------------------ rights
    def test_nobody_writes_what_a_guarantor_paid_and_strangers_see_nothing(self):
        loan = self.late_by_one()
        call = self.call(loan)
        call.action_call()
        self.bring(call, {call.line_ids[0]: 100})
        for record, values in (
            (call.payment_ids, {"amount": 1}),
            (call.line_ids, {"paid": 0}),
            (loan.joint_ids, {"paid": 0}),
            (call, {"state": "paid"}),
        ):
            with self.assertRaises(AccessError):
                record.sudo().write(values)
        stranger = self.as_user(self.users["SGX"]["manager"])
        for name in ("guarantee", "call", "call.line", "payment"):
            self.assertFalse(stranger[f"kondo.joint.{name}"].search([("company_id", "=", self.nio.id)]), name)
        with self.assertRaises(UserError):
            call.with_env(stranger).action_give_up("x")
