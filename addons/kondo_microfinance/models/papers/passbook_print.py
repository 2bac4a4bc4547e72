from odoo import fields, models
from odoo.exceptions import AccessError


class KondoSavingsPassbookPrint(models.Model):
    """One print in a book: which movements, on which lines, and whether they came out. Kept for ever."""

    _name = "kondo.savings.passbook.print"
    _description = "Print in a passbook"
    _order = "id desc"
    _check_company_auto = True

    passbook_id = fields.Many2one(
        "kondo.savings.passbook", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="passbook_id.company_id", store=True, precompute=True, required=True, index=True
    )
    kind = fields.Selection([("lines", "New lines"), ("reprint", "Page again")], required=True, readonly=True)
    page = fields.Integer(required=True, readonly=True)
    line = fields.Integer(string="From line", required=True, readonly=True)
    count = fields.Integer(string="Number of lines", required=True, readonly=True)
    carried = fields.Boolean(readonly=True, help="The first line is the balance brought forward.")
    first_leg = fields.Integer(required=True, readonly=True, help="Last movement before these.")
    last_leg = fields.Integer(required=True, readonly=True)
    state = fields.Selection(
        [("pending", "Waiting for the answer"), ("good", "Came out well"), ("spoilt", "Did not come out")],
        required=True,
        readonly=True,
        default="pending",
    )
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, default=lambda self: self.env.uid)
    printed_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    _one_pending = models.UniqueIndex("(passbook_id) WHERE state = 'pending'", "A print of this book is waiting.")

    def unlink(self):
        raise AccessError(self.env._("The prints of a passbook are kept."))

    def _answer(self, state):
        self.sudo().write({"state": state})

    def _rows(self):
        """The lines as they are printed: [{date, text, debit, credit, balance}]; date is False when brought forward."""
        self.ensure_one()
        account = self.passbook_id.sudo().account_id
        history = self.env["kondo.history"]
        rows = []
        if self.carried:
            before = history._movements(account, newest_first=True, limit=1, up_to=self.first_leg)
            balance = before[0]["balance"] if before else 0
            rows.append(
                {"date": False, "text": self.env._("Brought forward"), "debit": 0, "credit": 0, "balance": balance}
            )
        wanted = self.count - len(rows)
        if wanted:
            rows += history._movements(account, after=self.first_leg, limit=wanted)
        return rows
