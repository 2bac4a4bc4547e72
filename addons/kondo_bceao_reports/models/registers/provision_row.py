from odoo import fields, models

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.loans.loan import STAGES


class KondoRegisterProvision(models.TransientModel):
    """A loan of the table of provisions, as the screen shows it."""

    _name = "kondo.register.provision"
    _description = "Provision of a loan"
    _order = "id"

    register_id = fields.Many2one("kondo.register", required=True, ondelete="cascade", index=True)
    loan_id = fields.Many2one("kondo.loan", readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="loan_id.partner_id", string="Member")
    caisse_id = fields.Many2one(related="loan_id.company_id", string="Caisse")
    stage = fields.Selection(STAGES, string="Class", readonly=True)
    days_late = fields.Integer(string="Oldest unpaid (days)", readonly=True, aggregator=None)
    principal = Francs(string="Outstanding", readonly=True)
    deposits = Francs(string="Guarantee deposits", readonly=True)
    base = Francs(readonly=True, help="The outstanding less the savings held in guarantee.")
    rate = fields.Float(string="Rate (%)", digits=(5, 2), readonly=True, aggregator=None)
    needed = Francs(string="Provision needed", readonly=True)
    booked = Francs(readonly=True)
    gap = Francs(string="Difference", readonly=True, help="Below zero: to be taken back.")

    def action_open_loan(self):
        """The loan as it stands now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.loan",
            "res_id": self.loan_id.id,
            "views": [(False, "form")],
        }


class KondoRegisterClass(models.TransientModel):
    """A class of the table of provisions beside its account, as the screen shows it."""

    _name = "kondo.register.class"
    _description = "Provisions of a class"
    _order = "id"

    register_id = fields.Many2one("kondo.register", required=True, ondelete="cascade", index=True)
    label = fields.Char(string="Class", readonly=True)
    loans = fields.Integer(readonly=True)
    principal = Francs(string="Outstanding", readonly=True)
    deposits = Francs(string="Guarantee deposits", readonly=True)
    base = Francs(readonly=True, help="The outstanding less the savings held in guarantee.")
    needed = Francs(string="Provision needed", readonly=True)
    booked = Francs(readonly=True)
    gap = Francs(string="Difference", readonly=True, help="Below zero: to be taken back.")
    books = Francs(string="Account 299 in the books", readonly=True)
    proof = Francs(readonly=True, help="Booked by loan less account 299: nothing, when they agree.")
