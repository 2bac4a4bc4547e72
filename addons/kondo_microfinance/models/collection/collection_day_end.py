from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (10, "collections", "kondo.collection", "_day_end")]


class KondoCollection(models.Model):
    _inherit = "kondo.collection"

    @api.model
    @api.private
    def _day_end(self, company, date, next_date):
        """Money that a collector still carries when the day closes: noted on its sheet, and nothing is refused."""
        with self.env["kondo.operation"]._posting_env() as env:
            env.cr.execute(
                """UPDATE kondo_collection SET alerted_on = %(date)s
                    WHERE company_id = %(company)s AND state = 'to_count' AND date <= %(date)s
                      AND (alerted_on IS NULL OR alerted_on < %(date)s)""",
                {"company": company.id, "date": date},
            )
        self.env.invalidate_all()
