from odoo import fields, models
from odoo.exceptions import AccessError

from ...fields import Francs
from ...ledger.key import has_ledger_key

DECISIONS = [
    ("granted", "Granted"),
    ("changed", "Granted with changes"),
    ("deferred", "Deferred"),
    ("refused", "Refused"),
    ("undone", "Refusal undone"),
]


class KondoLoanDecision(models.Model):
    """What was decided on a file, by whom and why. Never changed: another decision stands beside it."""

    _name = "kondo.loan.decision"
    _description = "Decision on a loan file"
    _order = "id"
    _log_access = False
    _check_company_auto = True

    loan_id = fields.Many2one(
        "kondo.loan", required=True, readonly=True, ondelete="restrict", index=True, check_company=True
    )
    partner_id = fields.Many2one(related="loan_id.partner_id", string="Member")
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    committee_id = fields.Many2one("kondo.loan.committee", readonly=True, ondelete="restrict", index="btree_not_null")
    decision = fields.Selection(DECISIONS, required=True, readonly=True)
    amount = Francs(readonly=True)
    instalments = fields.Integer(readonly=True)
    annual_rate = fields.Float(string="Rate a year (%)", digits=(16, 6), readonly=True)
    teg = fields.Float(string="TEG (%)", digits=(16, 4), readonly=True)
    reason = fields.Char(readonly=True)
    withdrawn = fields.Char(
        string="Withdrew", readonly=True, help="Members who did not decide: their own file or a relative's."
    )
    deciders = fields.Char(string="Decided by", readonly=True, help="Members present who had no part in the file.")
    votes_for = fields.Integer(string="In favour", readonly=True)
    votes_against = fields.Integer(string="Against", readonly=True)
    votes_blank = fields.Integer(string="Abstained", readonly=True)
    user_id = fields.Many2one("res.users", string="Recorded by", required=True, readonly=True)
    decided_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("A decision is recorded by the committee's own screen."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("A decision is never changed."))

    def unlink(self):
        raise AccessError(self.env._("A decision is never changed."))
