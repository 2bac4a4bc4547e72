from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoPrintLog(models.Model):
    """Prints of term deposit certificates stand beside those of receipts; there too only the first is the original."""

    _inherit = "kondo.print.log"

    operation_id = fields.Many2one(required=False)
    term_deposit_id = fields.Many2one("kondo.term.deposit", readonly=True, index="btree_not_null", ondelete="restrict")

    _one_original_deposit = models.UniqueIndex(
        "(term_deposit_id, number) WHERE term_deposit_id IS NOT NULL", "This print is already recorded."
    )

    @api.model
    @api.private
    def _record_deposit(self, deposit):
        """Record one more print of a certificate that the user may read, and return its number."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    """INSERT INTO kondo_print_log
                              (term_deposit_id, company_id, user_id, printed_at, paper, number, create_uid, create_date)
                       SELECT %(deposit)s, %(company)s, %(user)s, now() AT TIME ZONE 'UTC', 'a5',
                              COALESCE(max(number), 0) + 1, %(user)s, now() AT TIME ZONE 'UTC'
                         FROM kondo_print_log WHERE term_deposit_id = %(deposit)s
                           ON CONFLICT (term_deposit_id, number) WHERE term_deposit_id IS NOT NULL DO NOTHING
                    RETURNING number""",
                    {"deposit": deposit.id, "company": deposit.company_id.id, "user": self.env.uid},
                )
                row = self.env.cr.fetchone()
        except SerializationFailure:
            row = None
        if not row:
            raise UserError(self.env._("Somebody is printing this paper right now. Wait a moment and print it again."))
        self.invalidate_model()
        return row[0]
