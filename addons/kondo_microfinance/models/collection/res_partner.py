from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    collector_member_ids = fields.One2many(
        "kondo.collector.member", "partner_id", string="In collectors' books", readonly=True
    )

    @api.private
    def _kondo_situation(self):
        return [*super()._kondo_situation(), self._situation_rounds()]

    def _situation_rounds(self):
        """The collectors in whose book the member stands, and what one of them still carries of his money."""
        _ = self.env._
        books = self.env["kondo.collector.member"].search([("partner_id", "=", self.id)])
        carried = dict(
            self.env["kondo.collection.line"]._read_group(
                [("member_id", "in", books.ids), ("collection_id.state", "=", "to_count")],
                ["member_id"],
                ["amount:sum"],
            )
        )
        return {
            "key": "rounds",
            "title": _("Daily collection"),
            "sequence": 29,
            "columns": [
                {"label": _("Collector"), "type": "text"},
                {"label": _("Account"), "type": "text"},
                {"label": _("Carnet no."), "type": "text"},
                {"label": _("Usual stake"), "type": "amount"},
                {"label": _("Given and not yet counted"), "type": "amount"},
            ],
            "rows": [
                {
                    "model": "kondo.collector",
                    "id": row.collector_id.id,
                    "cells": [
                        row.collector_id.name,
                        row.account_id.number,
                        row.carnet or "",
                        row.stake,
                        carried.get(row, 0),
                    ],
                    "tone": "warning" if carried.get(row) else "",
                    "note": "",
                }
                for row in books
            ],
            "total": None,
            "action": None,
        }
