from odoo import fields, models

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.loans.application.loan_file import RELATED


class KondoRegisterExposure(models.TransientModel):
    """A member's exposure, as the screen of the largest debtors or of related parties shows it."""

    _name = "kondo.register.exposure"
    _description = "Exposure of a member"
    _order = "id"

    register_id = fields.Many2one("kondo.register", required=True, ondelete="cascade", index=True)
    rank = fields.Integer(readonly=True, aggregator=None)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True, ondelete="cascade")
    caisse_id = fields.Many2one("res.company", string="Caisse", readonly=True)
    related_party = fields.Selection(RELATED, string="Tie", readonly=True)
    loans = fields.Integer(readonly=True)
    principal = Francs(string="Outstanding", readonly=True)
    commitment = Francs(string="Granted and not paid out", readonly=True)
    exposure = Francs(readonly=True)
    provision = Francs(readonly=True)
    share = fields.Float(string="Share of own funds (%)", digits=(16, 2), readonly=True, aggregator="sum")
    over = fields.Boolean(string="Above the limit", readonly=True)

    def action_open_loans(self):
        """The member's loans as they stand now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.partner_id.display_name,
            "res_model": "kondo.loan",
            "views": [(False, "list"), (False, "form")],
            "domain": [("partner_id", "=", self.partner_id.id), ("state", "in", ("approved", "active"))],
            "context": {"create": False},
        }
