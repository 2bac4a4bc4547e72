from odoo import models
from odoo.exceptions import UserError

from ...engine.words import spaced


class KondoTillSession(models.Model):
    """A till whose teller does not come back: the manager counts it, another person confirms and closes it."""

    _inherit = "kondo.till.session"

    def force_count(self, counts, reason):
        """Count an open till in its teller's absence. The session waits for a second person, who closes it.

        :param counts: {denomination key: pieces}
        :param reason: why the teller does not count himself, in words
        :return: dict counted, theoretical, difference in francs
        """
        self.ensure_one()
        total = self._count_total(counts)
        reason = self.env["kondo.operation"]._check_text(reason)
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        with self.env["kondo.operation"]._posting_env() as env:
            return env[self._name].browse(self.id)._force_count_here(counts, total, reason)

    def _force_count_here(self, counts, total, reason):
        session = self._lock()
        if session.state != "open":
            raise UserError(self.env._("This session is no longer open."))
        self.env["kondo.four.eyes"]._check_second_person(
            session.user_id, self.env._("This is your own till: count it as every evening.")
        )
        if not reason:
            raise UserError(self.env._("Say why the till is closed without its teller."))
        session._check_no_waiting_slip()
        theoretical = session.till_id.cash
        session.write(
            {
                "state": "counted",
                "closing_counts": counts,
                "counted_cash": total,
                "theoretical_cash": theoretical,
                "difference": total - theoretical,
                "forced_by_id": self.env.uid,
                "forced_reason": reason,
            }
        )
        session.message_post(
            body=self.env._(
                "Counted without the teller: %(counted)s F for %(theoretical)s F. %(reason)s",
                counted=spaced(total),
                theoretical=spaced(theoretical),
                reason=reason,
            ),
            author_id=self.env.user.partner_id.id,
        )
        return {"counted": total, "theoretical": theoretical, "difference": total - theoretical}

    def _check_no_waiting_slip(self):
        pending = (
            self.env["kondo.cash.slip"]
            .sudo()
            .search([("till_id", "=", self.till_id.id), ("state", "=", "sent")], limit=1)
        )
        if pending:
            raise UserError(
                self.env._(
                    "The cash slip %(slip)s is still waiting. Have it received or cancelled first.", slip=pending.name
                )
            )

    def _check_forced_closer(self):
        """The second pair of eyes: anybody of the caisse who works with cash, not the one who counted."""
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_accountant", "group_teller")
        self.env["kondo.four.eyes"]._check_second_person(
            self.sudo().forced_by_id,
            self.env._("You counted this till without its teller: another person confirms and closes it."),
        )
        self.env["kondo.four.eyes"]._check_second_person(
            self.sudo().user_id, self.env._("The till was counted in your absence: another person closes it.")
        )
