from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestHolidays(LoanCase):
    """Due dates and the network's list of public holidays."""

    def dues(self, loan):
        return [row.due for row in loan._plan()[1].rows]

    def test_a_new_network_has_the_holidays_with_a_fixed_date(self):
        self.union._set_up_holidays()
        found = self.env["kondo.holiday"].search([("company_id", "=", self.union.id)])
        self.assertEqual(len(found), 7)
        self.assertTrue(all(found.mapped("yearly")))
        self.union._set_up_holidays()
        self.assertEqual(self.env["kondo.holiday"].search_count([("company_id", "=", self.union.id)]), 7)
        days = self.union._closed_days(date(2027, 1, 1), date(2028, 1, 1), margin=0)
        self.assertIn(date(2027, 9, 22), days)
        self.assertIn(date(2028, 1, 1), days)
        self.assertEqual(len(days), 8)

    def test_an_instalment_due_on_a_holiday_moves_as_the_product_says(self):
        holidays = self.env["kondo.holiday"].search([("company_id", "=", self.union.id)])
        holidays.unlink()
        start = date(2027, 1, 22)  # the instalments: Mondays to Fridays around 22 September, a Wednesday
        self.env["kondo.holiday"].create(
            {"company_id": self.union.id, "name": "Indépendance", "day": date(2020, 9, 22), "yearly": True}
        )
        self.env["kondo.holiday"].create(
            {"company_id": self.union.id, "name": "Tabaski", "day": date(2027, 9, 23), "yearly": False}
        )
        expected = {"none": date(2027, 9, 22), "next": date(2027, 9, 24), "previous": date(2027, 9, 21)}
        for rank, (shift, day) in enumerate(expected.items()):
            product = self.loan_product(code=f"HO{chr(65 + rank)}", shift=shift, closed_holidays=True)
            loan = self.file(product=product, start_on=start)
            with self.subTest(shift=shift):
                self.assertEqual(self.dues(loan)[7], day)
                self.assertEqual(self.dues(loan)[8], date(2027, 10, 22))
        product.closed_holidays = False
        self.assertEqual(self.dues(loan)[7], date(2027, 9, 22))

    def test_the_list_is_the_networks(self):
        holiday = self.env["kondo.holiday"].create(
            {"company_id": self.union.id, "name": "Maouloud", "day": date(2027, 8, 15)}
        )
        self.assertEqual(holiday.with_user(self.officer).name, "Maouloud")
        with self.assertRaises(AccessError):
            holiday.with_user(self.officer).day = date(2027, 8, 16)
