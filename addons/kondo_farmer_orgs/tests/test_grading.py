from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import OrgCase


class GradingCase(OrgCase):
    """A questionnaire of two asked questions and one that the system counts."""

    @classmethod
    def build_network(cls):
        super().build_network()
        cls.form = cls.env["kondo.grading.form"].create(
            {
                "name": "Essai",
                "company_id": cls.union.id,
                "date_from": "2020-01-01",
                "question_ids": [
                    (0, 0, cls.asked("Statuts", 6)),
                    (0, 0, cls.asked("Cahier de caisse", 2)),
                    (
                        0,
                        0,
                        {
                            "name": "Retard",
                            "section": "5_arrears",
                            "weight": 2,
                            "kind": "counted",
                            "measure": "days_late",
                            "answer_ids": [
                                (0, 0, {"name": "Aucun", "points": 4, "from_value": 0}),
                                (0, 0, {"name": "Du retard", "points": 0, "from_value": 1}),
                            ],
                        },
                    ),
                ],
            }
        )

    @staticmethod
    def asked(name, weight):
        answers = [
            (0, 0, {"name": label, "points": points}) for label, points in (("Oui", 4), ("À moitié", 2), ("Non", 0))
        ]
        return {"name": name, "weight": weight, "answer_ids": answers}

    def setUp(self):
        super().setUp()
        self.organisation = self.make_organisation()

    def answer(self, sheet, *points, column="officer_answer_id"):
        asked = sheet.line_ids.filtered(lambda line: line.kind == "choice").sorted(lambda line: line.question_id.id)
        for line, number in zip(asked, points, strict=True):
            line[column] = line.question_id.answer_ids.filtered(lambda answer, own=number: answer.points == own)

    def sheet(self, *points, organisation=None, form=None, **values):
        sheet = self.as_user(self.officer)["kondo.grading"].create(
            {"partner_id": (organisation or self.organisation).id, "form_id": (form or self.form).id, **values}
        )
        if points:
            self.answer(sheet, *points)
        return sheet

    def graded(self, *points, **values):
        """A sheet that the officer filled and the manager confirmed."""
        sheet = self.sheet(*points, **values)
        sheet.with_env(self.as_user(self.manager)).action_confirm()
        self.env.invalidate_all()
        return self.env["kondo.grading"].browse(sheet.id)


