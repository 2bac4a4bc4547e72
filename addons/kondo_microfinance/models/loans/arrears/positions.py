from odoo import api, models


class KondoLoan(models.Model):
    """Where every running loan of a caisse stands at the opening of a day, in one statement."""

    _inherit = "kondo.loan"

    @api.model
    @api.private
    def _update_positions(self, company, day):
        """As `_refresh_position` for all running loans of a caisse; the engine's `arrears` says the same of each."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH rows AS (
                SELECT i.loan_id, i.due, i.number,
                       i.principal - i.paid_principal + i.interest - i.paid_interest + i.fee - i.paid_fee
                           + i.tax - i.paid_tax + i.insurance - i.paid_insurance AS counted,
                       i.guarantee - i.paid_guarantee + i.penalty - i.waived_penalty - i.paid_penalty AS beside
                  FROM kondo_loan_instalment i JOIN kondo_loan l ON l.id = i.loan_id
                 WHERE l.company_id = %(company)s AND l.state = 'active' AND i.current
            ), summed AS (
                SELECT r.*, sum(r.counted) FILTER (WHERE r.due < %(day)s)
                           OVER (PARTITION BY r.loan_id ORDER BY r.due, r.number) AS running
                  FROM rows r
            ), positions AS (
                SELECT s.loan_id,
                       min(s.due) FILTER (WHERE s.due < %(day)s AND s.counted > 0 AND s.running > p.arrears_tolerance) AS since,
                       count(*) FILTER (WHERE s.due < %(day)s AND s.counted > 0 AND s.running > p.arrears_tolerance) AS instalments,
                       COALESCE(sum(s.counted + s.beside) FILTER (WHERE s.due < %(day)s), 0) AS late,
                       min(s.due) FILTER (WHERE s.due >= %(day)s AND s.counted + s.beside > 0) AS coming,
                       COALESCE((array_agg(s.counted + s.beside ORDER BY s.due, s.number)
                                 FILTER (WHERE s.due >= %(day)s AND s.counted + s.beside > 0))[1], 0) AS amount
                  FROM summed s JOIN kondo_loan l ON l.id = s.loan_id JOIN kondo_loan_product p ON p.id = l.product_id
                 GROUP BY s.loan_id
            ), standing AS (
                SELECT q.*, CASE WHEN q.since IS NOT NULL THEN LEAST(q.since, l.late_from_kept) END AS late_since
                  FROM positions q JOIN kondo_loan l ON l.id = q.loan_id
            )
            UPDATE kondo_loan l
               SET late_since = q.late_since, days_late = COALESCE(%(day)s::date - q.late_since, 0),
                   instalments_late = q.instalments, amount_late = q.late, next_due = q.coming, next_amount = q.amount
              FROM standing q
             WHERE q.loan_id = l.id
               AND (l.late_since, l.days_late, l.instalments_late, l.amount_late, l.next_due, l.next_amount)
                   IS DISTINCT FROM
                   (q.late_since, COALESCE(%(day)s::date - q.late_since, 0), q.instalments, q.late, q.coming, q.amount)
            """,
            {"company": company.id, "day": day},
        )
        self.env["kondo.loan"].invalidate_model(
            ["late_since", "late_from_kept", "days_late", "instalments_late", "amount_late", "next_due", "next_amount"]
        )
