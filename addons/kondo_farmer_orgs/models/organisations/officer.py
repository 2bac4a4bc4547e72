from odoo import api, fields, models
from odoo.exceptions import UserError

KEEPERS = ("group_loan_officer", "group_caisse_manager")


class KondoOrgMembership(models.Model):
    """An officer who signs for the organisation has a mandate: the teller sees his face, and it ends with his office."""

    _inherit = "kondo.org.membership"

    mandate_id = fields.Many2one(
        "kondo.mandate", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", check_company=True
    )
    signs = fields.Boolean(string="Signatory", compute="_compute_signs")

    @api.depends("mandate_id.date_from", "mandate_id.date_to")
    def _compute_signs(self):
        for membership in self:
            membership.signs = membership.mandate_id.is_current

    # ------------------------------------------------------------------ create, write, unlink
    def write(self, vals):
        result = super().write(vals)
        if "date_to" in vals or vals.get("role") == "member":
            self._end_mandates()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signatory(self):
        for membership in self.filtered("mandate_id"):
            raise UserError(
                self.env._(
                    "%(name)s signed for the organisation: enter the day the stay ends instead of deleting it.",
                    name=membership.person_id.name,
                )
            )

    def _end_mandates(self):
        """A mandate does not outlive the office: it ends on the last day of the stay, or at once for a plain member."""
        for membership in self.filtered("mandate_id"):
            mandate = membership.mandate_id
            if membership.role == "member":
                mandate.action_end()
            elif membership.date_to and (not mandate.date_to or mandate.date_to > membership.date_to):
                mandate.date_to = max(membership.date_to, mandate.date_from)

    # ------------------------------------------------------------------ actions
    def action_make_signatory(self):
        """Open the mandate of an officer, new or standing: what he may do, his photo and his signature."""
        self.ensure_one()
        self._check_keeper()
        today = fields.Date.context_today(self)
        if self.role == "member":
            raise UserError(self.env._("Only an officer signs for the organisation: give this person a role first."))
        if self.date_to and self.date_to < today:
            raise UserError(self.env._("%(name)s is no longer in the organisation.", name=self.person_id.name))
        if not self.mandate_id.is_current:
            self.mandate_id = self.env["kondo.mandate"].create(self._mandate_values(max(self.date_from, today)))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Signatory"),
            "res_model": "kondo.mandate",
            "res_id": self.mandate_id.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_end_signatory(self):
        """He no longer signs; he stays in the organisation."""
        self._check_keeper()
        for membership in self:
            membership.mandate_id.action_end()

    def action_change_role(self):
        """The stay with the old role ends, one with the new role begins: both stay readable."""
        self.ensure_one()
        self._check_keeper()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New role"),
            "res_model": "kondo.org.role.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_membership_id": self.id},
        }

    # ------------------------------------------------------------------ helpers
    def _check_keeper(self):
        self.env["kondo.four.eyes"]._check_group(*KEEPERS)
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("write")

    def _mandate_values(self, date):
        """Two officers withdraw together unless the organisation says otherwise on the mandate."""
        person, file = self.person_id, self.person_id.partner_id
        return {
            "partner_id": self.organisation_id.id,
            "holder_name": person.name,
            "holder_phone": person.phone,
            "holder_document": ", ".join(file.id_numbers.filtered("active").mapped("name")) or False,
            "role": self._role_label(),
            "photo": file.image_512 or False,
            "specimen_signature": file.specimen_signature or False,
            "scope": "together",
            "date_from": date,
            "date_to": self.date_to,
        }

    def _role_label(self):
        self.ensure_one()
        return dict(self._fields["role"]._description_selection(self.env))[self.role]
