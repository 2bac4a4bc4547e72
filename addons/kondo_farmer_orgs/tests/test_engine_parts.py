import doctest
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_farmer_orgs.engine import parts
from odoo.addons.kondo_farmer_orgs.engine.parts import dues_of_parts, largest_remainder, standings, whose_money

FRANCS = st.integers(0, 10**7)
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
START = date(2026, 1, 31)


@tagged("at_install", "-post_install")
class TestEngineParts(BaseCase):
    """A contract shared among people: to the franc, instalment by instalment and payment by payment."""

    def test_doctests(self):
        self.assertEqual(doctest.testmod(parts).failed, 0)

    @CALM
    @given(FRANCS, st.lists(FRANCS, min_size=1, max_size=30))
    def test_parts_add_up_and_nobody_is_further_than_a_franc_from_his_proportion(self, amount, weights):
        if not sum(weights):
            weights[0] = 1
        shares = largest_remainder(amount, weights)
        self.assertEqual(sum(shares), amount)
        for share, weight in zip(shares, weights, strict=True):
            self.assertLess(abs(share * sum(weights) - amount * weight), sum(weights))
            if amount <= sum(weights):
                self.assertLessEqual(share, weight)

    def test_nothing_is_shared_over_nobody(self):
        for amount, weights in ((5, [0, 0]), (-1, [1]), (1, [-1, 2])):
            with self.assertRaises(ValueError):
                largest_remainder(amount, weights)

    @CALM
    @given(
        st.lists(st.tuples(FRANCS, FRANCS), min_size=1, max_size=20),
        st.lists(FRANCS, min_size=1, max_size=24),
    )
    def test_dues_add_up_in_both_directions(self, people, totals):
        granted, before = [one for one, _ in people], [one for _, one in people]
        rows = dues_of_parts(granted, before, totals)
        self.assertEqual([sum(row) for row in rows], totals)
        self.assertTrue(all(due >= 0 for row in rows for due in row))
        if not any(before) and any(granted):
            owed = [sum(row[place] for row in rows) for place in range(len(granted))]
            self.assertEqual(owed, largest_remainder(sum(totals), granted))

    @CALM
    @given(
        st.lists(st.tuples(st.integers(1, 10**6), FRANCS), min_size=1, max_size=12),
        st.lists(FRANCS, min_size=1, max_size=12),
        st.integers(0, 400),
        st.data(),
    )
    def test_money_is_somebody_s_to_the_last_franc(self, people, totals, days, data):
        granted, paid = [one for one, _ in people], [one for _, one in people]
        instalments = [(START + timedelta(days=30 * number), total) for number, total in enumerate(totals)]
        now = standings(granted, [0] * len(granted), paid, instalments, START + timedelta(days=days))
        amount = data.draw(FRANCS)
        listed = data.draw(st.lists(FRANCS, min_size=len(granted), max_size=len(granted)))
        shares = whose_money(amount, now, listed, granted)
        self.assertEqual(sum(shares), amount)
        self.assertTrue(all(share >= 0 for share in shares))
        if sum(listed) == amount:
            self.assertEqual(shares, listed)
        for one in now:
            self.assertLessEqual(one.late, one.due)
            self.assertLessEqual(one.due, one.left)
            self.assertEqual(bool(one.since), bool(one.late))
