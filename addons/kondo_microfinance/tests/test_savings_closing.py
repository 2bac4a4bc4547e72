"""The last day of an account, to the franc; and accounts that belong to several members."""

import uuid
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .rules_common import RulesCase


@tagged("post_install", "-at_install")
class TestClosing(RulesCase):
    def close(self, account, role="teller", **values):
        session = self.session_of(self.nio)
        return self.as_user(session.user_id)["kondo.operation"].submit(
            "account_closing",
            str(uuid.uuid4()),
            {"session_id": session.id, "partner_id": account.partner_id.id, "account_id": account.id, **values},
        )

    def test_interest_fees_and_the_rest_in_cash_to_the_franc(self):
        """100 000 F + 100 F of interest (10 days at 3,65 %) - 213 F that wait - 110 F of keeping (11 days of 30 of
        300 F) - 1 000 F of closing.
        """
        self.env["kondo.savings.interest.rule"].create(
            {
                "product_id": self.passbook.id,
                "date_from": "2026-04-01",
                "annual_rate": 3.65,
                "overdraft_rate": 0,
                "balance_basis": "daily_balance",
                "days_in_year": "365",
                "posting": "quarterly",
            }
        )
        self.tariff("keeping", amount=300)
        self.tariff("closing", amount=1_000)
        account = self.make_account()
        self.pass_to(date(2026, 4, 1))
        self.assertEqual(self.dues(account), [("keeping", 213, "waiting")])
        self.passbook.minimum_balance = 100_000  # what waits cannot be taken from the minimum; a closing may
        self.deposit(account, 100_000)
        self.pass_to(date(2026, 4, 11))
        session = self.session_of(self.nio)
        cash = session.till_id.cash
        request = {"session_id": session.id, "account_id": account.id, "payout": "cash"}
        preview = self.as_user(session.user_id)["kondo.teller"].preview("account_closing", request)
        self.assertEqual(preview["problems"], [])
        self.assertEqual([line["value"] for line in preview["lines"]], [100, 213, 110, 1_000, 98_777])
        self.assertEqual((account.state, account.balance), ("active", 100_000), "a preview closes nothing")
        answer = self.close(account, payout="cash", note="Quitte le village")
        session.till_id.invalidate_recordset()
        account.invalidate_recordset()
        self.assertEqual(answer["amount"], 98_777)
        self.assertEqual((account.state, account.balance, account.closed_on), ("closed", 0, date(2026, 4, 11)))
        self.assertEqual(cash - session.till_id.cash, 98_777)
        self.assertEqual((self.booked("70293"), self.booked("602512")), (-1_323, 100))
        self.assertEqual(self.dues(account), [("keeping", 213, "paid")])
        report = self.env["report.kondo_microfinance.report_receipt"]
        receipt = report._get_report_values([answer["operation_id"]])["receipts"][0]
        self.assertIn("1 000 F", [text for _label, text in receipt["facts"]])
        with self.assertRaisesRegex(UserError, account.number):
            self.deposit(account, 1_000)

    def test_the_money_goes_to_another_account_of_the_member_only(self):
        account = self.make_account(balance=10_000)
        own = self.make_account(account.partner_id, self.demand)
        other = self.make_account(self.make_member("KONÉ Issa"), self.demand)
        for target in (other, account):
            with self.assertRaises(UserError):
                self.close(account, payout="account", counter_account_id=target.id)
        self.close(account, payout="account", counter_account_id=own.id)
        self.env.invalidate_all()
        self.assertEqual((account.state, own.balance), ("closed", 10_000))

    def test_what_keeps_an_account_open(self):
        account = self.make_account(product=self.demand, balance=10_000)
        hold = self.env["kondo.savings.hold"]._place(account, 1_000, "manager", "Litige")
        with self.assertRaisesRegex(UserError, "Litige"):
            self.close(account)
        hold._release("Réglé")
        self.manager(account)._set_block("debit", "Contrôle")
        with self.assertRaisesRegex(UserError, account.number):
            self.close(account)
        self.manager(account, "manager2")._lift_block("Terminé")
        request = self.as_user(self.staff["manager"])["kondo.savings.overdraft"].create(
            {"account_id": account.id, "amount": 5_000, "date_to": "2026-12-31", "reason": "Paie"}
        )
        self.manager(request, "manager2").action_grant()
        self.submit("withdrawal", account, 12_000)
        with self.assertRaisesRegex(UserError, "2.000"):
            self.close(account)
        self.deposit(account, 3_000)
        self.close(account)
        self.assertEqual((account.state, account.overdraft_limit, request.state), ("closed", 0, "ended"))

    def test_what_the_account_cannot_pay_is_said(self):
        self.tariff("closing", amount=1_000)
        account = self.make_account(balance=400)
        with self.assertRaisesRegex(UserError, "600"):
            self.close(account)
        self.manager(account)._set_exemption(True, "Décision du conseil")
        self.close(account)
        self.assertEqual(account.state, "closed")

    def test_the_manager_closes_onto_another_account(self):
        self.tariff("closing", amount=1_000)
        account = self.make_account(balance=10_000)
        own = self.make_account(account.partner_id, self.demand)
        wizard = self.env["kondo.savings.decision"].browse(self.manager(account).action_close()["res_id"])
        wizard = self.manager(wizard)
        self.assertIn("9\u202f000", wizard.situation)
        wizard.write({"target_id": own.id, "reason": "Un seul compte suffit"})
        wizard.action_confirm()
        wizard.action_confirm()  # sent twice, done once
        self.env.invalidate_all()
        self.assertEqual((account.state, own.balance), ("closed", 9_000))

    def test_an_empty_account_is_closed_by_the_manager_alone(self):
        account = self.make_account()
        with self.assertRaises(UserError):
            account.with_env(self.as_user(self.staff["teller"])).action_close()
        with self.assertRaisesRegex(UserError, account.number):
            self.close(account)
        self.manager(account).action_close()
        self.assertEqual((account.state, account.closed_on), ("closed", self.nio.business_date))
        with self.assertRaises(UserError):
            self.deposit(account, 1_000)

    def test_above_the_tellers_limit_a_supervisor_authorises(self):
        self.env["kondo.operation.limit"].create(
            {"company_id": self.union.id, "role": "group_teller", "kind": "account_closing", "amount": 50_000}
        )
        account = self.make_account(balance=60_000)
        session = self.session_of(self.nio)
        teller = self.as_user(session.user_id)
        request = {"session_id": session.id, "account_id": account.id, "payout": "cash"}
        self.assertTrue(
            teller["kondo.operation"].submit("account_closing", str(uuid.uuid4()), request)["needs_approval"]
        )
        asked = teller["kondo.teller"].request_approval("account_closing", request, "Départ")
        approval = self.env["kondo.approval"].browse(asked["approval_id"])
        self.assertEqual(approval.amount, 60_000)
        self.manager(approval).action_approve()
        answer = teller["kondo.operation"].submit(
            "account_closing", str(uuid.uuid4()), {**request, "approval_id": approval.id}
        )
        self.assertEqual(answer["amount"], 60_000)
        self.assertEqual(self.operation(answer).approver_id, self.staff["manager"])

    def test_the_window_offers_the_closing(self):
        account = self.make_account(balance=10_000)
        teller = self.as_user(self.session_of(self.nio).user_id)["kondo.teller"]
        forms = {form["kind"]: form for form in teller.other_operations(account.partner_id.id)}
        self.assertEqual(
            [field["name"] for field in forms["account_closing"]["fields"]], ["account_id", "payout", "note"]
        )
        self.assertNotIn("account_closing", [form["kind"] for form in teller.other_operations()])


