from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...ledger.key import LEDGER, has_ledger_key

STATES = [("ok", "OK"), ("warn", "To see"), ("fail", "To mend")]
CHECKS = ("day", "closings", "books", "entries", "liaison", "suspense")


class KondoMonthCheck(models.Model):
    """What stands between a caisse and the close of a month, point by point, and in words.

    Red blocks the close of the whole network, amber asks for a look. The union has a row of its own for what stands in
    its books. Written by the check only.
    """

    _name = "kondo.month.check"
    _description = "Caisse at the close of a month"
    _order = "month_id, rank desc, company_id"

    month_id = fields.Many2one("kondo.month.close", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    business_date = fields.Date(readonly=True)
    day = fields.Selection(STATES, string="Beyond the month", readonly=True)
    closings = fields.Selection(STATES, string="Days closed", readonly=True)
    books = fields.Selection(STATES, string="Books agree", readonly=True)
    entries = fields.Selection(STATES, string="Nothing left in draft", readonly=True)
    liaison = fields.Selection(STATES, string="Between caisses", readonly=True)
    suspense = fields.Selection(STATES, string="Suspense accounts", readonly=True)
    state = fields.Selection(STATES, string="Caisse ready", required=True, readonly=True)
    rank = fields.Integer(readonly=True)
    reason = fields.Text(string="What is to do", readonly=True)
    lock_before = fields.Date(readonly=True, help="Lock date of the caisse before the month was closed.")

    _once = models.UniqueIndex("(month_id, company_id)")

    @api.model_create_multi
    def create(self, vals_list):
        self._check_key()
        return super().create(vals_list)

    def write(self, vals):
        self._check_key()
        return super().write(vals)

    def unlink(self):
        self._check_key()
        return super().unlink()

    def _check_key(self):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("These points are written by the check of the month."))

    # ------------------------------------------------------------------ the check
    @api.model
    @api.private
    def _examine(self, month, companies):
        """Write one row for each of these companies (caisses, and the union for its own books). Set-based."""
        found = self._days(month, companies)
        for other in (self._closings, self._books, self._entries, self._liaison, self._suspense):
            for company_id, points in other(month, companies).items():
                found[company_id].update(points)
        rows = {row.company_id: row for row in self.sudo().search([("month_id", "=", month.id)])}
        ledger = self.sudo().with_context(kondo_ledger=LEDGER)
        missing = []
        for company in companies.sudo():
            points = found[company.id]
            states = [points[name][0] for name in CHECKS if name in points]
            state = "fail" if "fail" in states else "warn" if "warn" in states else "ok"
            values = {
                **{name: points[name][0] if name in points else False for name in CHECKS},
                "business_date": company.business_date if company.kondo_kind == "caisse" else False,
                "state": state,
                "rank": {"fail": 2, "warn": 1, "ok": 0}[state],
                "reason": "\n".join(points[name][1] for name in CHECKS if name in points and points[name][1]) or False,
            }
            if company in rows:
                rows[company].with_context(kondo_ledger=LEDGER).write(values)
            else:
                missing.append({"month_id": month.id, "company_id": company.id, **values})
        ledger.create(missing)
