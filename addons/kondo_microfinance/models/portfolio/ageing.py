from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..closing.bands import BUCKETS


class KondoPortfolio(models.AbstractModel):
    """The ageing list: arrears by their age, then loan by loan."""

    _inherit = "kondo.portfolio"

    @api.model
    def _add_tables(self, asked, cells):
        return [*super()._add_tables(asked, cells), self._ageing_table(asked, cells)]

    @api.model
    def _bucket_labels(self):
        return dict(self.env["kondo.snapshot.loan"]._fields["bucket"]._description_selection(self.env))

    @api.model
    def _ageing_table(self, asked, cells):
        _ = self.env._
        names = ("principal", "late", "needed", "provision")
        found = self._summed(cells, "bucket", ("loans", *names))
        labels = self._bucket_labels()
        opens = ["loans", *names] if self._loans_kept(asked) else []
        whole = sum(row["principal"] for row in found.values())
        rows = []
        for key, _label in BUCKETS:
            sums = found.get(key, dict.fromkeys(("loans", *names), 0))
            shares = {"principal": self._share(sums["principal"], whole)}
            rows.append({"key": key, "label": labels[key], "cells": sums, "shares": shares, "opens": opens})
        total = {name: sum(row["cells"][name] for row in rows) for name in ("loans", *names)}
        return {
            "key": "ageing",
            "title": _("Ageing of the arrears"),
            "note": _("Late: what has fallen due and is not paid, penalties and guarantee savings included."),
            "heading": _("Age of the arrears"),
            "columns": [
                {"name": "loans", "label": _("Loans"), "kind": "count"},
                {"name": "principal", "label": _("Outstanding"), "kind": "francs", "share": True},
                {"name": "late", "label": _("Late"), "kind": "francs"},
                {"name": "needed", "label": _("Provision needed"), "kind": "francs"},
                {"name": "provision", "label": _("Provision booked"), "kind": "francs"},
            ],
            "rows": rows,
            "total": {"key": "total", "label": _("Total"), "cells": total, "shares": {}, "opens": opens},
        }

    # ------------------------------------------------------------------ the loans of a figure
    @api.model
    def _openers(self):
        return {**super()._openers(), "ageing": self._open_ageing}

    @api.model
    def _open_ageing(self, asked, row, column):
        condition, words = self._column_condition(column)
        if row == "late":
            return self._open_arrears(asked)
        if row != "total":
            condition = SQL("%s AND bucket = %s", condition, row)
            words = self._bucket_labels().get(row, words)
        return self._open_loans(asked, condition, words)

    @api.model
    def _open_arrears(self, asked):
        """The list of all loans in arrears, with its search and its groups."""
        kept = self._loans_kept(asked)
        if not kept:
            raise UserError(self._not_kept())
        if kept == "monthly":
            return self._open_loans(asked, SQL("bucket <> '0'"), self.env._("Ageing list"))
        action = self.env["ir.actions.act_window"]._for_xml_id("kondo_microfinance.kondo_loan_arrears_action")
        action["domain"] = [("company_id", "in", asked.companies)]
        return action

    @api.model
    def _ageing_lines(self, asked):
        """Loans in arrears for the prints, the latest first: dicts of texts and figures; None when they are not kept."""
        kept = self._loans_kept(asked)
        if not kept:
            return None
        if kept == "live":
            model, domain = "kondo.loan.arrears", [("company_id", "in", asked.companies)]
            records = self.env[model].search(domain)
        else:
            records = self.env["kondo.snapshot.loan"].browse(
                self._open_loans(asked, SQL("bucket <> '0'"), "")["domain"][0][2]
            )
            records = records.sorted(lambda row: (-row.days_late, row.loan_id.id))
        stages = dict(records._fields["stage"]._description_selection(self.env))
        return [
            {
                "caisse": row.company_id.sudo().name,
                "number": row.loan_id.name,
                "member": row.partner_id.name,
                "phone": row.phone or "",
                "village": row.village_id.sudo().name or "",
                "product": row.product_id.name,
                "officer": row.officer_id.sudo().name or "",
                "days": row.days_late,
                "late": row.late,
                "principal": row.principal,
                "class": stages.get(row.stage, ""),
                "next": format_date(self.env, row.next_due) if kept == "live" and row.next_due else "",
            }
            for row in records
        ]
