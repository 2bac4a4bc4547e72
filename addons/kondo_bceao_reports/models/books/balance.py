from odoo import fields, models
from odoo.tools.misc import format_date

from odoo.addons.kondo_microfinance.engine.words import spaced

from ...engine.trial_balance import Figures, net_liaison, trial_balance
from .books import UNALLOCATED, Table

SIDES = ("opening_debit", "opening_credit", "debit", "credit", "closing_debit", "closing_credit")
GAPS = 5  # gaps of the proof that are said


class KondoBooksBalance(models.TransientModel):
    """The trial balance in six columns: opening, movements and closing, in debit and credit, on the levels of the chart."""

    _name = "kondo.books.balance"
    _description = "Trial balance"
    _inherit = ["kondo.books"]

    _paper = "books_balance"

    level = fields.Selection(
        [
            ("1", "Classes"),
            ("2", "Two digits"),
            ("3", "Three digits"),
            ("4", "Four digits"),
            ("all", "Accounts that take entries"),
        ],
        required=True,
        default="all",
    )
    hide_zero = fields.Boolean(
        string="Hide accounts without figures", default=True, help="Off: every account of the chart is there."
    )
    prove = fields.Boolean(
        string="Prove against the sub-ledgers",
        default=True,
        help="Compares the accounts of members, tills, donors' lines and between caisses with what stands on each member's "
        "account, loan, share and till on the last day.",
    )
    row_ids = fields.One2many("kondo.books.balance.row", "book_id", string="Balance", readonly=True)

    def _title(self):
        return self.env._("Trial balance")

    # ------------------------------------------------------------------ figures
    def _lines(self, caisses):
        """([Line], {number: account ids})."""
        figures, ids, _unallocated = self._figures(caisses)
        if self.consolidated:
            figures = net_liaison(figures)
        _names, headings = self._labels()
        figures = {code: one for code, one in figures.items() if any(one)}
        if not self.hide_zero:
            figures = dict.fromkeys(self._chart(caisses), Figures()) | figures
        return trial_balance(figures, lambda code: self._path(code, headings), self.level), ids

    def _chart(self, caisses):
        """The numbers of the accounts in which these caisses may post."""
        root = caisses[:1].root_id
        accounts = self.env["account.account"].sudo().with_company(root)
        own = accounts.search([("company_ids", "in", (caisses | root).ids)])
        return sorted(filter(None, own.mapped("code")))

    def _fill(self, caisses):
        lines, ids = self._lines(caisses)
        names, _headings = self._labels()
        rows = self.env["kondo.books.balance.row"]
        rows.search([("book_id", "=", self.id)]).unlink()
        rows.create(
            [
                {
                    "book_id": self.id,
                    "company_id": self.company_id.id,
                    "sequence": rank,
                    "code": line.code if line.kind != "total" else False,
                    "label": self._total_label(line.code) if line.kind == "total" else names.get(line.code, ""),
                    "kind": line.kind,
                    "depth": line.depth,
                    "account_ids": sorted({one for code in line.codes for one in ids.get(code, ())}),
                    **dict(zip(SIDES, line.sides, strict=True)),
                }
                for rank, line in enumerate(lines, 1)
            ]
        )

    def _total_label(self, code):
        _ = self.env._
        return {"1-7": _("Total of classes 1 to 7"), "9": _("Total off the balance sheet (class 9)")}.get(
            code, _("Total")
        )

    # ------------------------------------------------------------------ proof
    def _sentences(self, caisses):
        _ = self.env._
        total = self.sudo().row_ids[-1:]
        pairs = [(total.opening_debit, total.opening_credit), (total.debit, total.credit)]
        pairs.append((total.closing_debit, total.closing_credit))
        if all(debit == credit for debit, credit in pairs):
            said = [_("Debits equal credits: opening, movements and closing.")]
        else:
            gaps = ", ".join(spaced(debit - credit) for debit, credit in pairs)
            said = [_("Debits and credits differ (opening, movements, closing): %(gaps)s F.", gaps=gaps)]
        unallocated = self._figures(caisses)[2]
        if unallocated:
            said.append(
                _(
                    "Account %(account)s holds the result of earlier years that no meeting has allocated: %(amount)s F of "
                    "incomes less expenses, beside account 592.",
                    account=UNALLOCATED,
                    amount=spaced(-unallocated).replace("-", "−"),
                )
            )
        return said + (self._proof(caisses) if self.prove else [])

    def _proof(self, caisses):
        """Whether legs, entries and what stands on sub-accounts say the same on the last day, caisse by caisse."""
        service, _ = self.env["kondo.reconciliation"].sudo(), self.env._
        rows = [(caisse, row) for caisse in caisses for row in service._reconcile(caisse, self.date_to)]
        gaps = [
            _("%(caisse)s, account %(code)s: %(gap)s F", caisse=caisse.name, code=row["code"], gap=spaced(row["gap"]))
            for caisse, row in rows
            if row["gap"]
        ]
        day = format_date(self.env, self.date_to)
        if gaps:
            return [_("Sub-ledgers differ on %(day)s: %(gaps)s.", day=day, gaps=" ; ".join(gaps[:GAPS]))]
        return [
            _(
                "Sub-ledgers agree on %(day)s: %(count)s accounts of members, tills, lines and between caisses.",
                day=day,
                count=len(rows),
            )
        ]

    # ------------------------------------------------------------------ paper
    def _tables(self):
        _ = self.env._
        columns = [
            (_("Account"), "text", 11),
            (_("Name"), "text", 52),
            (_("Opening debit"), "francs", 17),
            (_("Opening credit"), "francs", 17),
            (_("Movements debit"), "francs", 17),
            (_("Movements credit"), "francs", 17),
            (_("Closing debit"), "francs", 17),
            (_("Closing credit"), "francs", 17),
        ]
        styles = {"heading": "heading", "account": "line", "total": "total"}
        rows = (
            (styles[kind], [code or "", label, *(side or None for side in sides)])
            for code, label, kind, *sides in self._stream("kondo.books.balance.row", ("code", "label", "kind", *SIDES))
        )
        return [Table(self._title(), columns, rows, len(self.row_ids))]
