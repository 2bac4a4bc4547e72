from odoo import api, fields, models

PAGE = 40
PAGE_MOST = 200


class ResPartner(models.Model):
    """The 360° page of a member: what he has, owes and guarantees, and his movements as in a passbook.

    Each room adds a section by extending `_kondo_situation`, and figures for the top by `_kondo_situation_figures`.
    """

    _inherit = "res.partner"

    situation = fields.Json(compute="_compute_situation", string="Situation of the member")

    @api.depends_context("lang", "allowed_company_ids")
    def _compute_situation(self):
        for partner in self:
            partner.situation = (
                {"figures": partner._kondo_situation_figures(), "sections": partner._situation_sections()}
                if partner.is_kondo_member and partner.id
                else False
            )

    # ------------------------------------------------------------------ for every room
    @api.private
    def _kondo_situation(self):
        """The sections of a member's situation.

        :return: list of dicts
            key, title, sequence
            columns: [{"label": text, "type": "text", "amount" (francs) or "date"}]
            rows: [{"model", "id" (what opens), "cells": values in the columns' order; dates as date, "tone": "" or
                "muted", "warning", "danger", "note": text under the first cell or ""}]
            total: {"column": index, "amount": francs} or None
            action: {"label", "method"} of a public method of res.partner, or None
        A section without rows is left out.
        """
        self.ensure_one()
        return []

    @api.private
    def _kondo_situation_figures(self):
        """What stands on top: [{"label", "amount" (francs), "tone"}], the most important first."""
        self.ensure_one()
        return []

    def _situation_sections(self):
        """The sections in their order, ready for a screen or a paper: dates as text."""
        history = self.env["kondo.print"]
        sections = sorted(
            (section for section in self._kondo_situation() if section["rows"]),
            key=lambda section: section.get("sequence", 100),
        )
        for section in sections:
            dates = [index for index, column in enumerate(section["columns"]) if column["type"] == "date"]
            for row in section["rows"]:
                for index in dates:
                    row["cells"][index] = history._date(row["cells"][index])
        return sections

    # ------------------------------------------------------------------ the passbook on the screen
    @api.readonly
    def livret(self, account_id=False, offset=0, limit=PAGE):
        """Movements of the member's accounts, the newest first, each with its account's running balance.

        :param account_id: one account, or False for all
        :return: {accounts: [{id, number, product, balance, state}], rows, total (how many movements)}
        """
        self.ensure_one()
        self.check_access("read")
        domain = [("partner_id", "=", self.id)]
        accounts = self.env["kondo.savings.account"].search(domain, order="state, number")
        chosen = accounts.filtered(lambda account: account.id == account_id) if account_id else accounts
        history = self.env["kondo.history"]
        offset, limit = max(0, int(offset)), max(1, min(int(limit), PAGE_MOST))
        rows = history._movements(chosen, newest_first=True, offset=offset, limit=limit)
        return {
            "accounts": [
                {
                    "id": account.id,
                    "number": account.number,
                    "product": account.product_id.name,
                    "balance": account.balance,
                    "state": account.state,
                }
                for account in accounts
            ],
            "rows": [{**row, "date": self.env["kondo.print"]._date(row["date"])} for row in rows],
            "total": history._count(chosen),
        }

    # ------------------------------------------------------------------ actions
    def action_open_statement(self):
        """Ask for the dates of a statement of all the member's accounts."""
        self.ensure_one()
        self.check_access("read")
        return self.env["kondo.statement"]._open(self)

    def action_print_situation(self):
        """The situation on one page."""
        self.ensure_one()
        self.check_access("read")
        return self.env.ref("kondo_microfinance.action_report_situation").report_action(self)
