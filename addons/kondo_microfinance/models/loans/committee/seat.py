from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .approval_level import BODIES


class KondoCommitteeSeat(models.Model):
    """Somebody who sits on a committee, elected or of the staff."""

    _name = "kondo.committee.seat"
    _description = "Seat of a committee"
    _order = "company_id, body, sequence, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", string="Caisse or union", required=True, index=True, default=lambda self: self.env.company
    )
    body = fields.Selection(BODIES, required=True, default="caisse")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, compute="_compute_name", store=True, readonly=False, precompute=True)
    role = fields.Char(string="Office", help="President, secretary, member…")
    partner_id = fields.Many2one("res.partner", string="Member", domain="[('is_kondo_member', '=', True)]", index=True)
    user_id = fields.Many2one("res.users", string="User", help="When he also works with this system.")
    active = fields.Boolean(default=True)

    @api.depends("partner_id", "user_id")
    def _compute_name(self):
        for seat in self:
            seat.name = seat.partner_id.name or seat.user_id.name or seat.name

    @api.constrains("company_id", "body")
    def _check_body(self):
        for seat in self:
            at_caisse = seat.company_id.sudo().kondo_kind == "caisse"
            if at_caisse != (seat.body == "caisse"):
                raise ValidationError(self.env._("A caisse has the committee of the caisse, the union has the others."))
