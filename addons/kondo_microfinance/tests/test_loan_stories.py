from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestLoanStories(LoanCase):
    """Whole lives of loans as the caisse lives them, each step with its accounts (regulation 1.5)."""

    @classmethod
    def build_network(cls):
        super().build_network()
        levels = cls.env["kondo.loan.approval.level"]
        levels.create({"company_id": cls.union.id, "body": "caisse", "amount_to": 0, "quorum": 2})
        for name in ("COULIBALY Fanta", "DIARRA Moussa"):
            cls.env["kondo.committee.seat"].create({"company_id": cls.nio.id, "body": "caisse", "name": name})

    def decided(self, loan, decision="granted", **values):
        """Presented by the officer, decided by a sitting that the manager keeps."""
        officer = loan.with_env(self.as_user(self.officer))
        officer.write(
            {
                "purpose_id": self.env.ref("kondo_microfinance.loan_purpose_cash").id,
                "sector_id": self.env.ref("kondo_microfinance.loan_sector_agriculture").id,
                "opinion": "favourable",
            }
        )
        officer.action_submit()
        officer.action_present()
        sitting = self.as_user(self.manager)["kondo.loan.committee"].create({})
        sitting.attendance_ids.write({"present": True})
        loan.with_env(self.as_user(self.manager)).decide(sitting.id, decision, values)
        sitting.action_close()
        self.env.invalidate_all()
        return self.env["kondo.loan"].browse(loan.id)

    def evening(self, day):
        """The caisse opens on a later day, what loans owe counted up to it."""
        self.env["kondo.loan"]._count_penalties(self.nio, day)
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._update_positions(self.nio, day)
        self.env.invalidate_all()

    def test_the_campaign_of_a_farmers_group(self):
        """A million for the rice of Benkadi, due when it is sold; the buyer is late, so is the group."""
        group = self.make_member("Groupement Benkadi", member_kind="group", sex=False)
        account = self.make_account(group)
        product = self.loan_product(
            code="CAM",
            amortization="in_fine",
            annual_rate=14,
            interest_by="days",
            days_in_year="365",
            every=8,
            instalments=1,
            interest_collection="last",
            penalty_rate=24,
            penalty_per="year",
            penalty_grace=5,
            charge_ids=[(0, 0, {"name": "Frais de dossier", "value": 1})],
        )
        dear = self.file(group, product, 1_000_000, 1, annual_rate=25, savings_account_id=account.id)
        with self.assertRaisesRegex(UserError, "TEG"):
            self.decided(dear)
        loan = self.decided(self.file(group, product, 1_000_000, 1, savings_account_id=account.id))
        answer = self.pay_out(loan, paid="account")
        self.env.invalidate_all()
        self.assertEqual(self.legs(answer), {"2022": 1_000_000, "70293": -10_000, "2512": -990_000})
        self.assertEqual(account.balance, 990_000)
        row = loan.instalment_ids
        interest = round(1_000_000 * 14 * (row.due - loan.disbursed_on).days / 36500)
        self.assertEqual(
            (row.principal, row.interest, row.due), (1_000_000, interest, loan.disbursed_on + relativedelta(months=8))
        )

        self.evening(row.due + timedelta(days=12))
        late = 1_000_000 + interest
        penalty = round(late * 24 * 12 / 36500)  # from the due date on, once the five days are over
        self.assertEqual((loan.days_late, row.penalty, loan.amount_late), (12, penalty, late + penalty))
        self.assertEqual(loan.todo, "2_late")

        answer = self.repay(loan, 400_000, bearer="KEITA Salif, trésorier")
        self.env.invalidate_all()
        cash = next(code for code in self.legs(answer) if code.startswith("101"))
        principal = 400_000 - interest - penalty
        self.assertEqual(self.legs(answer), {cash: 400_000, "2022": -principal, "70212": -interest, "7028": -penalty})
        self.assertEqual(self.operation(answer).bearer, "KEITA Salif, trésorier")
        self.assertEqual((loan.principal, loan.days_late), (1_000_000 - principal, 12))
        self.repay(loan, loan.rest)
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.principal, loan.days_late), ("closed", 0, 0))

    def test_the_weekly_loan_of_a_market_woman(self):
        """Awa pays every market day and saves with it; she misses one, pays two, and has her savings in the end."""
        awa = self.make_member("TRAORÉ Awa")
        savings = self.make_account(awa)
        guarantee = self.make_account(awa, product=self.guarantee_product)
        product = self.loan_product(
            code="FEM",
            every=1,
            unit="weeks",
            instalments=20,
            days_in_year="364",
            women_only=True,
            charge_ids=[
                (0, 0, {"name": "Épargne", "kind": "guarantee", "when": "instalment", "base": "amount", "value": 250})
            ],
        )
        with self.assertRaises(UserError):
            man = self.make_member("KONÉ Issa", sex="male")
            self.decided(self.file(man, product, 100_000, 20))
        loan = self.decided(
            self.file(awa, product, 100_000, 20, savings_account_id=savings.id, guarantee_account_id=guarantee.id)
        )
        self.pay_out(loan)
        self.env.invalidate_all()
        rows = loan.instalment_ids.sorted("number")
        self.assertEqual([(b.due - a.due).days for a, b in zip(rows, rows[1:], strict=False)], [7] * 19)
        for number, row in enumerate(rows, 1):
            if number == 5:
                continue  # the road was under water
            self.evening(row.due)
            if number == 6:
                self.assertEqual((loan.days_late, loan.instalments_late, loan.due_now), (7, 1, 2 * row.total))
            answer = self.repay(loan, loan.due_now)
            both = rows[4] + row if number == 6 else row
            legs = self.legs(answer)
            self.assertEqual(legs["2022"], -sum(both.mapped("principal")))
            self.assertEqual(legs["70212"], -sum(both.mapped("interest")))
            self.assertEqual(legs["2545"], -sum(both.mapped("guarantee")))
            self.env.invalidate_all()
            self.assertEqual(guarantee.blocked if loan.state == "active" else guarantee.balance, 250 * number)
        self.assertEqual((loan.state, guarantee.balance, guarantee.blocked), ("closed", 5_000, 0))

    def test_a_mill_in_two_tranches_with_grace(self):
        """Two thirds for the mill, the rest for the shed; three months without principal, a part paid before its time."""
        product = self.loan_product(
            code="EQU",
            amortization="equal_principal",
            annual_rate=16,
            instalments=24,
            grace_principal=3,
            tranches_allowed=True,
            multiple="1",
        )
        member = self.make_member()
        day = self.nio.business_date
        second = day + relativedelta(months=1, days=5)
        loan = self.decided(
            self.file(member, product, 900_000, 24, tranche_ids=[(0, 0, {"on": second, "amount": 300_000})])
        )
        answer = self.pay_out(loan)
        self.assertEqual(self.legs(answer)["2031"], 600_000, "over twelve months: medium term")
        self.env.invalidate_all()
        rows = loan.instalment_ids.sorted("number")
        self.assertEqual(rows[:3].mapped("principal"), [0, 0, 0])
        self.assertEqual(rows[0].interest, 8_000)  # 600 000 x 16 % / 12
        self.evening(rows[0].due)
        answer = self.repay(loan, rows[0].total)
        self.assertEqual(self.legs(answer)["70213"], -8_000)
        self.evening(second)
        self.assertEqual(self.legs(self.pay_out(loan))["2031"], 300_000)
        self.env.invalidate_all()
        self.assertEqual((loan.principal, loan.disbursed, loan.commitment), (900_000, 900_000, 0))
        rows = loan.instalment_ids.sorted("number")
        self.assertEqual(sum(rows.mapped("principal")), 900_000)

        for row in rows[1:4]:
            self.evening(row.due)
            self.repay(loan, loan.due_now)
            self.env.invalidate_all()
        count, owed = len(loan.instalment_ids), loan.principal
        with self.assertRaises(UserError):
            self.repay(loan, owed * 2, early="shorten")
        self.repay(loan, 300_000, early="shorten")
        self.env.invalidate_all()
        self.assertEqual(loan.principal, owed - 300_000)
        self.assertLess(len(loan.instalment_ids.filtered("rest")), count - 4)
        self.assertEqual(
            sum(loan.instalment_ids.mapped("principal")) - sum(loan.instalment_ids.mapped("paid_principal")),
            loan.principal,
        )
        quote = loan.early_quote()
        self.repay(loan, quote["total"], early="clear")
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.principal), ("closed", 0))
