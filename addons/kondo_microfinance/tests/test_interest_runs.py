import uuid

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .common import KondoCase


class InterestCase(KondoCase):
    """A caisse whose days are lived one after the other, each at its date."""

    @classmethod
    def business_date(cls):
        return fields.Date.to_date("2026-01-05")

    def setUp(self):
        super().setUp()
        self.clock = self.startPatcher(freeze_time("2026-01-05 08:00:00"))

    def rule(self, product=None, date_from="2026-01-01", **values):
        return self.env["kondo.savings.interest.rule"].create(
            {
                "product_id": (product or self.passbook).id,
                "date_from": date_from,
                "annual_rate": 3.5,
                "balance_basis": "lowest_of_month",
                "days_in_year": "360",
                "posting": "quarterly",
                **values,
            }
        )

    def go_to(self, day, caisse=None):
        """End the business day; the caisse opens again on `day`."""
        caisse = caisse or self.nio
        for session in self.env["kondo.till.session"].search(
            [("company_id", "=", caisse.id), ("state", "!=", "closed")]
        ):
            self.shut(session)
        self.clock.move_to(f"{day} 08:00:00")
        caisse.with_user(self.users[caisse.kondo_code]["manager"])._open_business_day(fields.Date.to_date(day))
        self.env.invalidate_all()

    def shut(self, session):
        own = session.with_user(session.user_id)
        own.count_till(make_up(session.till_id.cash))
        own.close_till()

    def runs(self, product=None):
        return self.env["kondo.savings.interest.run"].search(
            [("product_id", "=", (product or self.passbook).id)], order="date_to"
        )

    def legs(self, account, kind="interest"):
        return [
            (line.movement, line.label)
            for line in account.line_ids.sorted("id")
            if line.kind == kind and line.operation_id.state == "posted"
        ]


