"""What members pay for the caisse's services, as they live it at the counter and at the end of the month."""

import uuid
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.fees import keeping_fee, tax_on

from .rules_common import RulesCase


@tagged("post_install", "-at_install")
class TestFeesAtTheCounter(RulesCase):
    def test_a_day_with_fees(self):
        """Opening 1 000 F, deposits 50 F, withdrawals 1 % (100 to 500 F), transfers 200 F, no tax."""
        self.tariff("opening", amount=1_000)
        self.tariff("deposit", amount=50)
        self.tariff("withdrawal", rate=1, floor=100, ceiling=500)
        self.tariff("transfer", amount=200)
        account = self.make_account()
        self.assertEqual(self.dues(account), [("opening", 1_000, "waiting")])
        # Her first deposit pays its own fee and the opening: 20 000 - 50 - 1 000.
        first = self.deposit(account, 20_000)
        self.assertEqual(account.balance, 18_950)
        self.assertEqual(self.dues(account), [("opening", 1_000, "paid")])
        self.assertEqual(account.fee_due_ids.operation_id, self.operation(first))
        # 1 % of 5 000 F is 50 F: the floor of 100 holds. Of 12 550 F it is 125,5 F.
        self.submit("withdrawal", account, 5_000)
        self.assertEqual(account.balance, 13_850)
        self.submit("withdrawal", account, 12_550)
        self.assertEqual(account.balance, 1_174)
        # 1 % of 100 000 F would be 1 000 F: the ceiling of 500 holds.
        self.deposit(account, 200_050)
        self.submit("withdrawal", account, 100_000)
        self.assertEqual(account.balance, 1_174 + 200_000 - 100_500)
        target = self.make_account(self.make_member("KONÉ Issa"), self.demand)
        self.submit("transfer", account, 10_000, counter_account_id=target.id)
        self.assertEqual((account.balance, target.balance), (90_474, 10_000))
        self.assertEqual(self.booked("70293"), -(50 + 1_000 + 100 + 126 + 50 + 500 + 200))

    def test_the_preview_shows_the_fee_and_writes_nothing(self):
        self.tariff("opening", amount=1_000)
        self.tariff("deposit", amount=50)
        account = self.make_account()
        session = self.session_of(self.nio)
        request = {"session_id": session.id, "account_id": account.id, "amount": 20_000}
        preview = self.as_user(session.user_id)["kondo.teller"].preview("deposit", request)
        self.assertEqual([line["value"] for line in preview["lines"]], [50, 1_000])
        self.assertEqual(preview["balance_after"], 18_950)
        self.assertEqual(self.dues(account), [("opening", 1_000, "waiting")])

    def test_tax_comes_on_top_unless_the_union_or_the_service_is_exempt(self):
        account = self.make_account(balance=10_000)
        taxed = self.tariff("withdrawal", amount=250)
        self.submit("withdrawal", account, 1_000)
        self.assertEqual(account.balance, 8_750, "the union is exempt")
        self.tax_the_fees()
        answer = self.submit("withdrawal", account, 1_000)  # 15 % of 250 F is 37,5 F
        self.assertEqual(account.balance, 8_750 - 1_000 - 288)
        self.assertEqual((self.booked("70293"), self.booked("33221")), (-500, -38))
        self.assertIn(-38, self.operation(answer).line_ids.mapped("amount"))
        taxed.taxed = False
        self.submit("withdrawal", account, 1_000)
        self.assertEqual(self.booked("33221"), -38)

    def test_the_tax_needs_its_account_of_the_chart(self):
        with self.assertRaises(ValidationError):
            self.union.fees_exempt = False
        with self.assertRaises(ValidationError):
            self.union.fees_tax_account_id = self.union._kondo_account("2511")

    def test_an_operation_that_cannot_pay_its_fee_is_refused_in_words(self):
        self.tariff("withdrawal", amount=250)
        self.tariff("deposit", amount=50)
        account = self.make_account(balance=10_050)
        with self.assertRaisesRegex(UserError, "250.*10.250.*10.000"):
            self.submit("withdrawal", account, 10_000)
        self.submit("withdrawal", account, 9_750)
        self.assertEqual(account.balance, 0)
        with self.assertRaisesRegex(UserError, "50 F"):
            self.deposit(account, 50)

    def test_a_reversal_gives_the_fee_back_and_what_waited_waits_again(self):
        self.tariff("opening", amount=1_000)
        self.tariff("deposit", amount=50)
        account = self.make_account()
        answer = self.deposit(account, 20_000)
        self.as_user(self.staff["manager"])["kondo.operation"].submit(
            "reversal", str(uuid.uuid4()), {"operation_id": answer["operation_id"], "reason": "Erreur de compte"}
        )
        self.env.invalidate_all()
        self.assertEqual((account.balance, self.booked("70293")), (0, 0))
        self.assertEqual(self.dues(account), [("opening", 1_000, "waiting")])
        self.deposit(account, 20_000)
        self.assertEqual(account.balance, 18_950)

    def test_a_passbook_is_paid_in_cash_or_from_the_account(self):
        self.tariff("passbook", amount=500)
        account = self.make_account(balance=2_000)
        session = self.session_of(self.nio)
        teller = self.as_user(session.user_id)
        offered = {form["kind"]: form for form in teller["kondo.teller"].other_operations(account.partner_id.id)}
        names = [field["name"] for field in offered["fee"]["fields"]]
        self.assertEqual(names, ["account_id", "moment", "payment"])
        self.assertEqual(offered["fee"]["fields"][1]["options"][0]["value"], "passbook")
        cash = session.till_id.cash
        request = {"session_id": session.id, "partner_id": account.partner_id.id, "account_id": account.id}
        pay = {**request, "moment": "passbook", "payment": "cash"}
        answer = teller["kondo.operation"].submit("fee", str(uuid.uuid4()), pay)
        session.till_id.invalidate_recordset()
        self.assertEqual((answer["amount"], session.till_id.cash, account.balance), (500, cash + 500, 2_000))
        teller["kondo.operation"].submit("fee", str(uuid.uuid4()), {**pay, "payment": "account"})
        account.invalidate_recordset()
        self.assertEqual(account.balance, 1_500)
        report = self.env["report.kondo_microfinance.report_receipt"]
        receipt = report._get_report_values([answer["operation_id"]])["receipts"][0]
        self.assertIn("500 F", [text for _label, text in receipt["facts"]])
        account.product_id.minimum_balance = 1_500
        with self.assertRaises(UserError):
            teller["kondo.operation"].submit("fee", str(uuid.uuid4()), {**pay, "payment": "account"})
        with self.assertRaises(UserError):
            teller["kondo.operation"].submit("fee", str(uuid.uuid4()), {**pay, "moment": "keeping"})

    def test_waiting_fees_are_paid_in_cash_at_the_window(self):
        self.tariff("opening", amount=1_000)
        account = self.make_account()
        session = self.session_of(self.nio)
        request = {"session_id": session.id, "account_id": account.id, "moment": "waiting", "payment": "cash"}
        operations = self.as_user(session.user_id)["kondo.operation"]
        operations.submit("fee", str(uuid.uuid4()), request)
        account.invalidate_recordset()
        self.assertEqual((self.dues(account), account.balance), ([("opening", 1_000, "paid")], 0))
        with self.assertRaises(UserError):
            operations.submit("fee", str(uuid.uuid4()), request)

    def test_a_client_cannot_play_the_house(self):
        self.tariff("statement", amount=500)
        account = self.make_account(balance=5_000)
        session = self.session_of(self.nio)
        operations = self.as_user(session.user_id)["kondo.operation"]
        for values in ({"batch": "keeping"}, {"account_id": account.id, "moment": "statement"}):
            with self.assertRaises(UserError):
                operations.submit("fee", str(uuid.uuid4()), values)
        with self.assertRaises(UserError):
            operations._submit(
                "fee", str(uuid.uuid4()), {"account_id": account.id, "moment": "statement"}, company=self.nio
            )

    def test_a_print_is_charged_once_and_waits_when_money_is_short(self):
        self.tariff("statement", amount=500)
        account = self.make_account(balance=700)
        operations = self.env["kondo.operation"]
        first = operations._charge_now(account, "statement", key="2026-03")
        again = operations._charge_now(account, "statement", key="2026-03")
        account.invalidate_recordset()
        self.assertEqual((again["replayed"], again["operation_id"]), (True, first["operation_id"]))
        self.assertEqual(account.balance, 200)
        operations._charge_now(account, "statement", key="2026-04")
        self.assertEqual(self.dues(account), [("statement", 500, "waiting")])
        self.assertIsNone(operations._charge_now(account, "passbook"))

    def test_an_exempt_account_pays_nothing(self):
        self.tariff("withdrawal", amount=250)
        account = self.make_account(balance=10_000)
        self.manager(account)._set_exemption(True, "Compte de l'école")
        self.submit("withdrawal", account, 1_000)
        self.assertEqual(account.balance, 9_000)
        self.manager(account)._set_exemption(False, "Fin de la convention")
        self.submit("withdrawal", account, 1_000)
        self.assertEqual(account.balance, 7_750)


