from odoo import api, models

LINES = ("term",)
TERMS = ("short", "medium", "long", "credit_funds")


class KondoReturnSource(models.AbstractModel):
    """Resources that donors have earmarked and the loans made out of them, as DIMF 2014 asks for them."""

    _inherit = "kondo.return.source"

    @api.model
    def _fund_rows(self, scope):
        """[dict line, term, resource, loans, in_arrears] at the end of the day; classes are those of each caisse's evening."""

        def read():
            evenings = self._evenings(scope, scope.date)
            days = {}
            for company in scope.companies:
                days.setdefault(evenings.get(company.id, scope.date), []).append(company.id)
            found = {}
            for day, companies in sorted(days.items()):
                caisses = self.env["res.company"].sudo().browse(companies)
                for row in self.env["kondo.funding.line"].sudo()._dimf_2014(caisses, day):
                    known = found.setdefault(row["line"], {**row, "resource": 0, "loans": 0, "in_arrears": 0})
                    for name in ("resource", "loans", "in_arrears"):
                        known[name] += row[name]
            return sorted(found.values(), key=lambda row: (TERMS.index(row["term"]), row["line"].id))

        return scope.once("funds", read)

    @api.model
    def _fund(self, name, scope, filters, column):
        self._check_filters(name, filters, LINES)
        term = filters.get("term")
        if term and term not in TERMS:
            self._check_value("term", term)
        return sum(row[column] for row in self._fund_rows(scope) if term in (None, row["term"]))

    @api.model
    def _measure_funds_received(self, scope, filters):
        """What donors gave, less what was given back to them (ZD1). `term` also knows credit_funds, account 503."""
        return self._fund("funds.received", scope, filters, "resource")

    @api.model
    def _measure_funds_lent(self, scope, filters):
        """What borrowers owe of it (ZD2)."""
        return self._fund("funds.lent", scope, filters, "loans")

    @api.model
    def _measure_funds_late(self, scope, filters):
        """Of which loans in arrears (ZD3); no data when an evening was not photographed."""
        return self._fund("funds.late", scope, filters, "in_arrears") if self._photographed(scope) else None

    @api.model
    def _rows_funding_lines(self, scope):
        """Donors' lines: label, donor, agreement, term, account, resource, loans, in_arrears."""
        return [
            {
                "label": row["line"].name,
                "donor": row["line"].donor_id.name,
                "agreement": row["line"].agreement,
                "term": row["term"],
                "account": row["line"].account_root,
                "resource": row["resource"],
                "loans": row["loans"],
                "in_arrears": row["in_arrears"],
                "line_id": row["line"].id,
            }
            for row in self._fund_rows(scope)
        ]
