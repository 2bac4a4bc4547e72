from odoo import api, models

from ...engine.words import spaced


class ResPartner(models.Model):
    """Sections of term deposits, savings plans and shares."""

    _inherit = "res.partner"

    @api.private
    def _kondo_situation(self):
        return [
            *super()._kondo_situation(),
            self._situation_terms(self.env["kondo.term.deposit"]),
            self._situation_plans(self.env["kondo.savings.plan"]),
            self._situation_shares(self.env["kondo.share.holding"]),
        ]

    @api.private
    def _kondo_situation_figures(self):
        figures = super()._kondo_situation_figures()
        paid = sum(self.env["kondo.share.holding"].search([("partner_id", "=", self.id)]).mapped("paid"))
        return [*figures, {"label": self.env._("Shares"), "amount": paid, "tone": ""}]

    def _situation_terms(self, deposits):
        """Contracts under way, and those whose money waits for the member."""
        _ = self.env._
        found = deposits.search(
            [("partner_id", "=", self.id), "|", ("state", "in", ("open", "matured")), ("waiting", ">", 0)]
        )
        states = dict(deposits._fields["state"]._description_selection(self.env))
        return {
            "key": "terms",
            "title": _("Term deposits"),
            "sequence": 20,
            "columns": [
                {"label": _("Number"), "type": "text"},
                {"label": _("Since"), "type": "date"},
                {"label": _("Maturity"), "type": "date"},
                {"label": _("Rate"), "type": "text"},
                {"label": _("Principal"), "type": "amount"},
                {"label": _("Interest"), "type": "amount"},
                {"label": _("State"), "type": "text"},
            ],
            "rows": [
                {
                    "model": deposit._name,
                    "id": deposit.id,
                    "cells": [
                        deposit.name,
                        deposit.start,
                        deposit.maturity,
                        f"{deposit.rate:g} %".replace(".", ","),
                        deposit.principal,
                        deposit.interest_total,
                        states[deposit.state],
                    ],
                    "tone": "warning" if deposit.waiting else "",
                    "note": deposit.failure or "",
                }
                for deposit in found
            ],
            "total": {"column": 4, "amount": sum(found.mapped("principal"))},
            "action": None,
        }

    def _situation_plans(self, plans):
        """Savings plans under way: what was promised, saved and missed."""
        _ = self.env._
        found = plans.search([("partner_id", "=", self.id), ("state", "=", "running")])
        frequencies = dict(plans._fields["frequency"]._description_selection(self.env))
        return {
            "key": "plans",
            "title": _("Savings plans"),
            "sequence": 25,
            "columns": [
                {"label": _("Account"), "type": "text"},
                {"label": _("Payments"), "type": "text"},
                {"label": _("Last payment"), "type": "date"},
                {"label": _("Promised"), "type": "amount"},
                {"label": _("Saved"), "type": "amount"},
                {"label": _("Late or missed"), "type": "text"},
            ],
            "rows": [
                {
                    "model": plan._name,
                    "id": plan.id,
                    "cells": [
                        plan.account_id.number,
                        f"{plan.count} × {spaced(plan.amount)} F · {frequencies[plan.frequency]}",
                        plan.date_end,
                        plan.promised,
                        plan.saved,
                        str(plan.missed or ""),
                    ],
                    "tone": "warning" if plan.missed else "",
                    "note": plan.failure or "",
                }
                for plan in found
            ],
            "total": None,
            "action": None,
        }

    def _situation_shares(self, holdings):
        """Shares subscribed, what is paid on them and what is still owed."""
        _ = self.env._
        found = holdings.search([("partner_id", "=", self.id), ("state", "!=", "closed")])
        return {
            "key": "shares",
            "title": _("Shares"),
            "sequence": 30,
            "columns": [
                {"label": _("Number"), "type": "text"},
                {"label": _("Shares subscribed"), "type": "text"},
                {"label": _("Paid"), "type": "amount"},
                {"label": _("Still to pay"), "type": "amount"},
                {"label": _("To pay before"), "type": "date"},
            ],
            "rows": [
                {
                    "model": holding._name,
                    "id": holding.id,
                    "cells": [holding.number, str(holding.subscribed), holding.paid, holding.due, holding.pay_by],
                    "tone": "warning" if holding.is_late else "",
                    "note": "",
                }
                for holding in found
            ],
            "total": {"column": 2, "amount": sum(found.mapped("paid"))},
            "action": None,
        }


class KondoSavingsAccount(models.Model):
    _inherit = "kondo.savings.account"

    @api.private
    def _why_blocked(self):
        """The holds of an account, with their reason and their last day."""
        why = super()._why_blocked()
        dates = self.env["kondo.print"]
        for hold in self.env["kondo.savings.hold"].search([("account_id", "=", self.id), ("state", "=", "active")]):
            held = {"amount": spaced(hold.amount), "reason": hold.reason}
            why.append(
                self.env._("%(amount)s F held until %(date)s: %(reason)s", date=dates._date(hold.date_to), **held)
                if hold.date_to
                else self.env._("%(amount)s F held: %(reason)s", **held)
            )
        return why
