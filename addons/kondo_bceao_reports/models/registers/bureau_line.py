from odoo import fields, models

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.loans.loan import STAGES

SITUATIONS = [("active", "Running"), ("closed", "Repaid"), ("written_off", "Written off")]


class KondoBureauLine(models.Model):
    """A contract in a file for the credit bureau, as it stood at the end of the month: credit data, no deposit."""

    _name = "kondo.bureau.line"
    _description = "Contract for the credit bureau"
    _inherit = ["kondo.bureau.row"]
    _order = "file_id, caisse, contract"
    _rec_name = "contract"
    _check_company_auto = True

    loan_id = fields.Many2one("kondo.loan", readonly=True, ondelete="restrict", required=True)
    caisse = fields.Char(readonly=True)
    kind = fields.Char(string="Nature", readonly=True)
    name = fields.Char(readonly=True)
    sex = fields.Char(readonly=True)
    birth_date = fields.Date(readonly=True)
    birth_place = fields.Char(string="Place of birth", readonly=True)
    identity = fields.Char(string="Identity document", readonly=True)
    phone = fields.Char(readonly=True)
    village = fields.Char(string="Village or quarter", readonly=True)
    contract = fields.Char(readonly=True, required=True)
    product = fields.Char(string="Kind of loan", readonly=True)
    purpose = fields.Char(readonly=True)
    currency = fields.Char(readonly=True, default="XOF")
    granted_on = fields.Date(string="Granted on", readonly=True)
    disbursed_on = fields.Date(string="Disbursed on", readonly=True)
    amount = Francs(readonly=True)
    disbursed = Francs(readonly=True)
    instalments = fields.Integer(readonly=True, aggregator=None)
    ends_on = fields.Date(string="Last due date", readonly=True)
    principal = Francs(string="Outstanding", readonly=True)
    late = Francs(readonly=True)
    days_late = fields.Integer(readonly=True, aggregator=None)
    stage = fields.Selection(STAGES, string="Class", readonly=True)
    restructured = fields.Boolean(readonly=True)
    next_due = fields.Date(string="Next due date", readonly=True)
    next_amount = Francs(string="Next amount", readonly=True)
    collateral = fields.Char(readonly=True, help="Things pledged. Savings held in guarantee are deposits: never sent.")
    collateral_value = Francs(string="Value of the collateral", readonly=True)
    guarantors = fields.Integer(readonly=True, help="How many; who they are is not sent, they signed no consent.")
    situation = fields.Selection(SITUATIONS, readonly=True, required=True)
    closed_on = fields.Date(string="Closed on", readonly=True)
    written_off_on = fields.Date(string="Written off on", readonly=True)
    lost = Francs(string="Written off", readonly=True)
    recovered = Francs(readonly=True)
    consent_on = fields.Date(string="Consent signed on", readonly=True)

    _once = models.UniqueIndex("(file_id, loan_id)")
