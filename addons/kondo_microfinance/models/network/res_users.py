from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.private
    def _kondo_companies(self):
        """The companies a user may act in: those he is given, and the caisses below a union he is given."""
        self.ensure_one()
        return self.env["res.company"].sudo().search([("id", "child_of", self.sudo().company_ids.ids)])