@tagged("post_install", "-at_install")
class TestInterestRuns(InterestCase):
    """Quarters at a caisse: what the end of the day pays, and that it pays it once."""

    def test_a_passbook_at_3_5_percent_on_its_lowest_monthly_balance_is_paid_at_the_end_of_the_quarter(self):
        self.rule()
        awa = self.make_account(balance=100_000)  # 5 January: the lowest of January counts from the opening
        issa = self.make_account(self.make_member("KONÉ Issa", sex="male"), balance=60_000)
        self.go_to("2026-02-10")
        self.submit("deposit", awa, 50_000)
        self.submit("withdrawal", issa, 35_000)
        self.go_to("2026-03-02")
        self.assertFalse(self.runs(), "nothing before the quarter ends")
        self.go_to("2026-03-31")
        # In March Awa has 150 000, Issa 25 000; to date, the 31st not counted:
        # Awa 100 000 x 55 days + 150 000 x 30 days = 10 000 000 x 3.5 / 36 000 = 972.2; Issa 27 + 28 + 30 days
        self.assertEqual(awa.interest_to_date, 972)
        self.go_to("2026-04-01")
        run = self.runs()
        day = fields.Date.to_date("2026-03-31")
        self.assertEqual((run.state, run.date_to, run.posted_on), ("posted", day, day))
        # Awa: 100 000 x (27 + 28) + 150 000 x 31 = 10 150 000 x 3.5 / 36 000 = 986.8
        # Issa: 60 000 x 27 + 25 000 x 59 = 3 095 000 x 3.5 / 36 000 = 300.9
        self.assertEqual([amount for amount, _label in self.legs(awa)], [987])
        self.assertEqual([amount for amount, _label in self.legs(issa)], [301])
        self.assertEqual((run.interest, run.account_count), (1288, 2))
        self.assertEqual(awa.balance, 150_987)
        self.assertEqual(str(awa.interest_posted_until), "2026-03-31")
        self.assertEqual(awa.interest_to_date, 0)
        line = run.line_ids.filtered(lambda line: line.account_id == awa)
        self.assertEqual((line.days, line.basis, line.rate, line.interest), (86, 118_023, 3.5, 987))
        entry = {item.account_id.with_company(self.union).code: item.balance for item in run.move_id.line_ids}
        self.assertEqual(entry, {"2512": -1288, "602512": 1288})

    def test_a_second_end_of_the_same_day_posts_nothing(self):
        self.rule(posting="monthly")
        account = self.make_account(balance=1_000_000)
        self.go_to("2026-01-31")
        day, later = fields.Date.to_date("2026-01-31"), fields.Date.to_date("2026-02-02")
        for _again in range(3):
            self.env["kondo.savings.interest"]._day_end(self.nio, day, later)
        self.assertEqual(len(self.runs()), 1)
        # 1 000 000 x 27 days x 3.5 / 36 000
        self.assertEqual([amount for amount, _label in self.legs(account)], [2625])
        self.go_to("2026-02-02")
        self.assertEqual(len(self.runs()), 1)

    def test_months_without_work_are_paid_one_by_one(self):
        self.rule(posting="monthly", balance_basis="daily_balance")
        account = self.make_account(balance=1_000_000)
        self.go_to("2026-04-15")  # closed for more than three months
        self.assertEqual([str(run.date_to) for run in self.runs()], ["2026-01-31", "2026-02-28", "2026-03-31"])
        # February: 1 002 625 x 28 x 3.5 / 36 000 = 2729.4; March: 1 005 354 x 31 = 3030.0
        self.assertEqual([amount for amount, _label in self.legs(account)], [2625, 2729, 3030])

    def test_deposits_count_from_the_next_fortnight_and_withdrawals_from_the_last(self):
        self.rule(posting="monthly", balance_basis="quinzaine", annual_rate=3.6)
        account = self.make_account(balance=100_000)  # the 5th: from the 16th
        self.go_to("2026-01-20")
        self.submit("withdrawal", account, 40_000)  # from the 16th
        self.go_to("2026-02-02")
        # 60 000 x 16 days x 3.6 / 36 000
        self.assertEqual([amount for amount, _label in self.legs(account)], [96])

    def test_a_deposit_that_was_reversed_earned_nothing_and_cost_nothing(self):
        self.rule(posting="monthly", balance_basis="quinzaine", annual_rate=3.6)
        account = self.make_account(balance=100_000)
        self.go_to("2026-01-19")
        wrong = self.submit("deposit", account, 900_000)
        self.as_user(self.users["NIX"]["manager"])["kondo.operation"].submit(
            "reversal",
            str(uuid.uuid4()),
            {"operation_id": wrong["operation_id"], "reason": "Montant saisi deux fois"},
        )
        self.go_to("2026-02-02")
        self.assertEqual([amount for amount, _label in self.legs(account)], [160])  # 100 000 x 16 x 3.6 / 36 000

    def test_an_overdraft_costs_agios_as_far_as_its_limit_leaves_room(self):
        self.rule(self.demand, posting="monthly", annual_rate=0, overdraft_rate=18, balance_basis="daily_balance")
        awa = self.make_account(product=self.demand, balance=10_000)
        issa = self.make_account(self.make_member("KONÉ Issa", sex="male"), self.demand, 10_000)
        (awa + issa).with_context(kondo_ledger=LEDGER).write({"overdraft_limit": 40_000})
        self.env.flush_all()
        self.go_to("2026-01-12")
        self.submit("withdrawal", awa, 40_000)
        self.submit("withdrawal", issa, 50_000)
        self.assertEqual((awa.balance, issa.balance), (-30_000, -40_000))
        self.go_to("2026-02-02")
        # 20 days: 30 000 x 20 x 18 / 36 000 = 300; Issa owes 400 and has no room left
        run = self.runs(self.demand)
        self.assertEqual((awa.balance, issa.balance), (-30_300, -40_000))
        self.assertEqual((run.overdraft_interest, run.overdraft_charged, run.unpaid), (700, 300, 400))
        self.assertEqual(run.line_ids.filtered("unpaid").account_id, issa)
        entry = {item.account_id.with_company(self.union).code: item.balance for item in run.move_id.line_ids}
        self.assertEqual(entry, {"2511": 300, "7025": -300})

    def test_tax_is_withheld_from_the_day_the_parameter_says_and_only_on_products_that_bear_it(self):
        self.env["kondo.parameter"].create(
            {"key": "savings_interest_withholding_rate", "label": "x", "date_from": "2026-02-15", "value": "15"}
        )
        self.passbook.interest_tax_exempt = False
        for product in (self.passbook, self.demand):
            self.rule(product, posting="monthly", balance_basis="daily_balance")
        passbook = self.make_account(balance=1_000_000)
        demand = self.make_account(passbook.partner_id, self.demand, 1_000_000)
        self.go_to("2026-02-27")
        self.go_to("2026-03-02")
        # January 2625 without tax; February 2729, tax 409
        self.assertEqual([amount for amount, _label in self.legs(passbook)], [2625, 2729, -409])
        self.assertEqual([amount for amount, _label in self.legs(demand)], [2625, 2729])
        entry = {i.account_id.with_company(self.union).code: i.balance for i in self.runs()[-1].move_id.line_ids}
        self.assertEqual(entry, {"2512": -2320, "602512": 2729, "33201": -409})

    def test_a_rate_that_changes_in_the_quarter_counts_from_its_day(self):
        self.rule()
        self.rule(date_from="2026-02-15", annual_rate=4.5)
        account = self.make_account(balance=100_000)
        self.go_to("2026-04-01")
        # 100 000 x (27 + 14 days at 3.5, 14 + 31 at 4.5) / 36 000 = 398.6 + 562.5
        self.assertEqual([amount for amount, _label in self.legs(account)], [961])
        self.assertEqual(self.runs().line_ids.rate, 4.023256)

    def test_a_rule_that_served_no_longer_changes(self):
        rule = self.rule(posting="monthly")
        rule.annual_rate = 4
        self.make_account(balance=100_000)
        self.go_to("2026-02-02")
        for change in (lambda: rule.write({"annual_rate": 9}), rule.unlink, lambda: self.rule(date_from="2026-01-20")):
            with self.assertRaisesRegex(UserError, "31/01/2026"):
                change()
        with self.assertRaises(UserError):
            rule.tier_ids = [(0, 0, {"from_amount": 5, "rate": 9})]
        self.rule(date_from="2026-02-01", annual_rate=5)

    def test_on_its_anniversary_each_account_is_paid_for_itself(self):
        self.rule(posting="anniversary", balance_basis="daily_balance", days_in_year="365", date_from="2025-01-01")
        first = self.make_account(balance=100_000)
        self.go_to("2026-01-08")
        second = self.make_account(self.make_member("KONÉ Issa", sex="male"), balance=100_000)
        self.go_to("2027-01-05")
        self.assertEqual([amount for amount, _label in self.legs(first)], [3500])
        self.assertEqual(self.legs(second), [])
        self.go_to("2027-01-11")
        self.assertEqual([amount for amount, _label in self.legs(second)], [3500])
        self.assertEqual([str(run.date_to) for run in self.runs()], ["2027-01-04", "2027-01-07"])
        self.assertEqual(str(first.interest_posted_until), "2027-01-04")

    def test_what_cannot_be_posted_says_why_and_the_day_goes_on(self):
        self.rule(posting="monthly")
        account = self.make_account(balance=1_000_000)
        self.passbook.expense_account_id = False
        self.go_to("2026-02-02")
        run = self.runs()
        self.assertEqual((run.state, str(self.nio.business_date)), ("draft", "2026-02-02"))
        self.assertIn("Compte sur livret", run.failure)
        self.assertEqual(account.balance, 1_000_000)
        # The evening is closed, in amber: interest neither posted nor accrued, for the same reason
        closing = self.env["kondo.closing"].search([("company_id", "=", self.nio.id)], limit=1)
        amber = closing.step_ids.filtered("reason")
        self.assertEqual((closing.state, set(amber.mapped("state"))), ("done", {"done"}))
        self.assertEqual(
            dict(amber.mapped(lambda step: (step.code, step.reason))),
            {"interest": run.failure, "accruals": run.failure},
        )
        with freeze_time("2026-02-01"):
            (row,) = self.as_user(self.users["NIX"]["manager"])["kondo.closing"].board()["caisses"]
        self.assertEqual(
            (row["state"], row["tone"], row["steps"]["accruals"]["state"]), ("closed", "warning", "warned")
        )
        self.assertIn("Compte sur livret", row["said"])
        # Mended by the accountant, posted by hand the next day for the same period.
        self.passbook.expense_account_id = self.union._kondo_account("602512")
        run.with_user(self.users["NIX"]["accountant"]).action_compute()
        self.assertEqual((run.failure, run.interest), (False, 2625))
        run.with_user(self.users["NIX"]["accountant"]).action_post()
        self.assertEqual((run.state, account.balance), ("posted", 1_002_625))
        self.go_to("2026-03-02")
        # Posted late, it counts from 1 February all the same
        self.assertEqual([amount for amount, _label in self.legs(account)], [2625, 2729])
        closing = self.env["kondo.closing"].search([("company_id", "=", self.nio.id)], limit=1)
        self.assertFalse(closing.step_ids.filtered("reason"))

    def test_accrued_interest_of_a_product_at_any_day(self):
        self.rule(balance_basis="daily_balance")
        self.make_account(balance=1_000_000)
        self.make_account(self.make_member("KONÉ Issa", sex="male"), balance=500_000)
        service = self.env["kondo.savings.interest"]
        # 1 500 000 x 27 x 3.5 / 36 000
        accrued = service._accrued(self.nio, self.passbook, fields.Date.to_date("2026-01-31"))
        self.assertEqual(accrued, {"interest": 3938, "overdraft_interest": 0})
        self.assertEqual(service._accrued(self.seg, self.passbook, fields.Date.to_date("2026-01-31"))["interest"], 0)

    # ------------------------------------------------------------------ by hand, by whom
    def test_the_accountant_posts_a_missed_period_by_hand(self):
        account = self.make_account(balance=1_000_000)
        self.go_to("2026-02-10")
        self.rule(posting="monthly")  # entered late, for January too
        accountant = self.as_user(self.users["NIX"]["accountant"])["kondo.savings.interest.run"]
        run = accountant.create({"company_id": self.nio.id, "product_id": self.passbook.id})
        self.assertEqual(
            (run.state, str(run.date_to), run.interest, account.balance), ("draft", "2026-01-31", 2625, 10**6)
        )
        run.action_post()
        self.assertEqual((run.state, account.balance, run.posted_by_id), ("posted", 1_002_625, accountant.env.user))
        with self.assertRaises(UserError):
            run.action_post()
        with self.assertRaisesRegex(UserError, "28/02/2026"):
            accountant.create({"company_id": self.nio.id, "product_id": self.passbook.id})
        with self.assertRaises(UserError):
            run.unlink()

    def test_figures_that_changed_since_they_were_seen_are_not_posted(self):
        account = self.make_account(balance=1_000_000)
        answer = self.submit("deposit", account, 500_000)
        self.go_to("2026-02-10")
        self.rule(posting="monthly", balance_basis="quinzaine")
        accountant = self.as_user(self.users["NIX"]["accountant"])["kondo.savings.interest.run"]
        run = accountant.create({"company_id": self.nio.id, "product_id": self.passbook.id})
        seen = run.interest
        self.make_account(account.partner_id, self.demand)
        self.env.cr.execute(
            "UPDATE kondo_savings_account SET interest_posted_until = '2026-01-20' WHERE id = %s", (account.id,)
        )
        with self.assertRaises(UserError):
            run.action_post()
        run.action_compute()
        self.assertLess(run.interest, seen)
        run.action_post()
        self.assertTrue(answer)

    def test_who_may_do_what(self):
        self.rule(posting="monthly")
        self.make_account(balance=1_000_000)
        self.go_to("2026-02-02")
        run = self.runs()
        staff = self.users["NIX"]
        values = {"company_id": self.nio.id, "product_id": self.passbook.id}
        for user in (staff["teller"], staff["manager"], self.controller, self.network_manager):
            with self.assertRaises(UserError):
                self.as_user(user, self.nio)["kondo.savings.interest.run"].create(values)
            with self.assertRaises(UserError):
                run.with_user(user).action_post()
        for user in (staff["manager"], staff["accountant"], self.controller, self.network_manager):
            self.assertEqual(run.with_user(user).read(["interest"])[0]["interest"], 2625)
            self.assertTrue(run.line_ids.with_user(user).read(["net"]))
        for user in (staff["teller"], staff["officer"], self.users["SGX"]["accountant"]):
            with self.assertRaises(AccessError):
                run.with_user(user).read(["interest"])
        for user in (staff["teller"], staff["manager"], staff["accountant"], self.controller):
            with self.assertRaises(AccessError):
                self.passbook.with_user(user).interest_rule_ids.write({"annual_rate": 9})
        with self.assertRaises(AccessError):
            run.with_user(staff["accountant"]).write({"interest": 5})
        with self.assertRaises(AccessError):
            run.sudo().write({"interest": 5})
        with self.assertRaises(AccessError):
            self.env["kondo.savings.account"].search([], limit=1).sudo().write({"interest_posted_until": "2030-01-01"})
        with self.assertRaises(UserError):
            self.as_user(staff["accountant"])["kondo.operation"].submit("interest", "x", {"run_id": run.id})

    def test_the_spreadsheet_lists_the_accounts(self):
        self.rule(posting="monthly")
        self.make_account(balance=1_000_000)
        self.go_to("2026-02-02")
        report = self.env.ref("kondo_microfinance.interest_run_xlsx").with_user(self.users["NIX"]["accountant"])
        content, kind = report._render_xlsx(report.report_name, self.runs().ids, {})
        self.assertEqual(kind, "xlsx")
        self.assertEqual(content[:2], b"PK")
