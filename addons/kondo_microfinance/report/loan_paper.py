from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..engine.charts import rate_text
from ..engine.words import amount_in_words, spaced
from ..models.loans.product_settings import exact_rate

FIRST_ROWS, ROWS = 30, 44  # of a schedule, on its first page and on the others
LINE, FIRST_LINES, LINES = 108, 43, 50  # characters of a line of an article; lines on the first page and on the others


def text_pages(articles, first=FIRST_LINES, other=LINES, last=0, width=LINE):
    """Articles (heading, text) shared out over sheets; the last sheet keeps `last` lines free for the signatures.

    A heading costs two lines. No article is cut, and none stands alone with more than a sheet of text.

    >>> [len(page) for page in text_pages([("a", "x" * 300)] * 4, first=12, other=12, width=100)]
    [2, 2]
    >>> [len(page) for page in text_pages([("a", "x" * 300)] * 4, first=12, other=12, last=6, width=100)]
    [2, 1, 1]
    >>> [len(page) for page in text_pages([("a", "")] * 6, first=12, other=12, last=1)]
    [3, 3]
    """
    pages, used = [[]], 0
    for heading, text in articles:
        cost = 2 + -(-len(text) // width)
        if pages[-1] and used + cost > (first if len(pages) == 1 else other):
            pages.append([])
            used = 0
        pages[-1].append((heading, text))
        used += cost
    if len(pages[-1]) > 1 and used + last > (first if len(pages) == 1 else other):
        moved = min(3, len(pages[-1]) - 1)  # the signatures do not stand with a single article
        pages[-1:] = [pages[-1][:-moved], pages[-1][-moved:]]
    return pages


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
        for number, page in enumerate(pages, 1):
            page.setdefault("sheet", number)
            page.setdefault("sheets", len(pages))
        return {"doc_ids": docids, "doc_model": model, "title": title, "pages": pages}

    @api.model
    def _paper(self, loan, paper, pages, subject=None, marked=True):
        """The pages of one paper of a loan, numbered by themselves, recorded, marked when it is not the first print."""
        number = self.env["kondo.print.log"]._record_loan(loan, paper, subject)
        duplicate = self.env._("DUPLICATE No. %(number)s", number=number - 1) if marked and number > 1 else ""
        for sheet, page in enumerate(pages, 1):
            page.update(sheet=sheet, sheets=len(pages), duplicate=duplicate)
        title = f"{pages[0]['title']} · {duplicate}" if duplicate else pages[0]["title"]
        self._note_print(loan, title)
        return pages

    @api.model
    def _texts(self, company, title, number, articles, first, last, signs=9):
        """Pages of numbered articles: `first` are parts of the first page, `last` of the one that is signed."""
        shares, pages, count = text_pages(articles, last=signs), [], 1
        for index, share in enumerate(shares):
            parts = {**(first if not index else {}), **(last if index == len(shares) - 1 else {})}
            pages.append(self._page(company, title, number, articles=share, first_article=count, **parts))
            count += len(share)
        return pages

    @api.model
    def _identity(self, person):
        """Who somebody is, for the head of a paper he signs: (label, text), what is not known left out."""
        _ = self.env._
        person = person.sudo()
        facts = [
            (_("Name"), person.name),
            (_("Member no."), person.member_number),
            (_("Born"), " · ".join(filter(None, [person.birth_label, person.birth_place]))),
            (_("Identity"), ", ".join(person.id_numbers.mapped("name"))),
            (_("Profession"), person.profession),
            (_("Village"), person.village_id.name),
            (_("Phone"), person.phone),
        ]
        return [(label, text) for label, text in facts if text]

    @api.model
    def _page(self, company, title, number="", **parts):
        """One page: what is not given is left out."""
        empty = {"facts": [], "articles": [], "table": None, "signs": [], "notice": "", "intro": "", "closing": ""}
        empty.update(first_article=1, thumb=False, duplicate="")
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
        return f"{rate_text(value if isinstance(value, Decimal | Fraction) else exact_rate(value))} %"

    @api.model
    def _rhythm(self, terms):
        """How often an instalment falls, in words.

        :param terms: LoanTerms
        """
        _ = self.env._
        if terms.due_dates:
            return _("on the dates of the table")
        if terms.every == 1:
            return {
                "days": _("one a day"),
                "weeks": _("one a week"),
                "months": _("one a month"),
                "quarters": _("one a quarter"),
                "years": _("one a year"),
            }[terms.unit]
        return {
            "days": _("one every %(count)s days", count=terms.every),
            "weeks": _("one every %(count)s weeks", count=terms.every),
            "months": _("one every %(count)s months", count=terms.every),
            "quarters": _("one every %(count)s quarters", count=terms.every),
            "years": _("one every %(count)s years", count=terms.every),
        }[terms.unit]

    # ------------------------------------------------------------------ parts
    @api.model
    def _schedule_pages(self, loan, rows, title, paid=False, rate=None, terms=None):
        """Pages of a schedule.

        :param rows: instalments of the engine or of the loan, with due, principal, interest, fees, total and balance
        :param rate: EffectiveRate, and `terms` LoanTerms, where they are not those of the file as it stands
        """
        _ = self.env._
        headers = [_("No."), _("Due on"), _("Principal"), _("Interest"), _("Fees and savings"), _("Instalment")]
        headers += [_("Paid so far"), _("Left to pay")] if paid else [_("Principal left")]
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
                facts=self._loan_facts(loan, rate, terms) if not index else [],
                table={"headers": headers, "rows": chunk, "total": totals if chunk is chunks[-1] else None},
                signs=[_("The borrower"), _("The caisse")] if chunk is chunks[-1] and not paid else [],
            )
            for index, chunk in enumerate(chunks)
        ]

    @api.model
    def _loan_facts(self, loan, rate=None, terms=None):
        _ = self.env._
        teg, period = loan.teg, loan.teg_period
        if rate:
            teg = rate.actuarial if loan.product_id._teg_method() == "actuarial" else rate.proportional
            period = rate.period
        facts = [
            (_("Borrower"), loan.partner_id.name),
            (_("Member no."), loan.partner_id.member_number),
            (_("Product"), loan.product_id.name),
            (_("Amount lent"), f"{spaced(terms.amount if terms else loan.amount)} FCFA"),
            (_("Disbursed on"), self._date(terms.start if terms else loan.disbursed_on or loan.start_on)),
            (_("Rate"), _("%(rate)s a year", rate=self._percent(terms.annual_rate if terms else loan.annual_rate))),
            (_("TEG"), _("%(teg)s a year", teg=self._percent(round(teg, 2)))),
            (_("Rate of the period"), self._percent(round(period, 4))),
        ]
        return [(label, text) for label, text in facts if text]

    @api.model
    def _rows_of(self, loan):
        """Rows of the schedule in force; of a file that is not decided yet, what it would be."""
        loan = loan.sudo()
        if loan.schedule_id:
            return self._rows_of_schedule(loan.schedule_id)
        _terms, schedule, _rate = loan._plan()
        return self._rows_of_engine(schedule)

    @api.model
    def _rows_of_schedule(self, schedule, penalties=True):
        """:param penalties: with the penalties counted since, which no contract knows of"""
        rows = []
        for row in schedule.instalment_ids.sorted("number"):
            penalty = row.penalty - row.waived_penalty
            rows.append(
                {
                    "number": row.number,
                    "due": row.due,
                    "principal": row.principal,
                    "interest": row.interest,
                    "other": row.fee + row.tax + row.insurance + row.guarantee + (penalty if penalties else 0),
                    "total": row.total - (0 if penalties else penalty),
                    "balance": row.balance,
                    "paid": row.paid,
                    "rest": row.rest,
                }
            )
        return rows

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
    """The amortisation table: as signed before the disbursement, then as it stands on the day, with what was paid."""

    _name = "report.kondo_microfinance.report_loan_schedule"
    _description = "Schedule of a loan"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        loans, title = self._loans(docids), self.env._("Amortisation table")
        pages = []
        for loan in loans:
            running = loan.state in ("active", "closed", "written_off")
            sheets = self._schedule_pages(loan.sudo(), self._rows_of(loan), title, paid=running)
            if running:
                day = self._date(loan.company_id.sudo().business_date or fields.Date.context_today(self))
                sheets[0]["notice"] = self.env._("Situation on %(day)s", day=day)
            elif loan.state != "approved":
                sheets[0]["notice"] = self.env._("For information: the loan has not been granted.")
            schedule = loan.schedule_id
            pages += self._paper(loan, "schedule", sheets, schedule, marked=loan.state == "approved")
        return self._values(docids, "kondo.loan", title, pages)
