from odoo import api, models


class KondoRegister(models.TransientModel):
    """The register of cash operations over the thresholds of a period: the cases, then their operations."""

    _inherit = "kondo.register"

    @api.private
    def _tables_cash(self, caisses):
        unions = caisses.root_id & self.env.user.sudo()._kondo_companies() if not self.caisse_id else caisses.browse()
        cases = self.env["kondo.aml.case"].search(
            [
                ("company_id", "in", (caisses | unions).ids),
                ("day", ">=", self.date_from),
                ("day", "<=", self.date),
            ],
            order="day, id",
        )
        return [self._cash_cases(cases), self._cash_operations(cases)]

    @api.private
    def _words(self, records, name):
        return dict(records._fields[name]._description_selection(self.env))

    @api.private
    def _cash_cases(self, cases):
        _ = self.env._
        kinds, states = self._words(cases, "kind"), self._words(cases, "state")
        decisions, ways = self._words(cases, "decision"), self._words(cases, "direction")
        return {
            "title": _("Cash operations over the thresholds"),
            "note": _("Confidential: no member, teller or loan officer is told that a case was opened or reported."),
            "columns": [
                ("number", _("Number"), "text", 15),
                ("caisse", _("Caisse"), "text", 18),
                ("day", _("Day"), "day", 11),
                ("kind", _("Kind"), "text", 22),
                ("members", _("Members"), "text", 30),
                ("count", _("Operations"), "count", 9),
                ("way", _("Cash"), "text", 11),
                ("total", _("Total"), "francs", 14),
                ("thresholds", _("Thresholds passed"), "text", 30),
                ("state", _("Status"), "text", 13),
                ("reviewer", _("Reviewed by"), "text", 18),
                ("found", _("What was found"), "text", 34),
                ("decider", _("Decided by"), "text", 18),
                ("decision", _("Decision"), "text", 20),
                ("reason", _("Reason"), "text", 34),
                ("reference", _("Reference of the report"), "text", 16),
                ("on", _("Reported on"), "day", 11),
            ],
            "rows": [
                {
                    "number": case.name,
                    "caisse": case.company_id.sudo().name,
                    "day": case.day,
                    "kind": kinds[case.kind],
                    "members": case.members or "",
                    "count": case.count,
                    "way": ways.get(case.direction, ""),
                    "total": case.total,
                    "thresholds": case.thresholds_text,
                    "state": states[case.state],
                    "reviewer": case.reviewer_id.sudo().name or "",
                    "found": case.review_note or "",
                    "decider": case.decider_id.sudo().name or "",
                    "decision": decisions.get(case.decision, ""),
                    "reason": case.reason or "",
                    "reference": case.centif_reference or "",
                    "on": case.centif_on,
                }
                for case in cases
            ],
            "total": {
                "number": _("Total"),
                "count": sum(cases.mapped("count")),
                "total": sum(cases.mapped("total")),
            },
        }

    @api.private
    def _cash_operations(self, cases):
        _ = self.env._
        return {
            "title": _("Operations of the cases"),
            "note": "",
            "columns": [
                ("number", _("Number"), "text", 15),
                ("day", _("Day"), "day", 11),
                ("caisse", _("Caisse"), "text", 20),
                ("receipt", _("Receipt"), "text", 22),
                ("member", _("Member"), "text", 30),
                ("bearer", _("Person at the counter"), "text", 26),
                ("amount", _("Amount"), "francs", 14),
                ("why", _("Linked by"), "text", 40),
            ],
            "rows": [
                {
                    "number": line.case_id.name,
                    "day": line.business_date,
                    "caisse": line.caisse or "",
                    "receipt": line.receipt_number or "",
                    "member": line.member or "",
                    "bearer": line.bearer or "",
                    "amount": line.amount,
                    "why": line.why or "",
                }
                for line in cases.line_ids
            ],
            "total": None,
        }
