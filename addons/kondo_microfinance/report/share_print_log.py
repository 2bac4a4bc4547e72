from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoPrintLog(models.Model):
    """Prints of share certificates stand beside those of receipts; there too only the first is the original."""

    _inherit = "kondo.print.log"

    operation_id = fields.Many2one(required=False)
    share_certificate_id = fields.Many2one(
        "kondo.share.certificate", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _one_original_certificate = models.UniqueIndex(
        "(share_certificate_id, number) WHERE share_certificate_id IS NOT NULL", "This print is already recorded."
    )

    _of_something = models.Constraint(
        "CHECK (num_nonnulls(operation_id, savings_account_id, term_deposit_id, share_certificate_id) = 1)",
        "A print is of something.",
    )

    @api.model
    @api.private
    def _record_certificate(self, certificate):
        """Record one more print of a certificate that the user may read, and return its number."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    """INSERT INTO kondo_print_log
                              (share_certificate_id, company_id, user_id, printed_at, paper, number, create_uid, create_date)
                       SELECT %(certificate)s, %(company)s, %(user)s, now() AT TIME ZONE 'UTC', 'a5',
                              COALESCE(max(number), 0) + 1, %(user)s, now() AT TIME ZONE 'UTC'
                         FROM kondo_print_log WHERE share_certificate_id = %(certificate)s
                           ON CONFLICT (share_certificate_id, number) WHERE share_certificate_id IS NOT NULL DO NOTHING
                    RETURNING number""",
                    {"certificate": certificate.id, "company": certificate.company_id.id, "user": self.env.uid},
                )
                row = self.env.cr.fetchone()
        except SerializationFailure:
            row = None
        if not row:
            raise UserError(self.env._("Somebody is printing this paper right now. Wait a moment and print it again."))
        self.invalidate_model()
        return row[0]
