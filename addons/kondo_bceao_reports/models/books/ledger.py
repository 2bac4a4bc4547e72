from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.kondo_microfinance.engine.words import spaced

from .books import Table


class KondoBooksLedger(models.TransientModel):
    """The general ledger, account by account with its running balance, or the journals, entry by entry."""

    _name = "kondo.books.ledger"
    _description = "General ledger and journals"
    _inherit = ["kondo.books"]

    _paper = "books_ledger"

    kind = fields.Selection(
        [("ledger", "General ledger"), ("journal", "Journals")], required=True, readonly=True, default="ledger"
    )
    account_from = fields.Char(
        string="From account", help="A number or its beginning: from 25 to 25 shows members' deposits."
    )
    account_to = fields.Char(string="To account", help="A number or its beginning; that account is in.")
    journal_ids = fields.Many2many(
        "account.journal",
        relation="kondo_books_ledger_journal_rel",
        column1="book_id",
        column2="journal_id",
        string="Journals",
        domain="[('company_id', 'child_of', company_id)]",
        help="Empty: all of them.",
    )
    line_count = fields.Integer(string="Lines", readonly=True)

    def _title(self):
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _window(self):
        """The lines themselves: thousands of them, in pages, to be searched and grouped."""
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.display_name} · {self.summary}",
            "res_model": "kondo.books.ledger.row",
            "views": [(False, "list")],
            "domain": [("book_id", "=", self.id)],
            "context": {"create": False, "kondo_journal": self.kind == "journal"},
        }

    # ------------------------------------------------------------------ rows
    def _fill(self, caisses):
        """The lines by SQL, numbered in the order of the book; those of the ledger with the balance after each."""
        self.env.cr.execute("DELETE FROM kondo_books_ledger_row WHERE book_id = %s", (self.id,))
        self.env.cr.execute("SET LOCAL work_mem = '64MB'")
        is_ledger = self.kind == "ledger"
        openings = self._openings(caisses) if is_ledger else {}
        by_day = "l.date, COALESCE(l.move_id, 0), l.id"  # as they were posted: a till is not overdrawn in between
        order = SQL(f"l.code, {by_day}" if is_ledger else "l.journal, l.caisse, l.date, l.entry, l.id")
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kondo_books_ledger_row
                       (book_id, company_id, kind, code, account_id, journal, date, entry, label, holder, debit, credit,
                        balance, move_id, sequence, create_uid, write_uid, create_date, write_date)
                SELECT %(book)s, l.company_id, l.kind, l.code, l.account_id, l.journal, l.date, l.entry, l.label, l.holder,
                       l.debit, l.credit, sum(l.balance) OVER (PARTITION BY %(group)s ORDER BY %(order)s), l.move_id,
                       row_number() OVER (ORDER BY %(order)s),
                       %(user)s, %(user)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM (%(items)s UNION ALL
                        SELECT 0, %(company)s, 'opening', o.code, NULL, NULL, '', %(first)s::date, '', %(opening)s, NULL,
                               0, 0, o.net, NULL
                          FROM unnest(%(codes)s::varchar[], %(nets)s::bigint[]) AS o(code, net)) l
                """,
                book=self.id,
                company=self.company_id.id,
                user=self.env.uid,
                group=SQL("l.code") if is_ledger else SQL("l.journal"),
                order=order,
                items=self._items(caisses),
                first=self.date_from,
                opening=self.env._("Opening balance"),
                codes=list(openings),
                nets=list(openings.values()),
            )
        )
        self.line_count = self.env.cr.rowcount - len(openings)
        self.env.invalidate_all()

    def _items(self, caisses):
        """SQL of the posted items of the period."""
        where = [SQL("TRUE")]
        if self.kind == "journal" and self.journal_ids:
            where.append(SQL("l.journal_id = ANY(%s)", self.journal_ids.ids))
        if self.kind == "ledger":
            where.append(self._between())
        return SQL(
            """
            SELECT l.id, l.company_id, 'line' AS kind, %(code)s AS code, l.account_id, c.kondo_code AS caisse,
                   j.code AS journal, l.date, COALESCE(m.name, '') AS entry,
                   COALESCE(NULLIF(l.name, ''), NULLIF(m.ref, ''), '') AS label, p.name AS holder,
                   l.debit::bigint AS debit, l.credit::bigint AS credit, l.balance::bigint AS balance, l.move_id
              FROM account_move_line l
              JOIN account_account a ON a.id = l.account_id
              JOIN account_move m ON m.id = l.move_id
              JOIN account_journal j ON j.id = l.journal_id
              JOIN res_company c ON c.id = l.company_id
              LEFT JOIN res_partner p ON p.id = l.partner_id
             WHERE l.company_id = ANY(%(companies)s) AND l.parent_state = 'posted'
               AND l.date BETWEEN %(first)s AND %(last)s AND %(where)s
            """,
            code=self._code(),
            companies=caisses.ids,
            first=self.date_from,
            last=self.date_to,
            where=SQL(" AND ").join(where),
        )

    def _between(self):
        """SQL: the account's number lies between the two that were typed, each a number or its beginning."""
        first, last = (self.account_from or "").strip(), (self.account_to or "").strip()
        code, where = self._code(), [SQL("TRUE")]
        if first:
            where.append(SQL('%s >= %s COLLATE "C"', code, first))
        if last:
            where.append(SQL('left(%s, %s) <= %s COLLATE "C"', code, len(last), last))
        return SQL(" AND ").join(where)

    def _openings(self, caisses):
        """{number: net balance before the period} of the accounts asked for that have one, or move."""
        first, last = (self.account_from or "").strip(), (self.account_to or "").strip()
        figures = self._figures(caisses)[0]
        return {
            code: one.opening
            for code, one in sorted(figures.items())
            if any(one) and code >= first and (not last or code[: len(last)] <= last)
        }

    # ------------------------------------------------------------------ paper
    def _sentences(self, caisses):
        self.env.cr.execute(
            "SELECT COALESCE(sum(debit), 0)::bigint, COALESCE(sum(credit), 0)::bigint FROM kondo_books_ledger_row WHERE book_id = %s",
            (self.id,),
        )
        debit, credit = self.env.cr.fetchone()
        return [
            self.env._(
                "%(count)s lines, debits %(debit)s F, credits %(credit)s F.",
                count=spaced(self.sudo().line_count),
                debit=spaced(debit),
                credit=spaced(credit),
            )
        ]

    def _tables(self):
        _ = self.env._
        columns = [
            (_("Date"), "day", 11),
            (_("Entry"), "text", 19),
            (_("Label"), "text", 50),
            (_("Member or partner"), "text", 30),
            (_("Debit"), "francs", 16),
            (_("Credit"), "francs", 16),
        ]
        size = self.line_count
        if self.kind == "ledger":
            columns.insert(1, (_("Journal"), "text", 8))
            columns.append((_("Balance"), "francs", 17))
            size += 3 * len({one for (one,) in self._stream_codes()})
            return [Table(self._title(), columns, self._ledger_rows(), size)]
        columns.insert(2, (_("Account"), "text", 11))
        return [Table(self._title(), columns, self._journal_rows(), size)]

    def _stream_codes(self):
        return self.env.execute_query(
            SQL("SELECT code FROM kondo_books_ledger_row WHERE book_id = %s AND kind = 'opening'", self.id)
        )

    def _ledger_rows(self):
        """Each account: its name, its opening balance, its lines, its total and closing balance; then debits and credits."""
        names, _headings = self._labels()
        stream = ("kind", "code", "journal", "date", "entry", "label", "holder", "debit", "credit", "balance")
        code, sums, whole = None, [0, 0, 0], [0, 0]
        for kind, number, journal, day, entry, label, holder, debit, credit, balance in self._stream(
            "kondo.books.ledger.row", stream
        ):
            if number != code:
                yield from self._ledger_foot(code, sums)
                code, sums = number, [0, 0, 0]
                yield "section", [None, "", f"{code} {names.get(code, '')}", "", "", None, None, None]
            sums = [sums[0] + debit, sums[1] + credit, balance]
            whole = [whole[0] + debit, whole[1] + credit]
            moved = [debit or None, credit or None] if kind == "line" else [None, None]
            yield "line", [day, journal or "", entry or "", label or "", holder or "", *moved, balance]
        yield from self._ledger_foot(code, sums)
        yield "total", [None, "", "", self.env._("Total"), "", *whole, None]

    def _ledger_foot(self, code, sums):
        if code is not None:
            yield "total", [None, "", "", self.env._("Total of account %(code)s", code=code), "", *sums]

    def _journal_rows(self):
        """Each journal: its name, its lines by entry, its total; then the total of all."""
        stream = ("company_id", "journal", "date", "entry", "code", "label", "holder", "debit", "credit")
        names = self._journal_names()
        place, sums, whole = None, [0, 0], [0, 0]
        for company, journal, day, entry, code, label, holder, debit, credit in self._stream(
            "kondo.books.ledger.row", stream
        ):
            if (company, journal) != place:
                yield from self._journal_foot(place, sums)
                place, sums = (company, journal), [0, 0]
                yield "section", [None, "", "", names.get(place, journal), "", None, None]
            sums = [sums[0] + debit, sums[1] + credit]
            whole = [whole[0] + debit, whole[1] + credit]
            yield "line", [day, entry or "", code, label or "", holder or "", debit or None, credit or None]
        yield from self._journal_foot(place, sums)
        yield "total", [None, "", "", self.env._("Total"), "", *whole]

    def _journal_foot(self, place, sums):
        if place:
            yield "total", [None, "", "", self.env._("Total of journal %(code)s", code=place[1]), "", *sums]

    def _journal_names(self):
        """{(company id, code): words} of the journals."""
        journals = self.env["account.journal"].sudo().search([])
        return {
            (one.company_id.id, one.code): " · ".join(
                [f"{one.code} {one.name}"] + ([one.company_id.name] if self.consolidated else [])
            )
            for one in journals
        }
