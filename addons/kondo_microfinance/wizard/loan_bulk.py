from odoo import api, fields, models


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
