from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.paging import pages
from odoo.addons.kondo_microfinance.engine.words import spaced

FIRST_PAGE, NEXT_PAGES = 32, 41  # lines of an A4 page on its side
PAGES_MOST = (
    150  # a longer book is read on the screen or as a spreadsheet: nobody binds it, and drawing it takes minutes
)


class ReportBooks(models.AbstractModel):
    """A book on paper: its tables one after the other, each page with its heading and its number."""

    _name = "kondo.books.paper"
    _description = "Book of accounts on paper"
    _inherit = ["kondo.print"]

    _book = ""

    @api.model
    def _get_report_values(self, docids, data=None):
        books = self.env[self._book].browse(docids).exists()
        if not books:
            raise UserError(self.env._("Print from the book on the screen."))
        papers = [self._paper(book) for book in books]
        return {
            "doc_ids": docids,
            "doc_model": books._name,
            "docs": books,
            "title": papers[0]["book"],
            "papers": papers,
        }

    def _paper(self, book):
        title, sentences, tables = book._read()
        count = sum(-(-table.size // NEXT_PAGES) for table in tables)
        if count > PAGES_MOST:
            raise UserError(
                self.env._(
                    "This book would take about %(count)s pages of paper, and %(most)s are the most. Choose fewer days or "
                    "accounts, or take the spreadsheet.",
                    count=spaced(count),
                    most=PAGES_MOST,
                )
            )
        return {
            **self._letterhead(book._speaker()),
            "book": title,
            "sentences": sentences,
            "pages": self._pages(tables, len(sentences)),
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _pages(self, tables, heading):
        """[{title, columns, rows}]: each table begins a page."""
        drawn = []
        for table in tables:
            wide = sum(width for _label, _kind, width in table.columns)
            columns = [(label, kind == "francs", f"{100 * width / wide:.1f}%") for label, kind, width in table.columns]
            rows = [(style, self._cells(style, cells)) for style, cells in table.rows]
            first = NEXT_PAGES if drawn else FIRST_PAGE - heading
            drawn += [
                {"title": table.title, "columns": columns, "rows": part} for part in pages(rows, first, NEXT_PAGES, 0)
            ]
        return drawn

    def _cells(self, style, cells):
        """The texts of a row; a section has one, across the table."""
        texts = [self._cell(value) for value in cells]
        return [" · ".join(filter(None, texts))] if style == "section" else texts

    def _cell(self, value):
        if value is None or value is False:
            return ""
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return spaced(value).replace("-", "−") if isinstance(value, int) else value


class ReportBooksBalance(models.AbstractModel):
    _name = "report.kondo_bceao_reports.report_books_balance"
    _description = "Trial balance"
    _inherit = ["kondo.books.paper"]

    _book = "kondo.books.balance"


class ReportBooksMembers(models.AbstractModel):
    _name = "report.kondo_bceao_reports.report_books_members"
    _description = "Members' balances by control account"
    _inherit = ["kondo.books.paper"]

    _book = "kondo.books.members"


class ReportBooksLedger(models.AbstractModel):
    _name = "report.kondo_bceao_reports.report_books_ledger"
    _description = "General ledger and journals"
    _inherit = ["kondo.books.paper"]

    _book = "kondo.books.ledger"
