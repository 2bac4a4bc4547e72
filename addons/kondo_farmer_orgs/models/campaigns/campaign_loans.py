from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.words import spaced

from ...engine.campaign import months_of_campaign


class KondoCampaign(models.Model):
    """From the needs of organisations to their loan requests, and the loans of a campaign together."""

    _inherit = "kondo.campaign"

    need_count = fields.Integer(string="Organisations with needs", compute="_compute_figures")
    need_total = fields.Integer(string="Needs (F)", compute="_compute_figures")
    loan_count = fields.Integer(string="Number of loans", compute="_compute_figures")
    outstanding = fields.Integer(string="Outstanding", compute="_compute_figures")

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("need_ids.total", "loan_ids.principal")
    def _compute_figures(self):
        """Of the caisses that the user sees."""
        needs = self.env["kondo.campaign.need"]._read_group(
            [("campaign_id", "in", self.ids)], ["campaign_id"], ["__count", "total:sum"]
        )
        loans = self.env["kondo.loan"]._read_group(
            [("campaign_id", "in", self.ids)], ["campaign_id"], ["__count", "principal:sum"]
        )
        needs = {campaign: figures for campaign, *figures in needs}
        loans = {campaign: figures for campaign, *figures in loans}
        for campaign in self:
            campaign.need_count, campaign.need_total = needs.get(campaign, (0, 0))
            campaign.loan_count, campaign.outstanding = loans.get(campaign, (0, 0))

    # ------------------------------------------------------------------ loan requests
    def action_request_loans(self):
        """A loan request for each organisation of the caisse whose needs are entered and have none yet.

        The request is one instalment due with the marketing; it goes through the committee like any other file.

        :raises UserError: nothing to ask for, no product, not in this phase
        """
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        company = self.env.company
        company._check_visible()
        self.check_access("read")
        self._check_phase("needs", "committee")
        campaign = self.sudo()
        if not campaign.loan_product_id:
            raise UserError(self.env._("The network chooses the loan product of the campaign first."))
        needs = self.env["kondo.campaign.need"].search(
            [("campaign_id", "=", self.id), ("company_id", "=", company.id), ("loan_id", "=", False)]
        )
        needs = needs.filtered("total")
        if not needs:
            raise UserError(
                self.env._(
                    "No need of an organisation of your caisse waits for its loan request: enter the needs first."
                )
            )
        loans = self.env["kondo.loan"].create([campaign._request_of(need) for need in needs])
        for need, loan in zip(needs, loans, strict=True):
            need._ask_with(loan)
        return self._open_loans(loans)

    def _request_of(self, need):
        """Values of the loan request of an organisation's needs."""
        product, member = self.loan_product_id, need.partner_id.sudo()
        start = self.vouchers_on or self.committee_on or self.date_from
        start = max(start, need.company_id.sudo().business_date or start)
        if start >= self.due_on:
            raise UserError(
                self.env._("The loans of this campaign would be due already: move its marketing date first.")
            )
        accounts = (
            self.env["kondo.savings.account"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", member.id),
                    ("kind", "in", ("demand", "passbook", "group")),
                    ("state", "!=", "closed"),
                ],
                limit=2,
            )
        )
        return {
            "partner_id": member.id,
            "product_id": product.id,
            "campaign_id": self.id,
            "amount": need.total,
            "in_kind_amount": need.inputs_amount,
            "instalments": 1,
            "every": months_of_campaign(start, self.due_on),
            "unit": "months",
            "start_on": start,
            "first_due": self.due_on,
            "savings_account_id": accounts.id if len(accounts) == 1 else False,
            "purpose_id": self.purpose_id.id,
            "sector_id": self.sector_id.id,
            "reason": self.env._(
                "%(campaign)s: inputs %(inputs)s F, cash %(cash)s F",
                campaign=self.name,
                inputs=spaced(need.inputs_amount),
                cash=spaced(need.cash_asked),
            ),
        }

    # ------------------------------------------------------------------ what opens
    def _open_loans(self, loans):
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kondo.loan",
            "view_mode": "list,form",
            "domain": [("id", "in", loans.ids)],
        }

    def action_open_loans(self):
        self.ensure_one()
        return self._open_loans(self.env["kondo.loan"].search([("campaign_id", "=", self.id)]))

    def action_open_needs(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Needs: %(campaign)s", campaign=self.name),
            "res_model": "kondo.campaign.need",
            "view_mode": "list,form",
            "domain": [("campaign_id", "=", self.id)],
            "context": {"default_campaign_id": self.id},
        }

    def action_postpone(self):
        """The request to postpone all loans of the campaign in the caisse, filled in: decided by a second person."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        company = self.env.company
        company._check_visible()
        self.check_access("read")
        due = self.env["kondo.loan.instalment"].search(
            [("loan_id.campaign_id", "=", self.id), ("company_id", "=", company.id), ("current", "=", True)]
        )
        due = due.filtered(lambda row: row.rest and row.loan_id.state == "active").mapped("due")
        if not due:
            raise UserError(self.env._("No running loan of this campaign in your caisse is left to be postponed."))
        request = self.env["kondo.loan.postponement"].create(
            {
                "name": self.name,
                "campaign_id": self.id,
                "company_id": company.id,
                "due_from": min(due),
                "due_to": max(due),
                "reason": self.env._("Marketing of the campaign %(campaign)s postponed", campaign=self.name),
            }
        )
        request.action_find()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.loan.postponement",
            "res_id": request.id,
            "views": [(False, "form")],
        }
