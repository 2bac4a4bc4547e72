import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

ACTIONS = [
    ("waive", "Ask for a waiver of penalties"),
    ("call", "Call the guarantee"),
    ("ask", "Ask for the write-off"),
    ("write_off", "Write off"),
    ("refuse", "Refuse the write-off"),
    ("death", "Note the death of the borrower"),
    ("cancel_death", "Take the death back"),
    ("insurance", "Settle with the insurer"),
]


class KondoLoanDefault(models.TransientModel):
    """What is done about a loan that is not repaid. Checks nothing itself: hands over to the loan."""

    _name = "kondo.loan.default"
    _description = "Loan in default"

    loan_id = fields.Many2one("kondo.loan", required=True, readonly=True)
    action = fields.Selection(ACTIONS, required=True, readonly=True)
    key = fields.Char(readonly=True, default=lambda self: str(uuid.uuid4()))
    partner_id = fields.Many2one(related="loan_id.partner_id")
    principal = fields.Integer(related="loan_id.principal")
    amount_late = fields.Integer(related="loan_id.amount_late")
    days_late = fields.Integer(related="loan_id.days_late")
    deposits_held = fields.Integer(related="loan_id.deposits_held")
    provision = fields.Integer(related="loan_id.provision")
    penalties_unpaid = fields.Integer(related="loan_id.penalties_unpaid")
    write_off_asked_by_id = fields.Many2one(related="loan_id.write_off_asked_by_id")
    write_off_reason = fields.Char(related="loan_id.write_off_reason")
    amount = fields.Integer(compute="_compute_amount", store=True, readonly=False)
    reason = fields.Char()
    deceased_on = fields.Date(string="Died on")
    document = fields.Char(string="Death certificate")
    insurer = fields.Char()

    @api.depends("loan_id", "action")
    def _compute_amount(self):
        for wizard in self:
            loan = wizard.loan_id
            amounts = {"waive": loan.penalties_unpaid, "call": min(loan.amount_late, loan.deposits_held)}
            wizard.amount = amounts.get(wizard.action, 0)

    def action_confirm(self):
        self.ensure_one()
        loan = self.loan_id
        if self.action == "waive":
            loan._ask_waiver(self.amount, self.reason)
        elif self.action == "call":
            if not self.amount:
                raise UserError(self.env._("No savings are held for the loan %(number)s.", number=loan.name))
            loan.call_guarantee(self.amount, self.key)
        elif self.action == "ask":
            loan.ask_write_off(self.reason)
        elif self.action == "write_off":
            loan.write_off()
        elif self.action == "refuse":
            loan.refuse_write_off(self.reason)
        elif self.action == "death":
            loan.declare_deceased(self.deceased_on, self.document, self.insurer)
        elif self.action == "cancel_death":
            loan.cancel_death(self.reason)
        else:
            loan.claim_insurance()
        return {"type": "ir.actions.act_window_close"}
