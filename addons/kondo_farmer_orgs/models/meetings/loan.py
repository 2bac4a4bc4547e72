from odoo import api, fields, models

from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key

WATCHED = ("draft", "review", "committee", "approved")
GRANTED = ("approved", "active", "closed", "written_off")


class KondoLoanProduct(models.Model):
    _inherit = "kondo.loan.product"

    meeting_needed = fields.Boolean(
        string="Needs the decision of a general meeting",
        tracking=True,
        help="Of an organisation: a meeting whose minutes are signed decided to borrow this amount at least.",
    )


class KondoLoan(models.Model):
    """The general meeting that asked for the loan."""

    _inherit = "kondo.loan"

    meeting_id = fields.Many2one(
        "kondo.org.meeting",
        string="Asked for by the meeting",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('organisation_id', '=', partner_id), ('state', '=', 'held')]",
    )
    meeting_needed = fields.Boolean(related="product_id.meeting_needed")

    def write(self, vals):
        if "meeting_id" in vals and not has_ledger_key(self.env):
            self._check_editable()
        return super().write(vals)

    @api.onchange("partner_id")
    def _onchange_partner_meeting(self):
        if self.meeting_id.organisation_id != self.partner_id:
            self.meeting_id = False

    # ------------------------------------------------------------------ checks
    @api.private
    def _check_blocking(self):
        faults = super()._check_blocking()
        if self.state not in WATCHED or not self.partner_id.sudo().is_organisation:
            return faults
        return [*faults, *self.sudo()._meeting_faults()]

    def _meeting_faults(self):
        """Why the general meeting does not carry this loan. A meeting that is named must fit, asked for or not."""
        _, meeting, member = self.env._, self.meeting_id, self.partner_id
        if not meeting:
            if not self.product_id.meeting_needed:
                return []
            return [
                _(
                    "This product needs the decision of a general meeting of %(member)s: enter its minutes and choose them"
                    " on the file.",
                    member=member.name,
                )
            ]
        if meeting.organisation_id != member:
            return [_("The meeting of the file is another organisation's.")]
        if meeting.state != "held":
            return [_("The minutes of the general meeting %(meeting)s are not signed.", meeting=meeting.display_name)]
        decided = meeting._borrowing_decided()
        if not decided:
            return [_("The general meeting %(meeting)s did not decide to borrow.", meeting=meeting.display_name)]
        others = self.search([("meeting_id", "=", meeting.id), ("state", "in", GRANTED), ("id", "!=", self.id)])
        taken = sum(others.mapped("amount"))
        if self.amount + taken > decided:
            return [
                _(
                    "The general meeting decided to borrow %(decided)s F; with this loan it would be %(total)s F.",
                    decided=spaced(decided),
                    total=spaced(self.amount + taken),
                )
            ]
        return []
