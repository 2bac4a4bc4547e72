from odoo import api, fields, models


class KondoLoan(models.Model):
    """The parts follow the loan: with each payment, each change of its schedule, each evening."""

    _inherit = "kondo.loan"

    def _refresh_position(self, date=None):
        result = super()._refresh_position(date)
        for loan in self.sudo():
            if loan.split_ids:
                day = date or loan.company_id.business_date or fields.Date.context_today(self)
                loan.split_ids._store_standing(fields.Date.to_date(day))
        return result

    @api.model
    @api.private
    def _update_positions(self, company, day):
        result = super()._update_positions(company, day)
        parts = self.env["kondo.loan.split"].sudo()
        running = parts.search([("company_id", "=", company.id), ("loan_id.state", "=", "active")])
        running._store_standing(fields.Date.to_date(day))
        return result
