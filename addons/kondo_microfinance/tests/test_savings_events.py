"""What comes next on an account, told by every room in the same shape."""

from datetime import date

from odoo.tests import tagged

from .rules_common import RulesCase


@tagged("post_install", "-at_install")
class TestNextEvents(RulesCase):
    def test_every_room_tells_a_day_and_a_sentence(self):
        """Account keeping, end of a hold, end of an overdraft and interest stand together on form and situation."""
        self.tariff("keeping", product=self.demand, amount=300)
        self.env["kondo.savings.interest.rule"].create(
            {"product_id": self.demand.id, "date_from": "2026-01-01", "annual_rate": 2, "overdraft_rate": 14}
        )
        account = self.make_account(product=self.demand, balance=10_000)
        self.env["kondo.savings.hold"]._place(account, 1_000, "manager", "Litige", date(2026, 3, 25))
        request = self.as_user(self.staff["manager"])["kondo.savings.overdraft"].create(
            {"account_id": account.id, "amount": 5_000, "date_to": "2026-06-30", "reason": "Paie"}
        )
        self.manager(request, "manager2").action_grant()
        account.invalidate_recordset()
        days = sorted(event["date"] for event in account._next_events())
        self.assertEqual(days, [date(2026, 3, 25), date(2026, 3, 31), date(2026, 3, 31), date(2026, 6, 30)])
        self.assertEqual(account.events.count("<tr>"), 4)
        section = account.partner_id._situation_events(account)
        self.assertEqual(len(section["rows"][0]["cells"]), len(section["columns"]))
