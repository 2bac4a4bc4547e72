from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.private
    def _kondo_situation(self):
        return [*super()._kondo_situation(), self._situation_orders()]

    def _situation_orders(self):
        """What the member has ordered to be paid, and what fails."""
        _ = self.env._
        orders = self.env["kondo.standing.order"].search(
            [("partner_id", "=", self.id), ("state", "in", ("draft", "active", "suspended"))]
        )
        frequencies = dict(orders._fields["frequency"]._description_selection(self.env))
        states = dict(orders._fields["state"]._description_selection(self.env))
        return {
            "key": "orders",
            "title": _("Standing orders"),
            "sequence": 28,
            "columns": [
                {"label": _("Number"), "type": "text"},
                {"label": _("From account"), "type": "text"},
                {"label": _("To account"), "type": "text"},
                {"label": _("How much"), "type": "text"},
                {"label": _("How often"), "type": "text"},
                {"label": _("Next"), "type": "date"},
                {"label": _("State"), "type": "text"},
            ],
            "rows": [
                {
                    "model": order._name,
                    "id": order.id,
                    "cells": [
                        order.name,
                        order.source_account_id.number,
                        getattr(order.sudo(), f"_target_name_{order.target_kind}")(),
                        order._amount_text(),
                        frequencies[order.frequency],
                        order.next_due,
                        states[order.state],
                    ],
                    "tone": "danger" if order.state == "suspended" else "warning" if order.failure else "",
                    "note": order.suspended_reason or order.failure or "",
                }
                for order in orders
            ],
            "total": None,
            "action": None,
        }
