from odoo import api, fields, models

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


class KondoLoanHandOver(models.TransientModel):
    """Loans handed over to another officer, all or none."""

    _name = "kondo.loan.hand.over"
    _description = "Loans handed over"

    loan_ids = fields.Many2many("kondo.loan", string="Loans", default=lambda self: self.env.context.get("active_ids"))
    officer_id = fields.Many2one("res.users", string="To", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.loan_ids.change_officer(self.officer_id.id, self.reason)
        return {"type": "ir.actions.act_window_close"}


class KondoLoanPostpone(models.TransientModel):
    """Due dates of many loans moved for a campaign: one request, decided by somebody else."""

    _name = "kondo.loan.postpone"
    _description = "Campaign postponed"

    company_id = fields.Many2one("res.company", string="Caisse", required=True, default=lambda self: self.env.company)
    product_id = fields.Many2one("kondo.loan.product")
    purpose_id = fields.Many2one("kondo.loan.purpose")
    due_from = fields.Date(required=True)
    due_to = fields.Date(required=True)
    months = fields.Integer(required=True, default=3)
    batch = fields.Char(string="Campaign", required=True)
    reason = fields.Char(required=True)
    loan_count = fields.Integer(string="Loans concerned", compute="_compute_loan_count")

    def _loans(self):
        if not self.due_from or not self.due_to:
            return self.env["kondo.loan"]
        domain = [("company_id", "=", self.company_id.id), ("state", "=", "active")]
        if self.product_id:
            domain.append(("product_id", "=", self.product_id.id))
        if self.purpose_id:
            domain.append(("purpose_id", "=", self.purpose_id.id))
        loans = self.env["kondo.loan"].search(domain)
        return loans.filtered(
            lambda loan: (
                any(row.rest and self.due_from <= row.due <= self.due_to for row in loan.instalment_ids)
                and not any(change.state == "draft" for change in loan.change_ids)
            )
        )

    @api.depends("company_id", "product_id", "purpose_id", "due_from", "due_to")
    def _compute_loan_count(self):
        for wizard in self:
            wizard.loan_count = len(wizard._loans())

    def action_confirm(self):
        self.ensure_one()
        changes = self.env["kondo.loan.change"].create(
            [
                {
                    "loan_id": loan.id,
                    "kind": "postponed",
                    "months": self.months,
                    "batch": self.batch,
                    "reason": self.reason,
                }
                for loan in self._loans()
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.batch,
            "res_model": "kondo.loan.change",
            "view_mode": "list,form",
            "domain": [("id", "in", changes.ids)],
        }
