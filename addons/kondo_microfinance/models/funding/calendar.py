from odoo import api, fields, models

from ...engine.funding import settle
from ..fields import Francs


class KondoFundingDue(models.AbstractModel):
    """A row of an agreement's calendar: so much on a day. What has come or gone settles the oldest rows first."""

    _name = "kondo.funding.calendar"
    _description = "Calendar of an agreement"
    _order = "due_on, id"
    _check_company_auto = True
    _settled_by = None  # figure of the line that settles the rows

    line_id = fields.Many2one("kondo.funding.line", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="line_id.company_id", string="Union", store=True, precompute=True, required=True, index=True
    )
    due_on = fields.Date(string="On", required=True)
    amount = Francs(required=True)
    settled = fields.Integer(string="Done (F)", compute="_compute_settled")
    left = fields.Integer(string="Left (F)", compute="_compute_settled")
    is_late = fields.Boolean(string="Late", compute="_compute_settled")
    note = fields.Char()

    def _compute_settled(self):
        today = fields.Date.context_today(self)
        for line in self.line_id.sudo():
            rows = self.sudo().search([("line_id", "=", line.id)], order="due_on, id")
            parts = dict(zip(rows.ids, settle(line[self._settled_by], rows.mapped("amount")), strict=True))
            for row in self.filtered(lambda one, own=line: one.line_id == own):
                row.settled = parts.get(row._origin.id, 0)
                row.left = row.amount - row.settled
                row.is_late = bool(row.left and row.due_on and row.due_on < today)


class KondoFundingTranche(models.Model):
    """A tranche that the donor has promised."""

    _name = "kondo.funding.tranche"
    _description = "Tranche of an agreement"
    _inherit = ["kondo.funding.calendar"]
    _settled_by = "received"

    _positive = models.Constraint("CHECK (amount > 0)", "A tranche is above zero.")


class KondoFundingRepayment(models.Model):
    """What is to be given back to the donor on a day."""

    _name = "kondo.funding.repayment"
    _description = "Repayment to a donor"
    _inherit = ["kondo.funding.calendar"]
    _settled_by = "returned"

    _positive = models.Constraint("CHECK (amount > 0)", "A repayment is above zero.")


class KondoFundingLine(models.Model):
    _inherit = "kondo.funding.line"

    tranche_ids = fields.One2many("kondo.funding.tranche", "line_id", string="Tranches")
    repayment_ids = fields.One2many("kondo.funding.repayment", "line_id", string="To be given back")
    next_return_on = fields.Date(string="Next repayment", compute="_compute_next_return")
    next_return = fields.Integer(string="Amount to give back", compute="_compute_next_return")
    return_late = fields.Boolean(compute="_compute_next_return")

    @api.depends("repayment_ids.amount", "repayment_ids.due_on", "returned")
    def _compute_next_return(self):
        for line in self:
            row = line.repayment_ids.sorted(lambda one: (one.due_on, one._origin.id)).filtered("left")[:1]
            line.next_return_on, line.next_return, line.return_late = row.due_on, row.left, row.is_late
