from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (76, "write_offs", "kondo.loan", "_day_end_write_offs")]


class KondoLoan(models.Model):
    """Loans that have stood long enough in the oldest class are proposed for the write-off at the end of the month.

    Proposed, never written off by the closing: somebody asks, another decides, see `write_off.py`.
    """

    _inherit = "kondo.loan"

    write_off_proposed_on = fields.Date(
        string="Write-off proposed on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The closing of a month found it late for so long that the law wants it written off.",
    )

    def _refuse_guarded(self, names):
        super()._refuse_guarded(names)
        if "write_off_proposed_on" in names:
            super()._refuse_guarded({"state"})

    @api.model
    @api.private
    def _day_end_write_offs(self, company, date, next_date):
        """At the end of a month; number of loans proposed. A loan paid since is no longer proposed."""
        if not company._ends_month(date, next_date):
            return None
        months = int(self.env["kondo.parameter"]._get("loan_write_off_months", date))
        with self.env["kondo.operation"]._posting_env() as env:
            env.flush_all()
            env.cr.execute(
                """
                WITH old AS (
                    SELECT id FROM kondo_loan WHERE company_id = %(company)s AND state = 'active'
                       AND (late_since + make_interval(months => %(months)s))::date < %(day)s::date
                ), dropped AS (
                    UPDATE kondo_loan SET write_off_proposed_on = NULL
                     WHERE company_id = %(company)s AND write_off_proposed_on IS NOT NULL AND id NOT IN (SELECT id FROM old)
                       AND state <> 'written_off'
                ), proposed AS (
                    UPDATE kondo_loan SET write_off_proposed_on = %(date)s
                     WHERE id IN (SELECT id FROM old) AND write_off_proposed_on IS NULL
                )
                SELECT count(*) FROM old
                """,
                {
                    "company": company.id,
                    "months": months,
                    "day": company._evening_of(date, next_date),
                    "date": date,
                },
            )
            found = env.cr.fetchone()[0]
            env["kondo.loan"].invalidate_model(["write_off_proposed_on"])
        return found or None
