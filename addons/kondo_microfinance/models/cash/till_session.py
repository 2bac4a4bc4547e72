from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.cash import CountError, count_total
from ...engine.words import spaced
from ..fields import Francs
from ..ledger.key import LEDGER


class KondoTillSession(models.Model):
    """A teller's day at a till: from the counted float to the counted close."""

    _name = "kondo.till.session"
    _description = "Till session"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "state", "till_id", "user_id", "company_id", "business_date", "opened_at", "closed_at", "opening_cash",
            "opening_counts", "closing_counts", "counted_cash", "theoretical_cash", "difference", "closed_by_id",
            "difference_note", "forced_by_id", "forced_reason",
        }
    )  # fmt: skip

    till_id = fields.Many2one(
        "kondo.till", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Teller", required=True, readonly=True)
    business_date = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("counted", "Counted"), ("closed", "Closed")], required=True, readonly=True, default="open"
    )
    opened_at = fields.Datetime(readonly=True)
    closed_at = fields.Datetime(readonly=True)
    opening_cash = Francs(readonly=True, string="Float")
    opening_counts = fields.Json(readonly=True)
    closing_counts = fields.Json(readonly=True)
    counted_cash = Francs(readonly=True, string="Counted")
    theoretical_cash = Francs(readonly=True, string="Theoretical")
    difference = Francs(readonly=True, help="Counted less theoretical: negative when cash is missing.")
    difference_note = fields.Char(readonly=True, string="Explanation of the difference")
    closed_by_id = fields.Many2one("res.users", readonly=True, string="Closed with")
    forced_by_id = fields.Many2one(
        "res.users", readonly=True, string="Counted without the teller by", help="The manager, the teller being absent."
    )
    forced_reason = fields.Char(readonly=True, string="Why without the teller")
    operation_ids = fields.One2many("kondo.operation", "session_id", string="Operations", readonly=True)
    operation_count = fields.Integer(compute="_compute_operation_count")

    _one_open_session = models.UniqueIndex(
        "(till_id) WHERE state <> 'closed'", "This till already has an open session."
    )
    _one_till_per_teller = models.UniqueIndex(
        "(user_id, company_id) WHERE state <> 'closed'", "This teller already has an open till."
    )

    @api.depends("till_id", "business_date")
    def _compute_display_name(self):
        for session in self:
            session.display_name = f"{session.till_id.display_name} · {session.business_date:%d/%m/%Y}"

    def _compute_operation_count(self):
        counts = dict(
            self.env["kondo.operation"]._read_group([("session_id", "in", self.ids)], ["session_id"], ["__count"])
        )
        for session in self:
            session.operation_count = counts.get(session, 0)

    def unlink(self):
        raise AccessError(self.env._("A till session is kept."))

    # ------------------------------------------------------------------ opening
    @api.model
    def open_till(self, till_id, counts):
        """Open a till with the float that lies in it, counted, and any cash slip sent to it by the vault.

        :param counts: {denomination key: pieces}, see engine/cash.py
        :return: id of the session
        :raises UserError: the count differs from what was handed over, the till or the teller is busy
        """
        self.env["kondo.four.eyes"]._check_group("group_teller")
        total = self._count_total(counts)
        till = self.env["kondo.till"].sudo().browse(self.env["kondo.operation"]._check_id(till_id)).exists()
        if not till or till.kind != "till" or till.company_id not in self.env.user._kondo_companies():
            raise UserError(self.env._("This till is not in your caisse."))
        with self.env["kondo.operation"]._posting_env() as env:
            return env[self._name]._open_here(till.id, till.company_id.id, counts, total)

    def _open_here(self, till_id, company_id, counts, total):
        cr = self.env.cr
        cr.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", (self.env["kondo.operation"]._day_lock, company_id))
        cr.execute("SELECT cash, open_session_id FROM kondo_till WHERE id = %s FOR NO KEY UPDATE", (till_id,))
        cash, open_session_id = cr.fetchone()
        if open_session_id:
            raise UserError(self.env._("This till is already open."))
        if self.sudo().search_count([("user_id", "=", self.env.uid), ("state", "!=", "closed")], limit=1):
            raise UserError(self.env._("You already have an open till. Close it first."))
        company = self.env["res.company"].sudo().browse(company_id)
        if not company.business_date:
            raise UserError(self.env._("No business day is open in this caisse. The manager opens it first."))
        slips = (
            self.env["kondo.cash.slip"]
            .sudo()
            .search([("till_id", "=", till_id), ("kind", "=", "vault_to_till"), ("state", "=", "sent")], order="id")
        )
        expected = cash + sum(slips.mapped("amount"))
        if total != expected:
            raise UserError(
                self.env._(
                    "You counted %(counted)s F but %(expected)s F were handed over. Count again, or have the slip corrected.",
                    counted=spaced(total),
                    expected=spaced(expected),
                )
            )
        session = (
            self.sudo()
            .with_context(kondo_ledger=LEDGER)
            .create(
                {
                    "till_id": till_id,
                    "company_id": company_id,
                    "user_id": self.env.uid,
                    "business_date": company.business_date,
                    "opened_at": fields.Datetime.now(),
                    "opening_cash": total,
                    "opening_counts": counts,
                }
            )
        )
        session.till_id.with_context(kondo_ledger=LEDGER).open_session_id = session
        self.env.flush_all()
        for slip in slips:
            slip.with_env(self.env)._receive_here()
        return session.id

    # ------------------------------------------------------------------ helpers
    @api.model
    @api.private
    def _count_total(self, counts):
        if not isinstance(counts, dict):
            raise UserError(self.env._("Count the notes and coins first."))
        try:
            return count_total(counts)
        except CountError as error:
            raise UserError(
                self.env._("The number of %(denomination)s is not a whole number.", denomination=error.key[1:])
            ) from None

    @api.private
    def _totals(self):
        """What the statement prints: [(kind, label, number, cash in, cash out)] in francs, then the balance."""
        self.ensure_one()
        self.env.cr.execute(
            """SELECT o.kind, count(DISTINCT o.id), COALESCE(sum(l.amount) FILTER (WHERE l.amount > 0), 0),
                      COALESCE(-sum(l.amount) FILTER (WHERE l.amount < 0), 0)
                 FROM kondo_operation o
                 LEFT JOIN kondo_operation_line l ON l.operation_id = o.id AND l.till_id = %(till)s
                WHERE o.session_id = %(session)s GROUP BY o.kind ORDER BY min(o.id)""",
            {"session": self.id, "till": self.till_id.id},
        )
        rows = self.env.cr.fetchall()
        kinds = dict(self.env["kondo.operation"]._fields["kind"]._description_selection(self.env))
        return [
            {"kind": kind, "label": kinds[kind], "count": count, "cash_in": int(cash_in), "cash_out": int(cash_out)}
            for kind, count, cash_in, cash_out in rows
        ]
