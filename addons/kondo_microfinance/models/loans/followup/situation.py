from odoo import api, models


class ResPartner(models.Model):
    """Loans on the member's page: what is owed, what is late, what comes next."""

    _inherit = "res.partner"

    @api.private
    def _kondo_situation(self):
        return [*super()._kondo_situation(), self._situation_loans(self.env["kondo.loan"])]

    @api.private
    def _kondo_situation_figures(self):
        figures = super()._kondo_situation_figures()
        loans = self.env["kondo.loan"].search([("partner_id", "=", self.id), ("state", "=", "active")])
        if not loans:
            return figures
        late = sum(loans.mapped("amount_late"))
        return [
            *figures,
            {"label": self.env._("Owed"), "amount": sum(loans.mapped("principal")), "tone": "danger" if late else ""},
        ]

    def _situation_loans(self, loans):
        _ = self.env._
        found = loans.search([("partner_id", "=", self.id), ("state", "not in", ("cancelled",))])
        states = dict(loans._fields["state"]._description_selection(self.env))
        return {
            "key": "loans",
            "title": _("Loans"),
            "sequence": 10,
            "columns": [
                {"label": _("Number"), "type": "text"},
                {"label": _("Product"), "type": "text"},
                {"label": _("Granted"), "type": "amount"},
                {"label": _("Outstanding"), "type": "amount"},
                {"label": _("Late"), "type": "amount"},
                {"label": _("Next due"), "type": "date"},
                {"label": _("State"), "type": "text"},
            ],
            "rows": [
                {
                    "model": loan._name,
                    "id": loan.id,
                    "cells": [
                        loan.name,
                        loan.product_id.name,
                        loan.amount,
                        loan.principal,
                        loan.amount_late,
                        loan.next_due,
                        states[loan.state],
                    ],
                    "tone": "danger" if loan.days_late else "muted" if loan.state in ("closed", "refused") else "",
                    "note": _("%(days)s days late", days=loan.days_late) if loan.days_late else "",
                }
                for loan in found
            ],
        }
