from odoo import models
from odoo.exceptions import UserError


class KondoTillSession(models.Model):
    """No till opens on a day whose closing is under way or done: its interest and photographs stand already."""

    _inherit = "kondo.till.session"

    def _open_here(self, till_id, company_id, counts, total):
        company = self.env["res.company"].sudo().browse(company_id)
        closing = (
            self.env["kondo.closing"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", company_id),
                    ("date", "=", company.business_date),
                    ("state", "in", ("running", "done")),
                ]
            )
        )
        if closing:
            raise UserError(
                self.env._("The day of this caisse is being closed. Open your till when the next day has begun.")
            )
        return super()._open_here(till_id, company_id, counts, total)
