from odoo import api, fields, models

from ...fields import Francs


class KondoSavingsInterestLine(models.Model):
    """What one account earned and owed in a run. Written by the run, in SQL."""

    _name = "kondo.savings.interest.line"
    _description = "Interest of an account"
    _order = "run_id desc, account_id"
    _log_access = False
    _check_company_auto = True

    run_id = fields.Many2one("kondo.savings.interest.run", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    account_id = fields.Many2one(
        "kondo.savings.account", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Holder")
    date_from = fields.Date(string="From", required=True, readonly=True)
    days = fields.Integer(required=True, readonly=True)
    basis = Francs(string="Average that earned", readonly=True)
    rate = fields.Float(
        string="Rate (%)", digits=(16, 6), required=True, readonly=True, help="Average, percent a year."
    )
    exact = fields.Float(
        string="Before rounding", digits=(20, 12), required=True, readonly=True, help="Interest in francs, 12 decimals."
    )
    interest = Francs(readonly=True)
    withholding = Francs(string="Tax withheld", readonly=True)
    overdraft_interest = Francs(string="Overdraft interest owed", readonly=True)
    overdraft_charged = Francs(string="Overdraft interest taken", readonly=True)
    unpaid = Francs(readonly=True, help="Overdraft interest that the overdraft limit left no room for.")
    net = fields.Integer(compute="_compute_net", help="What the balance gained, or lost.")

    @api.depends("interest", "withholding", "overdraft_charged")
    def _compute_net(self):
        for line in self:
            line.net = line.interest - line.withholding - line.overdraft_charged
