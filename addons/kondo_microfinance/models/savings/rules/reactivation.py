from odoo import api, fields, models
from odoo.exceptions import UserError

from ...ledger.key import LEDGER
from .account_block import MANAGERS


class KondoSavingsReactivation(models.Model):
    """A dormant account comes back to life: asked by whoever saw the holder, decided by another person."""

    _name = "kondo.savings.reactivation"
    _description = "Reactivation of a dormant account"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _rec_name = "account_id"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {"state", "requested_by_id", "requested_on", "decided_by_id", "decided_on", "company_id", "balance"}
    )

    account_id = fields.Many2one(
        "kondo.savings.account",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'dormant')]",
    )
    company_id = fields.Many2one(
        related="account_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Holder")
    currency_id = fields.Many2one(related="company_id.currency_id")
    balance = fields.Integer(related="account_id.balance", string="Balance")
    last_sign_on = fields.Date(related="account_id.last_sign_on")
    reason = fields.Char(required=True, help="Why the holder was away, and what he wants now.")
    identity_seen = fields.Char(
        string="Identity seen", required=True, help="Kind and number of the document that the holder showed."
    )
    holder_present = fields.Boolean(
        string="The holder came himself", help="Ticked by whoever saw him, compared with photo and signature."
    )
    state = fields.Selection(
        [("requested", "Requested"), ("approved", "Reactivated"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="requested",
        tracking=True,
    )
    requested_by_id = fields.Many2one("res.users", required=True, readonly=True, default=lambda self: self.env.user)
    requested_on = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    decided_by_id = fields.Many2one("res.users", readonly=True, tracking=True)
    decided_on = fields.Date(readonly=True)
    decision_note = fields.Char(string="Remark of the manager")

    _one_request = models.UniqueIndex(
        "(account_id) WHERE state = 'requested'", "The reactivation of this account is already requested."
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_teller", "group_loan_officer", "group_caisse_manager")
        requests = super(KondoSavingsReactivation, self.with_context(kondo_ledger=LEDGER)).create(
            [
                {
                    **{name: vals.get(name) for name in ("account_id", "reason", "identity_seen", "holder_present")},
                    "state": "requested",
                    "requested_by_id": self.env.uid,
                }
                for vals in vals_list
            ]
        )
        requests = requests.with_context(kondo_ledger=None)
        for request in requests:
            request.company_id._check_visible()
            if request.account_id.state != "dormant":
                raise UserError(self.env._("The account %(number)s is not dormant.", number=request.account_id.number))
            if not request.holder_present:
                raise UserError(
                    self.env._("Only the holder himself wakes his account: see him and his identity document first.")
                )
        return requests

    def write(self, vals):
        if {"account_id", "reason", "identity_seen", "holder_present"} & set(vals):
            raise UserError(self.env._("A request stays as it was made: refuse it and make another."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A request of reactivation is kept."))

    # ------------------------------------------------------------------ actions
    def action_approve(self):
        """A manager, who is not the one who asked, wakes the account."""
        for request in self:
            request._decide()
            account = request.account_id
            self.env.cr.execute(
                """UPDATE kondo_savings_account SET state = 'active', reactivated_on = %s, dormant_on = NULL, inactive_on = NULL
                    WHERE id = %s AND state = 'dormant' RETURNING id""",
                (request._day(), account.id),
            )
            if not self.env.cr.fetchone():
                raise UserError(self.env._("The account %(number)s is not dormant.", number=account.number))
            account.invalidate_recordset()
            request._set("approved")
            account.sudo().message_post(
                body=self.env._(
                    "Reactivated. %(reason)s Identity: %(identity)s. Asked by %(asker)s, decided by %(decider)s.",
                    reason=request.reason,
                    identity=request.identity_seen,
                    asker=request.requested_by_id.sudo().name,
                    decider=self.env.user.name,
                ),
                author_id=self.env.user.partner_id.id,
            )

    def action_refuse(self):
        for request in self:
            request._decide()
            request._set("refused")

    def _decide(self):
        self.env["kondo.four.eyes"]._check_group(*MANAGERS)
        self.check_access("read")
        self.company_id._check_visible()
        self.env["kondo.four.eyes"]._check_second_person(
            self.requested_by_id.sudo(),
            self.env._("You asked for this reactivation yourself: another person must decide."),
        )
        self.env.flush_all()
        self.env.cr.execute("SELECT state FROM kondo_savings_reactivation WHERE id = %s FOR UPDATE", (self.id,))
        if self.env.cr.fetchone()[0] != "requested":
            raise UserError(self.env._("This request has already been decided."))

    def _set(self, state):
        self.sudo().with_context(kondo_ledger=LEDGER).write(
            {"state": state, "decided_by_id": self.env.uid, "decided_on": self._day()}
        )
        self.flush_recordset()

    def _day(self):
        return self.company_id.sudo().business_date or fields.Date.context_today(self)


class KondoSavingsAccount(models.Model):
    _inherit = "kondo.savings.account"

    reactivation_ids = fields.One2many("kondo.savings.reactivation", "account_id", readonly=True)

    def action_reactivate(self):
        """Ask for the reactivation of this dormant account."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_teller", "group_loan_officer", "group_caisse_manager")
        pending = self.reactivation_ids.filtered(lambda request: request.state == "requested")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reactivation"),
            "res_model": "kondo.savings.reactivation",
            "view_mode": "form",
            "res_id": pending[:1].id,
            "context": {"default_account_id": self.id},
        }
