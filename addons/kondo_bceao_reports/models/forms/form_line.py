from odoo import api, fields, models
from odoo.exceptions import UserError

LEVELS = [("heading", "Heading"), ("detail", "Detail"), ("subtotal", "Subtotal"), ("total", "Total")]
SURENESS = [
    ("sourced", "Transcribed"),
    ("derived", "Derived: to confirm"),
    ("unknown", "Unknown: to fill in"),
]


class KondoFormLine(models.Model):
    """A line of a form, and how sure its accounts are: what was derived or not found is the accountant's to confirm."""

    _name = "kondo.form.line"
    _description = "Line of a form"
    _order = "form_id, sequence, id"
    _rec_name = "code"

    form_id = fields.Many2one("kondo.form", required=True, index=True, ondelete="cascade")
    part = fields.Char(required=True)
    sequence = fields.Integer(required=True, default=10)
    code = fields.Char(required=True)
    label = fields.Char(required=True)
    parent_code = fields.Char(string="Part of")
    level = fields.Selection(LEVELS, required=True, default="detail")
    printed = fields.Boolean(string="Code printed", default=True)
    sum_of = fields.Char(string="Sum of lines", help="Codes of lines of the same part, joined by +.")
    side = fields.Selection(
        [("debit", "Debit"), ("credit", "Credit")],
        string="Natural side",
        help="Empty: that of the column. A balance on the other side counts as minus.",
    )
    cell_ids = fields.One2many("kondo.form.cell", "line_id", string="Formulas", copy=True)
    formula = fields.Char(string="Accounts", compute="_compute_formula")
    confidence = fields.Selection(SURENESS, required=True, default="sourced")
    provenance = fields.Text()
    confirmed_by_id = fields.Many2one("res.users", string="Confirmed by", readonly=True, copy=False)
    confirmed_on = fields.Date(string="Confirmed on", readonly=True, copy=False)

    _once = models.UniqueIndex("(form_id, part, code)", "This line already stands in this part of the form.")

    @api.depends("cell_ids.formula", "cell_ids.column")
    def _compute_formula(self):
        for line in self:
            cells = line.cell_ids
            if len(cells) == 1:
                line.formula = cells.formula
            else:
                line.formula = " ; ".join(f"{cell.column} : {cell.formula}" for cell in cells)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.form_id._check_keeper()
        return lines

    def write(self, vals):
        self.form_id._check_keeper()
        return super().write(vals)

    def unlink(self):
        self.form_id._check_keeper()
        return super().unlink()

    def action_confirm(self):
        """The accountant has checked these lines against the official text."""
        self.form_id._check_keeper()
        if any(line.confirmed_on for line in self):
            raise UserError(self.env._("Some of these lines are already confirmed."))
        self.write({"confirmed_by_id": self.env.uid, "confirmed_on": fields.Date.context_today(self)})
        self.form_id.write({"edited": True})
        for form in self.form_id:
            codes = ", ".join((self & form.line_ids).mapped("code"))
            form.message_post(body=self.env._("Lines confirmed: %(codes)s.", codes=codes))

    @api.private
    def _row(self):
        """The line as a row of a form's file."""
        self.ensure_one()
        return {
            "part": self.part,
            "code": self.code,
            "label": self.label,
            "parent": self.parent_code,
            "level": self.level,
            "printed": "yes" if self.printed else "no",
            "sum_of": self.sum_of,
            "side": self.side or "",
            "confidence": self.confidence,
            "provenance": self.provenance,
            **{cell.column: cell.formula for cell in self.cell_ids},
        }
