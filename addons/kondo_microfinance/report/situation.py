from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.words import spaced

ROWS = 30  # rows of all sections together on the page
MOVEMENTS = 8


class ReportSituation(models.AbstractModel):
    """What a member has, owes and guarantees, on one page: for a credit file, a widow, a judge, or the member himself."""

    _name = "report.kondo_microfinance.report_situation"
    _description = "Situation of a member"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        members = self.env["res.partner"].browse(docids)
        members.check_access("read")
        if not members or any(not member.is_kondo_member for member in members):
            raise UserError(self.env._("Choose a member first."))
        members.company_id._check_visible()
        return {
            "doc_ids": docids,
            "doc_model": "res.partner",
            "docs": members,
            "title": self.env._("Situation of a member"),
            "members": [self._member(member) for member in members],
        }

    def _member(self, member):
        states = dict(member._fields["member_state"]._description_selection(self.env))
        sections = [self._section(section) for section in member._situation_sections()]
        room = ROWS
        for section in sections:
            kept = section["rows"][: max(1, room)]
            left = len(section["rows"]) - len(kept)
            section["more"] = self.env._("… and %(count)s more", count=left) if left else ""
            section["rows"] = kept
            room -= len(kept) + 3
        history = self.env["kondo.history"]
        accounts = self.env["kondo.savings.account"].search([("partner_id", "=", member.id)])
        rows = history._movements(accounts, newest_first=True, limit=max(0, min(MOVEMENTS, room - 3)) or 1)
        return {
            **self._letterhead(member.company_id),
            "name": member.name,
            "number": member.member_number or "",
            "status": states.get(member.member_state, ""),
            "facts": [
                (label, text)
                for label, text in (
                    (self.env._("Born"), member.birth_label),
                    (self.env._("Village or quarter"), member.village_id.name),
                    (self.env._("Phone"), member.phone),
                    (self.env._("Profession"), member.profession),
                    (self.env._("Member since"), self._date(member.membership_date)),
                )
                if text
            ],
            "alerts": " · ".join(alert["text"] for alert in member._kondo_alerts()),
            "figures": [
                {"label": figure["label"], "amount": spaced(figure["amount"]).replace("-", "\u2212")}
                for figure in member._kondo_situation_figures()
            ],
            "sections": sections,
            "movements": [
                {
                    "date": self._date(row["date"]),
                    "account": row["account"],
                    "text": row["text"],
                    "change": f"+{spaced(row['credit'])}" if row["credit"] else f"\u2212{spaced(row['debit'])}",
                    "balance": spaced(row["balance"]).replace("-", "\u2212"),
                }
                for row in rows
            ],
            "business_date": self._date(member.company_id.sudo().business_date),
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _section(self, section):
        """A section with its amounts as text."""
        amounts = [column["type"] == "amount" for column in section["columns"]]
        total = section.get("total")
        return {
            **section,
            "rows": [
                {
                    **row,
                    "cells": [
                        spaced(cell).replace("-", "\u2212") if amount else cell or ""
                        for cell, amount in zip(row["cells"], amounts, strict=True)
                    ],
                }
                for row in section["rows"]
            ],
            "total": {**total, "amount": spaced(total["amount"])} if total and len(section["rows"]) > 1 else None,
        }
