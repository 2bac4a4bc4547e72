from odoo import api, fields, models
from odoo.exceptions import UserError

from ...ledger.key import LEDGER

MANAGERS = ("group_caisse_manager", "group_network_manager")


class KondoSavingsAccount(models.Model):
    """Decisions of the manager on an account: blocks by direction, exemption from fees."""

    _inherit = "kondo.savings.account"

    block_reason = fields.Char(string="Why blocked", readonly=True, tracking=True)
    blocked_by_id = fields.Many2one("res.users", readonly=True)
    blocked_on = fields.Date(readonly=True)
    fees_exempt = fields.Boolean(
        string="Without fees", readonly=True, tracking=True, help="Nothing is charged on this account."
    )

    # ------------------------------------------------------------------ actions
    def action_block(self):
        """Ask what is blocked and why, then `_set_block`."""
        return self._decide("block")

    def action_unblock(self):
        return self._decide("unblock")

    def action_exempt(self):
        return self._decide("exempt")

    def action_end_exemption(self):
        return self._decide("unexempt")

    def _decide(self, decision):
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*MANAGERS)
        return self.env["kondo.savings.decision"]._open(decision, self)

    # ------------------------------------------------------------------ business
    @api.private
    def _set_block(self, block, reason):
        """Block an account one way or both; whoever blocked it may tighten the block, another person loosens it."""
        reason = self._check_decision(reason)
        if block not in ("debit", "credit", "all"):
            raise UserError(self.env._("Choose what is blocked: withdrawals, deposits or everything."))
        for account in self:
            if account.block not in ("none", block) and block != "all":
                account._check_other_person()
        self._write_decision(
            {
                "block": block,
                "block_reason": reason,
                "blocked_by_id": self.env.uid,
                "blocked_on": fields.Date.context_today(self),
            },
            reason,
        )

    @api.private
    def _lift_block(self, reason):
        """Lift a block: by another person than the one who set it."""
        reason = self._check_decision(reason)
        for account in self:
            if account.block == "none":
                raise UserError(self.env._("The account %(number)s is not blocked.", number=account.number))
            account._check_other_person()
        self._write_decision(
            {"block": "none", "block_reason": False, "blocked_by_id": False, "blocked_on": False}, reason
        )

    @api.private
    def _set_exemption(self, exempt, reason):
        """No fee is charged on this account from now on, or they are charged again."""
        self._write_decision({"fees_exempt": exempt}, self._check_decision(reason))

    def _check_other_person(self):
        self.env["kondo.four.eyes"]._check_second_person(
            self.blocked_by_id.sudo(),
            self.env._(
                "You blocked the account %(number)s yourself: another person must lift the block.", number=self.number
            ),
        )

    def _check_decision(self, reason, *groups):
        """Who may, on which accounts, and why: returns the reason, trimmed."""
        self.env["kondo.four.eyes"]._check_group(*(groups or MANAGERS))
        self.check_access("read")
        self.company_id._check_visible()
        reason = self.env["kondo.operation"]._check_text(reason)
        if not reason:
            raise UserError(self.env._("Give the reason."))
        for account in self:
            self.env.cr.execute(
                "SELECT state FROM kondo_savings_account WHERE id = %s FOR NO KEY UPDATE", (account.id,)
            )
            if self.env.cr.fetchone()[0] == "closed":
                raise UserError(self.env._("The account %(number)s is closed.", number=account.number))
        self.invalidate_recordset()
        return reason

    def _write_decision(self, values, reason):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)
        for account in self:
            account.sudo().message_post(body=reason, author_id=self.env.user.partner_id.id)
