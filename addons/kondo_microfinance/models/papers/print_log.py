from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoPrintLog(models.Model):
    """Statements of periods that are over are numbered like receipts: the second print is a duplicate."""

    _inherit = "kondo.print.log"

    operation_id = fields.Many2one(required=False)
    savings_account_id = fields.Many2one(
        "kondo.savings.account", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    date_from = fields.Date(readonly=True)
    date_to = fields.Date(readonly=True)
    paper = fields.Selection(selection_add=[("a4", "A4")], ondelete={"a4": "cascade"})

    _one_statement = models.UniqueIndex(
        "(savings_account_id, date_from, date_to, number) WHERE savings_account_id IS NOT NULL",
        "This print is already recorded.",
    )

    @api.model
    @api.private
    def _record_statement(self, account, date_from, date_to, charge=True):
        """Record one more statement of a period that is over; returns its number, 1 for the original.

        :param charge: charge the fee of the product for the original
        """
        self.env.cr.execute(
            """INSERT INTO kondo_print_log (savings_account_id, date_from, date_to, company_id, user_id, printed_at,
                                            paper, number, create_uid, create_date)
               SELECT %(account)s, %(from)s, %(to)s, %(company)s, %(user)s, now() AT TIME ZONE 'UTC', 'a4',
                      COALESCE(max(number), 0) + 1, %(user)s, now() AT TIME ZONE 'UTC'
                 FROM kondo_print_log
                WHERE savings_account_id = %(account)s AND date_from = %(from)s AND date_to = %(to)s
                   ON CONFLICT DO NOTHING
            RETURNING id, number""",
            {
                "account": account.id,
                "from": date_from,
                "to": date_to,
                "company": account.company_id.id,
                "user": self.env.uid,
            },
        )
        row = self.env.cr.fetchone()
        if not row:
            raise UserError(self.env._("Somebody is printing this right now. Wait a moment and print it again."))
        self.invalidate_model()
        if charge and row[1] == 1:
            account._charge_paper("statement", f"statement,{account.id},{date_from},{date_to}")
        return row[1]
