from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoLoanChangeRefuse(models.TransientModel):
    """Why a change of a loan, or a postponement of many, is refused."""

    _name = "kondo.loan.change.refuse"
    _description = "Refuse a change"

    change_id = fields.Many2one("kondo.loan.change", readonly=True)
    postponement_id = fields.Many2one("kondo.loan.postponement", readonly=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        (self.postponement_id or self.change_id).refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}


class KondoLoanHandOver(models.TransientModel):
    """Loans that go from one officer to another."""

    _name = "kondo.loan.hand.over"
    _description = "Hand loans over"

    from_id = fields.Many2one("res.users", string="All loans of", help="Empty: the loans listed below.")
    to_id = fields.Many2one("res.users", string="To", required=True)
    reason = fields.Char(required=True)
    loan_ids = fields.Many2many(
        "kondo.loan",
        string="Loans",
        default=lambda self: (
            self.env.context.get("active_ids") if self.env.context.get("active_model") == "kondo.loan" else False
        ),
    )
    loan_count = fields.Integer(string="Number of loans", compute="_compute_loan_count")
    user_ids = fields.Many2many("res.users", compute="_compute_user_ids")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_user_ids(self):
        """Who may follow loans of the caisses at hand."""
        officers = self.env.ref("kondo_microfinance.group_loan_officer") | self.env.ref(
            "kondo_microfinance.group_caisse_manager"
        )
        users = (
            self.env["res.users"]
            .sudo()
            .search([("all_group_ids", "in", officers.ids), ("company_ids", "in", self.env.companies.ids)])
        )
        for wizard in self:
            wizard.user_ids = users

    @api.depends("from_id", "loan_ids")
    def _compute_loan_count(self):
        for wizard in self:
            wizard.loan_count = len(wizard._loans())

    def _loans(self):
        """The loans chosen; of an officer: all of his that are not over."""
        if self.from_id:
            return self.env["kondo.loan"].search(
                [
                    ("officer_id", "=", self.from_id.id),
                    ("state", "in", ("draft", "review", "committee", "approved", "active")),
                    ("company_id", "in", self.env.companies.ids),
                ]
            )
        return self.loan_ids

    def action_confirm(self):
        self.ensure_one()
        loans = self._loans()
        if not loans:
            raise UserError(self.env._("No loan is chosen: name the officer they leave, or mark loans in the list."))
        loans.change_officer(self.to_id.id, self.reason)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s loans go to %(officer)s.", count=len(loans), officer=self.to_id.sudo().name
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
