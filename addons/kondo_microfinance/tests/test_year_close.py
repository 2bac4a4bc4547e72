from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .period_common import LAST, NEW_YEAR, PeriodCase

MEETING = date(2026, 3, 14)
BOOKED = date(2026, 3, 16)


@tagged("post_install", "-at_install")
class TestYearClose(PeriodCase):
    """The result of 2025 of Niono, and what its members decide about it in March."""

    def live_the_year(self, income=1_000_000, expense=400_000, carried=0):
        """Entries of December, the month closed, the caisse open on the Monday after the meeting."""
        if income:
            self.entry(date(2025, 12, 30), -income, "7028")
        if expense:
            self.entry(date(2025, 12, 30), expense, "6239")
        if carried:
            self.entry(date(2025, 12, 30), -carried, "58")
        self.move_to(NEW_YEAR)
        self.closed_month()
        self.move_to(BOOKED)

    def draft(self, role="accountant", caisse=None):
        caisse = caisse or self.nio
        return self.as_user(self.users[caisse.kondo_code][role])["kondo.year.close"].create(
            {"company_id": caisse.id, "year": 2025}
        )

    def split(self, year, column, **amounts):
        for line in year.line_ids:
            line[column] = amounts.get(line.destination, 0)

    def decide(self, year, role="manager", **amounts):
        mine = year.with_env(self.as_user(self.users["NIX"][role]))
        mine.write({"decision_date": MEETING, "decision_reference": "PV n° 3", "decision_chair": "Mamadou DIARRA"})
        if amounts:
            self.split(mine, "decided", **amounts)
        mine.action_decide()
        self.env.invalidate_all()
        return mine

    def undistributed(self, caisse=None):
        """What Odoo shows as profit nobody has allocated: 592 and the incomes and expenses up to the end of 2025."""
        items = self.env["account.move.line"].search(
            [
                ("company_id", "=", (caisse or self.nio).id),
                ("parent_state", "=", "posted"),
                "|",
                ("account_id.account_type", "=", "equity_unaffected"),
                "&",
                ("account_id.internal_group", "in", ("income", "expense")),
                ("date", "<=", LAST),
            ]
        )
        return -sum(items.mapped("balance"))

    def test_a_profit_is_allocated_as_the_meeting_decides(self):
        self.live_the_year()
        self.entry(BOOKED, -70_000, "7028")  # of the new year
        year = self.draft()
        self.assertEqual((year.income, year.expense, year.result, year.least), (1_000_000, 400_000, 600_000, 90_000))
        self.assertEqual({line.destination: line.proposed for line in year.line_ids if line.proposed}, {"general": 90_000, "carried": 510_000})  # fmt: skip
        year.action_propose()
        self.assertEqual(self.undistributed(), 600_000)
        self.decide(year, general=120_000, optional=80_000, funds=30_000, shares=150_000, carried=220_000)
        self.assertEqual((year.state, year.operation_id.kind), ("decided", "year_result"))
        self.assertEqual(year.operation_id.business_date, BOOKED, "no entry in a month that is closed")
        self.assertEqual(
            [self.ledger(code) for code in ("592", "5521", "5522", "5025", "591", "58")],
            [600_000, -120_000, -80_000, -30_000, -150_000, -220_000],
        )
        self.assertEqual(self.undistributed(), 0, "nothing of 2025 is left to allocate")
        self.assertEqual(year._figures()["result"], 600_000, "the statements of 2025 stand as they were")
        self.assertEqual(self.nio.hard_lock_date, LAST)
        self.assertEqual(year.line_ids.mapped("after"), [120_000, 80_000, 0, 30_000, 150_000, 220_000])
        with self.assertRaises(UserError):
            self.decide(year)
        with self.assertRaises(UserError):
            self.nio.hard_lock_date = date(2025, 11, 30)

    def test_what_a_meeting_may_not_decide(self):
        self.live_the_year()
        year = self.draft()
        year.action_propose()
        with self.assertRaisesRegex(UserError, "90.000.*89.999"), self.env.cr.savepoint():
            self.decide(year, general=89_999, carried=510_001)
        with self.assertRaisesRegex(UserError, "600.000"), self.env.cr.savepoint():
            self.decide(year, general=90_000, carried=500_000)
        manager = year.with_env(self.as_user(self.users["NIX"]["manager"]))
        for missing in ({"decision_reference": False}, {"decision_date": False}):
            given = {"decision_date": MEETING, "decision_reference": "PV n° 3", **missing}
            with self.assertRaises(UserError, msg=str(missing)), self.env.cr.savepoint():
                manager.write(given)
                manager.action_decide()
        for day in (date(2026, 3, 17), date(2025, 12, 31)):
            with self.assertRaises(UserError, msg=str(day)), self.env.cr.savepoint():
                manager.write({"decision_date": day, "decision_reference": "PV n° 3"})
                manager.action_decide()
        self.env.invalidate_all()
        self.assertEqual((year.state, self.ledger("5521"), self.ledger("592")), ("proposed", 0, 0))
        self.assertFalse(self.nio.hard_lock_date)

    def test_the_least_reserve_is_a_dated_parameter(self):
        self.env["kondo.parameter"].create(
            {"key": "general_reserve_rate", "label": "Réserve", "date_from": date(2025, 7, 1), "value": "20"}
        )
        self.live_the_year()
        self.assertEqual(self.draft().least, 120_000)

    def test_a_loss_carried_forward_is_absorbed_first(self):
        self.live_the_year(carried=-250_000)
        year = self.draft()
        # 15 % of 600 000 - 250 000
        self.assertEqual((year.carried_before, year.least), (-250_000, 52_500))
        self.split(year, "proposed", general=500_000, carried=100_000)
        with self.assertRaisesRegex(UserError, "250.000"):
            year.action_propose()
        self.split(year, "proposed", general=52_500, carried=547_500)
        year.action_propose()
        self.decide(year)
        self.assertEqual((self.ledger("5521"), self.ledger("58")), (-52_500, 250_000 - 547_500))

    def test_a_loss_is_borne_by_reserves_and_carried_forward(self):
        self.entry(date(2025, 12, 30), -100_000, "5522")
        self.live_the_year(income=300_000, expense=500_000)
        year = self.draft()
        self.assertEqual((year.result, year.least), (-200_000, 0))
        with self.assertRaisesRegex(UserError, "100.000"), self.env.cr.savepoint():
            self.split(year, "proposed", optional=150_000, carried=50_000)
            year.action_propose()
        self.env.invalidate_all()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.split(year, "proposed", shares=200_000)
            year.action_propose()
        self.env.invalidate_all()
        self.split(year, "proposed", optional=60_000, carried=140_000)
        year.action_propose()
        self.decide(year)
        self.assertEqual((self.ledger("592"), self.ledger("5522"), self.ledger("58")), (-200_000, -40_000, 140_000))
        self.assertEqual(self.undistributed(), 0)

    def test_a_year_without_result_is_decided_without_an_entry(self):
        self.live_the_year(income=300_000, expense=300_000)
        year = self.draft()
        year.action_propose()
        self.decide(year)
        self.assertEqual((year.state, year.operation_id.id, self.nio.hard_lock_date), ("decided", False, LAST))

    def test_months_come_first_and_years_in_their_order(self):
        self.entry(date(2025, 12, 30), -1_000, "7028")
        self.entry(date(2024, 12, 31), -5_000, "7028")
        self.move_to(NEW_YEAR)
        year = self.draft()
        self.assertIn("2025", year.problem)
        with self.assertRaisesRegex(UserError, "(?i)décembre 2025"):
            year.action_propose()
        self.closed_month(date(2024, 12, 1))
        self.closed_month()
        year.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "2024"):
            year.action_propose()
        earlier = self.as_user(self.users["NIX"]["accountant"])["kondo.year.close"].create(
            {"company_id": self.nio.id, "year": 2024}
        )
        earlier.action_propose()
        mine = earlier.with_env(self.as_user(self.users["NIX"]["manager"]))
        mine.write({"decision_date": date(2025, 3, 1), "decision_reference": "PV 2"})
        mine.action_decide()
        self.env.invalidate_all()
        year.action_measure()
        self.assertEqual((year.result, year.carried_before), (1_000, 4_250))
        year.action_propose()

    def test_two_persons_and_their_roles(self):
        self.live_the_year()
        with self.assertRaises(UserError):
            self.draft("teller")
        year = self.draft("manager")
        year.action_propose()
        with self.assertRaisesRegex(UserError, "autre personne|another person"), self.env.cr.savepoint():
            self.decide(year, "manager")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.decide(year, "accountant")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.decide(year, "teller")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            year.line_ids[0].proposed = 1
        self.decide(year, "manager2")
        with self.assertRaises(UserError):
            year.line_ids[0].decided = 1
        with self.assertRaises(UserError):
            year.decision_reference = "PV n° 4"
        with self.assertRaises(AccessError):
            year.result = 1
        with self.assertRaises(AccessError):
            year.unlink()

    def test_the_result_that_changed_is_proposed_anew(self):
        self.live_the_year()
        year = self.draft()
        year.action_propose()
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE account_move_line SET balance = balance - 10, credit = credit + 10
                WHERE company_id = %s AND account_id = %s AND date <= %s""",
            (self.nio.id, self.union._kondo_account("7028").id, LAST),
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "a changé|has changed"), self.env.cr.savepoint():
            self.decide(year)

    def test_a_closed_year_is_not_reopened_and_its_allocation_may_be_reversed(self):
        self.live_the_year()
        year = self.draft()
        year.action_propose()
        self.decide(year)
        month = self.by_network(self.env["kondo.month.close"].search([("company_id", "=", self.union.id)]))
        with self.assertRaisesRegex(UserError, "2025"):
            month._ask_reopen("facture")

        operation, reversal = year.operation_id, {"operation_id": year.operation_id.id, "reason": "mauvais PV"}
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.reverse("manager", reversal, 1)
        self.reverse("manager2", reversal, 2)
        self.env.invalidate_all()
        self.assertEqual((year.state, year.operation_id.id, self.ledger("592")), ("proposed", False, 0))
        self.assertEqual(self.undistributed(), 600_000)
        with self.assertRaises(UserError):
            month._ask_reopen("facture")
        self.decide(year, general=600_000)
        self.assertNotEqual(year.operation_id, operation)
        self.assertEqual((self.ledger("5521"), self.ledger("58")), (-600_000, 0))

    def reverse(self, role, values, number):
        return self.as_user(self.users["NIX"][role])["kondo.operation"].submit(
            "reversal", f"11111111-2222-4333-8444-55555555555{number}", values
        )

    def test_the_entry_is_not_made_at_the_window(self):
        self.live_the_year()
        year = self.draft()
        year.action_propose()
        for role in ("teller", "manager", "accountant"):
            with self.assertRaises(UserError, msg=role):
                self.as_user(self.users["NIX"][role])["kondo.operation"].submit(
                    "year_result", "11111111-2222-4333-8444-555555555555", {"year_id": year.id}
                )

    def test_each_caisse_sees_its_own_year_and_the_network_all(self):
        self.live_the_year()
        self.entry(BOOKED, -1_000, "7028", caisse=self.seg)
        self.by_network(self.env["kondo.year.close"]).action_prepare()
        years = self.env["kondo.year.close"].search([("company_id", "child_of", self.union.id)])
        self.assertEqual(len(years.company_id), 3)
        last = self.env["kondo.year.close"]._default_year()
        self.assertEqual(set(years.mapped("year")), {last})
        self.by_network(self.env["kondo.year.close"]).action_prepare()
        self.assertEqual(
            self.env["kondo.year.close"].search_count([("company_id", "child_of", self.union.id)]), 3, "once"
        )
        seen = self.as_user(self.users["NIX"]["accountant"])["kondo.year.close"].search([])
        self.assertEqual(seen.company_id.ids, self.nio.ids)
        theirs = years.filtered(lambda one: one.company_id == self.seg)
        hidden = theirs.with_env(self.as_user(self.users["NIX"]["manager"]))
        self.env.invalidate_all()
        for action in ("action_propose", "action_decide", "action_measure", "action_back"):
            with self.assertRaises(AccessError, msg=action):
                getattr(hidden, action)()
        with self.assertRaises(AccessError):
            hidden.line_ids.mapped("before")
        with self.assertRaises(UserError):
            self.as_user(self.users["NIX"]["accountant"])["kondo.year.close"].create(
                {"company_id": self.seg.id, "year": 2024}
            )

    def test_the_union_has_a_result_too(self):
        self.move_to(NEW_YEAR)
        accounts = [self.union._kondo_account(code).id for code in ("7028", "332")]
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.union.id), ("type", "=", "general")], limit=1
        )
        self.env["account.move"].with_company(self.union).create(
            {
                "journal_id": journal.id,
                "date": LAST,
                "line_ids": [(0, 0, {"account_id": one, "balance": amount}) for one, amount in zip(accounts, (-8_000, 8_000), strict=True)],
            }
        ).action_post()  # fmt: skip
        self.closed_month()
        self.move_to(BOOKED)
        helper = self.build_user("union_acc", "group_accountant", self.union, self.union)
        year = self.as_user(helper, self.union)["kondo.year.close"].create({"company_id": self.union.id, "year": 2025})
        self.assertEqual(year.result, 8_000)
        year.action_propose()
        mine = self.by_network(year)
        mine.write({"decision_date": MEETING, "decision_reference": "AG de l'union, PV 1"})
        mine.action_decide()
        self.env.invalidate_all()
        self.assertEqual((self.ledger("5521", self.union), self.ledger("58", self.union)), (-1_200, -6_800))

    def test_the_paper_of_the_meeting(self):
        self.live_the_year()
        year = self.draft()
        report = year.env["report.kondo_microfinance.report_year_result"]
        with self.assertRaises(UserError):
            report._get_report_values(year.ids)
        year.action_propose()
        paper = report._get_report_values(year.ids)["papers"][0]
        self.assertEqual((paper["print_number"], paper["decided"]), (1, False))
        self.assertEqual([(row["code"], row["amount"].replace("\u202f", "")) for row in paper["incomes"]], [("70", "1000000")])  # fmt: skip
        self.assertTrue(paper["incomes"][0]["name"])
        self.assertEqual(report._get_report_values(year.ids)["papers"][0]["print_number"], 2)
        self.decide(year)
        html = year.env["ir.actions.report"]._render_qweb_html("kondo_microfinance.report_year_result", year.ids)[0]
        html = html.decode()
        self.assertIn("PV n° 3", html)
        self.assertIn("Mamadou DIARRA", html)
        self.assertIn(year.operation_id.move_id.name, html)
        self.assertNotIn("DUPLICATA", html, "the decision is another paper than the proposal")
        with self.assertRaises(AccessError):
            report.with_env(self.as_user(self.users["SGX"]["accountant"]))._get_report_values(year.ids)
