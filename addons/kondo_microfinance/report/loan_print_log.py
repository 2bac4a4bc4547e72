from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError

LOAN_PAPERS = [
    ("contract", "Loan contract"),
    ("schedule", "Amortisation table"),
    ("guarantee", "Guarantee deed"),
    ("pledge", "Deed of guarantee savings"),
    ("consent", "Consent to the credit bureau"),
]


class KondoPrintLog(models.Model):
    """Prints of the papers of a loan stand beside those of receipts; there too only the first is the original."""

    _inherit = "kondo.print.log"

    loan_id = fields.Many2one("kondo.loan", readonly=True, index="btree_not_null", ondelete="restrict")
    loan_paper = fields.Selection(LOAN_PAPERS, string="Paper of the loan", readonly=True)
    subject = fields.Char(readonly=True, help="Whose deed or consent, or which schedule, where there are several.")
    subject_key = fields.Integer(readonly=True)

    _one_original_loan_paper = models.UniqueIndex(
        "(loan_id, loan_paper, subject_key, number) WHERE loan_id IS NOT NULL", "This print is already recorded."
    )
    _of_something = models.Constraint(
        "CHECK (num_nonnulls(operation_id, savings_account_id, term_deposit_id, share_certificate_id, loan_id) = 1"
        " AND (loan_id IS NULL) = (loan_paper IS NULL) AND (loan_id IS NULL OR subject_key IS NOT NULL))",
        "A print is of something.",
    )

    @api.model
    @api.private
    def _record_loan(self, loan, paper, subject=None):
        """Record one more print of a paper of a loan that the user may read; returns its number, 1 for the original.

        :param paper: one of `LOAN_PAPERS`
        :param subject: record that the paper is about, where a loan has several such papers
        """
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    """INSERT INTO kondo_print_log
                              (loan_id, loan_paper, subject, subject_key, company_id, user_id, printed_at, paper,
                               number, create_uid, create_date)
                       SELECT %(loan)s, %(what)s, %(subject)s, %(key)s, %(company)s, %(user)s,
                              now() AT TIME ZONE 'UTC', 'a4', COALESCE(max(number), 0) + 1, %(user)s,
                              now() AT TIME ZONE 'UTC'
                         FROM kondo_print_log
                        WHERE loan_id = %(loan)s AND loan_paper = %(what)s AND subject_key = %(key)s
                           ON CONFLICT (loan_id, loan_paper, subject_key, number) WHERE loan_id IS NOT NULL DO NOTHING
                    RETURNING number""",
                    {
                        "loan": loan.id,
                        "what": paper,
                        "subject": subject.sudo().display_name if subject else None,
                        "key": subject.id if subject else 0,
                        "company": loan.company_id.id,
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


class KondoLoan(models.Model):
    _inherit = "kondo.loan"

    print_ids = fields.One2many("kondo.print.log", "loan_id", string="Papers printed", readonly=True)
