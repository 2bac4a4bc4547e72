from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_microfinance.engine.sharing import share_out
from odoo.addons.kondo_microfinance.engine.words import spaced

from .loan_common import LoanCase


class TestShareOut(BaseCase):
    @given(
        st.integers(0, 10**9),
        st.lists(st.integers(0, 10**9), min_size=1, max_size=6).filter(any),
    )
    def test_nothing_is_lost(self, amount, weights):
        parts = share_out(amount, weights)
        self.assertEqual(sum(parts), amount)
        self.assertGreaterEqual(min(parts), 0)
        if amount <= sum(weights):
            self.assertTrue(all(part <= weight for part, weight in zip(parts, weights, strict=True)))


class FundingCase(LoanCase):
    """A donor's line at the bank of Niono, and loans that it pays."""

    @classmethod
    def build_network(cls):
        super().build_network()
        cls.accountant = cls.users["NIX"]["accountant"]
        cls.bank = cls.nio.with_user(cls.accountant)._kondo_create_bank_account("BNDA Niono", "ML016 020").sudo()
        cls.line = cls.new_line()

    @classmethod
    def new_line(cls, **values):
        donor = cls.env["res.partner"].create({"name": "SOS Faim", "is_company": True})
        return cls.env["kondo.funding.line"].create(
            {
                "name": "SOS Faim 2017",
                "donor_id": donor.id,
                "agreement": "Convention 2017/04",
                "company_id": cls.union.id,
                "amount": 1_000_000,
                "date_from": "2020-01-01",
                **values,
            }
        )

    def receive(self, amount, line=None):
        answer = (line or self.line).with_user(self.accountant).receive(self.bank.id, amount, "Virement 12")
        self.env.invalidate_all()
        return answer

    def stands(self, line=None):
        line = line or self.line
        self.env.invalidate_all()
        return (line.received, line.outstanding, line.available)

    def financed(self, amount=100_000, line=None, percent=100, **values):
        shares = [(0, 0, {"line_id": (line or self.line).id, "percent": percent})]
        return self.file(amount=amount, funding_ids=shares, **values)

    def reverse(self, answer):
        values = {"operation_id": answer["operation_id"], "reason": "Erreur de montant"}
        self.as_user(self.manager)["kondo.operation"].submit("reversal", self.new_key(), values)

    def lose(self, loan):
        """Classified in the last stage, all set aside, asked by the officer and written off by the manager."""
        day = loan.instalment_ids.sorted("number")[0].due + relativedelta(months=14)
        day = max(day, self.nio.business_date)
        self.move_day(self.nio, day)
        self.env["kondo.loan"]._update_positions(self.nio, day)
        self.as_user(self.manager)["kondo.loan"].classify_and_provision(self.nio.id)
        self.env.invalidate_all()
        loan.with_user(self.officer).ask_write_off("Introuvable")
        loan.with_user(self.manager).write_off()


