import uuid

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..engine.words import spaced
from ..models.fields import Francs
from ..models.savings.rules.hold import KINDS


class KondoSavingsDecision(models.TransientModel):
    """A manager's decision on an account, with the reason that stays in its file. Hands over to the account."""

    _name = "kondo.savings.decision"
    _description = "Decision on an account"

    decision = fields.Selection(
        [
            ("block", "Block the account"),
            ("unblock", "Lift the block"),
            ("hold", "Hold an amount"),
            ("release", "Release a hold"),
            ("exempt", "Exempt from fees"),
            ("unexempt", "Charge the fees again"),
            ("waive", "Waive a fee"),
            ("close", "Close the account"),
        ],
        required=True,
        readonly=True,
    )
    account_id = fields.Many2one("kondo.savings.account", required=True, readonly=True)
    company_id = fields.Many2one(related="account_id.company_id", string="Caisse")
    partner_id = fields.Many2one(related="account_id.partner_id", string="Holder")
    balance = fields.Integer(related="account_id.balance", string="Balance")
    situation = fields.Text(compute="_compute_situation")
    reason = fields.Char(help="It stays in the file of the account.")
    block = fields.Selection(
        [("debit", "Withdrawals"), ("credit", "Deposits"), ("all", "Everything")], string="Blocked", default="all"
    )
    amount = Francs(required=False, help="Francs; at most what is not held yet.")
    hold_kind = fields.Selection([kind for kind in KINDS if kind[0] != "guarantee"], string="For", default="manager")
    date_to = fields.Date(string="Until", help="Last day; empty: until it is released.")
    hold_id = fields.Many2one("kondo.savings.hold", readonly=True)
    due_id = fields.Many2one("kondo.savings.fee.due", readonly=True)
    target_id = fields.Many2one(
        "kondo.savings.account",
        string="Receiving account",
        domain="[('partner_id', '=', partner_id), ('id', '!=', account_id), ('state', 'in', ('active', 'inactive')), "
        "('kind', 'not in', ('term', 'guarantee'))]",
        help="The member's account that takes what the closed one holds. In cash: at the window.",
    )
    key = fields.Char(readonly=True, default=lambda self: str(uuid.uuid4()), help="One closing for one window.")

    @api.depends("decision", "account_id", "hold_id", "due_id")
    def _compute_situation(self):
        """What the decision is about, in words."""
        for wizard in self:
            wizard.situation = "\n".join(wizard._situation())

    def _situation(self):
        _ = self.env._
        account = self.account_id.sudo()
        if self.decision == "unblock":
            return [
                _(
                    "Blocked on %(date)s by %(name)s: %(reason)s",
                    date=format_date(self.env, account.blocked_on),
                    name=account.blocked_by_id.name or "",
                    reason=account.block_reason or "",
                )
            ]
        if self.decision == "hold":
            free = spaced(max(0, account.balance - account.blocked))
            return [_("At most %(free)s F can be held.", free=free)]
        if self.decision == "release":
            return [f"{self.hold_id.display_name} · {self.hold_id.reason}"]
        if self.decision == "waive":
            return [self.due_id.display_name]
        if self.decision == "close":
            return self._settlement_rows()
        return []

    def _settlement_rows(self):
        """The account's last figures, one a line."""
        _ = self.env._
        account = self.account_id.sudo()
        settlement = account._settlement(account.company_id.business_date)
        rows = [(_("Balance"), account.balance), (_("Interest to date"), settlement["interest"])]
        rows += [(due.fee_id._moment_label(due.moment), -due.total) for due in settlement["dues"]]
        rows += [(tariff._moment_label(tariff.moment), -(cost + tax)) for tariff, cost, tax in settlement["fees"]]
        rows.append((_("Paid out"), settlement["payout"]))
        return [
            _("%(service)s: %(price)s", service=label, price=f"{spaced(amount)} F") for label, amount in rows if amount
        ]

    @api.model
    def _open(self, decision, account, **values):
        wizard = self.create({"decision": decision, "account_id": account.id, **values})
        title = dict(self._fields["decision"]._description_selection(self.env))[decision]
        return {
            "type": "ir.actions.act_window",
            "name": f"{title} · {account.number}",
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_confirm(self):
        """Carry the decision out; each of these methods checks by itself who may."""
        self.ensure_one()
        account = self.account_id
        if self.decision == "block":
            account._set_block(self.block, self.reason)
        elif self.decision == "unblock":
            account._lift_block(self.reason)
        elif self.decision == "hold":
            self.env["kondo.savings.hold"]._place_by_manager(
                account, self.amount, self.hold_kind, self.reason, self.date_to
            )
        elif self.decision == "release":
            self.hold_id._release_by_manager(self.reason)
        elif self.decision in ("exempt", "unexempt"):
            account._set_exemption(self.decision == "exempt", self.reason)
        elif self.decision == "waive":
            self.due_id._waive(self.reason)
        else:
            account._close(self.target_id, self.reason, key=self.key)
        return {"type": "ir.actions.act_window_close"}
