from odoo import models


class KondoTeller(models.AbstractModel):
    """What the teller sees of an account: who holds it, who signs, what to look at."""

    _inherit = "kondo.teller"

    def _accounts(self, partner):
        """The member's own accounts, then those he holds with others."""
        joint = partner.sudo().coholding_ids.filtered(lambda one: one.is_current and one.account_id.state != "closed")
        return super()._accounts(partner) | joint.account_id.sorted("id")

    def _account(self, account):
        rules = dict(account._fields["joint_rule"]._description_selection(self.env))
        return {
            **super()._account(account),
            "holders": account._holders().mapped("name") if account.is_joint else [],
            "joint_rule": rules[account.joint_rule] if account.is_joint else False,
            "alerts": account._alerts(),
        }
