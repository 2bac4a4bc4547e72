import json
import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.ledger import canonical, fingerprint
from ..fields import Francs
from .key import LEDGER
from .operation import KINDS


class KondoApproval(models.Model):
    """A supervisor's yes or no to one exact request. Anything changed afterwards makes it worthless."""

    _name = "kondo.approval"
    _description = "Authorisation"
    _inherit = ["kondo.guarded"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "state",
            "decided_by_id",
            "decided_at",
            "decision_note",
            "payload",
            "fingerprint",
            "requested_by_id",
            "company_id",
            "kind",
            "amount",
            "operation_uuid",
        }
    )

    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    kind = fields.Selection(
        KINDS,
        required=True,
        readonly=True,
    )
    payload = fields.Text(required=True, readonly=True, groups="base.group_system")
    fingerprint = fields.Char(required=True, readonly=True, groups="base.group_system")
    amount = Francs(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    savings_account_id = fields.Many2one("kondo.savings.account", string="Account", readonly=True, check_company=True)
    operation_id = fields.Many2one("kondo.operation", string="Operation to reverse", readonly=True, check_company=True)
    reason = fields.Char(required=True, readonly=True)
    requested_by_id = fields.Many2one("res.users", required=True, readonly=True)
    state = fields.Selection(
        [("pending", "To authorise"), ("approved", "Authorised"), ("refused", "Refused"), ("used", "Used")],
        required=True,
        readonly=True,
        default="pending",
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)
    decision_note = fields.Char(readonly=True)

    @api.depends("kind", "amount")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for approval in self:
            approval.display_name = f"{kinds.get(approval.kind)} {approval.amount}"

    def unlink(self):
        raise UserError(self.env._("An authorisation is kept."))

    # ------------------------------------------------------------------ asking
    @api.model
    @api.private
    def _request(self, company, kind, values, reason):
        """Keep a request as it stands and put it before the managers of the caisse."""
        operations = self.env["kondo.operation"]
        reason = operations._check_text(reason)
        if not reason:
            raise UserError(self.env._("Say why, in a few words, for the supervisor."))
        if kind not in operations._counter_kinds():
            raise UserError(self.env._("This kind of operation is not made at the counter."))
        values = operations._without_transport(values)
        subject = operations._approval_subject(kind, values)
        if any(record.company_id != company for record in subject.values() if isinstance(record, models.BaseModel)):
            raise UserError(self.env._("This record is not in your caisse."))
        return (
            self.sudo()
            .with_context(kondo_ledger=LEDGER)
            .create(
                {
                    "company_id": company.id,
                    "kind": kind,
                    "payload": canonical(values),
                    "fingerprint": fingerprint(kind, self.env.uid, company.id, values),
                    **{
                        name: value.id if isinstance(value, models.BaseModel) else value
                        for name, value in subject.items()
                    },
                    "reason": reason,
                    "requested_by_id": self.env.uid,
                }
            )
            .with_context(kondo_ledger=None)
        )

    # ------------------------------------------------------------------ deciding
    def action_approve(self):
        """Authorise; a reversal is carried out at once, in the name of the manager who decides."""
        for approval in self:
            approval._decide("approved")
            if approval.sudo().kind == "reversal":
                values = json.loads(approval.sudo().payload)
                self.env["kondo.operation"]._submit(
                    "reversal",
                    approval._reversal_uuid(),
                    {"operation_id": values["operation_id"], "reason": approval.reason},
                )
                approval._set_state("used")

    def action_refuse(self, note=None):
        for approval in self:
            approval._decide("refused", note)

    def _decide(self, state, note=None):
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        self.check_access("read")
        self.company_id._check_visible()
        self.env["kondo.four.eyes"]._check_second_person(self.requested_by_id)
        self.env.cr.execute("SELECT state FROM kondo_approval WHERE id = %s FOR UPDATE", (self.id,))
        if self.env.cr.fetchone()[0] != "pending":
            raise UserError(self.env._("This request has already been decided."))
        self._set_state(state, decided_by_id=self.env.uid, decided_at=fields.Datetime.now(), decision_note=note)

    def _set_state(self, state, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write({"state": state, **values})

    def _reversal_uuid(self):
        """One UUID for one authorisation, so that deciding twice never reverses twice."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.approval,{self.id}"))

    # ------------------------------------------------------------------ using
    def _use(self, posting, values):
        """Consume the authorisation in the posting's transaction. Returns the supervisor (res.users)."""
        mark = fingerprint(posting.kind, self.env.uid, posting.company_id, values)
        self.env.cr.execute(
            """UPDATE kondo_approval SET state = 'used'
                WHERE id = %s AND state = 'approved' AND fingerprint = %s AND company_id = %s AND requested_by_id = %s
            RETURNING decided_by_id""",
            (self.id or 0, mark, posting.company_id, self.env.uid),
        )
        row = self.env.cr.fetchone()
        if not row:
            raise UserError(self.env._("This authorisation is not for this operation. Ask for a new one."))
        return self.env["res.users"].browse(row[0])


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _approval_subject(self, kind, values):
        """What a supervisor sees of a request: amount in francs, and the records it is about.

        :return: dict of `amount`, `partner_id`, `savings_account_id`, `operation_id`; records as superuser, each with a
            caisse. A room whose request names other records extends it.
        """
        operation = self.sudo().browse()
        account = self.env["kondo.savings.account"].sudo().browse()
        partner = self.env["res.partner"].sudo().browse()
        if kind == "reversal":
            operation = operation.browse(self._check_id(values.get("operation_id"))).exists()
            account, partner, amount = operation.savings_account_id, operation.partner_id, operation.amount
        else:
            amount = self._check_amount(values.get("amount"))
            if values.get("account_id"):
                account = account.browse(self._check_id(values["account_id"])).exists()
            if account:
                partner = account.partner_id
            elif values.get("partner_id"):
                partner = partner.browse(self._check_id(values["partner_id"])).exists()
        subject = {"savings_account_id": account, "partner_id": partner, "operation_id": operation}
        subject = {name: record for name, record in subject.items() if record}
        if not subject:
            raise UserError(self.env._("This record is not in your caisse."))
        return {**subject, "amount": amount}
