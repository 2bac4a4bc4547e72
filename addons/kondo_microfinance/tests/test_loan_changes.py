from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestLoanChanges(LoanCase):
    """Loans of 100 000 F at 18 % in 12 months (12 x 9 168 F) whose members ask for something else."""

    def ask(self, loan, kind="rescheduled", user=None, **values):
        return self.as_user(user or self.officer)["kondo.loan.change"].create(
            {"loan_id": loan.id, "kind": kind, "reason": "Récolte en retard", **values}
        )

    def decide(self, change, user=None):
        change.with_env(self.as_user(user or self.manager)).action_approve()
        self.env.invalidate_all()

    def evening(self, loan, day):
        self.env["kondo.loan"]._count_penalties(self.nio, day)
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._update_positions(self.nio, day)
        self.env.invalidate_all()

    def balance(self, code):
        account = self.union._kondo_account(code)
        return int(sum(self.env["account.move.line"].search([("account_id", "=", account.id)]).mapped("balance")))

    def setting(self, key, value):
        self.env["kondo.parameter"].search([("key", "=", key)]).value = value

    # ------------------------------------------------------------------ reschedule
    def test_rescheduled_by_two_people(self):
        loan = self.running()
        old = loan.schedule_id
        day = old.instalment_ids.sorted("number")[0].due + timedelta(days=10)
        self.evening(loan, day)
        self.assertEqual((loan.days_late, loan.amount_late), (10, 9168))
        change = self.ask(loan, instalments=18, user=self.manager)
        self.assertIn("9 168", change.preview.replace("\u202f", " ").replace("\xa0", " "))
        self.assertGreaterEqual(change.teg, 17.9)
        with self.assertRaises(UserError):
            self.decide(change)
        with self.assertRaises(UserError):
            self.decide(change, self.officer)
        self.assertEqual(loan.schedule_id, old)
        operations = self.env["kondo.operation"].search_count([])
        self.decide(change, self.users["NIX"]["manager2"])
        self.assertEqual(self.env["kondo.operation"].search_count([]), operations, "no money moved, no operation")
        rows = loan.instalment_ids.sorted("number")
        self.assertEqual((len(rows), sum(rows.mapped("principal")), loan.principal), (18, 100_000, 100_000))
        # 1 500 F of the first month, and 10 days of the second on what the schedule then left
        second = old.instalment_ids.sorted("number")[1]
        open_interest = 1_500 + (second.interest * 10 * 2 + second.days) // (2 * second.days)
        self.assertEqual(rows[0].interest, rows[0].accrues + open_interest)
        self.assertEqual(old.instalment_ids.sorted("number")[0].state, "replaced")
        self.assertEqual(loan.schedule_ids.mapped("reason"), ["rescheduled", "disbursed", "initial"])
        self.assertTrue(loan.restructured)
        self.assertEqual((loan.rescheduled_count, loan.rescheduled_on, loan.days_late), (1, day, 0))
        self.assertEqual(loan.late_from_kept, old.instalment_ids.sorted("number")[0].due)
        self.assertEqual(change.state, "done")

    def test_interest_carried_over_is_asked_once_by_a_later_payoff(self):
        loan = self.running()
        self.move_day(self.nio, loan.disbursed_on + timedelta(days=45))
        before = loan.early_quote()
        self.decide(self.ask(loan, instalments=6))
        after = loan.early_quote()
        self.assertEqual((after["principal"], after["interest"]), (before["principal"], before["interest"]))
        self.repay(loan, after["total"], early="clear")
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.principal), ("closed", 0))

    def test_interest_paid_beforehand_is_taken_off(self):
        product = self.loan_product(code="AVA", interest_collection="disbursement")
        loan = self.running(product=product)
        paid = loan.schedule_id.interest_up_front
        self.assertGreater(paid, 0)
        self.decide(self.ask(loan, instalments=12))
        rows = loan.instalment_ids
        self.assertEqual(sum(rows.mapped("accrues")) - sum(rows.mapped("interest")), paid)

    def test_penalties_are_kept(self):
        loan = self.running(product=self.loan_product(code="PEN", penalty_rate=24, penalty_per="year"))
        first = loan.instalment_ids.sorted("number")[0]
        self.evening(loan, first.due + timedelta(days=30))
        penalty = first.penalty
        self.assertGreater(penalty, 0)
        self.decide(self.ask(loan, instalments=12))
        self.assertEqual(sum(loan.instalment_ids.mapped("penalty")), penalty)

    def test_interest_joins_the_principal_by_setting(self):
        loan = self.running(product=self.loan_product(code="CAP", change_capitalises=True))
        self.evening(loan, loan.instalment_ids.sorted("number")[0].due)
        change = self.ask(loan, instalments=12)
        self.decide(change)
        self.assertEqual((loan.principal, self.balance("2022"), self.balance("70212")), (101_500, 101_500, -1_500))
        rows = loan.instalment_ids.sorted("number")
        self.assertEqual((sum(rows.mapped("principal")), rows[0].interest), (101_500, rows[0].accrues))
        self.assertEqual(change.operation_id.kind, "loan_change")

    def test_what_cannot_be_asked(self):
        loan = self.running(product=self.loan_product(code="LIM", change_limit=1))
        change = self.ask(loan)
        with self.assertRaises(UserError):
            self.ask(loan)  # one waits already
        for values in ({"first_due": self.nio.business_date}, {"grace_principal": 12}, {"extra": 5_000}):
            change.write(values)
            with self.assertRaises(UserError):
                self.decide(change)
            change.write({"first_due": False, "grace_principal": 0, "extra": 0})
        change.annual_rate = 24.5
        with self.assertRaisesRegex(UserError, "24"):
            self.decide(change)
        change.annual_rate = 18
        with self.assertRaises(AccessError):
            change.with_user(self.manager).write({"instalments": 30})
        with self.assertRaises(AccessError):
            change.write({"state": "done"})
        with self.assertRaises(UserError):
            self.as_user(self.users["NIX"]["teller"])["kondo.loan.change"].create({"loan_id": loan.id, "reason": "non"})
        self.decide(change)
        with self.assertRaises(UserError):
            self.decide(self.ask(loan))

    def test_refused_with_a_reason(self):
        loan = self.running()
        change = self.ask(loan)
        with self.assertRaises(UserError):
            change.with_user(self.manager).refuse(" ")
        with self.assertRaises(UserError):
            change.refuse("Non")
        change.with_user(self.manager).refuse("Le membre peut payer")
        self.assertEqual((change.state, change.refused_reason), ("refused", "Le membre peut payer"))
        self.assertEqual(loan.schedule_id.reason, "disbursed")
        with self.assertRaises(UserError):
            self.decide(change)

    # ------------------------------------------------------------------ age of the arrears
    def late(self, months, **values):
        loan = self.running(**values)
        first = loan.instalment_ids.sorted("number")[0]
        self.evening(loan, first.due + relativedelta(months=months, days=1))
        service = self.as_user(self.manager)["kondo.loan"]
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        return loan, first.due, service

    def test_a_new_schedule_makes_no_loan_younger(self):
        loan, since, service = self.late(4)
        self.assertEqual(loan.stage, "late_6")
        provision = loan.provision
        self.decide(self.ask(loan, instalments=6))
        rows = loan.instalment_ids.sorted("number")
        self.evening(loan, rows[0].due - timedelta(days=1))
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        self.assertEqual((loan.days_late, loan.stage, loan.late_from_kept), (0, "late_6", since))
        self.assertEqual((loan.provision, self.balance("292")), (provision, 100_000))
        self.evening(loan, rows[0].due + timedelta(days=1))
        self.assertEqual((loan.late_since, loan.days_late), (since, (rows[0].due + timedelta(days=1) - since).days))

    def test_cured_once_the_new_schedule_is_honoured(self):
        loan, since, service = self.late(4)
        self.decide(self.ask(loan, instalments=6))
        for number, row in enumerate(loan.instalment_ids.sorted("number")[:3], 1):
            self.evening(loan, row.due)
            self.repay(loan, row.rest)
            service.classify_and_provision(self.nio.id)
            self.env.invalidate_all()
            cured = number == 3
            self.assertEqual((loan.stage, loan.late_from_kept), ("performing", False) if cured else ("late_6", since))
        self.assertEqual((loan.provision, self.balance("292"), self.balance("2022")), (0, 0, loan.principal))

    def test_to_291_by_setting(self):
        self.setting("rescheduled_to_291", "yes")
        loan, since, service = self.late(4)
        self.decide(self.ask(loan, instalments=6))
        self.assertEqual((loan.stage, self.balance("291"), self.balance("292")), ("immobilised", 100_000, 0))
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        self.assertEqual((loan.stage, loan.provision, loan.late_from_kept), ("immobilised", 0, since))
        for row in loan.instalment_ids.sorted("number")[:3]:
            self.evening(loan, row.due)
            self.repay(loan, row.rest)
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        self.assertEqual((loan.stage, self.balance("291")), ("performing", 0))

    # ------------------------------------------------------------------ consolidation, top-up
    def test_two_loans_become_one(self):
        member = self.make_member()
        guarantee = self.make_account(member, product=self.guarantee_product, balance=10_000)
        product = self.loan_product(code="GGG", guarantee_percent=20)
        loan = self.running(member=member)
        other = self.running(
            member=member, product=product, amount=50_000, guarantee_account_id=guarantee.id, guarantee_savings=10_000
        )
        self.evening(loan, loan.instalment_ids.sorted("number")[0].due)
        change = self.ask(loan, "consolidated", instalments=24)
        with self.assertRaises(UserError):
            self.decide(change)
        change.other_ids = other
        self.decide(change)
        self.assertEqual((loan.principal, other.principal, self.balance("2022")), (150_000, 0, 150_000))
        self.assertEqual((other.state, other.consolidated_into_id, other.days_late), ("closed", loan, 0))
        rows = loan.instalment_ids.sorted("number")
        self.assertEqual((len(rows), sum(rows.mapped("principal"))), (24, 150_000))
        self.assertEqual(rows[0].interest, rows[0].accrues + 1_500 + 750)
        hold = self.env["kondo.savings.hold"].search([("account_id", "=", guarantee.id), ("state", "=", "active")])
        self.assertEqual((hold.origin, hold.amount), (loan.name, 10_000))
        self.assertFalse(other.instalment_ids)

    def test_consolidation_takes_the_class_of_the_worst(self):
        member = self.make_member()
        other, since, service = self.late(4, member=member)
        self.env["res.company"].browse(self.union.id).arrears_block = False
        loan = self.running(member=member, amount=40_000)
        self.decide(self.ask(loan, "consolidated", instalments=12, other_ids=[(6, 0, other.ids)]))
        self.assertEqual((loan.stage, self.balance("292"), self.balance("2022")), ("late_6", 140_000, 0))
        self.assertEqual((loan.late_from_kept, loan.provision), (since, 40_000))
        service.classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        self.assertEqual((loan.stage, loan.provision), ("late_6", 56_000))

    def test_only_the_same_member_s_loans(self):
        loan, other = self.running(), self.running(member=self.make_member("COULIBALY Fanta"))
        change = self.ask(loan, "consolidated", other_ids=[(6, 0, other.ids)])
        with self.assertRaises(UserError):
            self.decide(change)

    def test_topped_up_less_the_fees(self):
        member = self.make_member()
        account = self.make_account(member, balance=5_000)
        product = self.loan_product(
            code="TOP", charge_ids=[(0, 0, {"name": "Frais de dossier", "base": "principal", "value": 1})]
        )
        loan = self.running(member=member, product=product, savings_account_id=account.id)
        before, fees = account.balance, self.balance("70293")
        change = self.ask(loan, "topped_up", extra=50_000, instalments=12)
        self.assertGreater(change.teg, 18)
        self.decide(change)
        self.assertEqual((loan.principal, loan.disbursed, self.balance("2022")), (150_000, 150_000, 150_000))
        self.assertEqual((account.balance - before, self.balance("70293") - fees), (49_500, -500))
        self.assertFalse(loan.restructured)
        self.assertEqual(sum(loan.instalment_ids.mapped("principal")), 150_000)

    def test_no_top_up_while_late_or_over_the_limit(self):
        member = self.make_member()
        account = self.make_account(member)
        product = self.loan_product(code="MAX", maximum_amount=120_000)
        loan = self.running(member=member, product=product, savings_account_id=account.id)
        change = self.ask(loan, "topped_up", extra=50_000)
        with self.assertRaisesRegex(UserError, "120"):
            self.decide(change)
        change.extra = 10_000
        self.evening(loan, loan.instalment_ids.sorted("number")[0].due + timedelta(days=1))
        with self.assertRaises(UserError):
            self.decide(change)
        self.assertEqual(loan.principal, 100_000)

    def test_a_payment_before_the_change_is_not_reversed(self):
        loan = self.running()
        answer = self.repay(loan, 5_000)
        self.decide(self.ask(loan))
        session = self.session_of(self.nio)
        with self.assertRaises(UserError):
            self.as_user(session.user_id)["kondo.operation"].submit(
                "reversal",
                self.new_key(),
                {"session_id": session.id, "operation_id": answer["operation_id"], "reason": "Erreur"},
            )

    # ------------------------------------------------------------------ a campaign
    def test_a_campaign_is_postponed_loan_by_loan(self):
        rice = self.loan_product(code="RIZ", amortization="in_fine", change_limit=1)
        loans = [
            self.running(member=self.make_member(f"MEMBRE {n}"), product=rice, instalments=1, every=8) for n in range(3)
        ]
        outside = self.running(member=self.make_member("HORS CAMPAGNE"))
        done = self.ask(loans[2], "postponed", months=1)
        self.decide(done)  # this one has had its change
        due = loans[0].instalment_ids.due
        request = self.as_user(self.officer)["kondo.loan.postponement"].create(
            {
                "name": "Campagne riz",
                "company_id": self.nio.id,
                "product_ids": [(6, 0, rice.ids)],
                "due_from": due - timedelta(days=5),
                "due_to": due + timedelta(days=60),
                "months": 4,
                "reason": "Inondation",
            }
        )
        request.action_find()
        self.assertEqual(set(request.loan_ids.ids), {loan.id for loan in loans})
        self.assertNotIn(outside, request.loan_ids)
        request.action_ask()
        with self.assertRaises(UserError):
            request.action_approve()
        with self.assertRaises(AccessError):
            request.write({"months": 12})
        request.with_env(self.as_user(self.manager)).action_approve()
        self.env.invalidate_all()
        self.assertEqual((request.state, request.done_count, request.failed_count), ("done", 2, 1))
        for loan in loans[:2]:
            self.assertEqual(loan.instalment_ids.due, due + relativedelta(months=4))
            self.assertEqual((loan.principal, loan.schedule_id.reason), (100_000, "postponed"))
        failed = request.change_ids.filtered("failure")
        self.assertEqual(failed.loan_id.id, loans[2].id)
        self.assertEqual(loans[2].schedule_ids[0].number, done.schedule_id.number, "not half-written")
        rice.change_limit = 0
        request.with_env(self.as_user(self.manager)).action_approve()
        self.env.invalidate_all()
        self.assertEqual((request.done_count, request.failed_count), (3, 0))

    # ------------------------------------------------------------------ officers
    def test_loans_change_hands_with_their_history(self):
        loans = self.running() | self.running(member=self.make_member("DIARRA Oumou"))
        new = self.build_user("officer_b", "group_loan_officer", self.nio, self.nio)
        elsewhere = self.users["SGX"]["officer"]
        with self.assertRaises(UserError):
            loans.with_user(self.officer).change_officer(new.id, "Congé")
        with self.assertRaises(UserError):
            loans[0].with_user(self.officer).with_context(kondo_officer_reason="x").officer_id = new
        with self.assertRaises(UserError):
            loans.with_user(self.manager).change_officer(elsewhere.id, "Congé")
        with self.assertRaises(UserError):
            loans.with_user(self.manager).change_officer(new.id, "")
        self.assertFalse(loans.officer_change_ids)
        wizard = self.as_user(self.manager)["kondo.loan.hand.over"].create(
            {"from_id": self.officer.id, "to_id": new.id, "reason": "Congé de maternité"}
        )
        self.assertIn(new, wizard.user_ids)
        self.assertEqual(wizard.loan_count, 2)
        wizard.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(loans.officer_id, new)
        for loan in loans:
            line = loan.officer_change_ids
            self.assertEqual(
                (line.from_id, line.to_id, line.user_id, line.reason),
                (self.officer, new, self.manager, "Congé de maternité"),
            )
            with self.assertRaises(AccessError):
                line.write({"reason": "autre"})
