from odoo import fields, models

from ..models.fields import Francs


class KondoLoanAct(models.TransientModel):
    """What a manager or an officer does with a running loan, with its reason. Hands over to the loan."""

    _name = "kondo.loan.act"
    _description = "Step of a running loan"

    loan_id = fields.Many2one("kondo.loan", required=True, readonly=True)
    act = fields.Selection(
        [
            ("waive", "Ask for a waiver of penalties"),
            ("call", "Call the guarantee"),
            ("ask_write_off", "Ask for the write-off"),
            ("write_off", "Write off"),
            ("deceased", "Death of the borrower"),
            ("insurance", "The insurer takes over"),
        ],
        required=True,
        readonly=True,
    )
    principal = fields.Integer(related="loan_id.principal", string="Outstanding")
    amount_late = fields.Integer(related="loan_id.amount_late", string="Late")
    deposits_held = fields.Integer(related="loan_id.deposits_held", string="Guarantee deposits")
    provision = fields.Integer(related="loan_id.provision", string="Set aside")
    amount = Francs()
    reason = fields.Char()
    day = fields.Date(string="Day of the death")
    document = fields.Char(string="Certificate no.")
    insurer = fields.Char()

    def action_confirm(self):
        self.ensure_one()
        loan = self.loan_id
        if self.act == "waive":
            self.env["kondo.loan.waiver"].create({"loan_id": loan.id, "amount": self.amount, "reason": self.reason})
        elif self.act == "call":
            loan.call_guarantee(self.amount or None)
        elif self.act == "ask_write_off":
            loan.ask_write_off(self.reason)
        elif self.act == "write_off":
            loan.write_off()
        elif self.act == "deceased":
            loan.declare_deceased(self.day, self.document, self.insurer)
        else:
            loan.claim_insurance()
        return {"type": "ir.actions.act_window_close"}
