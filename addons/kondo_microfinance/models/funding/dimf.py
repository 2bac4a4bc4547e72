from odoo import api, models

TERMS = {"181": "short", "182": "medium", "183": "long", "503": "credit_funds"}
IN_ARREARS = ("immobilised", "late_6", "late_12", "late_24")


class KondoFundingLine(models.Model):
    """What the return DIMF 2014 asks for: resources earmarked by donors and the loans made out of them."""

    _inherit = "kondo.funding.line"

    @api.model
    @api.private
    def _dimf_2014(self, companies, day):
        """Rows of DIMF 2014 at the end of a day, one for each line that has ever moved in these caisses.

        :param companies: res.company records whose books are added up
        :return: [dict line, term ("short", "medium", "long", "credit_funds"), resource, loans, in_arrears], francs:
            ZD1 what came less what was given back, ZD2 what borrowers owe of it, ZD3 of which in arrears. The class of a
            loan is that of the photograph of that evening; without one (any day but the last of a month), today's.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH owed AS (
                SELECT m.line_id, m.loan_id, sum(CASE WHEN m.flow IN ('lent', 'moved_in') THEN m.amount ELSE -m.amount END) AS amount
                  FROM kondo_funding_move m
                 WHERE m.company_id = ANY(%(companies)s) AND m.business_date <= %(day)s AND m.loan_id IS NOT NULL
                   AND m.flow IN ('lent', 'moved_in', 'repaid', 'moved_out', 'written_off')
                 GROUP BY m.line_id, m.loan_id
            ), loans AS (
                SELECT o.line_id, sum(o.amount)::bigint AS loans,
                       COALESCE(sum(o.amount) FILTER (WHERE COALESCE(s.stage, l.stage) = ANY(%(late)s)), 0)::bigint AS in_arrears
                  FROM owed o JOIN kondo_loan l ON l.id = o.loan_id
                  LEFT JOIN kondo_snapshot_loan s ON s.loan_id = o.loan_id AND s.date = %(day)s
                 GROUP BY o.line_id
            ), resources AS (
                SELECT line_id, sum(CASE flow WHEN 'received' THEN amount ELSE -amount END)::bigint AS resource
                  FROM kondo_funding_move
                 WHERE company_id = ANY(%(companies)s) AND business_date <= %(day)s AND flow IN ('received', 'returned')
                 GROUP BY line_id
            )
            SELECT d.id, d.account_root, COALESCE(r.resource, 0), COALESCE(l.loans, 0), COALESCE(l.in_arrears, 0)
              FROM kondo_funding_line d
              LEFT JOIN loans l ON l.line_id = d.id
              LEFT JOIN resources r ON r.line_id = d.id
             WHERE l.line_id IS NOT NULL OR r.line_id IS NOT NULL
             ORDER BY d.account_root, d.id
            """,
            {"companies": companies.ids, "day": day, "late": list(IN_ARREARS)},
        )
        names = ("resource", "loans", "in_arrears")
        return [
            {"line": self.browse(line_id), "term": TERMS[root], **dict(zip(names, francs, strict=True))}
            for line_id, root, *francs in self.env.cr.fetchall()
        ]
