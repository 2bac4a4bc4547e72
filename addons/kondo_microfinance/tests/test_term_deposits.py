"""Term deposits, from the first franc at the window to the last at maturity or break."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER
from odoo.addons.kondo_microfinance.models.ledger.savings_guard import guarded_update

from .term_common import TermCase


@tagged("post_install", "-at_install")
class TestTermDeposits(TermCase):
    def months_later(self, months, days=0):
        return fields.Date.add(self.nio.business_date, months=months, days=days)

    def ending(self, deposit):
        return deposit.closing_operation_id

    # ------------------------------------------------------------------ opening
    def test_awa_places_500_000_for_a_year_and_gets_525_000_back(self):
        """500 000 F at 5 % for 12 months, interest at maturity: 25 000 F."""
        preview = self.preview("term_opening", **self.opening())
        shown = {line["label"]: line["value"] for line in preview["lines"]}
        self.assertEqual((preview["problems"], preview["amount"]), ([], 500_000))
        self.assertIn(25_000, shown.values())
        cash = self.session_of(self.nio).till_id.cash
        deposit = self.open_deposit()
        maturity = self.months_later(12)
        self.assertRecordValues(
            deposit,
            [{"principal": 500_000, "rate": 5.0, "interest_total": 25_000, "maturity": maturity, "state": "open"}],
        )
        self.assertEqual(deposit.name, deposit.account_id.number)
        self.assertEqual(self.legs(deposit.opening_operation_id)["25212"], -500_000)
        self.assertEqual(self.session_of(self.nio).till_id.cash, cash + 500_000)
        self.assertEqual(deposit.account_id.available, 0)
        before = self.account.balance
        self.end_days_until(fields.Date.subtract(maturity, days=1))
        self.assertEqual(deposit.state, "open")
        self.end_days_until(maturity)
        self.assertEqual((deposit.state, deposit.account_id.state, deposit.failure), ("closed", "closed", False))
        self.assertEqual(self.account.balance, before + 525_000)
        self.assertEqual(self.legs(self.ending(deposit)), {"25212": 500_000, "60252": 25_000, "2511": -525_000})

    def test_a_preview_draws_no_number_and_leaves_nothing(self):
        numbers = self.env["kondo.savings.account"]._next_number(self.nio, self.dat)
        self.preview("term_opening", **self.opening())
        self.assertFalse(self.env["kondo.term.deposit"].search([("company_id", "=", self.nio.id)]))
        after = self.env["kondo.savings.account"]._next_number(self.nio, self.dat)
        self.assertEqual(int(after[-5:]), int(numbers[-5:]) + 1)

    def test_money_comes_from_an_account_of_the_member(self):
        before = self.account.balance
        deposit = self.open_deposit(200_000, 3, funding=self.account.id)
        self.assertEqual(self.account.balance, before - 200_000)
        self.assertEqual(self.legs(deposit.opening_operation_id), {"2511": 200_000, "25211": -200_000})
        with self.assertRaisesRegex(UserError, "500"):
            self.open_deposit(900_000, 3, funding=str(self.account.id))
        stranger = self.make_account(self.make_member("KONÉ Issa"), self.demand, 100_000)
        with self.assertRaises(UserError):
            self.open_deposit(50_000, 3, funding=stranger.id)

    def test_each_term_stands_on_its_own_ledger_account(self):
        codes = {
            months: self.open_deposit(50_000, months).account_id.ledger_account_id.with_company(self.union).code
            for months in (3, 6, 12, 24)
        }
        self.assertEqual(codes, {3: "25211", 6: "25211", 12: "25212", 24: "25213"})

    def test_the_chart_by_amount_and_by_day(self):
        tomorrow = fields.Date.add(self.nio.business_date, days=1)
        self.chart({12: 5.5}, amount_from=1_000_000)
        self.chart({12: 4.25}, date=tomorrow)
        self.assertEqual(self.open_deposit(999_999).rate, 5.0)
        self.assertEqual(self.open_deposit(1_000_000).rate, 5.5)
        with self.assertRaisesRegex(UserError, "6"):
            self.env["kondo.term.rate"]._rate_for(self.dat, 6, 100_000, tomorrow)
        self.end_days_until(self.nio.business_date)
        self.assertEqual(self.open_deposit(1_000_000).rate, 4.25, "a new chart replaces the old one whole")

    def test_what_the_product_does_not_offer_is_refused_in_words(self):
        for values, words in (
            ({"amount": 40_000}, "50.000"),
            ({"months": 7}, "3, 6, 12, 24"),
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, words):
                self.open_deposit(**values)
        self.dat.term_up_front = False
        for values in ({"interest_mode": "up_front"}, {"at_maturity": "whatever"}, {"settlement": None}):
            with self.subTest(values), self.assertRaises(UserError):
                self.open_deposit(**values)

    # ------------------------------------------------------------------ interest
    def test_periodic_interest_comes_every_quarter(self):
        deposit = self.open_deposit(interest_mode="periodic")
        self.assertEqual(deposit.event_ids.mapped("amount"), [6_250] * 4)
        before = self.account.balance
        days = deposit.event_ids.mapped("due")
        self.end_days_until(days[0])
        self.assertEqual(self.account.balance, before + 6_250)
        self.assertEqual(self.legs(deposit.event_ids[0].operation_id), {"60252": 6_250, "2511": -6_250})
        self.end_days_until(days[3])
        self.assertEqual(self.account.balance, before + 525_000, "missed evenings are caught up")
        self.assertEqual(deposit.interest_paid, 25_000)

    def test_interest_up_front_is_paid_at_once(self):
        before = self.account.balance
        deposit = self.open_deposit(interest_mode="up_front")
        self.assertEqual(self.account.balance, before + 25_000)
        self.end_days_until(deposit.maturity)
        self.assertEqual(self.account.balance, before + 525_000)

    def test_a_deposit_can_count_real_days(self):
        self.dat.term_day_count = "365"
        deposit = self.open_deposit(months=6)
        days = (deposit.maturity - deposit.start).days
        self.assertEqual(deposit.interest_total, round(500_000 * 4 * days / 36_500))

    # ------------------------------------------------------------------ maturity
    def test_renewal_takes_the_chart_of_the_day_and_the_account_of_the_new_term(self):
        deposit = self.open_deposit(months=6, at_maturity="renew_all")
        deposit.with_user(self.manager).renewal_months = 24
        maturity = deposit.maturity
        self.chart({3: 2, 24: 7}, date=fields.Date.subtract(maturity, days=30))
        self.end_days_until(maturity)
        self.assertEqual(deposit.state, "closed")
        renewal = deposit.renewed_to_id
        self.assertRecordValues(
            renewal,
            [
                {
                    "principal": 510_000,
                    "rate": 7.0,
                    "months": 24,
                    "start": maturity,
                    "account_id": deposit.account_id.id,
                    "name": f"{deposit.name}/2",
                    "interest_total": 71_400,
                    "state": "open",
                }
            ],
        )
        self.assertEqual(self.legs(self.ending(deposit)), {"25211": 500_000, "60252": 10_000, "25213": -510_000})
        self.assertEqual(renewal.account_id.ledger_account_id.with_company(self.union).code, "25213")

    def test_renewal_of_the_principal_pays_the_interest(self):
        deposit = self.open_deposit(at_maturity="renew_principal")
        before = self.account.balance
        self.end_days_until(deposit.maturity)
        self.assertEqual(self.account.balance, before + 25_000)
        self.assertEqual((deposit.renewed_to_id.principal, deposit.renewed_to_id.state), (500_000, "open"))
        self.assertEqual(self.legs(self.ending(deposit)), {"60252": 25_000, "2511": -25_000})

    def test_a_caisse_closed_for_long_catches_up_renewals(self):
        deposit = self.open_deposit(months=3, at_maturity="renew_principal", interest_mode="up_front")
        self.end_days_until(self.months_later(10))
        chain = deposit.search([("account_id", "=", deposit.account_id.id)], order="id")
        self.assertEqual(chain.mapped("state"), ["closed", "closed", "closed", "open"])
        self.assertEqual(chain[-1].start, fields.Date.add(deposit.start, months=9))

    def test_a_payout_waits_at_the_window_until_the_member_comes(self):
        deposit = self.open_deposit(at_maturity="payout", settlement=None)
        self.end_days_until(deposit.maturity)
        self.assertEqual((deposit.state, deposit.waiting), ("matured", 525_000))
        self.assertEqual(self.legs(self.ending(deposit))["2721"], -525_000)
        self.open_till(amount=600_000)
        forms = self.as_user(self.teller)["kondo.teller"].other_operations(self.awa.id)
        form = next(form for form in forms if form["kind"] == "term_maturity")
        choice = form["fields"][0]["options"][0]["value"]
        cash = self.session_of(self.nio).till_id.cash
        self.ask("term_maturity", deposit=choice)
        self.assertEqual((deposit.state, deposit.waiting), ("closed", 0))
        self.assertEqual(self.session_of(self.nio).till_id.cash, cash - 525_000)
        with self.assertRaises(UserError):
            self.ask("term_maturity", deposit=choice)
        payable = self.env["kondo.operation.line"].search(
            [("account_id", "=", self.union._kondo_account("2721").id), ("company_id", "=", self.nio.id)]
        )
        self.assertEqual(sum(payable.mapped("amount")), 0)

    def test_one_deposit_that_cannot_is_noted_and_stops_no_other(self):
        stuck = self.open_deposit(months=3)
        fine = self.open_deposit(100_000, 3, at_maturity="payout")
        savings = self.make_account(self.awa, self.demand)
        stuck.with_user(self.manager).settlement_account_id = savings
        savings.with_user(self.manager).action_close()
        maturity = stuck.maturity
        self.end_days_until(maturity)
        self.assertEqual((stuck.state, fine.state), ("open", "matured"))
        self.assertIn(savings.number, stuck.failure)
        stuck.with_user(self.manager).settlement_account_id = self.account
        stuck.with_user(self.manager).action_settle()
        self.assertEqual((stuck.state, stuck.failure), ("closed", False))

    def test_ending_the_day_twice_pays_once(self):
        deposit = self.open_deposit(months=3)
        before = self.account.balance
        self.end_days_until(deposit.maturity)
        self.env["kondo.term.deposit"]._day_end(self.nio, deposit.maturity, self.nio.business_date)
        self.assertEqual(self.account.balance, before + 503_750)

    # ------------------------------------------------------------------ break
    def broken_after(self, months, **product):
        """Break a deposit of 500 000 F (12 months, 5 %) after some months; returns what the member got."""
        self.dat.write(product)
        mode = product.pop("mode", "maturity")
        deposit = self.open_deposit(interest_mode=mode)
        self.end_days_until(fields.Date.add(deposit.start, months=months, days=-1))
        before = self.account.balance
        self.open_till(amount=0)
        preview = self.preview("term_break", deposit=str(deposit.id), pay=self.account.id, reason="Maladie")
        self.assertEqual(preview["problems"], [])
        self.ask("term_break", deposit=str(deposit.id), pay=self.account.id, reason="Maladie")
        self.assertEqual((deposit.state, deposit.account_id.state), ("broken", "closed"))
        given = self.account.balance - before
        self.assertEqual(preview["lines"][-1]["value"], given, "what was shown is what was paid")
        return given

    def test_break_at_the_chart_rate_of_the_time_held(self):
        self.assertEqual(self.broken_after(7), 500_000 + 11_667, "4 % for 7 months: 11 666,67 F")

    def test_break_below_the_shortest_term_earns_nothing(self):
        self.assertEqual(self.broken_after(2), 500_000)

    def test_break_at_the_contract_rate_less_points(self):
        self.assertEqual(self.broken_after(6, break_rule="contract", break_points=2), 500_000 + 7_500)

    def test_break_at_a_reduced_rate(self):
        self.assertEqual(self.broken_after(6, break_rule="reduced", break_reduced_rate=1), 500_000 + 2_500)

    def test_break_with_all_interest_lost(self):
        self.assertEqual(self.broken_after(6, break_rule="none"), 500_000)

    def test_break_with_a_fixed_penalty(self):
        self.assertEqual(self.broken_after(6, break_rule="contract", break_penalty=5_000), 500_000 + 12_500 - 5_000)
        income = self.env["kondo.operation.line"].search(
            [("account_id", "=", self.dat.break_income_account_id.id), ("company_id", "=", self.nio.id)]
        )
        self.assertEqual(income.mapped("amount"), [-5_000])

    def test_break_takes_back_interest_paid_too_early(self):
        self.dat.break_rule = "none"
        deposit = self.open_deposit(interest_mode="up_front")
        session = self.session_of(self.nio)
        cash = session.till_id.cash
        self.ask("term_break", deposit=deposit.id, pay="cash", reason="Achat d'un boeuf")
        operation = self.ending(deposit)
        self.assertEqual(self.legs(operation)["60252"], -25_000)
        self.assertEqual(session.till_id.cash, cash - 475_000)

    def test_periodic_interest_already_paid_stays_with_the_member_where_the_product_says_so(self):
        self.dat.write({"break_rule": "none", "break_recover": False})
        deposit = self.open_deposit(interest_mode="periodic")
        self.end_days_until(fields.Date.add(deposit.start, months=3))
        before = self.account.balance
        self.open_till(amount=0)
        self.ask("term_break", deposit=deposit.id, pay=self.account.id, reason="Maladie")
        self.assertEqual(self.account.balance, before + 500_000)
        self.assertEqual(deposit.event_ids.mapped("state"), ["paid", "cancelled", "cancelled", "cancelled"])

    def test_a_product_without_early_break_refuses_it(self):
        self.dat.break_rule = "refused"
        deposit = self.open_deposit()
        with self.assertRaisesRegex(UserError, deposit.name):
            self.ask("term_break", deposit=deposit.id, pay="cash", reason="Maladie")

    def test_a_large_break_needs_a_second_person(self):
        self.env["kondo.operation.limit"].create(
            {"company_id": self.union.id, "role": "group_teller", "kind": "term_break", "amount": 300_000}
        )
        deposit = self.open_deposit()
        values = {"deposit": deposit.id, "pay": self.account.id, "reason": "Maladie"}
        answer = self.ask("term_break", **values)
        self.assertTrue(answer["needs_approval"])
        self.assertEqual(deposit.state, "open")
        session = self.session_of(self.nio)
        request = {"session_id": session.id, "partner_id": self.awa.id, **values}
        asked = self.as_user(self.teller)["kondo.teller"].request_approval("term_break", request, "Maladie")
        approval = self.env["kondo.approval"].browse(asked["approval_id"])
        self.assertEqual((approval.amount, approval.partner_id), (500_000, self.awa))
        with self.assertRaises(UserError):
            approval.with_user(self.teller).action_approve()
        approval.with_user(self.manager).action_approve()
        self.ask("term_break", **values, approval_id=approval.id)
        self.assertEqual(deposit.state, "broken")
        self.assertEqual(self.ending(deposit).approver_id, self.manager)

    def test_a_guarantee_is_not_broken_nor_paid_but_renewed(self):
        deposit = self.open_deposit(months=3)
        renewed = self.open_deposit(months=3, at_maturity="renew_principal")
        for held in (deposit, renewed):
            held.account_id.with_context(kondo_ledger=LEDGER).blocked = 500_000
        with self.assertRaisesRegex(UserError, "500.000"):
            self.ask("term_break", deposit=deposit.id, pay="cash", reason="Maladie")
        self.end_days_until(deposit.maturity)
        self.assertEqual((deposit.state, renewed.renewed_to_id.state), ("open", "open"))
        self.assertIn(deposit.name, deposit.failure)

    # ------------------------------------------------------------------ tax
    def tax(self, rate):
        self.dat.interest_tax_exempt = False
        self.env["kondo.parameter"].create(
            {
                "key": "savings_interest_withholding_rate",
                "label": "Retenue",
                "date_from": "2020-01-01",
                "value": str(rate),
            }
        )

    def test_tax_is_withheld_from_interest_where_the_law_asks_for_it(self):
        self.tax(10)
        deposit = self.open_deposit()
        before = self.account.balance
        self.end_days_until(deposit.maturity)
        self.assertEqual(self.account.balance, before + 522_500)
        self.assertEqual((deposit.event_ids.withheld, deposit.event_ids.net), (2_500, 22_500))
        self.assertEqual(
            self.legs(self.ending(deposit)), {"25212": 500_000, "60252": 25_000, "33201": -2_500, "2511": -522_500}
        )

    def test_an_early_break_puts_the_tax_right_with_the_interest(self):
        self.tax(10)
        self.dat.break_rule = "none"
        deposit = self.open_deposit(interest_mode="up_front")
        self.ask("term_break", deposit=deposit.id, pay="cash", reason="Maladie")
        legs = self.legs(self.ending(deposit))
        self.assertEqual((legs["60252"], legs["33201"]), (-25_000, 2_500))
        self.assertEqual(self.ending(deposit).amount, 477_500, "he gives back the 22 500 F that he had received")

    # ------------------------------------------------------------------ mistakes, doors
    def test_an_opening_by_mistake_is_reversed_and_its_contract_cancelled(self):
        before = self.account.balance
        deposit = self.open_deposit(interest_mode="up_front", funding=self.account.id)
        manager = self.as_user(self.manager)["kondo.operation"]
        manager.submit(
            "reversal",
            "5e2f4f2c-6a0e-4a55-9a40-000000000001",
            {"operation_id": deposit.opening_operation_id.id, "reason": "Durée fausse"},
        )
        self.assertEqual((deposit.state, deposit.account_id.state), ("cancelled", "closed"))
        self.assertEqual(self.account.balance, before)
        self.assertEqual(deposit.event_ids.mapped("state"), ["cancelled"])

    def test_the_window_leaves_a_term_deposit_alone(self):
        deposit = self.open_deposit()
        account = deposit.account_id
        with self.assertRaisesRegex(UserError, "rien ne s'y ajoute|nothing is added"):
            self.submit("deposit", account, 1_000)
        with self.assertRaisesRegex(UserError, account.number):
            self.submit("withdrawal", account, 1_000)
        with self.assertRaises(UserError):
            self.submit("transfer", self.account, 1_000, counter_account_id=account.id)
        self.assertEqual(account.balance, 500_000)

    def test_the_database_itself_keeps_window_movements_off_a_term_deposit(self):
        deposit = self.open_deposit()
        for change in (1_000, -1_000):
            self.env.cr.execute(
                guarded_update("window", deposit.account_id.id, change, self.nio.id, self.nio.business_date)
            )
            self.assertIsNone(self.env.cr.fetchone())

    def test_the_form_is_offered_to_a_member_with_the_rates_of_the_day(self):
        self.session_of(self.nio)
        teller = self.as_user(self.teller)["kondo.teller"]
        form = next(form for form in teller.other_operations(self.awa.id) if form["kind"] == "term_opening")
        offers = next(field for field in form["fields"] if field["name"] == "offer")["options"]
        self.assertEqual([offer["value"] for offer in offers], [f"{self.dat.id}-{m}" for m in (3, 6, 12, 24)])
        self.assertIn("5", offers[2]["hint"])
        self.assertEqual([f["kind"] for f in teller.other_operations() if f["kind"].startswith("term")], [])

    # ------------------------------------------------------------------ roles
    def test_who_may_not(self):
        deposit = self.open_deposit()
        for role in ("officer", "accountant"):
            with self.subTest(role), self.assertRaises(UserError):
                self.as_user(self.users["NIX"][role])["kondo.operation"].submit(
                    "term_opening",
                    "5e2f4f2c-6a0e-4a55-9a40-000000000002",
                    {"session_id": self.session_of(self.nio).id, "partner_id": self.awa.id, **self.opening()},
                )
        with self.assertRaises(UserError):
            self.as_user(self.teller)["kondo.operation"].submit(
                "term_interest", "5e2f4f2c-6a0e-4a55-9a40-000000000003", {"event_id": deposit.event_ids.id}
            )
        with self.assertRaises(UserError):
            self.as_user(self.manager)["kondo.operation"].submit(
                "term_maturity",
                "5e2f4f2c-6a0e-4a55-9a40-000000000004",
                {"operation_id": deposit.opening_operation_id.id, "deposit_id": deposit.id},
            )
        with self.assertRaises(UserError):
            deposit.with_user(self.teller).at_maturity = "payout"
        for values in ({"rate": 12.0}, {"waiting": 1}, {"maturity": "2020-01-01"}):
            with self.subTest(values), self.assertRaises(AccessError):
                deposit.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            deposit.with_user(self.users["SGX"]["manager"]).read(["principal"])
        with self.assertRaises(AccessError):
            self.chart({3: 9}, date="2026-01-01").with_user(self.manager).rate = 12
        with self.assertRaises(AccessError):
            deposit.sudo().unlink()
        with self.assertRaises(AccessError):
            deposit.account_id.sudo().tied = False
