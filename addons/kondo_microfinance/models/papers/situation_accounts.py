from odoo import api, models

from ...engine.words import spaced

EVENTS = 6


class ResPartner(models.Model):
    """Savings in a member's situation: every account, what is blocked and why, what comes next."""

    _inherit = "res.partner"

    @api.private
    def _kondo_situation(self):
        accounts = self._situation_accounts()
        return [*super()._kondo_situation(), self._situation_savings(accounts), self._situation_events(accounts)]

    @api.private
    def _kondo_situation_figures(self):
        accounts = self._situation_accounts()
        _ = self.env._
        figures = [{"label": _("Savings"), "amount": sum(accounts.mapped("balance")), "tone": ""}]
        held = sum(accounts.mapped("blocked"))
        if held:
            figures.append({"label": _("Held"), "amount": held, "tone": "warning"})
        figures.append({"label": _("Available"), "amount": sum(accounts.mapped("available")), "tone": "success"})
        return [*figures, *super()._kondo_situation_figures()]

    def _situation_accounts(self):
        """Accounts that are not closed, within what the user may read."""
        return self.env["kondo.savings.account"].search([("partner_id", "=", self.id), ("state", "!=", "closed")])

    def _situation_savings(self, accounts):
        _ = self.env._
        states = dict(accounts._fields["state"]._description_selection(self.env))
        return {
            "key": "savings",
            "title": _("Savings"),
            "sequence": 10,
            "columns": [
                {"label": _("Account"), "type": "text"},
                {"label": _("Product"), "type": "text"},
                {"label": _("Opened on"), "type": "date"},
                {"label": _("Balance"), "type": "amount"},
                {"label": _("Held"), "type": "amount"},
                {"label": _("Available"), "type": "amount"},
                {"label": _("State"), "type": "text"},
            ],
            "rows": [
                {
                    "model": account._name,
                    "id": account.id,
                    "cells": [
                        account.number,
                        account.product_id.name,
                        account.opened_on,
                        account.balance,
                        account.blocked,
                        account.available,
                        states[account.state],
                    ],
                    "tone": "danger" if account.block != "none" or account.state == "dormant" else "",
                    "note": " · ".join(account._why_blocked()),
                }
                for account in accounts
            ],
            "total": {"column": 3, "amount": sum(accounts.mapped("balance"))},
            "action": {"label": _("All accounts"), "method": "action_open_savings_accounts"},
        }

    def _situation_events(self, accounts):
        """The next things that will happen to the member's accounts."""
        _ = self.env._
        events = [(event, account) for account in accounts for event in account._next_events()]
        events.sort(key=lambda event: event[0][0])
        return {
            "key": "events",
            "title": _("What comes next"),
            "sequence": 90,
            "columns": [
                {"label": _("Date"), "type": "date"},
                {"label": _("Event"), "type": "text"},
                {"label": _("Account"), "type": "text"},
            ],
            "rows": [
                {
                    "model": account._name,
                    "id": account.id,
                    "cells": [*event, account.number],
                    "tone": "",
                    "note": "",
                }
                for event, account in events[:EVENTS]
            ],
            "total": None,
            "action": None,
        }


class KondoSavingsAccount(models.Model):
    _inherit = "kondo.savings.account"

    @api.private
    def _why_blocked(self):
        """Sentences that say what the holder may not do with this account and why; rooms add theirs (holds…)."""
        self.ensure_one()
        _ = self.env._
        reasons = {
            "all": _("Blocked"),
            "debit": _("Withdrawals blocked"),
            "credit": _("Deposits blocked"),
        }
        why = [reasons[self.block]] if self.block in reasons else []
        if self.state == "dormant":
            why.append(_("Dormant: reactivated by the manager first"))
        if self.overdraft_limit:
            why.append(_("Overdraft up to %(limit)s F", limit=spaced(self.overdraft_limit)))
        if self.product_id.minimum_balance:
            why.append(_("%(minimum)s F always stay on it", minimum=spaced(self.product_id.minimum_balance)))
        return why
