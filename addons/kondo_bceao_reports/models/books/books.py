from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.l10n_ml_sfd import numbering

from ...engine.trial_balance import Figures, path

READERS = (
    "group_caisse_manager",
    "group_accountant",
    "group_controller",
    "group_network_manager",
    "group_administrator",
)
UNALLOCATED = "591"  # the result of earlier years that no meeting has allocated is presented there, as in the returns
FETCHED = 5000


class Table(NamedTuple):
    """A part of a book as paper and spreadsheet show it.

    :param columns: [(label, kind, width)] of kind text, day or francs; widths are in characters
    :param rows: iterable of (style, [value of each column]), read once; style is line, heading, section or total
    :param size: about how many rows there are
    """

    title: str
    columns: list
    rows: Any
    size: int


class KondoBooks(models.AbstractModel):
    """A book of accounts of a caisse, or of the network together: who may read it, for which days, in what form.

    Every public method of a book passes by `_caisses`. Incomes and expenses begin anew with the financial year, and what
    they held before stands, with account 592 that no meeting has allocated, under 591: see `kondo.year.close`.
    """

    _name = "kondo.books"
    _description = "Book of accounts"

    company_id = fields.Many2one(
        "res.company",
        string="Caisse",
        required=True,
        ondelete="cascade",
        domain="[('kondo_kind', '!=', False)]",
        default=lambda self: self.env.company,
    )
    consolidated = fields.Boolean(
        string="The whole network",
        default=lambda self: self.env.company.kondo_kind == "union",
        help="The books of the union and of all its caisses together; what they owe each other is netted.",
    )
    date_from = fields.Date(string="From", required=True, default=lambda self: self._last_day().replace(day=1))
    date_to = fields.Date(string="To", required=True, default=lambda self: self._last_day())
    shown = fields.Boolean(readonly=True)
    summary = fields.Text(readonly=True)

    @api.model
    def _last_day(self):
        return self.env.company.sudo().business_date or fields.Date.context_today(self)

    def _compute_display_name(self):
        for book in self:
            book.display_name = f"{book._title()} · {book._scope_name()} · {book.date_to:%d/%m/%Y}"

    # ------------------------------------------------------------------ doors
    def _caisses(self):
        """The companies of this book (as superuser), for one who may read it."""
        self.ensure_one()
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_group(*READERS)
        self.company_id._check_visible()
        caisses = self.company_id.sudo()
        if self.consolidated:
            caisses = caisses.search([("id", "child_of", caisses.root_id.id)])
            self.env["res.company"].browse(caisses.ids)._check_visible()
        first = self._first_day()
        if first > self.date_to:
            raise UserError(self.env._("The period ends before it begins: check the dates."))
        if self._year_start(first) != self._year_start(self.date_to):
            raise UserError(self.env._("Choose days of one financial year: incomes and expenses begin anew with each."))
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL jit = off")  # compiling costs more than it saves on sums
        return caisses

    def _first_day(self):
        return self.date_from

    def _year_start(self, day):
        return self.company_id.sudo().root_id.compute_fiscalyear_dates(day)["date_from"]

    def action_show(self):
        """Read the book with the days and the caisse that are chosen."""
        caisses = self._caisses()
        self.sudo()._fill(caisses)
        self.write({"shown": True, "summary": "\n".join(self._sentences(caisses))})
        return self._window()

    def _window(self):
        """What the screen does once the rows are there: it shows them, under what was asked."""
        return True

    def action_print(self):
        self._caisses()
        return self.env.ref(f"kondo_bceao_reports.action_report_{self._paper}").report_action(self)

    def action_xlsx(self):
        self._caisses()
        return self.env.ref(f"kondo_bceao_reports.action_report_{self._paper}_xlsx").report_action(self)

    def _open_items(self, title, domain):
        """The window of posted journal items of the period."""
        caisses = self._caisses()
        if not self.env["account.move.line"].has_access("read"):
            raise UserError(self.env._("Journal items are open to those who keep or control the books."))
        books = Domain("company_id", "in", caisses.ids) & Domain("parent_state", "=", "posted")
        days = Domain("date", ">=", self._first_day()) & Domain("date", "<=", self.date_to)
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "account.move.line",
            "views": [(False, "list")],
            "domain": list(books & days & Domain(domain)),
            "context": {"create": False},
        }

    # ------------------------------------------------------------------ what each book says
    _paper = ""  # name of its reports

    def _title(self):
        raise NotImplementedError

    def _fill(self, caisses):
        """Write the rows that the screen shows."""
        raise NotImplementedError

    def _sentences(self, caisses):
        """What is said above the figures, once the rows are there."""
        raise NotImplementedError

    def _tables(self):
        """[Table], from the rows."""
        raise NotImplementedError

    @api.private
    def _read(self):
        """(title, [sentences], [Table]) read anew with the rights of the current user; the door of paper and spreadsheet.

        A copy is filled: the rows that somebody has on his screen stay.
        """
        caisses = self._caisses()
        book = self.sudo().copy()
        book._fill(caisses)
        head = [f"{self._scope_name()} · {self._period()}"]
        return self._title(), head + book._sentences(caisses), book._tables()

    def _scope_name(self):
        company = self.company_id.sudo()
        if self.consolidated:
            return self.env._("%(union)s, the whole network", union=company.root_id.name)
        return company.name or ""

    def _period(self):
        return self.env._(
            "From %(first)s to %(last)s",
            first=format_date(self.env, self.date_from),
            last=format_date(self.env, self.date_to),
        )

    @api.private
    def _speaker(self):
        return self.company_id.sudo().root_id if self.consolidated else self.company_id.sudo()

    # ------------------------------------------------------------------ the books by SQL
    def _code(self):
        """SQL of the number under which an account `a` stands."""
        return SQL(
            "CASE WHEN a.account_type = 'equity_unaffected' THEN %s ELSE COALESCE(a.code_store ->> %s, '') END",
            UNALLOCATED,
            str(self.company_id.sudo().root_id.id),
        )

    def _figures(self, caisses):
        """({number: Figures} of the period, {number: [account ids]}, result of earlier years put under 591)."""
        self.env.cr.execute(
            SQL(
                """
                SELECT %(code)s, array_agg(s.account_id), sum(s.earlier)::bigint, sum(s.before)::bigint,
                       sum(s.debit)::bigint, sum(s.credit)::bigint
                  FROM (SELECT l.account_id,
                               COALESCE(sum(l.balance) FILTER (WHERE l.date < %(year)s), 0) AS earlier,
                               COALESCE(sum(l.balance) FILTER (WHERE l.date >= %(year)s AND l.date < %(first)s), 0) AS before,
                               COALESCE(sum(l.debit) FILTER (WHERE l.date >= %(first)s), 0) AS debit,
                               COALESCE(sum(l.credit) FILTER (WHERE l.date >= %(first)s), 0) AS credit
                          FROM account_move_line l
                         WHERE l.company_id = ANY(%(companies)s) AND l.parent_state = 'posted' AND l.date <= %(last)s
                           AND l.account_id IS NOT NULL
                         GROUP BY l.account_id) s
                  JOIN account_account a ON a.id = s.account_id
                 GROUP BY 1
                """,
                code=self._code(),
                year=self._year_start(self.date_from),
                first=self.date_from,
                last=self.date_to,
                companies=caisses.ids,
            )
        )
        found, ids, unallocated = {}, {}, 0
        for code, account_ids, earlier, before, debit, credit in self.env.cr.fetchall():
            ids[code] = account_ids
            if code.startswith(("6", "7")):
                unallocated += earlier
                earlier = 0
            found[code] = Figures(earlier + before, debit, credit)
        if unallocated:
            kept = found.get(UNALLOCATED, Figures())
            found[UNALLOCATED] = kept._replace(opening=kept.opening + unallocated)
        return found, ids, unallocated

    def _labels(self):
        """({number: name} of the chart in the user's language, the numbers that are headings), caisses' own accounts too."""
        root = self.company_id.sudo().root_id
        groups = self.env["account.group"].sudo().search([("company_id", "=", root.id)])
        accounts = self.env["account.account"].sudo().with_company(root).search([("company_ids", "child_of", root.id)])
        names = {group.code_prefix_start: group.name for group in groups}
        headings = frozenset(names)
        names.update((account.code, account.name) for account in accounts)
        return names, headings

    @api.model
    def _path(self, code, headings):
        return path(code, headings, self._official)

    @api.model
    def _official(self, code):
        account = numbering.official(code)
        return account and account.code

    def _stream(self, model, columns):
        """Rows of this book's table in their order, as tuples, some at a time: a book may be longer than memory."""
        last = 0
        table = SQL.identifier(self.env[model]._table)
        columns = SQL(", ").join(map(SQL.identifier, ("sequence", *columns)))
        while True:
            rows = self.env.execute_query(
                SQL(
                    "SELECT %s FROM %s WHERE book_id = %s AND sequence > %s ORDER BY sequence LIMIT %s",
                    columns,
                    table,
                    self.id,
                    last,
                    FETCHED,
                )
            )
            if not rows:
                return
            last = rows[-1][0]
            for _sequence, *values in rows:
                yield values
