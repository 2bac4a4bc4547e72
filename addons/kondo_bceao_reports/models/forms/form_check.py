from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.checks import COMPARISONS
from ...engine.formula import FormulaError, parse


class KondoFormCheck(models.Model):
    """A control between lines: what must equal what, or which norm must hold."""

    _name = "kondo.form.check"
    _description = "Control of a return"
    _order = "sequence, id"
    _rec_name = "label"

    code = fields.Char(required=True, index=True)
    sequence = fields.Integer(required=True, default=10)
    label = fields.Char(required=True)
    left = fields.Char(required=True)
    compare = fields.Selection([(sign, sign) for sign in COMPARISONS], required=True, default="=")
    right = fields.Char(required=True)
    tolerance = fields.Integer(required=True, default=0, help="Francs, or units of the form, that may differ.")
    level = fields.Selection([("blocking", "Blocking"), ("warning", "Warning")], required=True, default="blocking")
    forms = fields.Char(help="Codes of the forms it is about, separated by commas. Empty: every return.")
    legal_reference = fields.Char()
    date_from = fields.Date(string="In force from", required=True, default="2010-01-01")
    date_to = fields.Date(string="In force until")
    active = fields.Boolean(default=True)

    _once = models.UniqueIndex("(code, date_from)", "This control already stands in the list.")

    @api.constrains("left", "right")
    def _check_formulas(self):
        for check in self:
            for text in (check.left, check.right):
                try:
                    parse(text)
                except FormulaError as error:
                    said = self.env["kondo.form"]._said(error)
                    raise ValidationError(f"{check.label} : {said}.") from None

    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.form"]._check_keeper()
        return super().create(vals_list)

    def write(self, vals):
        self.env["kondo.form"]._check_keeper()
        return super().write(vals)

    def unlink(self):
        self.env["kondo.form"]._check_keeper()
        return super().unlink()

    @api.model
    @api.private
    def _at(self, date, codes):
        """The controls in force on a day that are about forms all of which are among `codes`."""
        found = self.sudo().search([("date_from", "<=", date), "|", ("date_to", "=", False), ("date_to", ">=", date)])
        return found.filtered(
            lambda check: {code.strip() for code in (check.forms or "").split(",") if code.strip()} <= set(codes)
        )
