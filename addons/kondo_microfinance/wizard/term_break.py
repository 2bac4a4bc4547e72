import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.charts import rate_text
from ..engine.words import spaced
from ..models.fields import Francs


class KondoTermBreak(models.TransientModel):
    """A manager ends a term deposit before its day; the money goes to an account of the member."""

    _name = "kondo.term.break"
    _description = "Early break of a term deposit"

    deposit_id = fields.Many2one("kondo.term.deposit", string="Term deposit", required=True, readonly=True)
    partner_id = fields.Many2one(related="deposit_id.partner_id")
    settlement_account_id = fields.Many2one(
        "kondo.savings.account",
        string="Account paid",
        required=True,
        domain="[('partner_id', '=', partner_id), ('kind', 'in', ('demand', 'passbook')), "
        "('state', 'in', ('active', 'inactive'))]",
        default=lambda self: self._default_settlement_account_id(),
    )
    reason = fields.Char(required=True)
    principal = Francs(string="Deposit", compute="_compute_terms", required=False, default=None)
    rate = fields.Char(string="Rate kept", compute="_compute_terms")
    interest = Francs(string="Interest kept", compute="_compute_terms", required=False, default=None)
    paid = Francs(string="Interest already paid", compute="_compute_terms", required=False, default=None)
    taken_back = Francs(string="Interest taken back", compute="_compute_terms", required=False, default=None)
    withheld = Francs(string="Withheld", compute="_compute_terms", required=False, default=None)
    penalty = Francs(compute="_compute_terms", required=False, default=None)
    given = Francs(string="Paid to the member", compute="_compute_terms", required=False, default=None)
    lost = Francs(
        string="Interest given up", compute="_compute_terms", required=False, default=None,
        help="What the deposit would have earned at maturity, less what it keeps.",
    )  # fmt: skip

    def _default_settlement_account_id(self):
        deposit = self.env["kondo.term.deposit"].browse(self.env.context.get("default_deposit_id"))
        return (
            deposit.settlement_account_id
            or deposit.partner_id.savings_account_ids.filtered(
                lambda account: account.kind in ("demand", "passbook") and account.state == "active"
            )[:1]
        )

    @api.depends("deposit_id")
    def _compute_terms(self):
        for wizard in self:
            deposit = wizard.deposit_id
            deposit.check_access("read")
            deposit = deposit.sudo()
            if not deposit or deposit.state != "open" or deposit.maturity <= deposit.company_id.business_date:
                raise UserError(self.env._("This term deposit is not running."))
            if deposit.break_rule == "refused":
                raise UserError(
                    self.env._("The contract of the deposit %(number)s allows no early break.", number=deposit.name)
                )
            terms = deposit._break_terms(deposit.company_id.business_date)
            wizard.update(
                {
                    "principal": terms["principal"],
                    "rate": self.env._("%(rate)s %% a year", rate=rate_text(terms["rate"])),
                    "interest": terms["interest"],
                    "paid": terms["paid"],
                    "taken_back": max(0, terms["paid"] - terms["interest"]),
                    "withheld": terms["tax"] - terms["tax_paid"],
                    "penalty": terms["penalty"],
                    "given": terms["given"],
                    "lost": deposit.interest_total - terms["interest"] + terms["penalty"],
                }
            )

    def action_break(self):
        """Break it, as a manager; above his own limit the window asks for a supervisor instead."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        deposit = self.deposit_id
        deposit.check_access("read")
        answer = self.env["kondo.operation"]._submit(
            "term_break",
            str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.term.deposit,{deposit.id},break")),
            {
                "partner_id": deposit.partner_id.id,
                "deposit": deposit.id,
                "pay": self.settlement_account_id.id,
                "reason": self.reason,
            },
            company=deposit.company_id,
        )
        if answer.get("needs_approval"):
            raise UserError(
                self.env._(
                    "%(reason)s Let a teller break it at the window, with an authorisation.", reason=answer["message"]
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(amount)s F paid to %(account)s.",
                    amount=spaced(answer["amount"]),
                    account=self.settlement_account_id.number,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