@tagged("post_install", "-at_install")
class TestGrading(GradingCase):
    """Questionnaires, sheets, grades and how long they hold."""

    def test_from_answers_to_a_grade(self):
        sheet = self.sheet()
        self.assertEqual(len(sheet.line_ids), 3)
        counted = sheet.line_ids.filtered(lambda line: line.kind == "counted")
        self.assertEqual(counted.officer_answer_id.name, "Aucun", "the system answered by itself")
        self.answer(sheet, 4, 2)
        self.assertEqual((sheet.score, sheet.expected_grade), (90, "a"))  # (6 + 1 + 2) of 10
        sheet.with_env(self.as_user(self.manager)).action_confirm()
        self.env.invalidate_all()
        self.assertEqual((sheet.state, sheet.grade, sheet.final_score), ("confirmed", "a", 90))
        self.assertEqual(self.organisation.org_grade, "a")
        year = fields.Date.subtract(fields.Date.add(sheet.graded_on, months=12), days=1)
        self.assertEqual((sheet.valid_until, self.organisation.org_grade_until), (year, year))

    def test_both_scores_stand_side_by_side(self):
        sheet = self.sheet(2, 2)
        self.assertEqual(sheet.own_score, 0, "the organisation has not answered")
        self.answer(sheet, 4, 4, column="own_answer_id")
        self.assertEqual((sheet.score, sheet.own_score), (60, 100))
        self.assertEqual(sheet.line_ids.mapped("differs").count(True), 2)

    def test_who_filled_it_does_not_confirm_it(self):
        sheet = self.sheet(4, 4)
        with self.assertRaises(UserError):
            sheet.action_confirm()
        mine = self.as_user(self.manager)["kondo.grading"].create(
            {"partner_id": self.organisation.id, "form_id": self.form.id}
        )
        self.answer(mine, 4, 4)
        with self.assertRaisesRegex(UserError, "gestion|another|filled|rempli"):
            mine.action_confirm()

    def test_a_sheet_with_holes_is_not_confirmed(self):
        sheet = self.sheet()
        with self.assertRaisesRegex(UserError, "Statuts"):
            sheet.with_env(self.as_user(self.manager)).action_confirm()
        self.answer(sheet, 4, 4)
        sheet.line_ids.filtered(lambda line: line.kind == "choice")[0].own_answer_id = sheet.line_ids.filtered(
            lambda line: line.kind == "choice"
        )[0].question_id.answer_ids[:1]
        with self.assertRaises(UserError):
            sheet.with_env(self.as_user(self.manager)).action_confirm()

    def test_confirmed_it_never_changes(self):
        sheet = self.graded(4, 4)
        for change in (
            lambda: sheet.write({"note": "autre"}),
            lambda: sheet.line_ids[0].write({"remark": "x"}),
            lambda: sheet.unlink(),
            lambda: self.form.write({"threshold_a": 99}),
            lambda: self.form.question_ids[0].write({"weight": 50}),
            lambda: self.form.question_ids[0].answer_ids[0].write({"points": 1}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.sheet(4, 4).sudo().write({"grade": "a"})

    def test_what_is_counted_is_not_typed(self):
        sheet = self.sheet()
        counted = sheet.line_ids.filtered(lambda line: line.kind == "counted")
        with self.assertRaisesRegex(ValidationError, "Retard"), self.env.cr.savepoint():
            counted.officer_answer_id = counted.question_id.answer_ids[1]

    def test_the_last_grade_in_force_counts(self):
        today = fields.Date.today()
        self.graded(4, 4, graded_on=today - timedelta(days=500))
        self.env.invalidate_all()
        self.assertFalse(self.organisation.org_grade, "valid for a year only")
        self.graded(4, 4, graded_on=today - timedelta(days=100))
        self.graded(0, 0, graded_on=today - timedelta(days=10))
        self.assertEqual(self.organisation.org_grade, "d")
        found = self.env["res.partner"].search([("org_grade", "in", ["d"])])
        self.assertIn(self.organisation, found)
        earlier = self.organisation._grades_on(today - timedelta(days=50))
        self.assertEqual(earlier[self.organisation.id].grade, "a")
        self.assertNotIn(self.organisation, self.env["res.partner"].search([("org_grade", "=", False)]))

    def test_a_new_version_leaves_the_old_sheets_alone(self):
        sheet = self.graded(4, 4)
        new = self.env["kondo.grading.form"].browse(self.form.action_new_version()["res_id"])
        self.assertEqual((new.version, len(new.question_ids), new.used), (2, 3, False))
        new.threshold_a = 95
        self.assertEqual((sheet.form_id, sheet.grade), (self.form, "a"))
        today = fields.Date.today()
        forms = self.env["kondo.grading.form"]
        self.assertEqual(forms._form_on(self.nio, "grading", today), new)
        self.assertEqual(forms._form_on(self.nio, "grading", today - timedelta(days=1)), self.form)

    def test_the_usual_questionnaire_is_there(self):
        forms = self.env["kondo.grading.form"].search([("company_id", "=", self.union.id)]) - self.form
        usual, scorecard = forms.sorted("purpose")
        self.assertEqual((usual.purpose, scorecard.purpose, scorecard.own_score), ("grading", "scorecard", False))
        self.assertEqual((len(scorecard.question_ids), sum(scorecard.question_ids.mapped("best"))), (10, 100))
        self.assertTrue(scorecard.source)
        self.assertEqual(sum(usual.question_ids.mapped("weight")), 100)
        self.assertTrue(all(question.best == 4 for question in usual.question_ids))
        sheet = self.sheet(form=usual)
        counted = sheet.line_ids.filtered(lambda line: line.kind == "counted")
        self.assertEqual(len(counted), 4)
        self.assertTrue(all(line.officer_answer_id for line in counted))
        self.env["res.company"]._set_up_all_grading_forms()
        self.assertEqual(len(self.env["kondo.grading.form"].search([("company_id", "=", self.union.id)])), 3)

    def test_an_individual_is_not_graded(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.sheet(organisation=self.make_member())

    def test_another_caisse_sees_no_grading(self):
        sheet = self.graded(4, 4)
        stranger = self.as_user(self.users["SGX"]["manager"])
        self.assertFalse(stranger["kondo.grading"].search([("id", "=", sheet.id)]))
        with self.assertRaises(UserError):
            self.sheet(4, 4).with_env(stranger).action_confirm()
        with self.assertRaises(AccessError):
            self.as_user(self.manager)["kondo.grading.form"].create({"name": "x", "company_id": self.union.id})

    def test_paid_on_its_day(self):
        loan = self.running(member=self.organisation, amount=120_000, instalments=12)
        rows = loan.instalment_ids.sorted("number")
        first, second = rows[0], rows[1]
        self.move_day(self.nio, first.due)
        self.repay(loan, first.total)
        self.move_day(self.nio, second.due + timedelta(days=3))
        self.repay(loan, second.total)
        self.env.invalidate_all()
        sheet = self.sheet(graded_on=second.due + timedelta(days=3))
        share = sheet._measure_paid_on_time(self.organisation)
        self.assertEqual(
            share, 50.0, "the first of two equal instalments was paid on its day, the second three days late"
        )
        self.assertIsNone(sheet._measure_paid_on_time(self.make_organisation("Sans crédit")))


@tagged("post_install", "-at_install")
class TestGradeAndLoan(GradingCase):
    """What the grade of an organisation forbids and costs."""

    def setUp(self):
        super().setUp()
        self.product = self.loan_product(
            code="GRP",
            name="Crédit OP",
            minimum_grade="c",
            grade_ids=[
                (0, 0, {"grade": "b", "maximum_amount": 500_000, "rate_difference": 2}),
                (0, 0, {"grade": "a", "maximum_rate": 17}),
            ],
        )

    def faults(self, loan):
        self.env.invalidate_all()
        return " ".join(loan.sudo()._check_blocking()).replace("\u202f", " ").replace("\xa0", " ")

    def test_no_grade_no_loan(self):
        loan = self.file(self.organisation, self.product)
        self.assertIn("SCOOPS Benkadi", self.faults(loan))
        self.assertFalse(self.file(self.make_member(), self.product).sudo()._check_blocking())
        self.assertFalse(self.file(self.organisation, self.monthly).sudo()._check_blocking())

    def test_a_low_grade_is_named(self):
        self.graded(0, 0)
        self.assertRegex(self.faults(self.file(self.organisation, self.product)), r"\bD\b.*\bC\b")

    def test_a_grade_limits_amount_and_moves_the_rate(self):
        self.graded(4, 0)  # (6 + 2) of 10: 80 is an A
        self.assertEqual(self.organisation.org_grade, "a")
        dear = self.file(self.organisation, self.product)
        self.assertIn("17", self.faults(dear))
        self.graded(2, 4)  # (3 + 2 + 2) of 10
        self.assertEqual(self.organisation.org_grade, "b")
        loan = self.file(self.organisation, self.product, amount=400_000)
        self.assertEqual(loan.annual_rate, 20, "two points more for a B")
        self.assertFalse(self.faults(loan))
        loan.annual_rate = 18
        self.assertIn("20", self.faults(loan))
        loan.write({"annual_rate": 20, "amount": 600_000})
        self.assertIn("500 000", self.faults(loan))
        with self.assertRaisesRegex(UserError, "500"):
            self.grant(loan)


@tagged("post_install", "-at_install")
class TestScorecard(GradingCase):
    """Points of a social scorecard and the likelihood its table gives."""

    def setUp(self):
        super().setUp()
        self.card = self.env["kondo.grading.form"].create(
            {
                "name": "Carte sociale",
                "purpose": "scorecard",
                "company_id": self.union.id,
                "date_from": "2020-01-01",
                "question_ids": [
                    (0, 0, {**self.asked(f"Q{number}", 1), "section": "6_household"}) for number in range(2)
                ],
                "likelihood_ids": [
                    (0, 0, {"score_from": 0, "score_to": 4, "percent": 72.5}),
                    (0, 0, {"score_from": 5, "score_to": 100, "percent": 31}),
                ],
            }
        )

    def test_points_become_a_likelihood(self):
        person = self.add_person(self.organisation, "COULIBALY Awa")
        sheet = self.as_user(self.officer)["kondo.grading"].create({"person_id": person.id, "form_id": self.card.id})
        self.answer(sheet, 4, 2)
        self.assertEqual(sheet.score, 6)
        sheet.with_env(self.as_user(self.manager)).action_confirm()
        self.env.invalidate_all()
        self.assertEqual((sheet.final_score, sheet.likelihood, sheet.grade), (6, 31, False))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.card.likelihood_ids[0].percent = 10

    def test_a_table_with_a_hole_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "50"), self.env.cr.savepoint():
            self.card.likelihood_ids = [
                (5, 0, 0),
                (0, 0, {"score_from": 0, "score_to": 49, "percent": 72.5}),
                (0, 0, {"score_from": 51, "score_to": 100, "percent": 31}),
            ]
