from odoo import fields, models
from odoo.exceptions import UserError


class KondoSavingsAccount(models.Model):
    """What is printed of an account: statements and its passbooks."""

    _inherit = "kondo.savings.account"

    passbook_ids = fields.One2many("kondo.savings.passbook", "account_id", string="Passbooks", readonly=True)
    passbook_id = fields.Many2one(
        "kondo.savings.passbook",
        string="Passbook",
        compute="_compute_passbook_id",
        help="The book in the member's hand.",
    )

    def _compute_passbook_id(self):
        current = self.env["kondo.savings.passbook"].search([("account_id", "in", self.ids), ("state", "=", "current")])
        by_account = {book.account_id.id: book for book in current}
        for account in self:
            account.passbook_id = by_account.get(account.id, False)

    # ------------------------------------------------------------------ actions
    def action_open_statement(self):
        """Ask for the dates of a statement of this account."""
        self.ensure_one()
        return self.env["kondo.statement"]._open(self.partner_id, self)

    def action_open_passbook(self):
        """The book in use, or full; the account's first one is issued here."""
        self.ensure_one()
        self._check_printable()
        books = self.env["kondo.savings.passbook"]
        book = books.search([("account_id", "=", self.id), ("state", "in", ("current", "full"))], limit=1)
        return (book or books._issue(self))._open()

    # ------------------------------------------------------------------ for every room
    def _charge_paper(self, moment, key):
        """The product's fee for a paper, `moment` 'statement' or 'passbook'; the same `key` is never charged twice."""
        self.ensure_one()
        self.env.flush_all()
        self.env["kondo.operation"]._charge_now(self, moment, key)

    def _check_printable(self):
        self.check_access("read")
        self.company_id._check_visible()
        if not self:
            raise UserError(self.env._("Choose the account first."))
