from odoo import api, fields, models

from ...engine.words import spaced


class ResPartner(models.Model):
    _inherit = "res.partner"

    share_holding_ids = fields.One2many("kondo.share.holding", "partner_id", string="Shares", readonly=True)
    share_count = fields.Integer(string="Shares held", compute="_compute_share_totals")
    share_paid = fields.Integer(string="Paid on shares", compute="_compute_share_totals")

    def _compute_share_totals(self):
        totals = {
            partner.id: (subscribed, paid)
            for partner, subscribed, paid in self.env["kondo.share.holding"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["subscribed:sum", "paid:sum"]
            )
        }
        for partner in self:
            partner.share_count, partner.share_paid = totals.get(partner.id, (0, 0))

    def _held_shares(self):
        """Holdings that still have something, as superuser."""
        return (
            self.env["kondo.share.holding"]
            .sudo()
            .search([("partner_id", "in", self.ids), ("state", "!=", "closed"), ("subscribed", ">", 0)], order="id")
        )

    @api.private
    def _kondo_blocking_accounts(self):
        """Shares keep a member in his caisse until they are refunded or transferred."""
        shares = [
            self.env._("shares %(number)s (%(count)s)", number=holding.number, count=holding._in_words())
            for holding in self._held_shares()
        ]
        return [*super()._kondo_blocking_accounts(), *shares]

    def _missing_for_activation(self):
        """The shares that the union asks of an applicant, paid in full."""
        missing = super()._missing_for_activation()
        minimum = self.company_id.sudo().root_id.kondo_minimum_shares
        if minimum and sum(self._held_shares().mapped("full_count")) < minimum:
            missing.append(self.env._("%(count)s share(s) paid in full", count=minimum))
        return missing

    @api.private
    def _share_refund_obstacles(self):
        """Why this member's shares may not be refunded now, in sentences: each room adds what he owes or guarantees."""
        self.ensure_one()
        overdrawn = self.env["kondo.savings.account"].sudo().search([("partner_id", "=", self.id), ("balance", "<", 0)])
        return [
            self.env._(
                "The account %(number)s is overdrawn by %(amount)s F: it is settled first.",
                number=account.number,
                amount=spaced(-account.balance),
            )
            for account in overdrawn
        ]

    def _kondo_alerts(self):
        alerts = super()._kondo_alerts()
        if self._held_shares().filtered("is_late"):
            alerts.append({"level": "amber", "text": self.env._("Shares not paid in time")})
        return alerts

    def action_open_shares(self):
        self.ensure_one()
        holdings = self.share_holding_ids
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Shares of %(name)s", name=self.name),
            "res_model": "kondo.share.holding",
            "view_mode": "list,form",
            "domain": [("partner_id", "=", self.id)],
        }
        if len(holdings) == 1:
            action.update(view_mode="form", res_id=holdings.id)
        return action
