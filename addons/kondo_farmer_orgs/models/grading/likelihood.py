from odoo import api, fields, models


class KondoGradingLikelihood(models.Model):
    """A row of a scorecard's table: so many points, so likely under the poverty line."""

    _name = "kondo.grading.likelihood"
    _description = "Likelihood by points"
    _order = "form_id, score_from"
    _check_company_auto = True

    form_id = fields.Many2one("kondo.grading.form", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="form_id.company_id", string="Union", store=True, precompute=True, required=True, index=True
    )
    score_from = fields.Integer(string="From (points)", required=True)
    score_to = fields.Integer(string="To (points)", required=True)
    percent = fields.Float(string="Likelihood (%)", digits=(16, 2), required=True)

    _sane = models.Constraint(
        "CHECK (score_from >= 0 AND score_to >= score_from AND score_to <= 100 AND percent BETWEEN 0 AND 100)",
        "Points and likelihood lie between 0 and 100.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.form_id._check_unused()
        return rows

    def write(self, vals):
        self.form_id._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.form_id._check_unused()
