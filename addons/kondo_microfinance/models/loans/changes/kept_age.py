from odoo import api, models
from odoo.tools import SQL

from ....engine.classification import STAGES
from .loan import RESTRUCTURING


class KondoLoan(models.Model):
    """A new schedule makes no loan younger: the age of its arrears is kept until the new schedule has been honoured.

    `late_from_kept` is the day from which the loan was late when it was changed. Late again, it is as old as that; not
    late, it stays in the class it was in. It is cured once so many instalments of the new schedule are paid, a dated
    parameter.
    """

    _inherit = "kondo.loan"

    def _refresh_position(self, date=None):
        super()._refresh_position(date)
        for company in self.filtered("late_from_kept").company_id:
            loans = self.filtered(lambda loan, company=company: loan.company_id == company)
            loans._forget_kept_age(company, date or company.sudo().business_date)

    @api.model
    @api.private
    def _update_positions(self, company, day):
        super()._update_positions(company, day)
        kept = self.sudo().search([("company_id", "=", company.id), ("late_from_kept", "!=", False)])
        kept._forget_kept_age(company, day)

    def _forget_kept_age(self, company, day):
        """Cure those of these loans that are not late and have honoured enough of their new schedule."""
        if not self or not day:
            return
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE kondo_loan l SET late_from_kept = NULL
             WHERE l.id = ANY(%(loans)s) AND l.late_since IS NULL AND l.late_from_kept IS NOT NULL
               AND (SELECT count(*)
                      FROM kondo_loan_instalment i JOIN kondo_loan_schedule s ON s.id = i.schedule_id
                     WHERE i.loan_id = l.id
                       AND s.number >= (SELECT max(c.number) FROM kondo_loan_schedule c
                                         WHERE c.loan_id = l.id AND c.reason = ANY(%(reasons)s))
                       AND i.paid_principal + i.paid_interest + i.paid_fee + i.paid_tax + i.paid_insurance > 0
                       AND i.paid_principal + i.paid_interest + i.paid_fee + i.paid_tax + i.paid_insurance
                           = i.principal + i.interest + i.fee + i.tax + i.insurance)
                   >= LEAST(%(needed)s, (SELECT count(*) FROM kondo_loan_instalment n WHERE n.schedule_id = l.schedule_id))
            """,
            {
                "loans": self.ids,
                "reasons": list(RESTRUCTURING),
                "needed": int(self.env["kondo.parameter"]._get("loan_cure_instalments", day)),
            },
        )
        self.invalidate_recordset(["late_from_kept"])

    @api.model
    @api.private
    def _stage_sql(self, day):
        """A changed loan climbs back only once it is cured; then it also leaves the immobilised ones."""
        stage, stages = super()._stage_sql(day), list(STAGES)
        return SQL(
            """CASE WHEN l.late_from_kept IS NOT NULL AND array_position(%(stages)s, %(stage)s) < array_position(%(stages)s, l.stage)
                    THEN l.stage
                    WHEN l.late_from_kept IS NULL AND l.stage = 'immobilised' AND l.restructured AND l.late_since IS NULL
                    THEN 'performing' ELSE %(stage)s END""",
            stages=SQL("%s::varchar[]", stages),
            stage=SQL("(%s)::varchar", stage),
        )
