from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoPrintLog(models.Model):
    """Prints of a year's result stand beside those of receipts; there too only the first is the original."""

    _inherit = "kondo.print.log"

    year_close_id = fields.Many2one("kondo.year.close", readonly=True, index="btree_not_null", ondelete="restrict")
    year_state = fields.Char(readonly=True, help="A proposal and a decision are two papers.")

    _one_original_year = models.UniqueIndex(
        "(year_close_id, year_state, number) WHERE year_close_id IS NOT NULL", "This print is already recorded."
    )
    _of_something = models.Constraint(
        "CHECK (num_nonnulls(operation_id, savings_account_id, term_deposit_id, share_certificate_id, loan_id,"
        " year_close_id) = 1 AND (loan_id IS NULL) = (loan_paper IS NULL)"
        " AND (loan_id IS NULL OR subject_key IS NOT NULL))",
        "A print is of something.",
    )

    @api.model
    @api.private
    def _record_year(self, year):
        """Record one more print of a result that the user may read; returns its number, 1 for the original."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    """INSERT INTO kondo_print_log
                              (year_close_id, year_state, company_id, user_id, printed_at, paper, number, create_uid,
                               create_date)
                       SELECT %(year)s, %(state)s, %(company)s, %(user)s, now() AT TIME ZONE 'UTC', 'a4',
                              COALESCE(max(number), 0) + 1, %(user)s, now() AT TIME ZONE 'UTC'
                         FROM kondo_print_log WHERE year_close_id = %(year)s AND year_state = %(state)s
                           ON CONFLICT (year_close_id, year_state, number) WHERE year_close_id IS NOT NULL DO NOTHING
                    RETURNING number""",
                    {
                        "year": year.id,
                        "state": f"{year.state} {year.decisions}",
                        "company": year.company_id.id,
                        "user": self.env.uid,
                    },
                )
                row = self.env.cr.fetchone()
        except SerializationFailure:
            row = None
        if not row:
            raise UserError(self.env._("Somebody is printing this paper right now. Wait a moment and print it again."))
        self.invalidate_model()
        return row[0]