@tagged("post_install", "-at_install")
class TestFeesAtTheEndOfTheMonth(RulesCase):
    def test_account_keeping_by_days_then_by_months(self):
        """300 F a month. Opened on 10 March: 22 days of 31 are 212,9 F; April is whole."""
        self.tariff("keeping", amount=300)
        account = self.make_account(balance=10_000)
        self.pass_to(date(2026, 3, 31))
        self.assertEqual(account.balance, 10_000)
        self.pass_to(date(2026, 4, 1))
        self.assertEqual((account.balance, account.keeping_until), (9_787, date(2026, 3, 31)))
        self.pass_to(date(2026, 5, 2))
        self.assertEqual(account.balance, 9_487)
        self.assertEqual(self.booked("70293"), -513)

    def test_a_second_end_of_day_charges_nothing_more(self):
        self.tariff("keeping", amount=300)
        account = self.make_account(balance=10_000)
        poor = self.make_account(self.make_member("KONÉ Issa"))
        self.pass_to(date(2026, 3, 31))
        for _again in range(2):
            self.nio._end_business_day(date(2026, 4, 1))
            self.env.invalidate_all()
        self.assertEqual(account.balance, 9_787)
        self.assertEqual(self.dues(poor), [("keeping", 213, "waiting")])

    def test_a_short_balance_keeps_the_fee_waiting_until_the_next_deposit(self):
        self.tariff("keeping", amount=300)
        self.passbook.minimum_balance = 1_000
        account = self.make_account(balance=1_200)
        self.pass_to(date(2026, 4, 1))
        self.assertEqual(account.balance, 1_200, "213 F would leave less than the minimum")
        self.assertEqual(self.dues(account), [("keeping", 213, "waiting")])
        self.pass_to(date(2026, 5, 1))
        self.assertEqual(account.fees_waiting, 513)
        # 300 F more leave room for the older fee only.
        self.deposit(account, 300)
        self.assertEqual(account.balance, 1_287)
        self.assertEqual(self.dues(account), [("keeping", 213, "paid"), ("keeping", 300, "waiting")])
        self.deposit(account, 5_000)
        self.assertEqual(account.balance, 5_987)
        self.assertEqual(account.fees_waiting, 0)

    def test_what_waits_is_taken_at_the_end_of_the_day_from_other_money(self):
        self.tariff("keeping", amount=300)
        account = self.make_account()
        other = self.make_account(self.make_member("KONÉ Issa"), self.demand)
        self.pass_to(date(2026, 4, 1))
        self.assertEqual(account.fees_waiting, 213)
        self.deposit(other, 10_000)
        self.submit("transfer", other, 4_000, counter_account_id=account.id)
        self.assertEqual(account.balance, 4_000)
        self.next_day()
        self.assertEqual((account.balance, account.fees_waiting), (3_787, 0))
        self.assertTrue(account.fee_due_ids.operation_id)

    def test_holds_are_not_eaten_by_fees(self):
        self.tariff("keeping", amount=300)
        account = self.make_account(balance=5_000)
        self.env["kondo.savings.hold"]._place(account, 4_900, "manager", "Litige")
        self.pass_to(date(2026, 4, 1))
        self.assertEqual((account.balance, account.fees_waiting), (5_000, 213))

    def test_a_new_price_holds_from_its_day(self):
        """300 F until 15 April, 600 F after: 15 days of 30 each, 150 F and 300 F."""
        first = self.tariff("keeping", amount=300)
        account = self.make_account(balance=10_000)
        self.pass_to(date(2026, 4, 1))
        first.date_to = "2026-04-15"
        self.tariff("keeping", amount=600, date_from="2026-04-16")
        self.pass_to(date(2026, 5, 1))
        self.assertEqual(account.balance, 9_787 - 150 - 300)
        with self.assertRaises(ValidationError):
            self.tariff("keeping", amount=500, date_from="2026-05-01")

    def test_a_quarter_is_charged_at_its_end(self):
        self.passbook.keeping_period = "quarterly"
        self.tariff("keeping", amount=900)
        account = self.make_account(balance=10_000)  # 22 days of the 90 of the first quarter: 220 F
        self.pass_to(date(2026, 4, 1))
        self.assertEqual(account.balance, 9_780)
        self.pass_to(date(2026, 6, 30))
        self.assertEqual(account.balance, 9_780)
        self.pass_to(date(2026, 7, 1))
        self.assertEqual(account.balance, 8_880)

    def test_sql_and_engine_agree_to_the_franc(self):
        """Percentages with floor, ceiling, tax and odd days: the set-based run gives the engine's francs."""
        self.tax_the_fees()
        tariff = self.tariff("keeping", rate=0.125, floor=37, ceiling=991)
        balances = (1, 40_000, 29_599, 123_457, 500_000, 792_801, 4_000_000)
        accounts = [self.make_account(self.make_member(f"M {n}"), balance=n) for n in balances]
        self.pass_to(date(2026, 4, 1))
        for account, balance in zip(accounts, balances, strict=True):
            amount = keeping_fee(tariff._tariff(), balance, 22, 31)
            total = amount + tax_on(amount, 15)
            paid = account.fees_waiting or balance - account.balance
            self.assertEqual(paid, total, balance)

    def test_one_entry_for_the_fees_of_a_day(self):
        self.tariff("keeping", amount=300)
        accounts = [self.make_account(self.make_member(f"M {n}"), balance=1_000) for n in range(5)]
        self.pass_to(date(2026, 4, 1))
        operation = self.env["kondo.operation"].search([("company_id", "=", self.nio.id), ("kind", "=", "fee")])
        self.assertEqual(len(operation), 1)
        self.assertEqual(len(operation.line_ids.filtered("savings_account_id")), len(accounts))
        self.assertEqual(len(operation.move_id.line_ids), 2)
        with self.assertRaises(UserError):
            self.as_user(self.staff["manager"])["kondo.operation"].submit(
                "reversal", str(uuid.uuid4()), {"operation_id": operation.id, "reason": "?"}
            )

    def test_a_fee_is_waived_by_the_manager_with_a_reason(self):
        self.tariff("keeping", amount=300)
        account = self.make_account()
        self.pass_to(date(2026, 4, 1))
        due = account.fee_due_ids
        with self.assertRaises(UserError):
            due.with_env(self.as_user(self.staff["teller"]))._waive("Ami")
        with self.assertRaises(UserError):
            self.manager(due)._waive(" ")
        self.manager(due)._waive("Compte ouvert par erreur")
        self.assertEqual((due.state, due.waived_by_id), ("waived", self.staff["manager"]))
        self.deposit(account, 5_000)
        self.assertEqual(account.balance, 5_000)


