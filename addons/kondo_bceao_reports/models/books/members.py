from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.kondo_microfinance.engine.words import spaced

from .books import Table

CONTROLS = ("savings", "shares", "loans")


class KondoBooksMembers(models.TransientModel):
    """What each member has or owes on a day, by control account, against the general ledger to the franc.

    On the end of a month deposits are read from the photograph of that evening when it says what the ledger says, else
    from the legs of operations. Loans and shares are always read from their legs: a loan changes account with its class,
    and only its legs say on which it stood that day.
    """

    _name = "kondo.books.members"
    _description = "Members' balances by control account"
    _inherit = ["kondo.books"]

    _paper = "books_members"

    date_from = fields.Date(required=False, default=False)
    date_to = fields.Date(string="On")
    account_from = fields.Char(
        string="Accounts beginning with", help="Such as 25 for deposits, 2511, 20 for loans. Empty: all of them."
    )
    total_ids = fields.One2many("kondo.books.members.total", "book_id", string="Control accounts", readonly=True)

    def _first_day(self):
        return self.date_to

    def _title(self):
        return self.env._("Members' balances by control account")

    def _period(self):
        return self.env._("On %(day)s", day=format_date(self.env, self.date_to))

    # ------------------------------------------------------------------ rows
    def _fill(self, caisses):
        """The holders by SQL, numbered in the order of the book; then a total by control account."""
        cr, user = self.env.cr, self.env.uid
        cr.execute("DELETE FROM kondo_books_members_row WHERE book_id = %s", (self.id,))
        cr.execute("DELETE FROM kondo_books_members_total WHERE book_id = %s", (self.id,))
        # The sums by account are far more rows than the planner believes: it would look each of them up, one by one.
        cr.execute("SET LOCAL work_mem = '64MB'; SET LOCAL enable_nestloop = off")
        cr.execute(
            SQL(
                """
                INSERT INTO kondo_books_members_row
                       (book_id, company_id, account_id, code, res_model, res_id, number, member_number, holder, debit,
                        credit, sequence, create_uid, write_uid, create_date, write_date)
                SELECT %(book)s, h.company_id, h.account_id, h.code, h.res_model, h.res_id, h.number, p.member_number,
                       COALESCE(p.name, %(nobody)s),
                       GREATEST(h.net, 0), GREATEST(-h.net, 0),
                       row_number() OVER (ORDER BY h.code, c.kondo_code, p.name, h.number, h.company_id),
                       %(user)s, %(user)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM (%(holders)s) h
                  JOIN res_company c ON c.id = h.company_id
                  LEFT JOIN res_partner p ON p.id = h.partner_id
                """,
                book=self.id,
                nobody=self.env._("Without a member's account"),
                user=user,
                holders=self._holders(caisses),
            )
        )
        cr.execute("SET LOCAL enable_nestloop = on")
        cr.execute(
            SQL(
                """
                INSERT INTO kondo_books_members_total
                       (book_id, company_id, account_id, code, holders, debit, credit, ledger, gap,
                        create_uid, write_uid, create_date, write_date)
                SELECT %(book)s, %(company)s, s.account_id, s.code, sum(s.holders), sum(s.debit), sum(s.credit), sum(s.ledger),
                       sum(s.ledger) - sum(s.debit) + sum(s.credit), %(user)s, %(user)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM (SELECT account_id, code, count(*) AS holders, sum(debit) AS debit, sum(credit) AS credit, 0 AS ledger
                          FROM kondo_books_members_row WHERE book_id = %(book)s GROUP BY 1, 2
                        UNION ALL
                        SELECT a.id, %(code)s, 0, 0, 0, sum(l.balance)
                          FROM account_move_line l JOIN account_account a ON a.id = l.account_id
                         WHERE a.kondo_control = ANY(%(controls)s) AND %(wanted)s AND l.company_id = ANY(%(companies)s)
                           AND l.parent_state = 'posted' AND l.date <= %(day)s
                         GROUP BY 1, 2) s
                 GROUP BY s.account_id, s.code HAVING sum(s.holders) > 0 OR sum(s.ledger) <> 0
                """,
                book=self.id,
                company=self.company_id.id,
                user=user,
                **self._scope(caisses),
            )
        )
        self.env.invalidate_all()

    def _scope(self, caisses):
        code = self._code()
        return {
            "code": code,
            "controls": list(CONTROLS),
            "wanted": SQL("starts_with(%s, %s)", code, (self.account_from or "").strip()),
            "companies": caisses.ids,
            "day": self.date_to,
        }

    def _holders(self, caisses):
        """SQL: company_id, account_id, code, net (francs, debit positive), what is behind it, partner_id, number."""
        return SQL(
            """
            SELECT q.company_id, q.account_id, q.code, q.net,
                   CASE WHEN s.id IS NOT NULL THEN 'kondo.savings.account' WHEN o.id IS NOT NULL THEN 'kondo.loan'
                        WHEN h.id IS NOT NULL THEN 'kondo.share.holding' END AS res_model,
                   COALESCE(s.id, o.id, h.id) AS res_id, COALESCE(s.partner_id, o.partner_id, h.partner_id) AS partner_id,
                   COALESCE(s.number, o.name, h.number, '') AS number
              FROM (SELECT l.company_id, l.account_id, %(code)s AS code, l.savings_account_id, l.loan_id,
                           l.share_holding_id, sum(l.amount)::bigint AS net
                      FROM kondo_operation_line l JOIN account_account a ON a.id = l.account_id
                     WHERE a.kondo_control = ANY(%(controls)s) AND %(wanted)s AND l.company_id = ANY(%(companies)s)
                       AND l.business_date <= %(day)s
                       AND NOT (a.kondo_control = 'savings' AND l.company_id = ANY(%(photographed)s))
                     GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(l.amount) <> 0
                    UNION ALL
                    SELECT p.company_id, a.id, %(code)s, p.account_id, NULL, NULL, -p.balance
                      FROM kondo_snapshot_account p
                      JOIN kondo_savings_account s ON s.id = p.account_id
                      JOIN account_account a ON a.id = s.ledger_account_id
                     WHERE p.company_id = ANY(%(photographed)s) AND p.date = %(day)s AND p.balance <> 0 AND %(wanted)s
                   ) q
              LEFT JOIN kondo_savings_account s ON s.id = q.savings_account_id
              LEFT JOIN kondo_loan o ON o.id = q.loan_id
              LEFT JOIN kondo_share_holding h ON h.id = q.share_holding_id
            """,
            photographed=self._photographed(caisses),
            **self._scope(caisses),
        )

    def _photographed(self, caisses):
        """Ids of the caisses whose photograph of that evening gives every deposit account what its ledger account holds."""
        self.env.cr.execute(
            """
            WITH taken AS (
                SELECT DISTINCT company_id FROM kondo_snapshot_account WHERE company_id = ANY(%(companies)s) AND date = %(day)s
            ), sums AS (
                SELECT p.company_id, s.ledger_account_id AS account_id, -p.balance AS net
                  FROM kondo_snapshot_account p JOIN kondo_savings_account s ON s.id = p.account_id
                 WHERE p.company_id = ANY(%(companies)s) AND p.date = %(day)s
                UNION ALL
                SELECT l.company_id, l.account_id, -l.balance
                  FROM account_move_line l JOIN account_account a ON a.id = l.account_id AND a.kondo_control = 'savings'
                 WHERE l.company_id IN (SELECT company_id FROM taken) AND l.parent_state = 'posted' AND l.date <= %(day)s
            )
            SELECT company_id FROM taken
            EXCEPT
            SELECT company_id FROM (SELECT company_id FROM sums GROUP BY company_id, account_id HAVING sum(net) <> 0) g
            """,
            {"companies": caisses.ids, "day": self.date_to},
        )
        return [company_id for (company_id,) in self.env.cr.fetchall()]

    # ------------------------------------------------------------------ paper
    def _sentences(self, caisses):
        _ = self.env._
        totals = self.sudo().total_ids
        gaps = totals.filtered("gap")
        if gaps:
            said = ", ".join(f"{one.code} ({spaced(one.gap)} F)" for one in gaps)
            sentence = _("Members' accounts differ from the general ledger: %(accounts)s.", accounts=said)
        else:
            sentence = _(
                "Members' accounts equal the general ledger on %(count)s control accounts, %(holders)s balances.",
                count=len(totals),
                holders=spaced(sum(totals.mapped("holders"))),
            )
        photographed = len(self._photographed(caisses))
        source = (
            _("Deposits as photographed at the end of the month in %(count)s caisse(s).", count=photographed)
            if photographed
            else _("Read from the operations up to that day.")
        )
        return [sentence, source]

    def _tables(self):
        return [self._total_table(), self._holder_table()]

    def _total_table(self):
        _ = self.env._
        columns = [
            (_("Account"), "text", 12),
            (_("Name"), "text", 50),
            (_("Balances"), "francs", 12),
            (_("Debit"), "francs", 17),
            (_("Credit"), "francs", 17),
            (_("Net"), "francs", 17),
            (_("General ledger"), "francs", 17),
            (_("Difference"), "francs", 14),
        ]
        rows = [
            (
                "line",
                [one.code, one.label, one.holders, one.debit, one.credit, one.debit - one.credit, one.ledger, one.gap],
            )
            for one in self.total_ids
        ]
        sums = [sum(row[index] for _style, row in rows) for index in range(2, len(columns))]
        rows.append(("total", ["", _("Total"), *sums]))
        return Table(_("Control accounts"), columns, rows, len(rows))

    def _holder_table(self):
        _ = self.env._
        columns = [
            (_("Account"), "text", 11),
            (_("Number"), "text", 22),
            (_("Member"), "text", 16),
            (_("Holder"), "text", 48),
            (_("Debit"), "francs", 17),
            (_("Credit"), "francs", 17),
        ]
        size = sum(self.total_ids.mapped("holders")) + 2 * len(self.total_ids)
        return Table(_("Balances of the members"), columns, self._holder_rows(), size)

    def _holder_rows(self):
        """A section by control account with its balances, then its total."""
        totals = {one.account_id.id: one for one in self.total_ids}
        names = ("account_id", "code", "number", "member_number", "holder", "debit", "credit")
        total = None
        for account_id, *values in self._stream("kondo.books.members.row", names):
            if total != totals[account_id]:
                yield from self._foot(total)
                total = totals[account_id]
                yield "section", [total.code, total.label or "", "", "", None, None]
            yield "line", [value or "" for value in values[:4]] + [value or None for value in values[4:]]
        yield from self._foot(total)

    def _foot(self, total):
        if total:
            label = self.env._("Total of account %(code)s", code=total.code)
            yield "total", ["", label, "", "", total.debit, total.credit]
