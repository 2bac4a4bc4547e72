from odoo import api, models

from odoo.addons.kondo_microfinance.models.loans.grant import OFF_BALANCE

TOP = 10


class KondoReturnSource(models.AbstractModel):
    """What each borrower owes and was promised, by the legs of operations: of any day, without a photograph.

    Those tied to the institution are the borrowers whose file says so, as the limit of instruction 010-08-2010 counts
    them, and those who sit on a committee.
    """

    _inherit = "kondo.return.source"

    @api.model
    def _exposure_rows(self, scope):
        """[dict loan_id, partner_id, tie, outstanding, commitment] of the loans with either."""

        def read():
            owed = {}
            for loan, _account, amount in self._principal_of(scope):
                owed[loan] = owed.get(loan, 0) + amount
            promised = self._commitments(scope)
            ids = sorted(loan for loan in {*owed, *promised} if owed.get(loan) or promised.get(loan))
            self.env.cr.execute(
                """
                SELECT l.id AS loan_id, l.partner_id, l.company_id,
                       CASE WHEN l.related_party <> 'none' THEN l.related_party
                            WHEN EXISTS (SELECT 1 FROM kondo_committee_seat s WHERE s.active AND s.partner_id = l.partner_id)
                            THEN 'elected' ELSE 'none' END AS tie
                  FROM kondo_loan l WHERE l.id = ANY(%s) ORDER BY l.id
                """,
                (ids,),
            )
            return [
                {**row, "outstanding": owed.get(row["loan_id"], 0), "commitment": promised.get(row["loan_id"], 0)}
                for row in self.env.cr.dictfetchall()
            ]

        return scope.once("exposures", read)

    @api.model
    def _commitments(self, scope):
        """{loan: francs granted and not paid out} at the end of the day, by the off-balance accounts."""
        account = scope.companies[:1].root_id._kondo_account(OFF_BALANCE[0])
        self.env.cr.execute(
            """
            SELECT o.loan_id, sum(l.amount)::bigint FROM kondo_operation_line l JOIN kondo_operation o ON o.id = l.operation_id
             WHERE l.account_id = %(account)s AND l.company_id = ANY(%(companies)s) AND l.business_date <= %(day)s
               AND o.loan_id IS NOT NULL
             GROUP BY 1 HAVING sum(l.amount) <> 0
            """,
            {"account": account.id, "companies": scope.companies.ids, "day": scope.date},
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _debtors(self, scope):
        """[(francs owed and promised, borrower, his rows)], the largest first."""
        found = {}
        for row in self._exposure_rows(scope):
            found.setdefault(row["partner_id"], []).append(row)
        debtors = [
            (sum(row["outstanding"] + row["commitment"] for row in rows), partner, rows)
            for partner, rows in found.items()
        ]
        return sorted(debtors, key=lambda debtor: (-debtor[0], debtor[1]))

    # ------------------------------------------------------------------ measures
    @api.model
    def _measure_loans_insiders(self, scope, filters):
        """Principal owed by those who govern or work for the institution, and their relatives."""
        self._check_filters("loans.insiders", filters, ())
        return sum(row["outstanding"] for row in self._exposure_rows(scope) if row["tie"] != "none")

    @api.model
    def _measure_loans_insiders_commitments(self, scope, filters):
        """Francs granted to them and not paid out."""
        self._check_filters("loans.insiders_commitments", filters, ())
        return sum(row["commitment"] for row in self._exposure_rows(scope) if row["tie"] != "none")

    @api.model
    def _measure_loans_approved_undisbursed(self, scope, filters):
        """Francs granted and not paid out."""
        self._check_filters("loans.approved_undisbursed", filters, ())
        return sum(row["commitment"] for row in self._exposure_rows(scope))

    @api.model
    def _measure_loans_largest_exposure(self, scope, filters):
        """What the largest borrower owes and was promised."""
        self._check_filters("loans.largest_exposure", filters, ())
        return next((total for total, _partner, _rows in self._debtors(scope)), 0)

    @api.model
    def _measure_loans_top10(self, scope, filters):
        """What the ten largest borrowers owe and were promised."""
        self._check_filters("loans.top10", filters, ())
        return sum(total for total, _partner, _rows in self._debtors(scope)[:TOP])

    # ------------------------------------------------------------------ rows
    @api.model
    def _positions_of(self, scope, loans):
        """{loan: (class, days late, provision)} photographed on that evening."""
        self.env.cr.execute(
            """
            SELECT s.loan_id, s.stage, s.days_late, s.provision
              FROM unnest(%(companies)s::int[], %(days)s::date[]) AS d(company_id, day)
              JOIN kondo_snapshot_loan s ON s.company_id = d.company_id AND s.date = d.day
             WHERE s.loan_id = ANY(%(loans)s)
            """,
            {
                "companies": list(self._evenings(scope, scope.date)),
                "days": list(self._evenings(scope, scope.date).values()),
                "loans": loans,
            },
        )
        return {loan: (stage, days, provision) for loan, stage, days, provision in self.env.cr.fetchall()}

    @api.model
    def _rows_top_debtors(self, scope, limit=TOP):
        """The largest borrowers: rank, label, number, caisse, loans, outstanding, commitment, exposure, days_late, provision.

        `days_late` and `provision` are None when the evening was not photographed.
        """
        debtors = self._debtors(scope)[:limit]
        partners = self.env["res.partner"].sudo().browse([partner for _total, partner, _rows in debtors])
        partners.fetch(["name", "member_number", "company_id"])
        positions = self._positions_of(scope, [row["loan_id"] for _total, _partner, rows in debtors for row in rows])
        found = []
        for rank, ((total, _partner, rows), partner) in enumerate(zip(debtors, partners, strict=True), 1):
            seen = [positions[row["loan_id"]] for row in rows if row["loan_id"] in positions]
            found.append(
                {
                    "rank": rank,
                    "label": partner.name,
                    "number": partner.member_number,
                    "caisse": partner.company_id.name,
                    "loans": len(rows),
                    "outstanding": sum(row["outstanding"] for row in rows),
                    "commitment": sum(row["commitment"] for row in rows),
                    "exposure": total,
                    "days_late": max((days for _stage, days, _provision in seen), default=None),
                    "provision": sum(provision for _stage, _days, provision in seen) if seen else None,
                    "partner_id": partner.id,
                    "loan_ids": [row["loan_id"] for row in rows],
                }
            )
        return found

    @api.model
    def _rows_insiders(self, scope):
        """Loans of those tied to the institution: label, tie, tie_label, number, granted, outstanding, commitment,
        exposure, class, days_late, provision (the last three None without a photograph).
        """
        rows = [row for row in self._exposure_rows(scope) if row["tie"] != "none"]
        loans = self.env["kondo.loan"].sudo().browse([row["loan_id"] for row in rows])
        loans.fetch(["name", "partner_id", "amount", "disbursed_on"])
        ties = dict(loans._fields["related_party"]._description_selection(self.env))
        positions = self._positions_of(scope, loans.ids)
        found = []
        for row, loan in zip(rows, loans, strict=True):
            stage, days, provision = positions.get(loan.id, (None, None, None))
            found.append(
                {
                    "label": loan.partner_id.name,
                    "tie": row["tie"],
                    "tie_label": ties[row["tie"]],
                    "number": loan.name,
                    "caisse": loan.company_id.name,
                    "granted": loan.amount,
                    "disbursed_on": loan.disbursed_on or None,
                    "outstanding": row["outstanding"],
                    "commitment": row["commitment"],
                    "exposure": row["outstanding"] + row["commitment"],
                    "class": stage,
                    "days_late": days,
                    "provision": provision,
                    "partner_id": loan.partner_id.id,
                    "loan_id": loan.id,
                }
            )
        return sorted(found, key=lambda one: (-one["exposure"], one["number"]))
