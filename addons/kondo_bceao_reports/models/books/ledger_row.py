from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.models.fields import Francs


class KondoBooksLedgerRow(models.TransientModel):
    """A line of the general ledger or of a journal."""

    _name = "kondo.books.ledger.row"
    _description = "Line of a book"
    _order = "sequence"
    _rec_name = "entry"

    book_id = fields.Many2one("kondo.books.ledger", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection([("opening", "Opening balance"), ("line", "Line")], readonly=True)
    code = fields.Char(string="Account", readonly=True)
    account_id = fields.Many2one("account.account", string="Ledger account", readonly=True, ondelete="cascade")
    journal = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    entry = fields.Char(readonly=True)
    label = fields.Char(readonly=True)
    holder = fields.Char(string="Member or partner", readonly=True)
    debit = Francs(readonly=True)
    credit = Francs(readonly=True)
    balance = Francs(readonly=True, aggregator=None, help="Of the account after this line, debit positive.")
    move_id = fields.Many2one("account.move", string="Journal entry", readonly=True, ondelete="cascade")

    _in_order = models.Index("(book_id, sequence)")

    def action_open(self):
        """The journal entry of this line."""
        self.ensure_one()
        self.book_id._caisses()
        if not self.env["account.move"].has_access("read"):
            raise UserError(self.env._("Journal items are open to those who keep or control the books."))
        return bool(self.move_id) and {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }
