from odoo import fields, models

from odoo.addons.kondo_microfinance.models.fields import Francs


class KondoBooksMembersTotal(models.TransientModel):
    """A control account: what its members' accounts sum to, and what the general ledger says."""

    _name = "kondo.books.members.total"
    _description = "Control account of members"
    _order = "code, id"
    _rec_name = "code"

    book_id = fields.Many2one("kondo.books.members", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    account_id = fields.Many2one("account.account", string="Ledger account", readonly=True, ondelete="cascade")
    code = fields.Char(string="Account", readonly=True)
    label = fields.Char(string="Name", compute="_compute_label", compute_sudo=True)
    holders = fields.Integer(string="Balances", readonly=True)
    debit = Francs(readonly=True)
    credit = Francs(readonly=True)
    ledger = Francs(string="General ledger", readonly=True, help="Debit positive, credit negative.")
    gap = Francs(string="Difference", readonly=True)

    def _compute_label(self):
        for total in self:
            total.label = total.account_id.name

    def action_open(self):
        """The members' balances on this account."""
        self.ensure_one()
        self.book_id._caisses()
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.code} {self.label}",
            "res_model": "kondo.books.members.row",
            "views": [(False, "list")],
            "domain": [("book_id", "=", self.book_id.id), ("account_id", "=", self.account_id.id)],
            "context": {"create": False},
        }


class KondoBooksMembersRow(models.TransientModel):
    """The balance of one account of a member."""

    _name = "kondo.books.members.row"
    _description = "Balance of a member"
    _order = "sequence"
    _rec_name = "holder"

    book_id = fields.Many2one("kondo.books.members", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    account_id = fields.Many2one("account.account", string="Ledger account", readonly=True, ondelete="cascade")
    code = fields.Char(string="Account", readonly=True)
    res_model = fields.Char(string="Kind of record", readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", readonly=True)
    number = fields.Char(readonly=True)
    member_number = fields.Char(string="Member", readonly=True)
    holder = fields.Char(readonly=True)
    debit = Francs(readonly=True)
    credit = Francs(readonly=True)

    _in_order = models.Index("(book_id, sequence)")

    def action_open(self):
        """The account, the loan or the shares behind the balance."""
        self.ensure_one()
        self.book_id._caisses()
        return bool(self.res_model) and {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
