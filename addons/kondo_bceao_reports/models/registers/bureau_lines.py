from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.bureau import as_csv, columns


class KondoBureauFile(models.Model):
    """What stands in a file: the loans of the photographed evening, those repaid in the month, those written off."""

    _inherit = "kondo.bureau.file"

    def _fill(self):
        """Write the contracts of members who consent, and the members left out; as they consent today, when it is shared."""
        self.ensure_one()
        caisses = self._caisses()
        evenings = self.env["kondo.register"]._evenings(caisses, self.month)
        consents = self._consents(caisses)
        agreed = {
            partner: signed for partner, (signed, withdrawn) in consents.items() if self._holds(signed, withdrawn)
        }
        withdrawn = {
            partner: last for partner, (signed, last) in consents.items() if last and not self._holds(signed, last)
        }
        self.line_ids.unlink()
        self.left_out_ids.unlink()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE kondo_bureau_loan ON COMMIT DROP AS %s",
                self._contracts_query(caisses, evenings),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kondo_bureau_line (file_id, company_id, loan_id, partner_id, consent_on, currency, %(names)s)
                SELECT %(file)s, %(company)s, q.loan_id, q.partner_id, a.signed, 'XOF', %(values)s
                  FROM kondo_bureau_loan q
                  JOIN unnest(%(partners)s::int[], %(days)s::date[]) AS a(partner_id, signed)
                    ON a.partner_id = q.partner_id
                 ORDER BY q.caisse, q.contract
                """,
                file=self.id,
                company=self.company_id.id,
                names=SQL(", ").join(SQL.identifier(name) for name in self._read_names()),
                values=SQL(", ").join(SQL.identifier("q", name) for name in self._read_names()),
                partners=list(agreed),
                days=list(agreed.values()),
            )
        )
        self.env.cr.execute(
            """
            INSERT INTO kondo_bureau_left_out (file_id, company_id, partner_id, member_number, name, caisse, loans, reason,
                                               withdrawn_on)
            SELECT %(file)s, %(company)s, q.partner_id, q.member_number, q.name, q.caisse, count(*),
                   CASE WHEN w.day IS NULL THEN 'never' ELSE 'withdrawn' END, w.day
              FROM kondo_bureau_loan q
              LEFT JOIN unnest(%(withdrawn)s::int[], %(days)s::date[]) AS w(partner_id, day)
                ON w.partner_id = q.partner_id
             WHERE NOT q.partner_id = ANY(%(agreed)s::int[])
             GROUP BY q.partner_id, q.member_number, q.name, q.caisse, w.day
             ORDER BY q.caisse, q.name
            """,
            {
                "file": self.id,
                "company": self.company_id.id,
                "withdrawn": list(withdrawn),
                "days": list(withdrawn.values()),
                "agreed": list(agreed),
            },
        )
        self.env.cr.execute("DROP TABLE kondo_bureau_loan")
        self.env.invalidate_all()
        self.write(
            {
                "contracts": len(self.line_ids),
                "members": len(self.line_ids.partner_id),
                "left_out": len(self.left_out_ids),
            }
        )

    @api.model
    def _holds(self, signed, withdrawn):
        """Whether a consent is in force: signed, and not withdrawn on that day or later."""
        return bool(signed and (not withdrawn or signed > withdrawn))

    def _consents(self, caisses):
        return self.env["kondo.bureau.consent"]._valid_on(caisses, fields.Date.context_today(self))

    def _check_sendable(self):
        """Nobody who has withdrawn his consent since the file was made is in it."""
        super()._check_sendable()
        consents = self._consents(self._caisses())
        gone = self.sudo().line_ids.partner_id.filtered(
            lambda member: not self._holds(*consents.get(member.id, (None, None)))
        )
        if gone:
            raise UserError(
                self.env._(
                    "Consent was withdrawn since this file was made: %(members)s. Make it again.",
                    members=", ".join(gone[:5].mapped("name")),
                )
            )

    @api.model
    def _read_names(self):
        """The columns of a contract that are read of the loan, in the order of the file."""
        return [column.field for column in columns() if column.field != "currency"]

    def _contracts_query(self, caisses, evenings):
        """SQL of the loans of the file, one row each, with `loan_id`, `partner_id` and what `_read_names` names.

        No account, no balance, no deposit is read: what a member saves, held in guarantee or not, is never sent.
        """
        years = int(self.env["kondo.parameter"]._get("bureau_years", self.month))
        return SQL(
            """
            WITH chosen AS (
                SELECT s.loan_id, 'active' AS situation, s.principal, s.late, s.days_late, s.stage, s.restructured
                  FROM kondo_snapshot_loan s
                  JOIN unnest(%(companies)s::int[], %(evenings)s::date[]) AS e(company_id, day)
                    ON e.company_id = s.company_id AND e.day = s.date
                 UNION ALL
                SELECT l.id, l.state, 0, 0, 0, NULL, l.restructured
                  FROM kondo_loan l
                 WHERE l.company_id = ANY(%(companies)s)
                   AND (l.state = 'closed' AND l.closed_on BETWEEN %(first)s AND %(last)s
                        OR l.state = 'written_off' AND l.written_off_on <= %(last)s AND l.written_off_on > %(oldest)s)
                   AND NOT EXISTS (SELECT 1 FROM kondo_snapshot_loan s
                                     JOIN unnest(%(companies)s::int[], %(evenings)s::date[]) AS e(company_id, day)
                                       ON e.company_id = s.company_id AND e.day = s.date
                                    WHERE s.loan_id = l.id)
            )
            SELECT l.id AS loan_id, l.partner_id, c.name AS caisse, p.member_number, p.member_kind AS kind, p.name, p.sex,
                   p.birth_date, p.birth_place, d.identity, p.phone, v.name AS village, l.name AS contract,
                   COALESCE(pr.name ->> 'fr_FR', pr.name ->> 'en_US') AS product,
                   COALESCE(pu.name ->> 'fr_FR', pu.name ->> 'en_US') AS purpose, l.approved_on AS granted_on, l.disbursed_on,
                   l.amount, l.disbursed, l.instalments, i.ends_on, q.principal, q.late, q.days_late, q.stage,
                   q.restructured, CASE WHEN q.situation = 'active' THEN i.next_due END AS next_due,
                   CASE WHEN q.situation = 'active' THEN COALESCE(n.amount, 0) ELSE 0 END AS next_amount, g.collateral,
                   COALESCE(g.value, 0) AS collateral_value, COALESCE(u.guarantors, 0) AS guarantors, q.situation,
                   CASE WHEN q.situation = 'closed' THEN l.closed_on END AS closed_on,
                   CASE WHEN q.situation = 'written_off' THEN l.written_off_on END AS written_off_on,
                   CASE WHEN q.situation = 'written_off' THEN l.lost ELSE 0 END AS lost,
                   CASE WHEN q.situation = 'written_off' THEN COALESCE(r.recovered, 0) ELSE 0 END AS recovered
              FROM chosen q
              JOIN kondo_loan l ON l.id = q.loan_id
              JOIN res_partner p ON p.id = l.partner_id
              JOIN res_company c ON c.id = l.company_id
              JOIN kondo_loan_product pr ON pr.id = l.product_id
              LEFT JOIN kondo_loan_purpose pu ON pu.id = l.purpose_id
              LEFT JOIN kondo_village v ON v.id = p.village_id
              LEFT JOIN (SELECT DISTINCT ON (t.partner_id) t.partner_id, concat_ws(' ', k.code, t.name) AS identity
                           FROM res_partner_id_number t JOIN res_partner_id_category k ON k.id = t.category_id
                          WHERE t.active ORDER BY t.partner_id, t.valid_until DESC NULLS LAST, t.id) d
                ON d.partner_id = p.id
              LEFT JOIN (SELECT loan_id, max(due) AS ends_on, min(due) FILTER (WHERE due > %(last)s) AS next_due
                           FROM kondo_loan_instalment WHERE company_id = ANY(%(companies)s) AND current
                          GROUP BY loan_id) i ON i.loan_id = l.id
              LEFT JOIN (SELECT loan_id, due, sum(principal + interest + fee + tax + insurance) AS amount
                           FROM kondo_loan_instalment WHERE company_id = ANY(%(companies)s) AND current
                          GROUP BY loan_id, due) n ON n.loan_id = l.id AND n.due = i.next_due
              LEFT JOIN (SELECT b.loan_id, sum(b.value) AS value,
                                string_agg(DISTINCT COALESCE(k.name ->> 'fr_FR', k.name ->> 'en_US'), ', ') AS collateral
                           FROM kondo_loan_collateral b JOIN kondo_collateral_kind k ON k.id = b.kind_id
                          WHERE b.returned_on IS NULL OR b.returned_on > %(last)s
                          GROUP BY b.loan_id) g ON g.loan_id = l.id
              LEFT JOIN (SELECT loan_id, count(*) AS guarantors FROM kondo_loan_guarantor GROUP BY loan_id) u
                ON u.loan_id = l.id
              LEFT JOIN (SELECT o.loan_id, sum(CASE WHEN o.kind = 'reversal' THEN -o.amount ELSE o.amount END) AS recovered
                           FROM kondo_operation o LEFT JOIN kondo_operation x ON x.id = o.reversal_of_id
                          WHERE COALESCE(x.kind, o.kind) = 'loan_recovery' AND o.state = 'posted'
                            AND o.business_date <= %(last)s AND o.company_id = ANY(%(companies)s)
                          GROUP BY o.loan_id) r ON r.loan_id = l.id
            """,
            companies=list(evenings),
            evenings=list(evenings.values()),
            first=self.month.replace(day=1),
            last=self.month,
            oldest=self.month - relativedelta(years=years),
        )

    @api.private
    def _rows(self):
        """The contracts as dicts of the columns of the file, in its order; read with the superuser's eyes."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM kondo_bureau_line WHERE file_id = %s ORDER BY caisse, contract",
                SQL(", ").join(SQL.identifier(column.field) for column in columns()),
                self.id,
            )
        )
        return self.env.cr.dictfetchall()

    @api.private
    def _csv(self):
        """The bytes of the file: those that were sent, or those that would be."""
        self.ensure_one()
        return as_csv(self._rows())
