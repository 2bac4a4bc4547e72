from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoPrintLog(models.Model):
    _inherit = "kondo.print.log"

    number = fields.Integer(
        required=True, readonly=True, default=1, help="1 is the original, the others are duplicates."
    )

    _one_original = models.UniqueIndex("(operation_id, number)", "This print is already recorded.")

    @api.model
    @api.private
    def _record(self, operation, paper):
        """Record one more print of an operation that the user may read, and return its number.

        Two prints at the same moment never both become the original: the unique index lets one of them through.
        """
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    """INSERT INTO kondo_print_log
                              (operation_id, company_id, user_id, printed_at, paper, number, create_uid, create_date)
                       SELECT %(operation)s, %(company)s, %(user)s, now() AT TIME ZONE 'UTC', %(paper)s,
                              COALESCE(max(number), 0) + 1, %(user)s, now() AT TIME ZONE 'UTC'
                         FROM kondo_print_log WHERE operation_id = %(operation)s
                           ON CONFLICT (operation_id, number) DO NOTHING
                    RETURNING number""",
                    {
                        "operation": operation.id,
                        "company": operation.company_id.id,
                        "user": self.env.uid,
                        "paper": paper,
                    },
                )
                row = self.env.cr.fetchone()
        except SerializationFailure:
            row = None
        if not row:
            raise UserError(
                self.env._("Somebody is printing this receipt right now. Wait a moment and print it again.")
            )
        self.invalidate_model()
        return row[0]
