from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.formula import FormulaError, parse


class KondoFormCell(models.Model):
    """The formula of one column of a line; see `engine/formula.py` for its language."""

    _name = "kondo.form.cell"
    _description = "Formula of a form"
    _order = "line_id, id"
    _rec_name = "formula"

    line_id = fields.Many2one("kondo.form.line", required=True, index=True, ondelete="cascade")
    column = fields.Char(required=True)
    formula = fields.Char(
        required=True,
        help=r"2511\(25116)D: accounts beginning with 2511 but not 25116, holders in debit. [B2D]: another line."
        " {members:sex=female}: a measure. ?: typed in by the accountant, with its document.",
    )

    _once = models.UniqueIndex('(line_id, "column")', "This column of the line already has its formula.")

    @api.constrains("formula")
    def _check_formula(self):
        for cell in self:
            try:
                parse(cell.formula)
            except FormulaError as error:
                said = self.env["kondo.form"]._said(error)
                raise ValidationError(
                    self.env._("Line %(line)s: %(said)s.", line=cell.line_id.code, said=said)
                ) from None

    @api.constrains("column", "line_id")
    def _check_column(self):
        for cell in self:
            line = cell.line_id
            columns = {
                column["key"]
                for part in line.form_id.layout.get("parts", ())
                if part["code"] == line.part
                for column in part["columns"]
            }
            if cell.column not in columns:
                raise ValidationError(
                    self.env._("Line %(line)s: there is no column %(column)s.", line=line.code, column=cell.column)
                )

    @api.model_create_multi
    def create(self, vals_list):
        cells = super().create(vals_list)
        cells._touched()
        return cells

    def write(self, vals):
        self._touched()
        return super().write(vals)

    def unlink(self):
        self._touched()
        return super().unlink()

    @api.private
    def _touched(self):
        """A formula changed by hand is no longer the one that was confirmed, and an update leaves its form alone."""
        forms = self.line_id.form_id
        forms._check_keeper()
        if not self.env.context.get("kondo_form_shipped"):
            forms.write({"edited": True})
            self.line_id.write({"confirmed_by_id": False, "confirmed_on": False})
