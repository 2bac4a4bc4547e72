from odoo import fields, models

from odoo.addons.kondo_microfinance.models.fields import Francs


class KondoBooksBalanceRow(models.TransientModel):
    """A line of a trial balance on the screen; it opens its journal items."""

    _name = "kondo.books.balance.row"
    _description = "Line of a trial balance"
    _order = "sequence"
    _rec_name = "label"

    book_id = fields.Many2one("kondo.books.balance", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    code = fields.Char(string="Account", readonly=True)
    label = fields.Char(string="Name", readonly=True)
    kind = fields.Selection([("heading", "Heading"), ("account", "Account"), ("total", "Total")], readonly=True)
    depth = fields.Integer(readonly=True)
    account_ids = fields.Json(string="Accounts", readonly=True)
    opening_debit = Francs(string="Opening debit", readonly=True, aggregator=None)
    opening_credit = Francs(string="Opening credit", readonly=True, aggregator=None)
    debit = Francs(string="Movements debit", readonly=True, aggregator=None)
    credit = Francs(string="Movements credit", readonly=True, aggregator=None)
    closing_debit = Francs(string="Closing debit", readonly=True, aggregator=None)
    closing_credit = Francs(string="Closing credit", readonly=True, aggregator=None)

    def action_open(self):
        """The journal items of the period on the accounts of this line."""
        self.ensure_one()
        title = " ".join(filter(None, (self.code, self.label)))
        return self.book_id._open_items(title, [("account_id", "in", self.account_ids or [])])
