from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....engine.words import spaced
from ...fields import Francs
from ...ledger.key import LEDGER
from .fee import MOMENTS


class KondoSavingsFeeDue(models.Model):
    """A fee that waits for money on the account: taken first when some comes."""

    _name = "kondo.savings.fee.due"
    _description = "Fee waiting for money"
    _inherit = ["kondo.guarded"]
    _order = "account_id, since, id"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {"account_id", "company_id", "fee_id", "moment", "amount", "tax", "total", "since", "state", "operation_id"}
        | {"waived_by_id", "waived_on", "waived_reason"}
    )

    account_id = fields.Many2one(
        "kondo.savings.account", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="account_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Holder")
    fee_id = fields.Many2one("kondo.savings.fee", string="Tariff", required=True, readonly=True, ondelete="restrict")
    moment = fields.Selection(MOMENTS, string="Service", required=True, readonly=True)
    amount = Francs(readonly=True, help="Tax not included.")
    tax = Francs(readonly=True)
    total = Francs(readonly=True)
    since = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("paid", "Paid"), ("waived", "Waived")],
        required=True,
        readonly=True,
        default="waiting",
    )
    operation_id = fields.Many2one("kondo.operation", string="Paid by", readonly=True, index="btree_not_null")
    waived_by_id = fields.Many2one("res.users", readonly=True)
    waived_on = fields.Date(readonly=True)
    waived_reason = fields.Char(string="Reason", readonly=True)

    _waiting = models.Index("(account_id, since, id) WHERE state = 'waiting'")
    _sums = models.Constraint("CHECK (total = amount + tax AND total > 0)", "A fee is its price and its tax.")

    @api.depends("moment", "total")
    def _compute_display_name(self):
        labels = dict(self._fields["moment"]._description_selection(self.env))
        for due in self:
            due.display_name = f"{labels.get(due.moment)} {spaced(due.total)} F"

    def unlink(self):
        raise UserError(self.env._("A fee that waits is paid or waived, never deleted."))

    # ------------------------------------------------------------------ actions
    def action_waive(self):
        """Ask the reason, then `_waive`."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        return self.env["kondo.savings.decision"]._open("waive", self.account_id, due_id=self.id)

    def _waive(self, reason):
        """The manager gives the fee up, with a reason that stays."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        self.check_access("read")
        self.company_id._check_visible()
        reason = self.env["kondo.operation"]._check_text(reason)
        if not reason:
            raise UserError(self.env._("Give the reason."))
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE kondo_savings_fee_due SET state = 'waived', waived_by_id = %s, waived_on = %s, waived_reason = %s
                    WHERE id = %s AND state = 'waiting' RETURNING id""",
                self.env.uid,
                self.company_id.sudo().business_date or fields.Date.context_today(self),
                reason,
                self.id,
            )
        )
        if not self.env.cr.fetchone():
            raise UserError(self.env._("This fee no longer waits."))
        self.invalidate_recordset()
        self.account_id.sudo().message_post(
            body=self.env._("Fee waived: %(fee)s. %(reason)s", fee=self.display_name, reason=reason),
            author_id=self.env.user.partner_id.id,
        )

    # ------------------------------------------------------------------ keeping and taking
    @api.model
    @api.private
    def _wait(self, account, tariff, amount, tax, date):
        """Keep a fee of `amount` + `tax` francs waiting on an account."""
        return (
            self.sudo()
            .with_context(kondo_ledger=LEDGER)
            .create(
                {
                    "account_id": account.id,
                    "fee_id": tariff.id,
                    "moment": tariff.moment,
                    "amount": amount,
                    "tax": tax,
                    "total": amount + tax,
                    "since": date,
                }
            )
            .with_context(kondo_ledger=None)
        )

    @api.model
    @api.private
    def _waiting_on(self, account, moment=None):
        """Fees that wait on an account, the oldest first."""
        domain = [("account_id", "=", account.id), ("state", "=", "waiting")]
        return self.sudo().search(domain + ([("moment", "=", moment)] if moment else []), order="since, id")

    @api.private
    def _mark_paid(self, operation_id):
        """Paid by an operation, in its transaction. Returns those that still waited: another till may have been faster."""
        if not self:
            return self
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE kondo_savings_fee_due SET state = 'paid', operation_id = %s
                    WHERE id IN %s AND state = 'waiting' RETURNING id""",
                operation_id,
                tuple(self.ids),
            )
        )
        taken = {due_id for (due_id,) in self.env.cr.fetchall()}
        self.invalidate_recordset(["state", "operation_id"])
        return self.filtered(lambda due: due.id in taken)
