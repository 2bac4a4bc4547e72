from odoo import api, fields, models

from ...fields import Francs


class KondoTermEvent(models.Model):
    """A day on which a term deposit pays interest: planned when the contract is signed, paid by an operation."""

    _name = "kondo.term.event"
    _description = "Interest due of a term deposit"
    _inherit = ["kondo.guarded"]
    _order = "deposit_id, due, id"
    _rec_name = "due"
    _check_company_auto = True

    _guarded_fields = frozenset({"deposit_id", "company_id", "due", "amount", "withheld", "operation_id", "cancelled"})

    deposit_id = fields.Many2one(
        "kondo.term.deposit", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    due = fields.Date(required=True, readonly=True)
    amount = Francs(string="Interest", readonly=True, help="Before what the State takes.")
    withheld = Francs(string="Withheld", readonly=True)
    net = fields.Integer(compute="_compute_net", string="Paid to the member")
    operation_id = fields.Many2one("kondo.operation", string="Paid by", readonly=True, check_company=True)
    cancelled = fields.Boolean(readonly=True, help="The deposit ended before.")
    state = fields.Selection(
        [("planned", "To come"), ("paid", "Paid"), ("cancelled", "Cancelled")], compute="_compute_state"
    )

    _amounts = models.Constraint(
        "CHECK (amount >= 0 AND withheld >= 0 AND withheld <= amount)", "Interest is not negative."
    )
    _due_index = models.Index("(company_id, due) WHERE operation_id IS NULL AND cancelled IS NOT TRUE")

    @api.depends("amount", "withheld")
    def _compute_net(self):
        for event in self:
            event.net = event.amount - event.withheld

    @api.depends("operation_id", "cancelled")
    def _compute_state(self):
        for event in self:
            event.state = "paid" if event.operation_id else "cancelled" if event.cancelled else "planned"
