from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.passbook import advance, free_lines, place
from ..ledger.key import LEDGER

PRINTERS = ("group_teller", "group_caisse_manager")


class KondoSavingsPassbook(models.Model):
    """A book in a member's hand: which movements it holds and where the next line goes.

    Lines count as printed only once the person at the printer says that they came out well, so that a paper jam loses
    nothing and prints nothing twice.
    """

    _name = "kondo.savings.passbook"
    _description = "Passbook"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "account_id, sequence desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "account_id", "company_id", "sequence", "pages", "lines", "page", "line", "last_leg", "carried", "state",
            "issued_on", "issued_by_id", "ended_on", "reason",
        }
    )  # fmt: skip

    account_id = fields.Many2one(
        "kondo.savings.account", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(related="account_id.partner_id", string="Holder")
    sequence = fields.Integer(string="Book", required=True, readonly=True, help="1 is the account's first book.")
    cover_number = fields.Char(string="Number on the cover", tracking=True)
    issued_on = fields.Date(readonly=True)
    issued_by_id = fields.Many2one("res.users", readonly=True)
    ended_on = fields.Date(readonly=True)
    pages = fields.Integer(required=True, readonly=True)
    lines = fields.Integer(string="Lines on a page", required=True, readonly=True)
    page = fields.Integer(string="Next page", required=True, readonly=True, default=1)
    line = fields.Integer(string="Next line", required=True, readonly=True, default=1)
    last_leg = fields.Integer(
        required=True, readonly=True, default=0, help="Last movement that this book or the one before it holds."
    )
    carried = fields.Boolean(readonly=True, help="The book begins with the balance brought forward.")
    state = fields.Selection(
        [("current", "In use"), ("full", "Full"), ("lost", "Lost"), ("ended", "Replaced")],
        required=True,
        readonly=True,
        default="current",
        tracking=True,
    )
    reason = fields.Char(readonly=True, tracking=True, help="Why the book was replaced.")
    print_ids = fields.One2many("kondo.savings.passbook.print", "passbook_id", string="Prints", readonly=True)
    pending_id = fields.Many2one("kondo.savings.passbook.print", compute="_compute_position")
    waiting = fields.Integer(string="Lines to print", compute="_compute_position")
    free = fields.Integer(string="Free lines", compute="_compute_position")
    balance = fields.Integer(related="account_id.balance", string="Balance")

    _one_current = models.UniqueIndex("(account_id) WHERE state = 'current'", "This account already has a book in use.")
    _sequence_unique = models.UniqueIndex("(account_id, sequence)")
    _position = models.Constraint(
        "CHECK (pages > 0 AND lines > 0 AND page > 0 AND line BETWEEN 1 AND lines AND page <= pages + 1)",
        "The position is outside the book.",
    )

    # ------------------------------------------------------------------ computes
    @api.depends("account_id", "sequence")
    def _compute_display_name(self):
        for book in self:
            book.display_name = self.env._(
                "Passbook %(number)s of %(account)s", number=book.sequence, account=book.account_id.number
            )

    def _compute_position(self):
        pending = {
            printed.passbook_id.id: printed
            for printed in self.env["kondo.savings.passbook.print"].search(
                [("passbook_id", "in", self.ids), ("state", "=", "pending")]
            )
        }
        for book in self:
            book.pending_id = pending.get(book.id, False)
            book.waiting = book._waiting_count() if book.state in ("current", "full") else 0
            book.free = free_lines(book.page, book.line, book.pages, book.lines)

    def _waiting_count(self):
        count = (
            self.env["kondo.operation.line"]
            .sudo()
            .search_count([("savings_account_id", "=", self.account_id.id), ("id", ">", self.last_leg)])
        )
        return count + self._begins()

    def _begins(self):
        """Whether the next line is the balance brought forward."""
        return bool(self.carried and (self.page, self.line) == (1, 1))

    # ------------------------------------------------------------------ create, write, unlink
    def write(self, vals):
        if "cover_number" in vals and not self.env.su:
            self._guard()
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A passbook is kept, even lost or full."))

    @api.model
    @api.private
    def _issue(self, account, reason=None, charge=True):
        """Give the account its next book, after the one before is full, lost or worn out. Returns it."""
        self.env["kondo.four.eyes"]._check_group(*PRINTERS)
        account._check_printable()
        if account.sudo().state == "closed":
            raise UserError(self.env._("The account %(number)s is closed.", number=account.number))
        union = account.company_id.sudo().root_id
        before = self.sudo().search([("account_id", "=", account.id)], limit=1)
        last_leg = before.last_leg if before else self._begin_after(account, union.passbook_lines)
        book = (
            self.sudo()
            .with_context(kondo_ledger=LEDGER)
            .create(
                {
                    "account_id": account.id,
                    "company_id": account.company_id.id,
                    "sequence": before.sequence + 1,
                    "pages": union.passbook_pages,
                    "lines": union.passbook_lines,
                    "last_leg": last_leg,
                    "carried": bool(last_leg),
                    "issued_on": account.company_id.sudo().business_date or fields.Date.context_today(self),
                    "issued_by_id": self.env.uid,
                    "reason": reason,
                }
            )
            .with_context(kondo_ledger=None)
            .with_env(self.env)
        )
        if charge:
            account._charge_paper("passbook", f"passbook,{account.id},{book.sequence}")
        return book

    def _begin_after(self, account, lines):
        """The last movement that a first book does not show: older ones than a page holds are brought forward."""
        legs = (
            self.env["kondo.operation.line"]
            .sudo()
            .search([("savings_account_id", "=", account.id)], order="id desc", limit=1, offset=lines - 1)
        )
        return legs.id or 0

    # ------------------------------------------------------------------ actions
    def action_print(self):
        """Print the next free lines of the open page: again as long as nobody said that they came out well."""
        self.ensure_one()
        self._guard()
        self._lock()
        pending = self.pending_id or self._next_print()
        return self.env.ref("kondo_microfinance.action_report_passbook").report_action(pending)

    def action_confirm(self):
        """It came out well: the lines are in the book, and the position moves on."""
        self.ensure_one()
        self._guard()
        self._lock()
        pending = self.pending_id
        if not pending:
            raise UserError(self.env._("No print is waiting for an answer."))
        page, line = advance(pending.count, pending.page, pending.line, self.lines)
        self._set(page=page, line=line, last_leg=max(self.last_leg, pending.last_leg))
        if page > self.pages:
            self._set(state="full")
        pending._answer("good")
        self.invalidate_recordset()

    def action_spoilt(self):
        """It did not come out: nothing is counted as printed."""
        self.ensure_one()
        self._guard()
        self._lock()
        if not self.pending_id:
            raise UserError(self.env._("No print is waiting for an answer."))
        self.pending_id._answer("spoilt")
        self.invalidate_recordset()

    def action_new_book(self):
        """The next book of an account whose book is full."""
        self.ensure_one()
        self._guard()
        self._lock("full")
        self._set(state="ended", ended_on=self._today())
        return self._issue(self.account_id)._open()

    def action_ask_replacement(self):
        return self._ask("replace")

    def action_ask_reprint(self):
        return self._ask("reprint")

    def _ask(self, purpose):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replace the book") if purpose == "replace" else self.env._("Print a page again"),
            "res_model": "kondo.passbook.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_passbook_id": self.id, "default_purpose": purpose, "default_page": max(1, self.page)},
        }

    # ------------------------------------------------------------------ business
    @api.private
    def _replace(self, reason, lost=True, charge=True):
        """Another book for one that is lost or worn out; it begins with the balance brought forward."""
        self.ensure_one()
        self._guard()
        self._lock()
        reason = self._reason(reason)
        if self.pending_id:
            self.pending_id._answer("spoilt")
        self._set(state="lost" if lost else "ended", ended_on=self._today(), reason=reason)
        return self._issue(self.account_id, reason, charge)

    @api.private
    def _reprint(self, page, reason):
        """Print again all that page `page` holds, for a reason that is kept; the position does not move."""
        self.ensure_one()
        self._guard()
        reason = self._reason(reason)
        prints = self._prints_of(page)
        if not prints:
            raise UserError(self.env._("Nothing is printed on page %(page)s.", page=page))
        log = (
            self.env["kondo.savings.passbook.print"]
            .sudo()
            .create(
                {
                    "passbook_id": self.id,
                    "kind": "reprint",
                    "page": page,
                    "line": prints[0].line,
                    "count": sum(prints.mapped("count")),
                    "carried": prints[0].carried,
                    "first_leg": prints[0].first_leg,
                    "last_leg": prints[-1].last_leg,
                    "state": "good",
                    "reason": reason,
                }
            )
        )
        return log.with_env(self.env)

    def _prints_of(self, page):
        prints = self.print_ids.filtered(lambda p: p.page == page and p.kind == "lines" and p.state == "good")
        return prints.sorted("line")

    def _next_print(self):
        """The print of the next stretch of lines, waiting for its answer."""
        begins, waiting = self._begins(), self._waiting_count()
        if not waiting:
            raise UserError(self.env._("The passbook is up to date: there is nothing new to print."))
        page, line, count = place(waiting, self.page, self.line, self.pages, self.lines)
        if not count:
            raise UserError(self.env._("The passbook is full: issue a new one."))
        legs = (
            self.env["kondo.operation.line"]
            .sudo()
            .search(
                [("savings_account_id", "=", self.account_id.id), ("id", ">", self.last_leg)],
                order="id",
                limit=count - begins,
            )
            if count > begins
            else self.env["kondo.operation.line"]
        )
        printed = (
            self.env["kondo.savings.passbook.print"]
            .sudo()
            .create(
                {
                    "passbook_id": self.id,
                    "kind": "lines",
                    "page": page,
                    "line": line,
                    "count": count,
                    "carried": begins,
                    "first_leg": self.last_leg,
                    "last_leg": legs[-1:].id or self.last_leg,
                }
            )
        )
        self.invalidate_recordset()
        return printed.with_env(self.env)

    # ------------------------------------------------------------------ helpers
    def _guard(self):
        self.check_access("read")
        self.company_id._check_visible()
        self.env["kondo.four.eyes"]._check_group(*PRINTERS)

    def _lock(self, state="current"):
        self.env.flush_all()
        self.env.cr.execute("SELECT state FROM kondo_savings_passbook WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        self.invalidate_recordset()
        if self.state != state:
            raise UserError(
                self.env._("The passbook is full: issue a new one.")
                if self.state == "full"
                else self.env._("This book is no longer in use.")
            )

    def _reason(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why, in a few words."))
        return reason[:200]

    def _set(self, **values):
        """Written at once: the next book of the account is created only when this one has left its place."""
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)
        self.flush_recordset()

    def _today(self):
        return self.company_id.sudo().business_date or fields.Date.context_today(self)

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
