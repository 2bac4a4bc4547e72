from datetime import date, timedelta

from odoo import api, fields, models

# Public holidays of Mali with a fixed date (loi n° 05-040 of 22 July 2005); those of the moon are entered each year.
FIXED = ((1, 1), (1, 20), (3, 26), (5, 1), (5, 25), (9, 22), (12, 25))


class KondoHoliday(models.Model):
    """A day on which the caisses are closed and no instalment is due."""

    _name = "kondo.holiday"
    _description = "Public holiday"
    _order = "day"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", string="Union", required=True, index=True, default=lambda self: self.env.company.sudo().root_id
    )
    day = fields.Date(required=True)
    yearly = fields.Boolean(string="Every year", help="On the same day of each year; otherwise of this year only.")

    _day_unique = models.UniqueIndex("(company_id, day)", "This day is already on the list.")

    @api.model
    @api.private
    def _between(self, union, start, end):
        """The days of a union's list from `start` to `end`, both included (frozenset of dates)."""
        days = set()
        for holiday in self.sudo().search([("company_id", "=", union.id)]):
            years = range(start.year, end.year + 1) if holiday.yearly else [holiday.day.year]
            days.update(holiday._in_year(year) for year in years)
        return frozenset(day for day in days if start <= day <= end)

    def _in_year(self, year):
        """The holiday in a year; 29 February is 1 March where there is none."""
        try:
            return self.day.replace(year=year)
        except ValueError:
            return date(year, 3, 1)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.private
    def _kondo_set_up_union(self, code):
        super()._kondo_set_up_union(code)
        self._set_up_holidays()

    @api.model
    def _set_up_all_holidays(self):
        """The usual list for unions that were there before it."""
        self.sudo().search([("kondo_kind", "=", "union")])._set_up_holidays()

    def _set_up_holidays(self):
        """Enter the holidays with a fixed date into unions that have no list yet."""
        _ = self.env._
        names = (
            _("New Year's Day"), _("Army Day"), _("Martyrs' Day"), _("Labour Day"), _("Africa Day"),
            _("Independence Day"), _("Christmas"),
        )  # fmt: skip
        holidays = self.env["kondo.holiday"].sudo()
        year = fields.Date.today().year
        for union in self:
            if not holidays.search_count([("company_id", "=", union.id)], limit=1):
                holidays.create(
                    [
                        {"company_id": union.id, "name": name, "day": date(year, month, day), "yearly": True}
                        for name, (month, day) in zip(names, FIXED, strict=True)
                    ]
                )

    @api.private
    def _closed_days(self, start, end, margin=60):
        """Public holidays of the network from `start` to `margin` days after `end` (frozenset of dates)."""
        return self.env["kondo.holiday"]._between(self.sudo().root_id, start, end + timedelta(days=margin))
