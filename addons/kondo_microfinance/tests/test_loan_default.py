from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.arrears import arrears

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestLoanDefault(LoanCase):
    """A loan of 100 000 F that is not repaid, with 20 000 F of guarantee savings."""

    def defaulting(self, **values):
        member = self.make_member()
        guarantee = self.make_account(member, product=self.guarantee_product, balance=20_000)
        product = self.loan_product(code="PEN", penalty_rate=24, penalty_per="year", guarantee_percent=20)
        loan = self.running(
            member=member,
            product=product,
            guarantee_account_id=guarantee.id,
            guarantee_savings=20_000,
            **values,
        )
        self.assertEqual(guarantee.blocked, 20_000)
        return loan, guarantee

    def evening(self, loan, day):
        """The caisse stands on a later day, its evening for loans done."""
        self.env["kondo.loan"]._count_penalties(self.nio, day)
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._update_positions(self.nio, day)
        self.env.invalidate_all()

    def four_months_late(self):
        """A loan that the manager has classed in 292, and the service by which he does so."""
        loan, _guarantee = self.defaulting()
        first = loan.instalment_ids.sorted("number")[0]
        self.evening(loan, first.due + relativedelta(months=4))
        service = self.as_user(self.manager)["kondo.loan"]
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        return loan, service

    def balance(self, code):
        account = self.union._kondo_account(code)
        return int(sum(self.env["account.move.line"].search([("account_id", "=", account.id)]).mapped("balance")))

    def test_default_from_first_late_day_to_recovery(self):
        loan, guarantee = self.defaulting()
        first = loan.instalment_ids.sorted("number")[0]
        self.evening(loan, first.due + timedelta(days=1))
        self.assertEqual((loan.days_late, loan.amount_late), (1, 9168 + 6))  # 9 168 x 24 % x 1 / 360
        self.evening(loan, first.due + timedelta(days=30))
        self.assertEqual(first.penalty, 183)  # 9 168 x 24 % x 30 / 360, counted twice
        service = self.as_user(self.manager)["kondo.loan"]
        self.assertEqual(service.classify_and_provision(self.nio.id), {"classified": 0, "provisioned": 0})

        self.evening(loan, first.due + relativedelta(months=3, days=1))
        done = service.classify_and_provision(self.nio.id)
        self.assertEqual(done, {"classified": 1, "provisioned": 1})
        self.assertEqual(service.classify_and_provision(self.nio.id), {"classified": 0, "provisioned": 0})
        self.env.invalidate_all()
        self.assertEqual((loan.stage, self.balance("2022"), self.balance("292")), ("late_6", 0, 100_000))
        self.assertEqual((loan.provision, self.balance("2991"), self.balance("66412")), (32_000, -32_000, 32_000))

        self.evening(loan, first.due + relativedelta(months=7))
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        self.assertEqual((loan.stage, loan.provision, self.balance("2991")), ("late_12", 64_000, 0))
        self.assertEqual((self.balance("2992"), self.balance("7641"), self.balance("6642")), (-64_000, -32_000, 64_000))

        with self.assertRaises(UserError):
            loan.with_user(self.officer).call_guarantee()
        loan.with_user(self.manager).call_guarantee()
        self.env.invalidate_all()
        self.assertEqual((guarantee.balance, guarantee.blocked), (0, 0))
        self.assertLess(loan.principal, 100_000)

        self.evening(loan, first.due + relativedelta(months=14))
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        self.assertEqual((loan.stage, loan.provision), ("late_24", loan.principal))
        loan.with_user(self.officer).ask_write_off("Introuvable depuis un an")
        left = loan.principal
        loan.with_user(self.manager).write_off()
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.principal, loan.provision, loan.lost), ("written_off", 0, 0, left))
        self.assertEqual((self.balance("6691"), self.balance("294"), self.balance("2993")), (left, 0, 0))

        answer = self.loan_submit("loan_recovery", loan, amount=5_000)
        self.assertEqual(self.legs(answer)["769"], -5_000)
        self.env.invalidate_all()
        self.assertEqual(loan.recovered, 5_000)
        with self.assertRaises(UserError):
            self.loan_submit("loan_recovery", loan, amount=left)

    def test_the_proof_finds_each_franc_that_a_loan_has_beside_its_operations(self):
        loan, _guarantee = self.defaulting()
        other = self.running(member=self.make_member("DIARRA Moussa"))
        self.repay(other, 9_168)
        row = other.instalment_ids.sorted("number")[0]
        service = self.env["kondo.reconciliation"]
        self.assertEqual(service._sub_account_gaps(self.nio), [])
        for column in ("principal", "accrued", "provision", "reserved"):
            stands = loan[column]
            self.env.cr.execute(f"UPDATE kondo_loan SET {column} = {column} + 1 WHERE id = %s", (loan.id,))
            self.assertEqual(service._sub_account_gaps(self.nio), [(loan.name, stands + 1, stands)], column)
            self.env.cr.execute(f"UPDATE kondo_loan SET {column} = {column} - 1 WHERE id = %s", (loan.id,))
        self.env.cr.execute(
            "UPDATE kondo_loan_instalment SET paid_principal = paid_principal - 1 WHERE id = %s", (row.id,)
        )
        self.assertEqual(service._sub_account_gaps(self.nio), [(other.name, 9_167, 9_168)])
        self.env.cr.execute(
            "UPDATE kondo_loan_instalment SET paid_principal = paid_principal + 1 WHERE id = %s", (row.id,)
        )
        self.assertEqual(service._members_of(self.nio, [other.name]), {other.name: "DIARRA Moussa"})
        self.assertEqual(service._members_of(self.seg, [other.name]), {})

    def test_not_written_off_before_all_is_set_aside(self):
        loan, _guarantee = self.defaulting()
        loan.with_user(self.officer).ask_write_off("Parti")
        with self.assertRaises(UserError):
            loan.with_user(self.officer).write_off()
        with self.assertRaises(UserError):
            loan.with_user(self.manager).write_off()

    def test_cured_loan_comes_back(self):
        loan, service = self.four_months_late()
        self.repay(loan, loan.due_now)
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        self.assertEqual((loan.stage, loan.provision, self.balance("292")), ("performing", 0, 0))
        self.assertEqual(self.balance("2022"), loan.principal)

    def test_payment_undone_after_the_loan_changed_class(self):
        loan, service = self.four_months_late()
        paid = self.repay(loan, loan.due_now)
        service.classify_and_provision(self.nio.id)
        self.as_user(self.manager)["kondo.operation"].submit(
            "reversal", self.new_key(), {"operation_id": paid["operation_id"], "reason": "Faux billets"}
        )
        self.env.invalidate_all()
        self.assertEqual((loan.principal, loan.stage), (100_000, "performing"))
        self.assertEqual((self.balance("2022"), self.balance("292")), (100_000, 0), "it comes back where the loan is")
        self.env["kondo.loan"]._update_positions(self.nio, self.nio.business_date)
        service.classify_and_provision(self.nio.id)
        self.assertEqual((self.balance("2022"), self.balance("292")), (0, 100_000))

    def test_penalties_are_waived_by_a_second_person(self):
        loan, _guarantee = self.defaulting()
        first = loan.instalment_ids.sorted("number")[0]
        self.evening(loan, first.due + timedelta(days=30))
        waiver = self.as_user(self.manager)["kondo.loan.waiver"].create(
            {"loan_id": loan.id, "amount": 100, "reason": "Maladie"}
        )
        with self.assertRaises(UserError):
            waiver.action_grant()
        waiver.with_user(self.users["NIX"]["manager2"]).action_grant()
        self.env.invalidate_all()
        self.assertEqual((waiver.waived, first.waived_penalty, first.rest), (100, 100, 9168 + 83))

    def test_insurance_of_a_borrower_who_died(self):
        loan, guarantee = self.defaulting()
        self.move_day(self.nio, loan.disbursed_on + timedelta(days=20))
        loan.with_user(self.officer).declare_deceased(
            loan.disbursed_on + timedelta(days=10), "Acte 12/2026", "CIMA Vie"
        )
        loan.with_user(self.manager).claim_insurance()
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.principal, guarantee.blocked), ("closed", 0, 0))
        days = loan.schedule_ids[1].instalment_ids.sorted("number")[0].days
        self.assertEqual(self.balance("331"), 100_000 + (1_500 * 10 * 2 + days) // (2 * days))  # half up

    def test_death_stops_interest_and_penalties_and_can_be_taken_back(self):
        loan, _guarantee = self.defaulting()
        first = loan.instalment_ids.sorted("number")[0]
        before = loan.schedule_id
        self.evening(loan, first.due + timedelta(days=30))
        self.assertEqual(loan.penalties_unpaid, 183)
        loan.with_user(self.officer).declare_deceased(first.due + timedelta(days=10), "Acte 12/2026")
        self.env.invalidate_all()
        self.assertEqual(loan.penalties_unpaid, 61)  # 9 168 x 24 % x 10 / 360
        second = loan.instalment_ids.sorted("number")[1]
        days = before.instalment_ids.sorted("number")[1].days
        full = before.instalment_ids.sorted("number")[1].interest
        self.assertEqual(second.interest, (full * 10 * 2 + days) // (2 * days))
        self.assertEqual(sum(loan.instalment_ids.sorted("number")[2:].mapped("interest")), 0)
        self.assertEqual(sum(loan.instalment_ids.mapped("principal")), loan.principal)
        self.evening(loan, first.due + timedelta(days=60))
        self.assertEqual(loan.penalties_unpaid, 61)
        with self.assertRaises(UserError):
            loan.with_user(self.officer).cancel_death("Erreur de personne")
        loan.with_user(self.manager).cancel_death("Erreur de personne")
        self.env.invalidate_all()
        self.assertEqual((loan.schedule_id, loan.deceased_on), (before, False))
        self.assertEqual(loan.instalment_ids, before.instalment_ids)

    def test_heirs_pay_what_the_death_left_and_the_loan_closes(self):
        loan, guarantee = self.defaulting()
        first = loan.instalment_ids.sorted("number")[0]
        self.repay(loan, first.total)
        paid = loan.operation_ids.filtered(lambda one: one.kind == "loan_repayment")
        self.move_day(self.nio, first.due + timedelta(days=15))
        loan.with_user(self.manager).declare_deceased(first.due + timedelta(days=15), "Acte 12/2026")
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self.env["kondo.operation"]._check_loan_reversal(paid, loan)
        self.repay(loan, loan.rest, early="clear")
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.principal, guarantee.blocked), ("closed", 0, 0))

    def test_guarantee_call_takes_what_is_late_the_borrower_first(self):
        loan, guarantee = self.defaulting()
        answering = self.make_account(self.make_member("KEITA Awa"), balance=50_000)
        self.env["kondo.savings.hold"]._place(answering, 10_000, "guarantee", "Caution", origin=loan.name)
        first, second, third = loan.instalment_ids.sorted("number")[:3]
        self.evening(loan, third.due + timedelta(days=1))
        self.assertEqual(loan.deposits_held, 30_000)
        late = loan.amount_late
        self.assertGreater(late, 27_000)
        key = self.new_key()
        loan.with_user(self.manager).call_guarantee(key=key)
        loan.with_user(self.manager).call_guarantee(key=key)  # pressed twice
        self.env.invalidate_all()
        self.assertEqual((guarantee.balance, guarantee.blocked), (0, 0))
        self.assertEqual((answering.balance, answering.blocked), (50_000 - (late - 20_000), 30_000 - late))
        self.assertEqual((loan.amount_late, loan.days_late, first.rest, second.rest, third.rest), (0, 0, 0, 0, 0))
        with self.assertRaises(UserError):
            loan.with_user(self.manager).call_guarantee()

    def test_recovery_from_the_savings_of_the_member(self):
        loan, _guarantee = self.lost()
        account = self.make_account(loan.partner_id, balance=30_000)
        answer = self.loan_submit("loan_recovery", loan, amount=12_000, source=str(account.id))
        self.env.invalidate_all()
        self.assertEqual((account.balance, loan.recovered), (18_000, 12_000))
        self.assertEqual(self.legs(answer), {"2512": 12_000, "769": -12_000})

    def lost(self):
        """A loan that has been written off."""
        loan, guarantee = self.defaulting()
        self.evening(loan, loan.instalment_ids.sorted("number")[0].due + relativedelta(months=16))
        loan.with_user(self.manager).call_guarantee()
        self.as_user(self.manager)["kondo.loan"].classify_and_provision(self.nio.id)
        loan.with_user(self.officer).ask_write_off("Parti à l'étranger")
        loan.with_user(self.manager).write_off()
        self.env.invalidate_all()
        return loan, guarantee

    def test_write_off_can_be_refused(self):
        loan, _guarantee = self.defaulting()
        loan.with_user(self.officer).ask_write_off("Parti")
        with self.assertRaises(UserError):
            loan.with_user(self.officer).refuse_write_off("Il est revenu")
        loan.with_user(self.manager).refuse_write_off("Il est revenu")
        self.assertFalse(loan.write_off_asked_by_id)
        with self.assertRaises(UserError):
            loan.with_user(self.users["NIX"]["manager2"]).write_off()

    def test_preview_says_what_is_posted(self):
        loan, _guarantee = self.defaulting()
        self.evening(loan, loan.instalment_ids.sorted("number")[0].due + relativedelta(months=4))
        preview = self.as_user(self.manager)["kondo.loan.provision"].create({"company_id": self.nio.id})
        preview.action_preview()
        line = preview.line_ids
        self.assertEqual((line.loan_id, line.stage, line.new_stage), (loan, "performing", "late_6"))
        self.assertEqual((line.deposits, line.needed, preview.moved, preview.change), (20_000, 32_000, 1, 32_000))
        self.assertFalse(loan.provision)
        preview.action_confirm()
        self.env.invalidate_all()
        self.assertEqual((loan.stage, loan.provision, preview.moved, preview.change), ("late_6", 32_000, 0, 0))

    def test_three_months_late_to_the_day_is_not_classed(self):
        loan, _guarantee = self.defaulting()
        due = loan.instalment_ids.sorted("number")[0].due
        self.evening(loan, due + relativedelta(months=3))
        self.assertFalse(self.as_user(self.manager)["kondo.loan"].classify_and_provision(self.nio.id)["classified"])

    def test_what_was_asked_of_a_waiver_does_not_change(self):
        loan, _guarantee = self.defaulting()
        self.evening(loan, loan.instalment_ids.sorted("number")[0].due + timedelta(days=30))
        waivers = self.as_user(self.officer)["kondo.loan.waiver"]
        with self.assertRaises(UserError):
            waivers.create({"loan_id": loan.id, "amount": 184, "reason": "Maladie"})  # 183 F are unpaid
        waiver = waivers.create({"loan_id": loan.id, "amount": 50, "reason": "Maladie", "waived": 50})
        self.assertEqual((waiver.waived, waiver.state, waiver.asked_by_id), (0, "asked", self.officer))
        for user in (self.officer, self.manager):
            with self.assertRaises(AccessError):
                waiver.with_user(user).write({"amount": 183})
        with self.assertRaises(UserError):
            waiver.with_user(self.officer).action_grant()
        waiver.with_user(self.manager).action_refuse()
        with self.assertRaises(UserError):
            waiver.with_user(self.manager).action_grant()

    def test_who_may_not(self):
        loan, _guarantee = self.defaulting()
        teller = self.session_of(self.nio).user_id
        self.evening(loan, loan.instalment_ids.sorted("number")[0].due + timedelta(days=30))
        for refused in (
            lambda: loan.with_user(teller).call_guarantee(),
            lambda: loan.with_user(teller).ask_write_off("Parti"),
            lambda: loan.with_user(self.officer).write_off(),
            lambda: loan.with_user(teller).declare_deceased(loan.disbursed_on, "Acte 1"),
            lambda: loan.with_user(self.officer).claim_insurance(),
            lambda: self.as_user(self.officer)["kondo.loan"].classify_and_provision(self.nio.id),
            lambda: self.as_user(teller)["kondo.loan.waiver"].create({"loan_id": loan.id, "amount": 1, "reason": "x"}),
        ):
            with self.assertRaises(UserError):
                refused()

    def test_buttons_of_the_form_hand_over_to_the_loan(self):
        loan, guarantee = self.defaulting()
        self.evening(loan, loan.instalment_ids.sorted("number")[0].due + timedelta(days=30))
        ask = self.as_user(self.officer)["kondo.loan.default"].create(
            {"loan_id": loan.id, "action": "waive", "reason": "Maladie"}
        )
        self.assertEqual(ask.amount, 183)
        ask.action_confirm()
        loan.waiver_ids.with_user(self.manager).action_grant()
        call = self.as_user(self.manager)["kondo.loan.default"].create({"loan_id": loan.id, "action": "call"})
        self.env.invalidate_all()
        call.amount = 5_000
        call.action_confirm()
        self.env.invalidate_all()
        self.assertEqual((guarantee.balance, guarantee.blocked), (15_000, 15_000))

    def test_positions_agree_with_the_engine(self):
        loans = [self.defaulting()[0]]
        loans += [self.running(member=self.make_member(f"MEMBRE {n}"), amount=50_000 + n) for n in range(4)]
        start = loans[0].disbursed_on
        for number, loan in enumerate(loans[1:], 1):
            self.move_day(self.nio, start + relativedelta(months=number))
            self.repay(loan, 1_000 * number + loan.instalment_ids[:1].total)
        for day in (start + relativedelta(months=2), start + relativedelta(months=5, days=3)):
            self.evening(loans[0], day)
            for loan in loans:
                late = arrears(loan._dues(), day, tolerance=loan.product_id.arrears_tolerance)
                self.assertEqual(
                    (loan.days_late, loan.late_since or None, loan.instalments_late, loan.amount_late),
                    (late.days, late.since, late.instalments, late.total),
                )
                coming = [due for due in loan._dues() if due.due >= day]
                self.assertEqual((loan.next_due, loan.next_amount), (coming[0].due, coming[0].total))
