from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_farmer_orgs.engine.people import age_on, is_majority, percent, young_births

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@tagged("post_install", "-at_install")
class TestAges(BaseCase):
    @given(DAYS, st.integers(0, 60), st.integers(0, 40), st.integers(-3, 3), st.booleans())
    def test_the_band_of_births_is_the_band_of_ages(self, day, youngest, more, near, at_start):
        """Around both ends of the band, a birth is inside it exactly when the age is."""
        oldest = youngest + more
        earliest, latest = young_births(day, youngest, oldest)
        born = (earliest if at_start else latest) + timedelta(days=near)
        if born <= day:
            self.assertEqual(earliest <= born <= latest, youngest <= age_on(born, day) <= oldest)

    @given(st.integers(0, 10_000), st.integers(1, 10_000))
    def test_a_share_lies_between_0_and_100(self, part, more):
        whole = part + more
        self.assertTrue(0 <= percent(part, whole) <= 100)
        self.assertAlmostEqual(percent(part, whole), 100 * part / whole, delta=0.0501)
        self.assertFalse(is_majority(part, whole, 50) and is_majority(whole - part, whole, 50))