@tagged("post_install", "-at_install")
class TestTariffs(RulesCase):
    def test_a_price_that_was_asked_does_not_change(self):
        tariff = self.tariff("withdrawal", amount=250)
        tariff.amount = 200  # typed today, mended today
        self.env.cr.execute("UPDATE kondo_savings_fee SET create_date = '2026-01-01' WHERE id = %s", (tariff.id,))
        tariff.invalidate_recordset()
        with self.assertRaises(UserError):
            tariff.amount = 300
        with self.assertRaises(UserError):
            tariff.unlink()
        tariff.date_to = "2026-06-30"
        self.assertFalse(self.env["kondo.savings.fee"]._in_force(self.passbook, "withdrawal", date(2026, 7, 1)))

    def test_only_the_network_sets_prices(self):
        tariff = self.tariff("withdrawal", amount=250)
        for role in ("teller", "officer", "manager", "accountant"):
            with self.assertRaises(AccessError):
                tariff.with_env(self.as_user(self.staff[role])).write({"amount": 1})
        self.assertTrue(self.as_user(self.network_manager, self.union)["kondo.savings.fee"].has_access("create"))

    def test_what_waits_is_not_typed_in(self):
        self.tariff("opening", amount=1_000)
        account = self.make_account()
        with self.assertRaises(AccessError):
            account.fee_due_ids.write({"state": "paid"})
        with self.assertRaises(AccessError):
            account.write({"fees_exempt": True})