@tagged("post_install", "-at_install")
class TestFundingLine(FundingCase):
    # ------------------------------------------------------------------ the donor's money
    def test_a_tranche_comes_to_the_bank(self):
        answer = self.receive(400_000)
        self.assertEqual(self.stands(), (400_000, 0, 400_000))
        account = self.line.account_id
        self.assertTrue(account.with_company(self.union).code.startswith("182"))
        legs = {line.account_id: line.amount for line in self.operation(answer).line_ids}
        self.assertEqual(legs, {self.bank.default_account_id: 400_000, account: -400_000})
        with self.assertRaisesRegex(UserError, spaced(1_000_000)):
            self.receive(600_001)

    def test_what_is_left_goes_back(self):
        self.receive(400_000)
        line = self.line.with_user(self.accountant)
        line.give_back(self.bank.id, 150_000, "Solde")
        self.assertEqual(self.stands(), (400_000, 0, 250_000))
        with self.assertRaisesRegex(UserError, spaced(250_000)):
            line.give_back(self.bank.id, 250_001, "Solde")
        self.assertEqual(self.stands(), (400_000, 0, 250_000))

    def test_only_accountants_book_it(self):
        with self.assertRaises(UserError):
            self.line.with_user(self.officer).receive(self.bank.id, 1000, "")
        with self.assertRaises(AccessError):
            self.line.write({"received": 5})
        with self.assertRaises(AccessError):
            self.env["kondo.funding.move"].create({"line_id": self.line.id, "flow": "lent", "amount": 5})

    # ------------------------------------------------------------------ the loans it pays
    def test_an_insufficient_line_stops_the_file(self):
        self.receive(90_000)
        loan = self.financed(100_000)
        self.assertIn(spaced(90_000), "\n".join(loan._check_blocking()))
        with self.assertRaisesRegex(UserError, spaced(90_000)):
            self.grant(loan)
        self.receive(10_000)
        loan = self.grant(loan)
        # what is granted is spoken for: the next file finds nothing
        other = self.financed(1_000)
        self.assertTrue(other._check_blocking())
        self.pay_out(loan)
        self.assertEqual(self.stands(), (100_000, 100_000, 0))

    def test_repayments_flow_back_and_a_reversal_undoes_it(self):
        self.receive(300_000)
        loan = self.grant(self.financed(120_000, instalments=12))
        self.pay_out(loan)
        row = loan.instalment_ids.sorted("number")[0]
        self.move_day(self.nio, row.due)
        answer = self.repay(loan, row.rest)
        self.env.invalidate_all()
        self.assertEqual(self.stands(), (300_000, loan.principal, 300_000 - loan.principal))
        self.assertLess(loan.principal, 120_000)
        self.reverse(answer)
        self.assertEqual(self.stands(), (300_000, 120_000, 180_000))
        self.assertEqual(sum(self.line.move_ids.filtered(lambda move: move.flow == "repaid").mapped("amount")), 0)

    def test_two_lines_and_own_funds_share_a_loan(self):
        second = self.new_line(name="FIDA 2018", account_root="181")
        self.receive(49_999)
        self.receive(40_000, second)
        loan = self.file(
            amount=100_001,
            funding_ids=[
                (0, 0, {"line_id": self.line.id, "percent": 50}),
                (0, 0, {"line_id": second.id, "percent": 33.333333}),
            ],
        )
        self.assertTrue(loan._check_blocking())
        self.receive(1)
        self.pay_out(self.grant(loan))
        lent = [share.outstanding for share in loan.sudo().funding_ids.sorted("id")]
        self.assertEqual(lent, [50_000, 33_334])
        self.move_day(self.nio, loan.instalment_ids.sorted("number")[2].due)
        while loan.state == "active":
            self.repay(loan, min(7_777, sum(loan.instalment_ids.mapped("rest"))))
            self.env.invalidate_all()
        self.assertEqual(self.stands(), (50_000, 0, 50_000))
        self.assertEqual(self.stands(second), (40_000, 0, 40_000))

    def test_a_line_for_women_and_a_ceiling(self):
        line = self.new_line(name="Femmes", women_only=True, borrower_limit=60_000, maximum_rate=12)
        self.receive(500_000, line)
        faults = "\n".join(self.financed(70_000, line, member=self.make_member(sex="male"))._check_blocking())
        for words in ("femmes", "12", spaced(60_000)):
            self.assertIn(words, faults)
        faults = "\n".join(self.financed(50_000, self.new_line(name="Fini", date_to="2020-02-01"))._check_blocking())
        self.assertIn("2020", faults)

    def test_the_financing_is_part_of_what_was_decided(self):
        self.receive(200_000)
        loan = self.grant(self.financed(100_000))
        with self.assertRaises(UserError):
            loan.with_user(self.officer).funding_ids.percent = 10
        with self.assertRaises(UserError):
            loan.with_user(self.officer).funding_ids.unlink()

    def test_what_is_lost_is_lost_for_the_line(self):
        self.receive(100_000)
        loan = self.grant(self.financed(100_000))
        self.pay_out(loan)
        self.lose(loan)
        self.assertEqual(self.stands(), (100_000, 0, 0))
        self.assertEqual(self.line.written_off, 100_000)
