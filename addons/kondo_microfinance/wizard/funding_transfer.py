import uuid

from odoo import api, fields, models

from ..models.fields import Francs


class KondoFundingTransfer(models.TransientModel):
    """Money that comes from a donor or goes back to him, on a bank account."""

    _name = "kondo.funding.transfer"
    _description = "Money of a donor"

    line_id = fields.Many2one("kondo.funding.line", required=True, readonly=True)
    direction = fields.Selection(
        [("receive", "Received from the donor"), ("give_back", "Given back to the donor")],
        required=True,
        default="receive",
    )
    journal_id = fields.Many2one(
        "account.journal", string="Bank account", required=True, domain="[('type', '=', 'bank')]"
    )
    company_id = fields.Many2one(related="journal_id.company_id", string="In the books of")
    amount = Francs(required=True)
    note = fields.Char(string="Reference", help="Number of the transfer or advice of the bank.")
    available = fields.Integer(related="line_id.available")
    key = fields.Char(required=True, readonly=True, default=lambda self: str(uuid.uuid4()))

    @api.onchange("line_id")
    def _onchange_line_id(self):
        journals = self.env["account.journal"].search([("type", "=", "bank")], limit=2)
        if len(journals) == 1:
            self.journal_id = journals

    def action_confirm(self):
        self.ensure_one()
        act = self.line_id.receive if self.direction == "receive" else self.line_id.give_back
        act(self.journal_id.id, self.amount, self.note, self.key)
        return {"type": "ir.actions.act_window_close"}
