from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ....engine.words import spaced
from ...fields import Francs

BODIES = [
    ("caisse", "Committee of the caisse"),
    ("union", "Committee of the union"),
    ("board", "Board of the union"),
]


class KondoLoanApprovalLevel(models.Model):
    """Up to which amount a body decides, and how many of its members must be there."""

    _name = "kondo.loan.approval.level"
    _description = "Approval level"
    _order = "company_id, amount_to, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", string="Union", required=True, index=True, default=lambda self: self.env.company.sudo().root_id
    )
    body = fields.Selection(BODIES, required=True, default="caisse")
    amount_to = Francs(string="Up to", help="Largest loan it decides; 0: any amount.")
    quorum = fields.Integer(required=True, default=3, help="Members present, those who withdraw not counted.")

    _body_unique = models.UniqueIndex("(company_id, body)", "This body already has a level.")
    _sane = models.Constraint("CHECK (amount_to >= 0 AND quorum >= 1)", "A level has a quorum of one at least.")

    @api.constrains("company_id", "body", "amount_to")
    def _check_rising(self):
        """A higher body decides on larger loans: otherwise an amount would have no body, or the wrong one."""
        for union in self.company_id:
            levels = self.search([("company_id", "=", union.id)]).sorted(lambda level: self._rank(level.body))
            limits = [level.amount_to or float("inf") for level in levels]
            if any(lower >= higher for lower, higher in zip(limits, limits[1:], strict=False)):
                raise ValidationError(
                    self.env._("A higher body decides on larger loans: caisse, then union, then board.")
                )

    def _compute_display_name(self):
        bodies = dict(self._fields["body"]._description_selection(self.env))
        for level in self:
            level.display_name = bodies.get(level.body, "")
            if level.amount_to:
                level.display_name += f" (≤ {spaced(level.amount_to)} F)"

    @api.model
    @api.private
    def _level_for(self, company, amount):
        """The first level that decides on so many francs; UserError when the union has set none."""
        levels = self.sudo().search([("company_id", "=", company.sudo().root_id.id)])
        rising = sorted(levels, key=lambda level: level.amount_to or 10**15)
        level = next((level for level in rising if not level.amount_to or level.amount_to >= amount), None)
        if not level:
            raise UserError(
                self.env._(
                    "No body decides on %(amount)s F: the network sets the approval levels first.",
                    amount=spaced(amount),
                )
            )
        return level

    @staticmethod
    def _rank(body):
        return [name for name, _label in BODIES].index(body)
