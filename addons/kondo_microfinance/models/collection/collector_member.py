from odoo import api, fields, models
from odoo.exceptions import UserError

from ..fields import Francs


class KondoCollectorMember(models.Model):
    """A member in a collector's book: which account, how much as a rule, and in which order on the round."""

    _name = "kondo.collector.member"
    _description = "Member of a collector's round"
    _order = "collector_id, sequence, id"
    _check_company_auto = True

    collector_id = fields.Many2one(
        "kondo.collector", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="collector_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    sequence = fields.Integer(string="Rank", default=10, required=True)
    account_id = fields.Many2one(
        "kondo.savings.account",
        string="Account",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', 'in', ('active', 'inactive')), ('kind', 'not in', ('term', 'guarantee'))]",
    )
    partner_id = fields.Many2one(
        related="account_id.partner_id", string="Member", store=True, precompute=True, required=True, index=True
    )
    account_number = fields.Char(related="account_id.number", string="Account no.")
    member_name = fields.Char(related="partner_id.name", string="Name")
    phone = fields.Char(related="partner_id.phone")
    stake = Francs(string="Usual stake", help="What the member gives on an ordinary day, in francs.")
    carnet = fields.Char(string="Carnet no.", help="Number of the card that the collector ticks at each payment.")
    active = fields.Boolean(default=True)
    note = fields.Char(help="Where to find the member: stall, yard, time of day.")

    _one_book = models.UniqueIndex(
        "(account_id) WHERE active", "This account already stands in a collector's book. Take it out there first."
    )
    _stake_positive = models.Constraint("CHECK (stake >= 0)", "A stake is never negative.")

    @api.constrains("account_id")
    def _check_account(self):
        for row in self:
            account = row.account_id.sudo()
            if account.state == "closed" or account.kind in ("term", "guarantee"):
                raise UserError(
                    self.env._("The account %(number)s takes no daily savings. Choose another.", number=account.number)
                )

    @api.depends("account_id", "carnet")
    def _compute_display_name(self):
        for row in self.sudo():
            row.display_name = f"{row.partner_id.name or ''} · {row.account_id.number or ''}"

    def write(self, vals):
        if {"account_id", "collector_id"}.intersection(vals):
            raise UserError(
                self.env._("A row of the book keeps its account and its collector. Archive it and enter another.")
            )
        return super().write(vals)
