from odoo import api, models
from odoo.tools import SQL

from .penalty_sql import penalties_query


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [
            *super()._day_end_steps(),
            (35, "loan_penalties", "kondo.loan", "_day_end_penalties"),
            (36, "loan_positions", "kondo.loan", "_day_end_positions"),
            (88, "loan_morning", "kondo.loan", "_day_end_morning"),
        ]


class KondoLoan(models.Model):
    """Penalties are counted each evening for the days to the next opening; they are income when they are paid.

    At the end of a month they are first counted to its last evening, which is photographed, then to the next opening.
    """

    _inherit = "kondo.loan"

    @api.model
    @api.private
    def _day_end_penalties(self, company, date, next_date):
        return self._count_penalties(company, company._evening_of(date, next_date))

    @api.model
    @api.private
    def _day_end_positions(self, company, date, next_date):
        with self.env["kondo.operation"]._posting_env() as env:
            env["kondo.loan"]._update_positions(company, company._evening_of(date, next_date))

    @api.model
    @api.private
    def _day_end_morning(self, company, date, next_date):
        """What tellers and officers find at the opening, when the month ended on days without business."""
        if company._evening_of(date, next_date) == next_date:
            return None
        self._count_penalties(company, next_date)
        with self.env["kondo.operation"]._posting_env() as env:
            env["kondo.loan"]._update_positions(company, next_date)

    @api.model
    @api.private
    def _count_penalties(self, company, day):
        """Count penalties of a caisse up to `day`; safe to run again: each instalment knows how far it is counted.

        :return: number of late instalments
        """
        with self.env["kondo.operation"]._posting_env() as env:
            env.flush_all()
            env.cr.execute(
                """SELECT l.id FROM kondo_loan l
                    WHERE l.company_id = %(company)s AND l.state = 'active'
                      AND EXISTS (SELECT 1 FROM kondo_loan_instalment i
                                   WHERE i.loan_id = l.id AND i.company_id = %(company)s AND i.current AND i.due < %(day)s)
                    ORDER BY l.id FOR NO KEY UPDATE""",
                {"company": company.id, "day": day},
            )
            env.cr.execute(
                SQL(
                    """WITH counted (id, francs) AS MATERIALIZED (%s)
                       UPDATE kondo_loan_instalment i SET penalty = i.penalty + c.francs, penalty_until = %s
                         FROM counted c WHERE c.id = i.id""",
                    penalties_query(company.id, day),
                    day,
                )
            )
            env["kondo.loan.instalment"].invalidate_model(["penalty", "penalty_until"])
            return env.cr.rowcount or None
