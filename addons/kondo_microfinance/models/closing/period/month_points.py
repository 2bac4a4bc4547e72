from odoo import api, models
from odoo.tools.misc import format_date

from ....engine.words import spaced

NAMED = 3  # dates or accounts named in a sentence


class KondoMonthCheck(models.Model):
    """The points themselves. Each method gives {company id: {point: (state, sentence)}} for all caisses at once."""

    _inherit = "kondo.month.check"

    def _days(self, month, companies):
        """The business day has left the month. A caisse that never opened has nothing to close."""
        found = {}
        for company in companies.sudo():
            points = found[company.id] = {}
            if company.kondo_kind != "caisse" or not company.business_date:
                continue
            open_still = company.business_date <= month.date_to
            points["day"] = (
                "fail" if open_still else "ok",
                self.env._(
                    "The business day is still %(date)s: end it.", date=format_date(self.env, company.business_date)
                )
                if open_still
                else "",
            )
        return found

    def _closings(self, month, companies):
        """Each business day of the month that had operations has a closing that is done, with nothing left to mend."""
        self.env.cr.execute(
            """
            SELECT d.company_id, array_agg(d.day ORDER BY d.day) FROM (
                SELECT company_id, business_date AS day FROM kondo_operation
                 WHERE company_id = ANY(%(companies)s) AND business_date BETWEEN %(from)s AND %(to)s
                UNION
                SELECT company_id, date FROM kondo_closing
                 WHERE company_id = ANY(%(companies)s) AND date BETWEEN %(from)s AND %(to)s
            ) d
             WHERE NOT EXISTS (SELECT 1 FROM kondo_closing c
                                WHERE c.company_id = d.company_id AND c.date = d.day AND c.state = 'done')
             GROUP BY d.company_id
            """,
            self._bounds(month, companies),
        )
        missing = dict(self.env.cr.fetchall())
        self.env.cr.execute(
            """SELECT s.company_id, array_agg(DISTINCT s.reason) FROM kondo_closing_step s
                 JOIN (SELECT DISTINCT ON (company_id) id FROM kondo_closing
                        WHERE company_id = ANY(%(companies)s) AND date BETWEEN %(from)s AND %(to)s AND state = 'done'
                        ORDER BY company_id, date DESC) last ON last.id = s.closing_id
                WHERE s.reason <> '' GROUP BY 1""",
            self._bounds(month, companies),
        )
        remarks = dict(self.env.cr.fetchall())
        found = {}
        for company in companies:
            if company.sudo().kondo_kind != "caisse" or not company.sudo().business_date:
                continue
            point = ("ok", "")
            if company.id in missing:
                days = self._dates(missing[company.id])
                point = ("fail", self.env._("Days without a finished closing: %(days)s.", days=days))
            elif company.id in remarks:
                point = ("warn", " ".join(remarks[company.id]))
            found[company.id] = {"closings": point}
        return found

    def _books(self, month, companies):
        """Operations, entries and balances say the same, to the franc."""
        service, found = self.env["kondo.reconciliation"].sudo(), {}
        for company in companies:
            gaps = [row["code"] for row in service._reconcile(company) if row["gap"]]
            gaps += [name for name, _stands, _legs in service._sub_account_gaps(company)]
            found[company.id] = {
                "books": (
                    "fail",
                    self.env._("Operations, entries and balances do not agree: %(names)s.", names=self._some(gaps)),
                )
                if gaps
                else ("ok", "")
            }
        return found

    def _entries(self, month, companies):
        """Nothing waits in Odoo's accounting: a draft of a closed month could never be posted."""
        moves = self.env["account.move"].sudo()
        drafts = dict(
            moves._read_group(
                [("company_id", "in", companies.ids), ("state", "=", "draft"), ("date", "<=", month.date_to)],
                ["company_id"],
                ["__count"],
            )
        )
        lines = self.env["account.bank.statement.line"].sudo()
        bank = dict(
            lines._read_group(
                [
                    ("company_id", "in", companies.ids),
                    ("is_reconciled", "=", False),
                    ("date", "<=", month.date_to),
                    ("move_id.state", "in", ("draft", "posted")),
                ],
                ["company_id"],
                ["__count"],
            )
        )
        found = {}
        for company in companies.sudo():
            words = []
            if drafts.get(company):
                words.append(self.env._("Entries still in draft: %(count)s.", count=drafts[company]))
            if bank.get(company):
                words.append(self.env._("Bank movements not reconciled: %(count)s.", count=bank[company]))
            found[company.id] = {"entries": ("fail" if words else "ok", "\n".join(words))}
        return found

    def _liaison(self, month, companies):
        """What two caisses say of each other agrees; the union's row carries the sum of the network.

        Each side of an operation between caisses stands on the business day of its caisse: both sides together are
        always 0, while at the end of the month they may differ by what one caisse booked on the next day (amber).
        """
        ids = companies.sudo().root_id.ids
        self.env.cr.execute(
            """
            SELECT l.company_id, other.id, sum(l.amount)::bigint,
                   COALESCE(sum(l.amount) FILTER (WHERE l.business_date <= %(to)s), 0)::bigint
              FROM kondo_operation_line l
              JOIN account_account a ON a.id = l.account_id AND a.kondo_control = 'liaison'
              JOIN res_company c ON c.id = l.company_id AND split_part(c.parent_path, '/', 1)::int = ANY(%(roots)s)
              JOIN res_company other ON other.partner_id = l.partner_id
             GROUP BY 1, 2
            """,
            {"to": month.date_to, "roots": ids},
        )
        now, then = {}, {}
        for company_id, other_id, total, at_end in self.env.cr.fetchall():
            pair = (company_id, other_id)
            now[pair], then[pair] = int(total), int(at_end)
        found = {}
        for company in companies.sudo():
            if company.kondo_kind == "union":
                gap, cut = sum(now.values()), sum(then.values())
            else:
                gap = self._furthest(now, company.id)
                cut = self._furthest(then, company.id)
            if gap:
                point = ("fail", self.env._("Accounts between caisses differ by %(gap)s F.", gap=spaced(abs(gap))))
            elif cut:
                point = (
                    "warn",
                    self.env._(
                        "Between caisses, %(gap)s F stand in one month here and in the next one there.",
                        gap=spaced(abs(cut)),
                    ),
                )
            else:
                point = ("ok", "")
            found[company.id] = {"liaison": point}
        return found

    @api.model
    def _furthest(self, balances, company_id):
        """The largest difference between what this caisse and another one say of each other."""
        others = {other for one, other in balances if one == company_id}
        others |= {one for one, other in balances if other == company_id}
        sums = [balances.get((company_id, other), 0) + balances.get((other, company_id), 0) for other in others]
        return max(sums, key=abs, default=0)

    def _suspense(self, month, companies):
        """Cash differences and suspense accounts that still hold something at the end of the month: amber."""
        self.env["account.move.line"].flush_model()
        accounts = self._suspense_accounts(companies)
        self.env.cr.execute(
            """
            SELECT company_id, account_id, sum(balance)::bigint FROM account_move_line
             WHERE company_id = ANY(%(companies)s) AND account_id = ANY(%(accounts)s) AND date <= %(to)s
               AND parent_state = 'posted' GROUP BY 1, 2 HAVING sum(balance) <> 0 ORDER BY 1, 2
            """,
            {**self._bounds(month, companies), "accounts": accounts.ids},
        )
        left = {}
        for company_id, account_id, balance in self.env.cr.fetchall():
            left.setdefault(company_id, []).append(f"{accounts.browse(account_id).code} ({spaced(int(balance))} F)")
        return {
            company.id: {
                "suspense": (
                    "warn",
                    self.env._("Not settled at the end of the month: %(names)s.", names=self._some(left[company.id])),
                )
                if company.id in left
                else ("ok", "")
            }
            for company in companies
        }

    @api.model
    def _suspense_accounts(self, companies):
        """Accounts 378 and 379 of the chart: transfers under way, suspense, cash differences."""
        root = companies.sudo().root_id[:1]
        accounts = self.env["account.account"].sudo().with_company(root)
        return accounts.search(
            [("company_ids", "parent_of", companies.ids), "|", ("code", "=like", "378%"), ("code", "=like", "379%")]
        )

    # ------------------------------------------------------------------ words
    def _bounds(self, month, companies):
        return {"companies": companies.ids, "from": month.month, "to": month.date_to}

    def _dates(self, days):
        return self._some([format_date(self.env, day) for day in days])

    def _some(self, names):
        """The first few, and how many more."""
        shown = ", ".join(names[:NAMED])
        if len(names) > NAMED:
            shown = self.env._("%(names)s and %(count)s more", names=shown, count=len(names) - NAMED)
        return shown
