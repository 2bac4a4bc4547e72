"""Random lives of donors' lines: whatever happens, what came is either given back, owed, lost or there."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_funding import FundingCase

NIGHTLY = os.environ.get("KONDO_HYPOTHESIS") == "nightly"
ACTS = ("receive", "return", *("lend",) * 4, "both", "both", "repay", "repay", "reverse", "write_off", "move", "move")
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 1), st.integers(1, 120)), min_size=6, max_size=12
)  # act, which line, thousands of francs


@tagged("post_install", "-at_install")
class TestFundingLives(FundingCase):
    """R13: received - given back - written off - outstanding - available = 0 at every instant, and none below zero."""

    def tearDown(self):
        self.examine()
        super().tearDown()

    def examine(self):
        self.env.invalidate_all()
        for line in self.lines:
            self.assertEqual(
                line.received - line.returned - line.written_off - line.outstanding - line.available, 0, line.name
            )
            figures = (line.received, line.returned, line.written_off, line.outstanding, line.available, line.lendable)
            self.assertGreaterEqual(min(figures), 0, line.name)
            self.assertEqual(sum(line.share_ids.mapped("outstanding")), line.outstanding)
            account = line.account_id.with_company(self.nio)
            items = self.env["account.move.line"].search(
                [("account_id", "=", account.id), ("parent_state", "=", "posted")]
            )
            self.assertEqual(-sum(items.mapped("balance")), line.received - line.returned, "no expense comes from it")
        self.assertEqual(self.env["kondo.reconciliation"]._sub_account_gaps(self.nio), [])

    @settings(
        max_examples=40 if NIGHTLY else 5,
        deadline=None,
        derandomize=not NIGHTLY,
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS, st.booleans())
    def test_every_franc_of_a_line_is_somewhere(self, steps, revolving):
        with self.env.cr.savepoint() as savepoint:
            self.lines = self.line | self.new_line(name="FIDA 2018", account_root="181")
            self.lines[1].revolving = revolving
            for line in self.lines:
                self.receive(300_000, line)
            self.loans, self.payments = self.env["kondo.loan"], []
            for act, which, thousands in steps:
                before = self.lines.mapped(lambda line: (line.received, line.returned, line.lent, line.repaid))
                try:
                    with self.env.cr.savepoint():
                        getattr(self, f"act_{act}")(self.lines[which], self.lines[1 - which], thousands * 1000)
                except UserError:  # refused: nothing has moved
                    self.env.invalidate_all()
                    after = self.lines.mapped(lambda line: (line.received, line.returned, line.lent, line.repaid))
                    self.assertEqual(after, before)
                self.examine()
            savepoint.rollback()
        self.env.invalidate_all()
        self.lines = self.line

    # ------------------------------------------------------------------ what may happen
    def act_receive(self, line, _other, francs):
        self.receive(francs * 4, line)

    def act_return(self, line, _other, francs):
        line.with_user(self.accountant).give_back(self.bank.id, francs, "Remboursement")

    def act_lend(self, line, _other, francs):
        self.lend([(line, 100)], francs)

    def act_both(self, line, other, francs):
        self.lend([(line, 33.333333), (other, 50)], francs)

    def lend(self, shares, francs):
        values = [(0, 0, {"line_id": line.id, "percent": percent}) for line, percent in shares]
        loan = self.grant(self.file(amount=max(francs, 10_000), funding_ids=values))
        self.pay_out(loan)
        self.loans |= self.env["kondo.loan"].browse(loan.id)

    def act_repay(self, _line, _other, francs):
        for loan in self.loans.filtered(lambda one: one.state == "active")[:1]:
            quote = loan.with_user(self.officer).early_quote()["total"]
            answer = self.repay(loan, quote, early="clear") if francs > 60_000 else self.repay(loan, loan.next_amount)
            self.payments.append(answer)

    def act_reverse(self, _line, _other, _francs):
        if self.payments:
            self.reverse(self.payments.pop())

    def act_write_off(self, _line, _other, _francs):
        for loan in self.loans.filtered(lambda one: one.state == "active")[:1]:
            self.lose(loan)

    def act_move(self, line, other, _francs):
        for share in line.share_ids.filtered("outstanding")[:1]:
            moves = self.env["kondo.funding.reassignment"].with_user(self.accountant)
            move = moves.create(
                {
                    "loan_id": share.loan_id.id,
                    "line_id": line.id,
                    "to_line_id": other.id,
                    "reason": "Accord du bailleur",
                }
            )
            move.with_user(self.network_manager).action_approve()


@tagged("post_install", "-at_install")
class TestReassignment(FundingCase):
    def test_a_loan_goes_to_another_line_by_two_people(self):
        second = self.new_line(name="FIDA 2018", account_root="181")
        self.receive(200_000)
        self.receive(60_000, second)
        loan = self.grant(self.financed(120_000))
        self.pay_out(loan)
        values = {"loan_id": loan.id, "line_id": self.line.id, "to_line_id": second.id, "reason": "Accord du bailleur"}
        moves = self.env["kondo.funding.reassignment"].with_user(self.accountant)
        move = moves.create(values)
        with self.assertRaises(UserError):
            move.action_approve()
        with self.assertRaisesRegex(UserError, "FIDA 2018"):
            move.with_user(self.network_manager).action_approve()  # it has only 60 000
        self.receive(60_000, second)
        move.with_user(self.network_manager).action_approve()
        self.assertEqual(self.stands(), (200_000, 0, 200_000))
        self.assertEqual(self.stands(second), (120_000, 120_000, 0))
        self.assertEqual((move.state, move.amount, loan.funding_ids.line_id), ("done", 120_000, second))
        with self.assertRaises(UserError):
            move.with_user(self.network_manager).action_approve()
        row = loan.instalment_ids.sorted("number")[0]
        self.repay(loan, row.rest)
        self.assertEqual(self.stands()[1], 0)
        self.assertLess(self.stands(second)[1], 120_000)
        with self.assertRaises(UserError):
            moves.with_user(self.officer).create(values)
        with self.assertRaises(AccessError):
            move.unlink()

    def test_a_line_that_does_not_revolve_lends_its_money_once(self):
        self.line.revolving = False
        self.receive(100_000)
        loan = self.grant(self.financed(100_000))
        self.pay_out(loan)
        quote = loan.with_user(self.officer).early_quote()["total"]
        self.repay(loan, quote, early="clear")
        self.assertEqual(self.stands(), (100_000, 0, 100_000))
        self.assertEqual(self.line.lendable, 0)
        with self.assertRaises(UserError):
            self.grant(self.financed(10_000))
        self.line.with_user(self.accountant).give_back(self.bank.id, 100_000, "Solde")
        self.assertEqual(self.stands(), (100_000, 0, 0))

    def test_the_calendar_is_settled_by_what_came_and_what_went_back(self):
        day = self.nio.business_date
        self.line.write(
            {
                "tranche_ids": [(0, 0, {"due_on": day, "amount": 300_000}), (0, 0, {"due_on": day, "amount": 200_000})],
                "repayment_ids": [(0, 0, {"due_on": "2021-01-01", "amount": 50_000})],
            }
        )
        self.receive(350_000)
        self.assertEqual(self.line.tranche_ids.mapped("settled"), [300_000, 50_000])
        self.assertEqual((self.line.next_return, self.line.return_late), (50_000, True))
        self.line.with_user(self.accountant).give_back(self.bank.id, 50_000, "Échéance")
        self.env.invalidate_all()
        self.assertEqual((self.line.next_return, self.line.return_late), (0, False))

    def test_a_line_for_a_zone_asks_where_the_borrower_lives(self):
        commune = self.env["kondo.commune"].search([], limit=1)
        village = self.env["kondo.village"].create({"name": "Zone Test", "commune_id": commune.id})
        zone = {"name": "Office du Niger", "company_id": self.union.id, "commune_ids": [(6, 0, commune.ids)]}
        self.line.zone_ids = self.env["kondo.zone"].create(zone)
        self.receive(500_000)
        loan = self.financed(100_000)
        self.assertIn("Office du Niger", "\n".join(loan._check_blocking()))
        loan.partner_id.village_id = village
        self.assertEqual(loan._check_blocking(), [])

    def test_what_a_line_no_longer_pays_is_not_paid_out(self):
        self.receive(200_000)
        loan = self.grant(self.financed(100_000))
        self.line.maximum_rate = 5
        with self.assertRaisesRegex(UserError, "SOS Faim 2017"):
            self.pay_out(loan)
        self.line.maximum_rate = 0
        self.line.with_user(self.accountant).give_back(self.bank.id, 150_000, "Repris")
        with self.assertRaisesRegex(UserError, "SOS Faim 2017"):
            self.pay_out(loan)
        self.assertEqual(self.stands(), (200_000, 0, 50_000))

    def test_the_rows_of_the_return_on_earmarked_resources(self):
        second = self.new_line(name="FIDA 2018", account_root="181")
        self.receive(300_000)
        self.receive(50_000, second)
        good, late = self.grant(self.financed(100_000)), self.grant(self.financed(60_000))
        for loan in (good, late):
            self.pay_out(loan)
        self.line.with_user(self.accountant).give_back(self.bank.id, 40_000, "Échéance")
        self.env.cr.execute("UPDATE kondo_loan SET stage = 'late_6' WHERE id = %s", (late.id,))
        rows = {row["line"]: row for row in self.line._dimf_2014(self.nio, self.nio.business_date)}
        row = rows[self.line]
        self.assertEqual(
            (row["term"], row["resource"], row["loans"], row["in_arrears"]), ("medium", 260_000, 160_000, 60_000)
        )
        self.assertEqual((rows[second]["term"], rows[second]["resource"], rows[second]["loans"]), ("short", 50_000, 0))
        self.assertEqual(self.line._dimf_2014(self.seg, self.nio.business_date), [])
        self.env.cr.execute("UPDATE kondo_loan SET stage = 'performing' WHERE id = %s", (late.id,))
