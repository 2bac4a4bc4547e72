from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KondoMemberRelation(models.Model):
    """Two people of one family: neither decides on the other's loan."""

    _name = "kondo.member.relation"
    _description = "Family relation"
    _order = "partner_id, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="cascade", check_company=True,
        domain="[('is_kondo_member', '=', True)]",
    )  # fmt: skip
    company_id = fields.Many2one(
        related="partner_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    other_id = fields.Many2one(
        "res.partner", string="Relative", required=True, index=True, ondelete="cascade",
        help="A member, or the contact of somebody of the staff or of a governing body.",
    )  # fmt: skip
    kind = fields.Selection(
        [
            ("spouse", "Spouse"),
            ("child", "Father, mother, son or daughter"),
            ("sibling", "Brother or sister"),
            ("relative", "Other relative"),
            ("same", "The same person (member's file and contact)"),
        ],
        required=True,
        default="relative",
    )

    _pair_unique = models.UniqueIndex("(partner_id, other_id)", "This relation is known already.")

    @api.constrains("partner_id", "other_id")
    def _check_pair(self):
        for relation in self:
            if relation.partner_id == relation.other_id:
                raise ValidationError(self.env._("Nobody is his own relative."))

    @api.model
    @api.private
    def _relatives(self, partners):
        """res.partner: these people and their relatives, known from either side, with every file each of them has."""
        people = self._same(partners)
        found = self.sudo().search(["|", ("partner_id", "in", people.ids), ("other_id", "in", people.ids)])
        return self._same(people | found.partner_id | found.other_id)

    @api.model
    @api.private
    def _same(self, partners):
        """res.partner: these people, and what else stands for them: somebody of the staff who is a member has a
        contact and a member's file, tied by a relation or by his seat on a committee."""
        people = partners.sudo()
        seats = self.env["kondo.committee.seat"].sudo().with_context(active_test=False)
        while True:
            ids = people.ids
            pairs = self.sudo().search([("kind", "=", "same"), "|", ("partner_id", "in", ids), ("other_id", "in", ids)])
            sitting = seats.search(["|", ("partner_id", "in", ids), ("user_id.partner_id", "in", ids)])
            wider = people | pairs.partner_id | pairs.other_id | sitting.partner_id | sitting.user_id.partner_id
            if wider == people:
                return people
            people = wider


class ResPartner(models.Model):
    _inherit = "res.partner"

    relation_ids = fields.One2many("kondo.member.relation", "partner_id", string="Relatives")
