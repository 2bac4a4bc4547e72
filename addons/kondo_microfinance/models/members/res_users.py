from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.constrains("partner_id", "group_ids")
    def _check_partner_is_not_a_member(self):
        self.partner_id._check_member_is_not_staff()