@tagged("post_install", "-at_install")
class TestJointAccounts(RulesCase):
    def setUp(self):
        super().setUp()
        self.awa = self.make_member("TRAORÉ Awa")
        self.issa = self.make_member("KONÉ Issa", sex="male")
        self.account = self.make_account(self.awa, balance=10_000)

    def join(self, member=None, role="manager", **values):
        return self.as_user(self.staff[role])["kondo.savings.coholder"].create(
            {"account_id": self.account.id, "partner_id": (member or self.issa).id, **values}
        )

    def test_the_teller_sees_the_account_with_each_holder(self):
        teller = self.as_user(self.staff["teller"])["kondo.teller"]
        self.assertEqual(teller.member_card(self.issa.id)["accounts"], [])
        coholder = self.join(date_from="2026-03-01")
        self.manager(self.account).joint_rule = "all"
        for member in (self.awa, self.issa):
            card = teller.member_card(member.id)["accounts"]
            self.assertEqual([shown["number"] for shown in card], [self.account.number])
            self.assertEqual(card[0]["holders"], ["TRAORÉ Awa", "KONÉ Issa"])
            self.assertTrue(card[0]["joint_rule"])
            self.assertEqual(card[0]["alerts"][0]["level"], "red")
        self.manager(coholder).write({"date_to": "2026-03-10"})
        self.assertFalse(self.account.is_joint)
        self.assertEqual(teller.member_card(self.issa.id)["accounts"], [])
        self.assertFalse(teller.member_card(self.awa.id)["accounts"][0]["holders"])

    def test_a_co_holder_is_another_member_of_the_same_caisse(self):
        for member in (self.awa, self.make_member("DIALLO Oumou", self.seg)):
            with self.assertRaises(UserError):
                self.join(member)

    def test_only_the_manager_enters_and_ends_co_holders(self):
        for role in ("teller", "officer", "accountant"):
            with self.assertRaises(AccessError):
                self.join(role=role)
        coholder = self.join()
        with self.assertRaises(UserError):
            coholder.with_env(self.as_user(self.staff["teller"])).write({"date_to": "2026-12-31"})
        with self.assertRaises(UserError):
            self.manager(coholder).write({"partner_id": self.make_member("X Y").id})
        with self.assertRaises(UserError):
            self.manager(coholder).unlink()

    def test_a_co_holder_does_not_leave_the_caisse(self):
        self.assertNotIn(self.account.number, self.issa._kondo_blocking_accounts())
        coholder = self.join()
        self.assertIn(self.account.number, self.issa._kondo_blocking_accounts())
        self.manager(coholder).action_end()
        coholder.invalidate_recordset()

    def test_a_closed_account_is_nobodys(self):
        coholder = self.join()
        own = self.make_account(self.awa, self.demand)
        self.manager(self.account)._close(own, "Fin du projet")
        self.assertTrue(coholder.date_to)
        self.assertNotIn(self.account.number, self.issa._kondo_blocking_accounts())
