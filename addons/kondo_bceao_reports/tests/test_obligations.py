from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.tests.period_common import LAST

from .return_common import ReturnCase


@tagged("post_install", "-at_install")
class TestObligations(ReturnCase):
    """Who owes what by when, on chosen days."""

    def on(self, day):
        """The calendar as it is brought up to date on a day."""
        self.env.invalidate_all()
        return patch.object(fields.Date, "context_today", lambda record, timestamp=None: day)

    def rows(self, company, code, **more):
        domain = [("company_id", "=", company.id), ("type_id.code", "=", code)]
        return self.env["kondo.return.obligation"].search(
            domain + [(name, "=", value) for name, value in more.items()], order="date, scope"
        )

    def companies(self):
        return self.union + self.nio + self.seg

    def test_due_dates_by_profile(self):
        calendar = self.env["kondo.return.obligation"]
        with self.on(date(2026, 2, 10)):
            calendar._lay_out(self.companies())
            annual = self.rows(self.nio, "DIMF")
            self.assertEqual(annual.mapped(lambda row: (row.date, row.due_date)), [(LAST, date(2026, 6, 30))])
            quarters = self.rows(self.nio, "INDIC")
            self.assertEqual(
                quarters.mapped(lambda row: (row.date, row.due_date)), [(date(2026, 3, 31), date(2026, 4, 30))]
            )
            self.assertEqual(self.rows(self.union, "DIMF").mapped("scope"), ["caisse", "network"])
            self.assertEqual(annual.user_id, self.users["NIX"]["accountant"])
            calendar._lay_out(self.companies())
            self.assertEqual(len(self.rows(self.nio, "INDIC")), 1, "once")
            # article 44 on the union: indicators of its caisses each month
            self.union.kondo_article_44 = True
            calendar._lay_out(self.companies())
            months = self.rows(self.nio, "INDIC")
            self.assertEqual(set(months.mapped("frequency")), {"month"}, "what is no longer owed has gone")
            self.assertEqual(
                months[0].mapped(lambda row: (row.date, row.due_date)), [(date(2026, 1, 31), date(2026, 3, 2))]
            )
            # not a deposit taker; the authority takes consolidated statements only
            self.env.ref("kondo_bceao_reports.return_type_indicators").deposit_taking = True
            self.env.ref("kondo_bceao_reports.return_type_statements").scope = "network"
            self.nio.kondo_deposit_taking = False
            calendar._lay_out(self.companies())
            self.assertFalse(self.rows(self.nio, "INDIC") + self.rows(self.nio, "DIMF"))
            self.assertEqual(self.rows(self.union, "DIMF").mapped("scope"), ["network"])

    def test_reminded_once_late_and_filed(self):
        calendar = self.env["kondo.return.obligation"]
        with self.on(date(2026, 3, 1)):
            calendar._lay_out(self.companies())
            calendar._remind()
            row = self.rows(self.nio, "TST")
            self.assertEqual((row.state, row.due_date, row.activity_ids.ids), ("todo", date(2026, 6, 30), []))
        with self.on(date(2026, 6, 20)):
            calendar._remind()
            calendar._remind()
            self.assertEqual(len(row.activity_ids), 1)
            self.assertEqual(
                (row.activity_ids.user_id, row.activity_ids.date_deadline),
                (self.users["NIX"]["accountant"], date(2026, 6, 30)),
            )
        with self.on(date(2026, 7, 1)):
            self.assertEqual((row.state, row.days_left), ("late", -1))
            self.assertIn(row, calendar.search([("state", "=", "late")]))
            self.assertNotIn(row, calendar.search([("state", "in", ("todo", "filed"))]))
            calendar._remind()
            self.assertEqual(len(row.activity_ids), 1)

            self.end_the_year()
            mine = self.by("accountant", row)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                mine.due_date = date(2026, 12, 31)
            calendar._lay_out(self.companies())
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.by("accountant", self.rows(self.nio, "INDIC")[-1]).action_prepare()  # not over yet
            record = mine.env["kondo.return"].browse(mine.action_prepare()["res_id"])
            self.assertEqual(mine.action_prepare()["res_id"], record.id, "the same when it is opened again")
            self.assertEqual((record.due_date, row.return_id), (date(2026, 6, 30), record))
            self.type_staff(record)
            record.action_compute()
            record.action_check()
            manager = self.by("manager", record)
            manager.action_validate()
            manager.action_file()
            self.env.invalidate_all()
            self.assertEqual((row.state, row.filed_on, row.filed_late), ("filed", date(2026, 7, 1), True))
            self.assertFalse(row.activity_ids)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                row.unlink()
            with self.assertRaises(AccessError):
                self.as_user(self.users["NIX"]["teller"])["kondo.return.obligation"].search([])
            other = self.as_user(self.users["SGX"]["accountant"])["kondo.return.obligation"]
            self.assertFalse(other.search([("company_id", "=", self.nio.id)]))
            other.action_refresh()
