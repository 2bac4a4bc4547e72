from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.words import amount_in_words, spaced


class ReportYearResult(models.AbstractModel):
    """The result of a year by heading, and what is proposed or decided for it: the paper of the general meeting."""

    _name = "report.kondo_microfinance.report_year_result"
    _description = "Result of a year and its allocation"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        years = self.env["kondo.year.close"].browse(docids)
        if not years:
            raise UserError(self.env._("Choose the year."))
        years.check_access("read")
        years.company_id._check_visible()
        if any(year.state == "draft" for year in years):
            raise UserError(self.env._("Propose the allocation first, then print it."))
        return {
            "doc_ids": docids,
            "doc_model": "kondo.year.close",
            "docs": years,
            "title": self.env._("Result of the year and its allocation"),
            "papers": [self._paper(year) for year in years],
        }

    def _paper(self, year):
        number = self.env["kondo.print.log"]._record_year(year)
        year = year.sudo()
        destinations = dict(year.line_ids._fields["destination"]._description_selection(self.env))
        headings = year._headings()
        return {
            **self._letterhead(year.company_id),
            "name": f"{year.company_id.kondo_code or ''}-{year.year}",
            "title": self.env._("Result of %(year)s and its allocation", year=year.year),
            "decided": year.state == "decided",
            "expenses": [self._heading(row) for row in headings if row[0].startswith("6")],
            "incomes": [self._heading(row) for row in headings if not row[0].startswith("6")],
            "expense": self._figure(year.expense),
            "income": self._figure(year.income),
            "profit": year.result >= 0,
            "result": self._figure(abs(year.result)),
            "words": amount_in_words(abs(year.result)),
            "rule": self._rule(year) if year.result > 0 else "",
            "lines": [
                {
                    "name": destinations[line.destination],
                    "account": line.account_code,
                    "before": self._figure(line.before),
                    "proposed": self._figure(line.proposed),
                    "decided": self._figure(line.decided),
                    "after": self._figure(line.after),
                }
                for line in year.line_ids
            ],
            "proposed_total": self._figure(year.proposed_total),
            "decided_total": self._figure(year.decided_total),
            "meeting": self._date(year.decision_date),
            "reference": year.decision_reference or "",
            "chair": year.decision_chair or "",
            "proposed_by": year.proposed_by_id.name,
            "decided_by": year.decided_by_id.name or "",
            "book": year.operation_id.move_id.name or "",
            "uuid": year.operation_id.uuid or "",
            "print_number": number,
            "is_reversed": False,
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _rule(self, year):
        return self.env._(
            "General reserve: at least %(rate)s %% of the profit less the loss carried forward, that is %(least)s FCFA "
            "(BCEAO instruction no. 010-08-2010). Carried forward before: %(carried)s FCFA.",
            rate=f"{year.rate:g}".replace(".", ","),
            least=self._figure(year.least),
            carried=self._figure(year.carried_before),
        )

    def _heading(self, row):
        code, name, amount = row
        return {"code": code, "name": name, "amount": self._figure(amount)}

    def _figure(self, amount):
        return spaced(amount).replace("-", "\u2212")


class KondoYearClose(models.Model):
    _inherit = "kondo.year.close"

    def _headings(self):
        """Incomes and expenses of the year by heading of the chart: [(two digits, name, francs)] by number.

        Expenses and incomes both count as plus where they stand on their own side.
        """
        self.ensure_one()
        self.env["account.move.line"].flush_model()
        root = self.company_id.root_id
        self.env.cr.execute(
            """
            SELECT left(a.code_store ->> %(root)s, 2),
                   sum(CASE WHEN a.account_type LIKE 'income%%' THEN -l.balance ELSE l.balance END)::bigint
              FROM account_move_line l JOIN account_account a ON a.id = l.account_id
             WHERE l.company_id = %(company)s AND l.parent_state = 'posted' AND l.date BETWEEN %(from)s AND %(to)s
               AND (a.account_type LIKE 'income%%' OR a.account_type LIKE 'expense%%')
             GROUP BY 1, a.account_type LIKE 'income%%' HAVING sum(l.balance) <> 0 ORDER BY 1
            """,
            {
                "root": str(root.id),
                "company": self.company_id.id,
                "from": self._first_day(),
                "to": self._last_day(),
            },
        )
        rows = self.env.cr.fetchall()
        groups = self.env["account.group"].sudo().search(
            [("company_id", "=", root.id), ("code_prefix_start", "in", [code for code, _amount in rows])]
        )  # fmt: skip
        names = {group.code_prefix_start: group.name for group in groups}
        return [(code, names.get(code, ""), int(amount)) for code, amount in rows]
