from fractions import Fraction

from odoo import fields, models

from ...engine.commission import taken_from
from ..fields import Francs


class KondoCollectionCommissionLine(models.Model):
    """What one member has paid to the collector, and the commission on it."""

    _name = "kondo.collection.commission.line"
    _description = "Member in a collector's commission"
    _order = "commission_id, id"
    _check_company_auto = True

    commission_id = fields.Many2one(
        "kondo.collection.commission", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    account_id = fields.Many2one(
        "kondo.savings.account", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True, ondelete="restrict")
    collected = Francs(readonly=True)
    stake = Francs(string="Usual stake", readonly=True)
    due = Francs(string="Commission due", readonly=True)
    taken = Francs(readonly=True)
    tax = Francs(readonly=True)
    short = fields.Integer(compute="_compute_short", string="Could not be taken")

    def _compute_short(self):
        for line in self:
            posted = line.commission_id.state == "posted" and line.commission_id.payer == "member"
            line.short = line.due - line.taken if posted else 0

    def _take(self, date, free):
        """Take what the account can give of `free` francs, the tax within it."""
        operations = self.env["kondo.operation"]
        scheme = self.commission_id.scheme_id
        taken = taken_from(self.due, free).taken
        tax = operations._fee_tax(scheme, taken, date) if taken else 0
        if taken + tax > free:
            rate = Fraction(str(self.env["kondo.parameter"]._get("taf_rate", date)))
            taken = int(free / (1 + rate / 100))
            tax = min(free - taken, operations._fee_tax(scheme, taken, date)) if taken else 0
        self.sudo().write({"taken": taken, "tax": tax})
