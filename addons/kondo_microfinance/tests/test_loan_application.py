from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestLoanApplication(LoanCase):
    """A market woman of Niono asks for 100 000 F; the officer visits her and makes the file."""

    @classmethod
    def build_network(cls):
        super().build_network()
        cls.questions = cls.env["kondo.loan.question"].search([("company_id", "=", cls.union.id)])
        cls.purpose = cls.env["kondo.loan.purpose"].search([], limit=1)
        cls.sector = cls.env["kondo.loan.sector"].search([], limit=1)

    def ready(self, **values):
        """A file with all that a submission asks for."""
        return self.file(purpose_id=self.purpose.id, sector_id=self.sector.id, opinion="favourable", **values)

    def answer(self, loan, **answers):
        """Fill lines of the visit form by the codes of their questions, in one save of the form."""
        lines = {line.question_id.code: line for line in loan.answer_ids}
        loan.write({"answer_ids": [(1, lines[code].id, {"amount": value}) for code, value in answers.items()]})
        self.env.invalidate_all()

    def result(self, loan, code):
        return loan.answer_ids.filtered(lambda line: line.question_id.code == code).counted

    def faults(self, loan):
        self.env.invalidate_all()
        return " ".join(loan._check_blocking())

    # ------------------------------------------------------------------ visit
    def test_a_union_begins_with_the_usual_forms(self):
        self.assertEqual(len(self.questions.filtered("capacity")), 1)
        before = len(self.questions)
        self.union._set_up_loan_forms()
        self.assertEqual(self.env["kondo.loan.question"].search_count([("company_id", "=", self.union.id)]), before)

    def test_the_visit_says_what_may_repay(self):
        loan = self.ready()
        self.answer(
            loan, household_income=20_000, food=40_000, other_loans=5_000, sales=200_000, purchases=130_000,
            transport=8_001, harvest_sold=120_000, harvest_costs=60_000,
        )  # fmt: skip
        self.assertEqual(self.result(loan, "household_rest"), -25_000)
        self.assertEqual(self.result(loan, "activity_rest"), 61_999)
        self.assertEqual(self.result(loan, "harvest_rest"), 5_000)
        self.assertEqual(self.result(loan, "left_over"), 41_999)
        self.assertEqual((self.result(loan, "may_repay"), loan.capacity), (29_399, 29_399))
        # an instalment of 9 168 F against 29 399 F a month
        self.assertAlmostEqual(loan.capacity_ratio, 31.2, places=1)
        self.answer(loan, food=120_000)
        self.assertEqual((loan.capacity, loan.capacity_ratio), (0, 0))
        answered = loan.answer_ids.filtered("filled").mapped("question_id.code")
        self.assertIn("sales", answered)
        self.assertNotIn("wages", answered)

    def test_a_campaign_loan_is_held_against_the_whole_campaign(self):
        product = self.loan_product(code="CAM", amortization="in_fine", instalments=10)
        loan = self.ready(product=product, instalments=10)
        self.answer(loan, harvest_sold=240_000, harvest_costs=0)
        self.assertEqual(loan.capacity, 14_000)
        due = loan.amount + loan.total_interest
        self.assertAlmostEqual(loan.capacity_ratio, 100 * due / 140_000, places=1)

    def test_a_formula_is_arithmetic_and_nothing_else(self):
        line = self.questions.filtered(lambda question: question.code == "left_over")
        for formula in (
            "__import__('os').system('true')", "sales.__class__", "unknown_code + 1", "left_over + 1", "may_repay",
            "sales if food else 0", "2 ** 9", "",
        ):  # fmt: skip
            with self.assertRaises(ValidationError, msg=formula), self.env.cr.savepoint():
                line.formula = formula
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            line.code = "Left over"

    def test_a_division_by_nothing_is_said_on_the_line(self):
        line = self.questions.filtered(lambda question: question.code == "activity_rest")
        line.formula = "sales / wages"
        loan = self.ready()
        self.answer(loan, sales=10_000)
        counted = loan.answer_ids.filtered(lambda answer: answer.question_id == line)
        self.assertEqual((counted.counted, counted.fault), (0, "division by zero"))

    # ------------------------------------------------------------------ steps
    def test_from_the_request_to_the_committee(self):
        self.questions.filtered(lambda question: question.code == "sales").required = True
        paper = self.env["kondo.loan.document.type"].search([("company_id", "=", self.union.id)], limit=1)
        paper.required = True
        loan = self.ready()
        loan.opinion = False
        with self.assertRaises(UserError) as refusal:
            loan.action_submit()
        self.assertIn(paper.name, str(refusal.exception))
        self.assertIn(self.questions.filtered(lambda question: question.code == "sales").name, str(refusal.exception))
        loan.opinion = "reserved"
        self.answer(loan, sales=0)  # nothing sold is an answer
        loan.document_ids.filtered(lambda document: document.type_id == paper).seen = True
        loan.action_submit()
        self.assertEqual((loan.state, loan.submitted_by_id), ("review", self.officer))
        loan.action_present()
        self.assertEqual(loan.state, "committee")
        with self.assertRaises(UserError):
            loan.action_submit()

    def test_a_change_after_submission_sends_the_file_back(self):
        changes = {
            "amount": lambda loan: loan.write({"amount": 90_000}),
            "visit": lambda loan: self.answer(loan, sales=1),
            "guarantor": lambda loan: loan.write({"guarantor_ids": [(0, 0, {"name": "KEÏTA Moussa", "ceiling": 5})]}),
            "ties": lambda loan: loan.write({"related_party": "relative"}),
            "opinion": lambda loan: loan.write({"opinion": "unfavourable"}),
        }
        for name, change in changes.items():
            with self.subTest(name):
                loan = self.ready(member=self.make_member(f"SIDIBÉ {name}"))
                loan.action_submit()
                loan.action_present()
                change(loan)
                self.assertEqual((loan.state, loan.submitted_by_id.id), ("draft", False))
                self.assertTrue(loan.message_ids.filtered(lambda message: message.body))

    def test_the_bureau_may_answer_during_the_review(self):
        loan = self.ready()
        loan.action_submit()
        loan.write(
            {"bureau_consent_on": fields.Date.today(), "bureau_on": fields.Date.today(), "bureau_reference": "B1"}
        )
        self.assertEqual(loan.state, "review")
        loan.bureau_reference = "B2"  # another report than the one read
        self.assertEqual(loan.state, "draft")

    def test_what_was_decided_no_longer_changes(self):
        loan = self.ready()
        guarantor = self.as_user(self.officer)["kondo.loan.guarantor"].create(
            {"loan_id": loan.id, "name": "KEÏTA Moussa", "ceiling": 50_000}
        )
        self.grant(loan)
        loan = loan.with_user(self.officer)
        for change in (
            lambda: loan.write({"related_party": "staff"}),
            lambda: loan.write({"bureau_score": "A"}),
            lambda: loan.write({"coborrower_ids": [(4, self.make_member("DIARRA Fanta").id)]}),
            lambda: guarantor.write({"ceiling": 1}),
            lambda: guarantor.unlink(),
            lambda: loan.answer_ids[0].write({"amount": 1}),
            lambda: loan.answer_ids[0].unlink(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()

    # ------------------------------------------------------------------ people, pledges, papers
    def test_guarantors_and_pledges_are_counted(self):
        product = self.loan_product(code="GAR", guarantor_count=1, collateral_percent=50)
        loan = self.ready(product=product)
        faults = self.faults(loan)
        self.assertIn("50 000", faults.replace("\xa0", " ").replace("\u202f", " "))
        env = self.as_user(self.officer)
        guarantor = self.make_member("KEÏTA Moussa", sex="male")
        account = self.make_account(guarantor, balance=10_000)
        env["kondo.loan.guarantor"].create(
            {
                "loan_id": loan.id, "partner_id": guarantor.id, "ceiling": 40_000, "account_id": account.id, "held": 15_000,
            }
        )  # fmt: skip
        kind = self.env["kondo.collateral.kind"].search(
            [("company_id", "=", self.union.id), ("insurance_needed", "=", True)], limit=1
        )
        pledge = env["kondo.loan.collateral"].create(
            {"loan_id": loan.id, "kind_id": kind.id, "name": "Moto", "value": 120_001}
        )
        self.assertEqual((pledge.haircut, pledge.counted), (50, 60_001))
        faults = self.faults(loan)
        self.assertIn(account.number, faults)
        self.assertEqual(faults.count("Moto"), 2)  # neither paper nor insurance
        pledge.write({"document": "Carte grise 123", "insured_until": fields.Date.add(fields.Date.today(), months=1)})
        self.submit("deposit", account, 5_000)
        self.assertEqual(self.faults(loan), "")
        self.assertEqual((loan.guarantor_total, loan.collateral_total), (40_000, 60_001))
        with self.assertRaises(UserError):
            pledge.action_return()
        with self.assertRaises(AccessError):
            pledge.returned_on = fields.Date.today()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            env["kondo.loan.guarantor"].create({"loan_id": loan.id, "partner_id": loan.partner_id.id, "ceiling": 1})

    def test_a_guarantor_shows_what_he_answers_for_elsewhere(self):
        moussa = self.make_member("KEÏTA Moussa", sex="male")
        line = {"partner_id": moussa.id, "ceiling": 30_000}
        first = self.ready(guarantor_ids=[(0, 0, line)])
        self.grant(first)
        second = self.ready(member=self.make_member("DIARRA Fanta"), guarantor_ids=[(0, 0, line)])
        self.assertEqual(second.guarantor_ids.elsewhere, 30_000)

    # ------------------------------------------------------------------ what forbids a loan
    def test_the_bureau_is_asked_with_consent(self):
        self.union.bureau_required = True
        loan, today = self.ready(), fields.Date.today()
        self.assertTrue(self.faults(loan))
        loan.write(
            {"bureau_consent_on": today, "bureau_on": fields.Date.subtract(today, days=1), "bureau_reference": "B1"}
        )
        self.assertTrue(self.faults(loan))
        with self.assertRaises(UserError):
            self.grant(loan)
        loan.bureau_on = today
        self.assertEqual(self.faults(loan), "")
        loan.bureau_late = 25_000
        self.assertIn("25", self.faults(loan))
        self.union.arrears_block = False
        self.assertEqual(self.faults(loan), "")

    def test_arrears_of_a_coborrower_stop_the_file(self):
        late = self.running(member=self.make_member("COULIBALY Sékou", sex="male"))
        self.env.cr.execute("UPDATE kondo_loan SET days_late = 12 WHERE id = %s", (late.id,))
        self.env.invalidate_all()
        loan = self.ready()
        self.assertEqual(self.faults(loan), "")
        loan.coborrower_ids = late.partner_id
        self.assertIn(late.name, self.faults(loan))
        with self.assertRaises(UserError):
            self.grant(loan)

    def own_funds(self, amount):
        """Put own funds into the books of the union."""
        journal = self.env["account.journal"].search([("company_id", "=", self.nio.id), ("code", "=", "OD")], limit=1)
        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "company_id": self.nio.id,
                "date": fields.Date.today(),
                "line_ids": [
                    (0, 0, {"account_id": self.union._kondo_account("1141").id, "debit": amount}),
                    (0, 0, {"account_id": self.union._kondo_account("57111").id, "credit": amount}),
                ],
            }
        )
        move.action_post()

    def test_a_single_signature_stays_under_its_share_of_own_funds(self):
        self.own_funds(1_500_000)
        member = self.make_member()
        loan = self.ready(member=member)
        self.assertEqual((self.faults(loan), loan.exposure, loan.exposure_limit), ("", 100_000, 150_000))
        self.grant(loan)
        second = self.ready(member=member, amount=60_000)
        self.assertEqual(second.exposure, 160_000)
        self.assertIn("150", self.faults(second))
        second.amount = 50_000
        self.assertEqual(self.faults(second), "")

    def test_those_who_govern_share_one_limit_and_keep_their_mark(self):
        self.own_funds(1_500_000)
        president = self.make_member("DEMBÉLÉ Oumar", sex="male")
        self.grant(self.ready(member=president, related_party="elected"))
        self.assertEqual(self.ready(member=president, amount=1_000).related_party, "elected")
        other = self.ready(member=self.make_member("SANOGO Awa"), related_party="staff")
        self.assertIn("200", self.faults(other))
        other.related_party = "none"
        self.assertEqual(self.faults(other), "")

    def test_a_seat_of_the_family_is_no_secret(self):
        president, daughter = self.make_member("DEMBÉLÉ Oumar", sex="male"), self.make_member("DEMBÉLÉ Awa")
        loan = self.ready(member=daughter)
        self.assertEqual(loan.related_party, "none")
        self.env["kondo.committee.seat"].create({"company_id": self.nio.id, "partner_id": president.id})
        self.assertEqual(self.faults(loan), "")
        self.env["kondo.member.relation"].create({"partner_id": president.id, "other_id": daughter.id, "kind": "child"})
        self.assertIn("DEMBÉLÉ Awa", self.faults(loan))
        self.assertEqual(self.ready(member=daughter).related_party, "relative")
        self.assertEqual(self.ready(member=president).related_party, "elected")
        loan.related_party = "relative"
        self.assertEqual(self.faults(loan), "")

    # ------------------------------------------------------------------ roles
    def test_a_teller_reads_and_another_caisse_sees_nothing(self):
        loan = self.ready()
        teller = self.as_user(self.users["NIX"]["teller"])
        self.assertTrue(teller["kondo.loan"].browse(loan.id).answer_ids.mapped("amount"))
        with self.assertRaises(UserError):
            teller["kondo.loan"].browse(loan.id).action_submit()
        for model, values in (
            ("kondo.loan.guarantor", {"loan_id": loan.id, "name": "X", "ceiling": 1}),
            ("kondo.loan.question", {"name": "X", "code": "x"}),
            ("kondo.loan.document", {"loan_id": loan.id, "name": "X"}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                teller[model].create(values)
        officer = self.as_user(self.officer)
        with self.assertRaises(AccessError):
            officer["kondo.loan.question"].create({"name": "X", "code": "x"})
        stranger = self.as_user(self.users["SGX"]["officer"])
        self.env.invalidate_all()
        self.assertFalse(stranger["kondo.loan.answer"].search([("loan_id", "=", loan.id)]))
        with self.assertRaises(AccessError):
            stranger["kondo.loan"].browse(loan.id).action_submit()
