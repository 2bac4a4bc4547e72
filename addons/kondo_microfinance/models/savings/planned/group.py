from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KondoSavingsAccount(models.Model):
    """The savings of a group: its signatories withdraw, alone or together as their mandates say."""

    _inherit = "kondo.savings.account"

    women_count = fields.Integer(related="partner_id.women_count")
    men_count = fields.Integer(related="partner_id.men_count")
    mandate_ids = fields.One2many(related="partner_id.mandate_ids", string="Signatories")

    @api.constrains("partner_id", "product_id")
    def _check_group_holder(self):
        for account in self:
            if account.product_id.kind == "group" and account.partner_id.member_kind == "individual":
                raise ValidationError(
                    self.env._("%(name)s is a person: group savings are for groups.", name=account.partner_id.name)
                )

    def _signatories(self):
        """Who may withdraw, in a sentence for the person at the counter; empty when nobody is named."""
        self.ensure_one()
        mandates = self.sudo().partner_id.mandate_ids.filtered(lambda mandate: mandate.is_current)
        alone = mandates.filtered(lambda mandate: mandate.scope == "alone").mapped("holder_name")
        together = mandates.filtered(lambda mandate: mandate.scope == "together").mapped("holder_name")
        parts = []
        if alone:
            parts.append(self.env._("alone: %(names)s", names=", ".join(alone)))
        if together:
            parts.append(self.env._("together: %(names)s", names=", ".join(together)))
        return " · ".join(parts)


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_withdrawal(self, posting, values):
        """The teller sees who may withdraw from a group's savings before he pays."""
        super()._execute_withdrawal(posting, values)
        account = self.env["kondo.savings.account"].sudo().browse(posting.values["savings_account_id"])
        if account.kind == "group":
            _ = self.env._
            group = account.partner_id
            posting.show(_("May withdraw"), account._signatories() or _("nobody named: see the manager"))
            posting.show(
                _("Members of the group"),
                _("%(women)s women, %(men)s men", women=group.women_count, men=group.men_count),
            )
