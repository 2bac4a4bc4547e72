from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    savings_account_ids = fields.One2many(
        "kondo.savings.account", "partner_id", string="Savings accounts", readonly=True
    )
    savings_account_count = fields.Integer(compute="_compute_savings_totals")
    savings_balance = fields.Integer(compute="_compute_savings_totals", string="Total savings")

    def _compute_savings_totals(self):
        totals = {
            partner.id: (count, balance)
            for partner, count, balance in self.env["kondo.savings.account"]._read_group(
                [("partner_id", "in", self.ids), ("state", "!=", "closed")], ["partner_id"], ["__count", "balance:sum"]
            )
        }
        for partner in self:
            partner.savings_account_count, partner.savings_balance = totals.get(partner.id, (0, 0))

    def _kondo_blocking_accounts(self):
        """Numbers of the accounts that keep a member in his caisse: those not closed."""
        accounts = (
            self.env["kondo.savings.account"].sudo().search([("partner_id", "in", self.ids), ("state", "!=", "closed")])
        )
        return [*super()._kondo_blocking_accounts(), *accounts.mapped("number")]

    def action_open_savings_accounts(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accounts of %(name)s", name=self.name),
            "res_model": "kondo.savings.account",
            "view_mode": "list,form",
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }
