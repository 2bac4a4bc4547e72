import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestLoanReallocation(LoanCase):
    """What a reversal moves: later payments go where they would have gone, in rows and in legs, and nothing else does."""

    def reverse(self, answer, reason="Erreur de saisie"):
        answer = self.as_user(self.manager)["kondo.operation"].submit(
            "reversal", self.new_key(), {"operation_id": answer["operation_id"], "reason": reason}
        )
        self.env.invalidate_all()
        return answer

    def pay(self, loan, amount, **values):
        answer = self.repay(loan, amount, **values)
        self.env.invalidate_all()
        return answer

    def assert_whole(self, loan):
        """Every franc stands in one place: on the loan, in its schedule, in the allocation rows and in the books."""
        self.env.invalidate_all()
        rows = loan.instalment_ids
        self.assertEqual(sum(row.principal - row.paid_principal for row in rows if row.current), loan.principal)
        standing = {}
        for row in loan.allocation_ids:
            standing[row.component] = standing.get(row.component, 0) + row.amount
        self.assertEqual(standing.get("principal", 0), loan.disbursed - loan.principal)
        income = self.union._kondo_account("70212")
        lines = self.env["kondo.operation.line"].search(
            [("partner_id", "=", loan.partner_id.id), ("account_id", "=", income.id)]
        )
        self.assertEqual(-sum(lines.mapped("amount")), standing.get("interest", 0))

    def test_two_payments_taken_back_one_after_the_other(self):
        """The second one was allocated anew by the first reversal: its own takes back what it stands for by then."""
        loan = self.running()
        first, second = loan.instalment_ids.sorted("number")[:2]
        self.move_day(self.nio, first.due)
        one, two, _three = self.pay(loan, 9168), self.pay(loan, 3000), self.pay(loan, 2000)
        self.reverse(one)
        self.assertEqual((first.paid_interest, first.paid_principal, second.paid), (1500, 3500, 0))
        self.assert_whole(loan)
        self.reverse(two)
        self.assertEqual((first.paid_interest, first.paid_principal, loan.principal), (1500, 500, 99_500))
        self.assert_whole(loan)

    def test_what_an_earlier_schedule_was_paid_stays(self):
        """A month after an early part: taking back a payment of today moves nothing of the month before."""
        loan = self.running()
        self.move_day(self.nio, loan.instalment_ids.sorted("number")[0].due)
        self.pay(loan, 9168 + 50_000, early="shorten")
        before = loan.allocation_ids
        third = loan.instalment_ids.sorted("number")[0]
        self.move_day(self.nio, third.due)
        one, _two = self.pay(loan, 4000), self.pay(loan, 2500)
        outstanding = loan.principal
        self.reverse(one)
        self.assertEqual(third.paid, 2500)
        moved = loan.allocation_ids - before
        self.assertFalse(moved.payment_id & before.payment_id)
        self.assertGreater(loan.principal, outstanding)
        self.assert_whole(loan)

    def test_money_given_to_the_account_comes_back_with_its_payment(self):
        """A payment that the reversal of another one made too large: what went to the account is taken back with it."""
        member = self.make_member()
        account = self.make_account(member)
        product = self.loan_product(code="PAS", pays_ahead=False)
        loan = self.running(member=member, product=product, savings_account_id=account.id)
        first = loan.instalment_ids.sorted("number")[0]
        self.move_day(self.nio, first.due)
        one, two = self.pay(loan, 5000), self.pay(loan, 6000)
        self.assertEqual((account.balance, first.rest), (11_000 - 9168, 0))
        self.reverse(one)
        self.assertEqual((account.balance, first.paid), (11_000 - 9168, 6000 - (11_000 - 9168)))
        self.assert_whole(loan)
        self.reverse(two)
        self.assertEqual((account.balance, first.paid, loan.principal), (0, 0, 100_000))
        self.assert_whole(loan)

    def test_closed_loan_opens_again(self):
        """The last payment is taken back: the file is open again, the guarantee held again."""
        member = self.make_member()
        held = self.make_account(member, product=self.guarantee_product, balance=20_000)
        loan = self.running(member=member, guarantee_account_id=held.id, guarantee_savings=20_000)
        self.assertEqual(held.blocked, 20_000)
        total = loan.early_quote()["total"]
        answer = self.pay(loan, total, early="clear")
        self.assertEqual((loan.state, held.blocked, loan.principal), ("closed", 0, 0))
        self.reverse(answer)
        self.assertEqual((loan.state, held.blocked, loan.principal), ("active", 20_000, 100_000))
        self.assertEqual(len(loan.instalment_ids.filtered("current")), 12)
        self.assert_whole(loan)

    def test_disbursement_taken_back(self):
        """Nothing of it stays: granted and waiting again, the guarantee free, and paid out a second time."""
        member = self.make_member()
        held = self.make_account(member, product=self.guarantee_product, balance=10_000)
        loan = self.grant(self.file(member=member, guarantee_account_id=held.id, guarantee_savings=10_000))
        answer = self.pay_out(loan)
        loan = self.env["kondo.loan"].browse(loan.id)
        self.reverse(answer)
        self.assertEqual((loan.state, loan.principal, loan.commitment, held.blocked), ("approved", 0, 100_000, 0))
        self.pay_out(loan)
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.principal, loan.commitment, held.blocked), ("active", 100_000, 0, 10_000))
        self.pay(loan, 500)
        with self.assertRaisesRegex(UserError, "reçu des paiements depuis"):
            self.reverse(self._last(loan, "loan_disbursement"))

    def _last(self, loan, kind):
        operation = self.env["kondo.operation"].search([("loan_id", "=", loan.id), ("kind", "=", kind)], limit=1)
        return {"operation_id": operation.id}

    def test_random_days_never_lose_a_franc(self):
        """Payments of any size, parts before their time and reversals on any day; at the end nothing is owed."""
        for seed in (1, 7, 41):
            with self.subTest(seed=seed):
                self._random_life(random.Random(seed))

    def _random_life(self, chance):
        member = self.make_member(f"COULIBALY Sira {chance.randrange(10**6)}")
        account = self.make_account(member)
        product = self.loan_product(code="".join(chance.choices("BDFGHJKL", k=3)), pays_ahead=chance.random() < 0.5)
        loan = self.running(
            member=member, product=product, amount=chance.randrange(20_000, 400_000), instalments=chance.randrange(3, 8),
            savings_account_id=account.id,
        )  # fmt: skip
        day, put_in = loan.disbursed_on, 0
        for _month in range(14):
            day += relativedelta(days=chance.randrange(12, 40))
            self.move_day(self.nio, day)
            made = []
            for _try in range(chance.randrange(1, 4)):
                if loan.state != "active":
                    break
                mode = chance.choice(["none", "none", "none", "shorten", "lower"])
                amount = chance.randrange(1, max(2, loan.principal // 2))
                kept = account.balance
                try:
                    with self.env.cr.savepoint():
                        made.append((self.pay(loan, amount, early=mode), amount))
                except UserError:
                    self.env.invalidate_all()
                    self.assertEqual(account.balance, kept)
                    continue
                put_in += amount
                self.assert_whole(loan)
            if made and chance.random() < 0.5:
                answer, amount = chance.choice(made)
                try:
                    with self.env.cr.savepoint():
                        self.reverse(answer)
                    put_in -= amount
                except UserError as refusal:
                    self.assertRegex(str(refusal), "schedule|calendrier|tableau")
                self.assert_whole(loan)
        if loan.state == "active":
            self.move_day(self.nio, day + timedelta(days=1))
            total = loan.early_quote()["total"]
            self.pay(loan, total, early="clear")
            put_in += total
        self.assert_whole(loan)
        self.assertEqual((loan.state, loan.principal), ("closed", 0))
        brought = sum(loan.allocation_ids.mapped("amount"))
        self.assertEqual(brought + account.balance, put_in)
