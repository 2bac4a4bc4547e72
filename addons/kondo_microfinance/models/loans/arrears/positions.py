from odoo import api, models

from ...room import leave_room


class KondoLoan(models.Model):
    """Where every running loan of a caisse stands at the opening of a day, in one statement."""

    _inherit = "kondo.loan"

    def init(self):
        """Each evening writes each running loan once or twice."""
        super().init()
        leave_room(self.env, self._table, 45)

    @api.model
    @api.private
    def _update_positions(self, company, day):
        """As `_refresh_position` for all running loans of a caisse; the engine's `arrears` says the same of each.

        Only instalments with something left are looked at: what is paid decides nothing.
        """
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL work_mem = '64MB'")  # some ten megabytes are sorted: in memory, not on disk
        self.env.cr.execute(
            """
            WITH rows AS (
                SELECT q.* FROM (
                    SELECT i.loan_id, i.due, i.number,
                           i.principal - i.paid_principal + i.interest - i.paid_interest + i.fee - i.paid_fee
                               + i.tax - i.paid_tax + i.insurance - i.paid_insurance AS counted,
                           i.guarantee - i.paid_guarantee + i.penalty - i.waived_penalty - i.paid_penalty AS beside
                      FROM kondo_loan_instalment i JOIN kondo_loan l ON l.id = i.loan_id
                     WHERE l.company_id = %(company)s AND l.state = 'active' AND i.current) q
                 WHERE q.counted + q.beside > 0
            ), due AS (
                SELECT r.*, sum(r.counted) OVER (PARTITION BY r.loan_id ORDER BY r.due, r.number) AS running
                  FROM rows r WHERE r.due < %(day)s
            ), late AS (
                SELECT d.loan_id, sum(d.counted + d.beside) AS amount,
                       min(d.due) FILTER (WHERE d.counted > 0 AND d.running > p.arrears_tolerance) AS since,
                       count(*) FILTER (WHERE d.counted > 0 AND d.running > p.arrears_tolerance) AS instalments
                  FROM due d JOIN kondo_loan l ON l.id = d.loan_id JOIN kondo_loan_product p ON p.id = l.product_id
                 GROUP BY d.loan_id
            ), coming AS (
                SELECT DISTINCT ON (r.loan_id) r.loan_id, r.due, r.counted + r.beside AS amount
                  FROM rows r WHERE r.due >= %(day)s ORDER BY r.loan_id, r.due, r.number
            ), standing AS (
                SELECT l.id, CASE WHEN late.since IS NOT NULL THEN LEAST(late.since, l.late_from_kept) END AS late_since,
                       COALESCE(late.instalments, 0) AS instalments, COALESCE(late.amount, 0)::bigint AS late,
                       coming.due AS coming, COALESCE(coming.amount, 0) AS amount
                  FROM kondo_loan l
                  LEFT JOIN late ON late.loan_id = l.id
                  LEFT JOIN coming ON coming.loan_id = l.id
                 WHERE l.company_id = %(company)s AND l.state = 'active'
            )
            UPDATE kondo_loan l
               SET late_since = q.late_since, days_late = COALESCE(%(day)s::date - q.late_since, 0),
                   instalments_late = q.instalments, amount_late = q.late, next_due = q.coming, next_amount = q.amount
              FROM standing q
             WHERE q.id = l.id
               AND (l.late_since, l.days_late, l.instalments_late, l.amount_late, l.next_due, l.next_amount)
                   IS DISTINCT FROM
                   (q.late_since, COALESCE(%(day)s::date - q.late_since, 0), q.instalments, q.late, q.coming, q.amount)
            """,
            {"company": company.id, "day": day},
        )
        self.env["kondo.loan"].invalidate_model(
            ["late_since", "late_from_kept", "days_late", "instalments_late", "amount_late", "next_due", "next_amount"]
        )
