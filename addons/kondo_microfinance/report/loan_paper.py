from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..engine.charts import rate_text
from ..engine.words import amount_in_words, spaced
from ..models.loans.product_settings import exact_rate

FIRST_ROWS, ROWS = 30, 44  # of a schedule, on its first page and on the others


class KondoLoanPaper(models.AbstractModel):
    """What every paper of a loan shares: the head, who is bound, what is owed, and where they sign.

    A paper is pages; a page is a title, facts in two columns, numbered articles, a table, and places to sign.
    """

    _name = "kondo.loan.paper"
    _description = "Paper of a loan"
    _inherit = ["kondo.print"]

    @api.model
    def _loans(self, docids):
        loans = self.env["kondo.loan"].browse(docids).exists()
        if not loans:
            raise UserError(self.env._("Choose the loan."))
        loans.check_access("read")
        for loan in loans:
            loan.company_id.with_env(self.env)._check_visible()
        self.env["kondo.four.eyes"]._check_group(
            "group_loan_officer", "group_caisse_manager", "group_teller", "group_accountant", "group_controller"
        )
        return loans

    @api.model
    def _values(self, docids, model, title, pages):
        return {"doc_ids": docids, "doc_model": model, "title": title, "pages": pages}

    @api.model
    def _page(self, company, title, number="", **parts):
        """One page: what is not given is left out."""
        empty = {"facts": [], "articles": [], "table": None, "signs": [], "notice": "", "intro": "", "total": None}
        return {
            **empty,
            **self._letterhead(company),
            "town": company.sudo().city or company.sudo().name,
            "title": title,
            "number": number,
            "day": self._date(company.sudo().business_date or fields.Date.context_today(self)),
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
            **parts,
        }

    @api.model
    def _francs(self, amount):
        """An amount in figures and in words."""
        return f"{spaced(amount)} FCFA ({amount_in_words(amount)})"

    @api.model
    def _percent(self, value):
        return f"{rate_text(exact_rate(value))} %"

    @api.model
    def _rhythm(self, loan):
        units = dict(loan._fields["unit"]._description_selection(self.env))
        if loan.every == 1:
            return units[loan.unit]
        return self.env._("every %(count)s %(unit)s", count=loan.every, unit=units[loan.unit].lower())

    # ------------------------------------------------------------------ parts
    @api.model
    def _schedule_pages(self, loan, rows, title, paid=False):
        """Pages of a schedule.

        :param rows: instalments of the engine or of the loan, with due, principal, interest, fees, total and balance
        """
        _ = self.env._
        headers = [_("No."), _("Due on"), _("Principal"), _("Interest"), _("Fees and savings"), _("Instalment")]
        headers += [_("Paid"), _("Left to pay")] if paid else [_("Principal left")]
        totals = [""] * 2 + [
            spaced(sum(row[name] for row in rows)) for name in ("principal", "interest", "other", "total")
        ]
        totals += [spaced(sum(row[name] for row in rows)) for name in ("paid", "rest")] if paid else [""]
        lines = [
            [
                str(row["number"]),
                self._date(row["due"]),
                *(spaced(row[name]) for name in ("principal", "interest", "other", "total")),
                *([spaced(row["paid"]), spaced(row["rest"])] if paid else [spaced(row["balance"])]),
            ]
            for row in rows
        ]
        chunks = [lines[:FIRST_ROWS], *split_every(ROWS, lines[FIRST_ROWS:], list)]
        return [
            self._page(
                loan.company_id,
                title,
                loan.name,
                facts=self._loan_facts(loan) if not index else [],
                table={"headers": headers, "rows": chunk, "total": totals if chunk is chunks[-1] else None},
                signs=[_("The borrower"), _("The caisse")] if chunk is chunks[-1] and not paid else [],
            )
            for index, chunk in enumerate(chunks)
        ]

    @api.model
    def _loan_facts(self, loan):
        _ = self.env._
        facts = [
            (_("Borrower"), loan.partner_id.name),
            (_("Member no."), loan.partner_id.member_number),
            (_("Product"), loan.product_id.name),
            (_("Amount lent"), f"{spaced(loan.amount)} FCFA"),
            (_("Disbursed on"), self._date(loan.disbursed_on or loan.start_on)),
            (_("Rate"), _("%(rate)s a year", rate=self._percent(loan.annual_rate))),
            (_("TEG"), _("%(teg)s a year", teg=self._percent(round(loan.teg, 2)))),
            (_("Rate of the period"), self._percent(round(loan.teg_period, 4))),
        ]
        return [(label, text) for label, text in facts if text]

    @api.model
    def _rows_of(self, loan):
        """Rows of the schedule in force; of a file that is not decided yet, what it would be."""
        loan = loan.sudo()
        if loan.schedule_id:
            return [
                {
                    "number": row.number,
                    "due": row.due,
                    "principal": row.principal,
                    "interest": row.interest,
                    "other": row.fee + row.tax + row.insurance + row.guarantee + row.penalty - row.waived_penalty,
                    "total": row.total,
                    "balance": row.balance,
                    "paid": row.paid,
                    "rest": row.rest,
                }
                for row in loan.schedule_id.instalment_ids.sorted("number")
            ]
        _terms, schedule, _rate = loan._plan()
        return self._rows_of_engine(schedule)

    @api.model
    def _rows_of_engine(self, schedule):
        return [
            {
                "number": row.number,
                "due": row.due,
                "principal": row.principal,
                "interest": row.interest,
                "other": row.fees + row.insurance + row.guarantee,
                "total": row.total,
                "balance": row.balance,
                "paid": 0,
                "rest": row.total,
            }
            for row in schedule.rows
        ]

    @api.model
    def _note_print(self, loan, title):
        """The file remembers each paper that left it."""
        loan.sudo().message_post(
            body=self.env._("Printed by %(user)s: %(paper)s", user=self.env.user.name, paper=title)
        )


class ReportLoanSchedule(models.AbstractModel):
    """The amortisation table, as signed, or as it stands on any day with what was paid."""

    _name = "report.kondo_microfinance.report_loan_schedule"
    _description = "Schedule of a loan"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        loans, title = self._loans(docids), self.env._("Amortisation table")
        pages = []
        for loan in loans:
            running = loan.state in ("active", "closed", "written_off")
            pages += self._schedule_pages(loan, self._rows_of(loan), title, paid=running)
            self._note_print(loan, title)
        return self._values(docids, "kondo.loan", title, pages)
