from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_farmer_orgs.engine.grading import band_of, grade_of, likelihood, table_gap, weighted_score
from odoo.addons.kondo_farmer_orgs.engine.quorum import quorum_of

ROWS = st.lists(
    st.tuples(st.fractions(0, 50, max_denominator=4), st.integers(0, 10), st.integers(0, 10)).map(
        lambda row: (row[0], min(row[1], row[2]), max(row[1], row[2]))
    ),
    max_size=15,
)


@tagged("post_install", "-at_install")
class TestScores(BaseCase):
    @given(ROWS)
    def test_a_score_lies_between_0_and_100(self, rows):
        score = weighted_score(rows)
        self.assertTrue(0 <= score <= 100)
        best = [(weight, best, best) for weight, _points, best in rows]
        counts = any(weight and most for weight, _points, most in best)
        self.assertEqual(weighted_score(best), 100 if counts else 0)

    @given(ROWS, st.integers(0, 14), st.integers(1, 10))
    def test_a_better_answer_never_lowers_the_score(self, rows, index, more):
        if index < len(rows):
            weight, points, best = rows[index]
            better = [*rows[:index], (weight, min(best, points + more), best), *rows[index + 1 :]]
            self.assertGreaterEqual(weighted_score(better), weighted_score(rows))

    @given(
        st.lists(st.integers(0, 100), min_size=3, max_size=3),
        st.decimals(0, 100, places=2),
        st.decimals(0, 100, places=2),
    )
    def test_a_better_score_never_has_a_worse_grade(self, thresholds, one, other):
        a, b, c = sorted(thresholds, reverse=True)
        low, high = sorted((one, other))
        self.assertLessEqual(grade_of(high, a, b, c), grade_of(low, a, b, c))
        self.assertEqual(grade_of(Decimal(a), a, b, c), "a")

    @given(st.lists(st.integers(0, 100), unique=True), st.integers(-5, 105))
    def test_a_band_is_the_highest_reached(self, beginnings, value):
        reached = [start for start in beginnings if start <= value]
        self.assertEqual(band_of(value, [(start, start) for start in beginnings]), max(reached, default=None))

    @given(st.sets(st.integers(1, 100)))
    def test_a_whole_table_gives_every_number_once(self, cuts):
        starts = [0, *sorted(cuts)]
        ends = [*(start - 1 for start in starts[1:]), 100]
        table = [(start, end, index) for index, (start, end) in enumerate(zip(starts, ends, strict=True))]
        self.assertIsNone(table_gap(table))
        for points in (0, 50, 100):
            self.assertIsNotNone(likelihood(points, table))
        if len(table) > 1:
            self.assertEqual(table_gap(table[1:]), 0)

    @given(st.integers(0, 2000), st.fractions(0, 100, max_denominator=100))
    def test_a_quorum_is_the_least_number_that_reaches_the_percentage(self, people, percent):
        needed = quorum_of(people, percent)
        self.assertGreaterEqual(needed * 100, people * Fraction(percent))
        self.assertTrue(needed == 1 or (needed - 1) * 100 < people * Fraction(percent))
