from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

LEFT = ("resigned", "excluded", "deceased")


class ResPartner(models.Model):
    """Status of a member: applicant, active, then gone; a file that was closed opens again as an application."""

    _inherit = "res.partner"

    def action_activate(self):
        """Admit applicants. By a manager, never by whoever opened the file."""
        self._check_state_role()
        self._lock_members("applicant")
        for partner in self:
            self.env["kondo.four.eyes"]._check_second_person(
                partner.applied_by_id,
                self.env._("You opened the file of %(name)s: another manager admits the member.", name=partner.name),
            )
        self._kondo_activate()

    @api.private
    def _kondo_activate(self, date=None):
        """Admit applicants on `date` (today): what `action_activate` does once rights are checked."""
        for partner in self:
            missing = partner._missing_for_activation()
            if missing:
                raise UserError(
                    self.env._(
                        "The file of %(name)s lacks: %(missing)s.", name=partner.name, missing=", ".join(missing)
                    )
                )
        self.sudo().write(
            {"member_state": "active", "membership_date": date or fields.Date.context_today(self), "exit_date": False}
        )

    def _missing_for_activation(self):
        """What the network's figures cannot do without. A missing document is an alert, not a refusal."""
        self.ensure_one()
        missing = []
        if self.member_kind == "individual" and not self.sex:
            missing.append(self.env._("woman or man"))
        if self.member_kind == "individual" and not self.birth_date:
            missing.append(self.env._("birth date or year"))
        if not self.village_id and not self.street and not self.phone:
            missing.append(self.env._("village or phone"))
        return missing

    def action_leave(self, state, date=None, reason=None):
        """Record that members resigned, were excluded or died.

        :param state: `resigned`, `excluded` or `deceased`; an applicant who gives up resigns
        :param date: day it happened, today by default
        :param reason: said in the file's history; required for an exclusion
        """
        self._check_state_role()
        if state not in LEFT:
            raise UserError(self.env._("A member leaves by resignation, exclusion or death."))
        date = fields.Date.to_date(date) or fields.Date.context_today(self)
        if date > fields.Date.context_today(self):
            raise UserError(self.env._("The day somebody left is not in the future."))
        if state == "excluded" and not (reason or "").strip():
            raise UserError(self.env._("Say why the member is excluded: the reason stays in the file."))
        self._lock_members("active", "applicant")
        for partner in self:
            if partner.membership_date and date < partner.membership_date:
                raise UserError(
                    self.env._("%(name)s became a member later, on %(date)s.", name=partner.name,
                               date=format_date(self.env, partner.membership_date))
                )  # fmt: skip
            blocking = partner._kondo_blocking_accounts() if state != "deceased" else []
            if blocking:
                raise UserError(
                    self.env._(
                        "%(name)s still has open accounts or commitments: %(accounts)s. Settle them first.",
                        name=partner.name, accounts=", ".join(blocking),
                    )
                )  # fmt: skip
        self.sudo().write({"member_state": state, "exit_date": date})
        for partner in self:
            partner._log_in_file(reason)

    def action_reopen(self):
        """Take back somebody who left (or was declared dead by mistake): a new application, admitted by another."""
        self._check_state_role()
        self._lock_members(*LEFT)
        self.sudo().write({"member_state": "applicant", "exit_date": False, "applied_by_id": self.env.uid})

    def action_open_leave(self):
        """Ask for the day and the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Member who leaves"),
            "res_model": "kondo.member.leave",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.id},
        }

    # ------------------------------------------------------------------ helpers
    def _check_state_role(self):
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        self.check_access("write")

    def _lock_members(self, *states):
        """Lock the files and check where they stand, so that a second click changes nothing."""
        self.lock_for_update()
        self.invalidate_recordset(["member_state"])
        labels = dict(self._fields["member_state"]._description_selection(self.env))
        for partner in self:
            if not partner.is_kondo_member:
                raise UserError(self.env._("%(name)s is not a member.", name=partner.name))
            if partner.member_state not in states:
                raise UserError(
                    self.env._(
                        "%(name)s is now: %(state)s. Nothing was changed.",
                        name=partner.name, state=labels[partner.member_state],
                    )
                )  # fmt: skip

    def _log_in_file(self, text):
        if (text or "").strip():
            self.sudo().message_post(body=text.strip(), author_id=self.env.user.partner_id.id)
