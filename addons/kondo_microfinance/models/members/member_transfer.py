from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class KondoMemberTransfer(models.Model):
    """A member moves from one caisse to another: asked for, agreed by both managers, done at the second agreement.

    The row keeps who the member was on the day of the request, so that both caisses read it without reading each
    other's files, and stays as the history of his numbers.
    """

    _name = "kondo.member.transfer"
    _description = "Transfer of a member"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "member_name"

    company_id = fields.Many2one(
        "res.company", string="From", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    destination_company_id = fields.Many2one("res.company", string="To", required=True, readonly=True, index=True)
    destination_choice = fields.Selection(
        selection="_destination_selection",
        string="To the caisse",
        compute="_compute_destination_choice",
        inverse="_inverse_destination_choice",
        help="Every caisse of the network, also those whose data you do not see.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="restrict",
        domain="[('is_kondo_member', '=', True), ('member_state', '=', 'active')]",
    )  # fmt: skip
    reason = fields.Text(required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved_origin", "Agreed by the caisse he leaves"),
            ("done", "Done"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        copy=False,
    )
    # Identity on the day of the request.
    member_name = fields.Char(string="Name", readonly=True, copy=False)
    old_number = fields.Char(string="Number in the caisse he leaves", readonly=True, copy=False)
    new_number = fields.Char(string="Number in the new caisse", readonly=True, copy=False)
    member_identity = fields.Char(string="Identity", readonly=True, copy=False)
    requested_by_id = fields.Many2one("res.users", string="Requested by", readonly=True, copy=False)
    origin_approver_id = fields.Many2one("res.users", string="Agreed (leaving) by", readonly=True, copy=False)
    destination_approver_id = fields.Many2one("res.users", string="Agreed (receiving) by", readonly=True, copy=False)
    refused_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    refusal_reason = fields.Text(copy=False, readonly=True)
    done_on = fields.Date(string="Transferred on", readonly=True, copy=False)

    _two_caisses = models.Constraint(
        "CHECK (company_id <> destination_company_id)", "Choose another caisse than the one the member leaves."
    )
    _one_open_transfer = models.UniqueIndex(
        "(partner_id) WHERE state IN ('draft', 'submitted', 'approved_origin')",
        "A transfer of this member is already under way.",
    )

    # ------------------------------------------------------------------ destination
    @api.model
    def _destination_selection(self):
        """All caisses by name: a user sees only his own companies, yet may send a member to any."""
        caisses = self.env["res.company"].sudo().search([("kondo_kind", "=", "caisse")], order="name")
        return [(str(caisse.id), caisse.name) for caisse in caisses]

    @api.depends("destination_company_id")
    def _compute_destination_choice(self):
        for transfer in self:
            transfer.destination_choice = (
                str(transfer.destination_company_id.id) if transfer.destination_company_id else False
            )

    def _inverse_destination_choice(self):
        for transfer in self:
            if transfer.destination_choice:
                transfer.destination_company_id = int(transfer.destination_choice)

    # ------------------------------------------------------------------ constrains
    @api.constrains("destination_company_id")
    def _check_destination(self):
        for transfer in self:
            if transfer.destination_company_id.sudo().kondo_kind != "caisse":
                raise ValidationError(self.env._("A member goes to a caisse, not to the union."))

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        """The origin is the member's own caisse; approvals and numbers never come from outside."""
        prepared = []
        for vals in vals_list:
            partner = self.env["res.partner"].browse(vals.get("partner_id"))
            if not partner:
                raise UserError(self.env._("Choose the member to transfer."))
            partner.check_access("read")
            if not partner.is_kondo_member:
                raise UserError(self.env._("%(name)s is not a member.", name=partner.name))
            prepared.append(
                {
                    "partner_id": partner.id,
                    "company_id": partner.company_id.id,
                    "destination_company_id": int(
                        vals.get("destination_company_id") or vals.get("destination_choice") or 0
                    )
                    or False,
                    "reason": vals.get("reason"),
                    "requested_by_id": self.env.uid,
                    "member_name": partner.name,
                    "old_number": partner.member_number,
                    "member_identity": partner._transfer_identity(),
                }
            )
        return super().create(prepared)

    def write(self, vals):
        """Only a draft changes, and only its destination and reason; the rest moves by the actions."""
        if not self.env.su and set(vals) - {"message_follower_ids", "message_main_attachment_id"}:
            if not set(vals) <= {"destination_choice", "destination_company_id", "reason"}:
                raise UserError(self.env._("A transfer moves on by its buttons."))
            if any(transfer.state != "draft" for transfer in self):
                raise UserError(self.env._("This transfer is already submitted: it no longer changes."))
        result = super().write(vals)
        if "state" in vals:
            # The unique index on open transfers must see the new state before another row comes.
            self.flush_recordset(["state"])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if self.filtered(lambda transfer: transfer.state != "draft"):
            raise UserError(self.env._("A transfer that was submitted stays in the history."))

    # ------------------------------------------------------------------ actions
    def action_submit(self):
        """Put the request before the manager of the member's caisse."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_teller", "group_loan_officer", "group_caisse_manager")
        self._check_in(self.company_id)
        self._lock("draft")
        self._check_movable()
        self.sudo().write({"state": "submitted", "requested_by_id": self.env.uid})
        self._ask_managers_of(self.company_id)

    def action_approve_origin(self):
        """The manager of the caisse the member leaves agrees."""
        self.ensure_one()
        self._check_manager_of(self.company_id)
        self._lock("submitted")
        self.env["kondo.four.eyes"]._check_second_person(self.requested_by_id)
        self._check_movable()
        self.sudo().write({"state": "approved_origin", "origin_approver_id": self.env.uid})
        self._ask_managers_of(self.destination_company_id)

    def action_approve_destination(self):
        """The manager of the new caisse agrees: the member moves at once, with a new number."""
        self.ensure_one()
        self._check_manager_of(self.destination_company_id)
        self._lock("approved_origin")
        self.env["kondo.four.eyes"]._check_second_person(self.requested_by_id | self.origin_approver_id)
        self._check_movable()
        self.sudo()._move_member(self.env.user)
        self._ask_managers_of(None)

    def action_refuse(self, reason=None):
        """Either manager refuses."""
        self.ensure_one()
        caisse = self.company_id if self.state == "submitted" else self.destination_company_id
        self._check_manager_of(caisse)
        self._lock("submitted", "approved_origin")
        self.sudo().write({"state": "refused", "refused_by_id": self.env.uid, "refusal_reason": reason or False})
        self._ask_managers_of(None)

    # ------------------------------------------------------------------ helpers
    def _check_in(self, caisse):
        if caisse not in self.env.user._kondo_companies():
            raise UserError(self.env._("This step belongs to %(caisse)s.", caisse=caisse.sudo().name))

    def _check_manager_of(self, caisse):
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        self._check_in(caisse)

    def _ask_managers_of(self, caisse):
        """Put the next decision on the list of those who can take it; the earlier one is settled."""
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        if not caisse:
            return
        managers = self.env.ref("kondo_microfinance.group_caisse_manager").sudo().all_user_ids
        for manager in managers.filtered(lambda user: user.active and caisse in user.company_ids) - self.env.user:
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=manager.id,
                summary=self.env._("Transfer of %(name)s to decide", name=self.member_name),
            )

    def _lock(self, *states):
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._("This transfer is now: %(state)s. Nothing was changed.", state=labels[self.state])
            )

    def _check_movable(self):
        """Nothing may hold the member back: neither his status nor money left in the caisse."""
        member = self.sudo().partner_id
        if member.company_id != self.sudo().company_id:
            raise UserError(self.env._("%(name)s has left this caisse since.", name=self.member_name))
        if member.member_state != "active":
            raise UserError(self.env._("Only an active member is transferred."))
        blocking = member._kondo_blocking_accounts()
        if blocking:
            raise UserError(
                self.env._(
                    "%(name)s still has open accounts or commitments: %(accounts)s. Settle them first.",
                    name=self.member_name,
                    accounts=", ".join(blocking),
                )
            )

    def _move_member(self, approver):
        """Caisse and number change together; staff who no longer see the member stop following the file."""
        member = self.partner_id
        destination = self.destination_company_id
        number = destination._kondo_next_member_numbers(1)[0]
        strangers = member.message_follower_ids.partner_id.filtered(
            lambda follower: (
                follower.user_ids and all(destination not in user._kondo_companies() for user in follower.user_ids)
            )
        )
        member.message_unsubscribe(strangers.ids)
        member.write({"company_id": destination.id, "member_number": number})
        member.message_post(
            body=self.env._(
                "Transferred from %(origin)s (%(old)s) to %(destination)s (%(new)s).",
                origin=self.company_id.name,
                old=self.old_number,
                destination=destination.name,
                new=number,
            ),
            author_id=approver.partner_id.id,
        )
        self.write(
            {
                "state": "done",
                "new_number": number,
                "destination_approver_id": approver.id,
                "done_on": fields.Date.context_today(self),
            }
        )
