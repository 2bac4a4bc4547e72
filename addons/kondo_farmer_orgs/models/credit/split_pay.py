import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.words import spaced


class KondoSplitPay(models.TransientModel):
    """Repayment by named list: what each person of a group brought, or each guarantor on a call.

    Checks nothing itself: sends one operation, which the ledger refuses or posts as a whole.
    """

    _name = "kondo.split.pay"
    _description = "Repayment by named list"

    loan_id = fields.Many2one(
        "kondo.loan", required=True, domain="[('state', '=', 'active'), ('split_ids', '!=', False)]"
    )
    call_id = fields.Many2one("kondo.joint.call", string="Call of the joint guarantee", readonly=True)
    partner_id = fields.Many2one(related="loan_id.partner_id", string="Organisation")
    key = fields.Char(readonly=True, default=lambda self: str(uuid.uuid4()))
    session_id = fields.Many2one(
        "kondo.till.session", string="Till", readonly=True, default=lambda self: self._session()
    )
    source_id = fields.Many2one(
        "kondo.savings.account",
        string="Paid from",
        domain="[('partner_id', '=', partner_id), ('kind', 'in', ('demand', 'passbook', 'group')),"
        " ('state', '=', 'active')]",
        help="An account of the organisation, its advance account for instance. Empty: cash at your till.",
    )
    amount = fields.Integer(string="Counted (F)", help="The money on the counter, before the list is looked at.")
    advance = fields.Integer(string="Without a name (F)", help="Waits on the advance account of the organisation.")
    bearer = fields.Char(string="Person at the counter")
    due = fields.Integer(string="Due today (F)", related="loan_id.due_now")
    line_ids = fields.One2many("kondo.split.pay.line", "pay_id", string="Who brought how much")
    total = fields.Integer(string="The list makes (F)", compute="_compute_total")
    gap = fields.Char(compute="_compute_total")

    # ------------------------------------------------------------------ defaults, computes
    def _session(self):
        """The till session that the user has open."""
        return self.env["kondo.till.session"].search([("user_id", "=", self.env.uid), ("state", "=", "open")], limit=1)

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards.filtered(lambda one: not one.line_ids):
            wizard.line_ids = wizard._lines()
        return wizards

    @api.onchange("loan_id")
    def _onchange_loan_id(self):
        self.line_ids = [(5, 0, 0), *self._lines()]

    def _lines(self):
        if self.call_id:
            return [(0, 0, {"call_line_id": line.id}) for line in self.call_id.line_ids if line.rest]
        parts = self.loan_id.split_ids
        standing = parts._standing()
        return [
            (0, 0, {"split_id": part.id, "due": standing[part.id].due, "rest": standing[part.id].left})
            for part in parts
            if part.granted
        ]

    @api.depends("line_ids.amount", "advance", "amount")
    def _compute_total(self):
        for wizard in self:
            wizard.total = sum(wizard.line_ids.mapped("amount")) + wizard.advance
            gap = wizard.amount - wizard.total
            wizard.gap = False
            if gap > 0:
                wizard.gap = self.env._("%(gap)s F are not in the list.", gap=spaced(gap))
            elif gap < 0:
                wizard.gap = self.env._("The list makes %(gap)s F more than was counted.", gap=spaced(-gap))

    # ------------------------------------------------------------------ actions
    def action_all_due(self):
        """Everybody brought what is due: the usual case, then corrected line by line."""
        self.ensure_one()
        for line in self.line_ids:
            line.amount = line.call_line_id.rest if line.call_line_id else line.due
        return self._again()

    def action_rest_to_advance(self):
        """What is not in the list waits on the organisation's account."""
        self.ensure_one()
        self.advance = max(0, self.amount - sum(self.line_ids.mapped("amount")))
        return self._again()

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Repayment by named list"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_pay(self):
        """Post the payment; the teller is told the receipt number."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_teller", "group_caisse_manager")
        if not self.amount:
            raise UserError(self.env._("Count the money first."))
        if self.gap:
            raise UserError(self.gap)
        paid = self.line_ids.filtered("amount")
        values = {"loan_id": self.loan_id.id, "amount": self.amount}
        if self.session_id:
            values["session_id"] = self.session_id.id
        elif not self.source_id:
            raise UserError(self.env._("Your till is not open. Open it before any operation."))
        if self.source_id:
            values["source"] = self.source_id.id
        if self.bearer:
            values["bearer"] = self.bearer
        if self.call_id:
            values["joint"] = [[line.call_line_id.id, line.amount] for line in paid]
        else:
            values["split"] = [[line.split_id.person_id.id, line.amount] for line in paid]
            if self.advance:
                values["advance"] = self.advance
        answer = self.env["kondo.operation"].submit("loan_repayment", self.key, values)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(amount)s F received, receipt %(receipt)s.",
                    amount=spaced(self.amount),
                    receipt=answer.get("receipt_number") or "",
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
