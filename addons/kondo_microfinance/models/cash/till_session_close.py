import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.words import spaced
from ..ledger.key import LEDGER


class KondoTillSession(models.Model):
    """Closing a till: a blind count, then the theoretical, then the difference with a second person."""

    _inherit = "kondo.till.session"

    def count_till(self, counts):
        """Record the teller's blind count; from here on the session takes no operation.

        :param counts: {denomination key: pieces}
        :return: dict counted, theoretical, difference in francs
        """
        self.ensure_one()
        total = self._count_total(counts)
        self.env["kondo.four.eyes"]._check_group("group_teller")
        with self.env["kondo.operation"]._posting_env() as env:
            return env[self._name].browse(self.id)._count_here(counts, total)

    def _count_here(self, counts, total):
        session = self._lock()
        if session.user_id != self.env.user:
            raise UserError(self.env._("Only the teller of this session counts it."))
        if session.state != "open":
            raise UserError(self.env._("This session is no longer open."))
        session._check_no_waiting_slip()
        theoretical = session.till_id.cash
        session.write(
            {
                "state": "counted",
                "closing_counts": counts,
                "counted_cash": total,
                "theoretical_cash": theoretical,
                "difference": total - theoretical,
            }
        )
        return {"counted": total, "theoretical": theoretical, "difference": total - theoretical}

    def action_recount(self):
        """Give the session back to the teller for another count: the manager's decision, noted in the history."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        with self.env["kondo.operation"]._posting_env() as env:
            session = env[self._name].browse(self.id)._lock()
            if session.state != "counted":
                raise UserError(self.env._("Only a counted session is counted again."))
            env["kondo.four.eyes"]._check_second_person(session.user_id)
            session.message_post(
                body=env._(
                    "New count asked: %(counted)s F had been counted for %(theoretical)s F.",
                    counted=spaced(session.counted_cash),
                    theoretical=spaced(session.theoretical_cash),
                ),
                author_id=env.user.partner_id.id,
            )
            session.write(
                {
                    "state": "open",
                    "closing_counts": False,
                    "counted_cash": 0,
                    "theoretical_cash": 0,
                    "difference": 0,
                    "forced_by_id": False,
                }
            )

    def close_till(self, note=None):
        """Close a counted session; a difference is posted with a note, by another person than the teller.

        :raises UserError: not counted yet, note or second person missing
        """
        self.ensure_one()
        note = self.env["kondo.operation"]._check_text(note)
        with self.env["kondo.operation"]._posting_env() as env:
            env[self._name].browse(self.id)._close_here(note)

    def _close_here(self, note):
        session = self._lock()
        if session.state != "counted":
            raise UserError(self.env._("Count the till first."))
        values = {"state": "closed", "closed_at": fields.Datetime.now(), "closed_by_id": self.env.uid}
        if session.forced_by_id:
            session.with_env(self.env)._check_forced_closer()
        if session.difference:
            if not session.forced_by_id:
                self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
            self.env["kondo.four.eyes"]._check_second_person(
                session.user_id, self.env._("A difference is closed by another person than the teller.")
            )
            if not note:
                raise UserError(self.env._("Explain the difference in a few words."))
            values["difference_note"] = note
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.till.session,{session.id},{session.counted_cash}"))
            self.env["kondo.operation"]._post_here(
                "till_difference", key, session.company_id.id, {"session_id": session.id, "note": note}, key
            )
            session.invalidate_recordset()
        elif session.user_id != self.env.user and not session.forced_by_id:
            self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        session.write(values)
        session.till_id.with_context(kondo_ledger=LEDGER).open_session_id = False

    @api.private
    def _lock(self):
        """The session as superuser with the ledger's key, its till's row and its own locked until the commit."""
        self.ensure_one()
        cr = self.env.cr
        cr.execute(
            """SELECT s.company_id, t.id FROM kondo_till_session s JOIN kondo_till t ON t.id = s.till_id
                WHERE s.id = %s FOR NO KEY UPDATE OF t, s""",
            (self.id,),
        )
        row = cr.fetchone()
        if not row or row[0] not in self.env.user._kondo_companies().ids:
            raise UserError(self.env._("This till session is not in your caisse."))
        cr.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", (self.env["kondo.operation"]._day_lock, row[0]))
        session = self.sudo().with_context(kondo_ledger=LEDGER)
        session.invalidate_recordset()
        session.till_id.invalidate_recordset()
        return session

    # ------------------------------------------------------------------ buttons
    def action_close_equal(self):
        self.close_till()
        return self.env.ref("kondo_microfinance.action_report_till_statement").report_action(self)
