from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (80, "cash_register", "kondo.aml.case", "_day_end")]


class KondoClosingStep(models.Model):
    """The step has words and no result: all the staff reads closings, and nobody is told that cash is looked at."""

    _inherit = "kondo.closing.step"

    @api.model
    def _labels(self):
        return {**super()._labels(), "cash_register": self.env._("Cash register of the day")}
