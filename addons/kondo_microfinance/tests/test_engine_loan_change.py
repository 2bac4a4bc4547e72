from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_microfinance.engine.allocation import Due
from odoo.addons.kondo_microfinance.engine.loan_change import CARRIED, carry_over, postponed

FRANCS = st.integers(0, 10**6)
ROWS = st.lists(st.fixed_dictionaries({part: FRANCS for part in CARRIED}), min_size=1, max_size=8)
START = date(2024, 1, 1)
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@tagged("at_install", "-post_install")
class TestEngineLoanChange(BaseCase):
    """What goes from one schedule into the next: no franc is lost, none is asked twice."""

    @CALM
    @given(ROWS, st.fixed_dictionaries({part: st.integers(-(10**6), 10**6) for part in CARRIED}))
    def test_all_is_carried_and_nothing_falls_below_zero(self, rows, carried):
        more = carry_over(rows, carried)
        self.assertEqual(len(more), len(rows))
        for part, francs in carried.items():
            moved = sum(change.get(part, 0) for change in more)
            self.assertEqual(moved, max(francs, -sum(row[part] for row in rows)))
            for row, change in zip(rows, more, strict=True):
                self.assertGreaterEqual(row[part] + change.get(part, 0), 0)

    @CALM
    @given(
        st.lists(st.tuples(st.integers(1, 60), FRANCS, FRANCS), min_size=1, max_size=12),
        st.integers(0, 700),
        st.integers(1, 24),
    )
    def test_postponed_principal_is_the_same_and_later(self, gaps, today, months):
        dues, day = [], START
        for number, (gap, principal, interest) in enumerate(gaps, 1):
            day += timedelta(days=gap)
            dues.append(Due(number, day, principal=principal, interest=interest))
        on = START + timedelta(days=today)
        rows = postponed(dues, on, months)
        self.assertEqual(sum(francs for _day, francs in rows), sum(due.principal for due in dues))
        days = [day for day, _francs in rows]
        self.assertEqual(days, sorted(set(days)))
        self.assertTrue(all(day > on for day in days))
        self.assertTrue(not rows or rows[-1][1])
