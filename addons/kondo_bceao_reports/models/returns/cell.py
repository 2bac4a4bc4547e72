from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.kondo_microfinance.models.ledger.database_rules import apply_rules
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key

from .database_rules import part_rules
from .return_tables import shown

KINDS = [
    ("amount", "Amount"),
    ("count", "Number"),
    ("percent", "Per cent"),
    ("number", "Decimal number"),
    ("text", "Text"),
    ("date", "Date"),
]


class KondoReturnCell(models.Model):
    """A cell of a return: its value, that of the period before, and what is behind it.

    Only the computation writes it. `value` is in francs or as counted, whatever the unit of the form; without data it is
    0 and `no_data` says so. It is a double without digits: francs are whole in it up to 9 007 billion, while Odoo's rounding
    to six digits turns 539 131 461 into 539 131 461,000001.
    """

    _name = "kondo.return.cell"
    _description = "Cell of a return"
    _order = "return_id, sequence, id"
    _rec_name = "label"

    return_id = fields.Many2one("kondo.return", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="return_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    date = fields.Date(related="return_id.date", string="Period ends on")
    sequence = fields.Integer(readonly=True)
    form_id = fields.Many2one("kondo.form", required=True, readonly=True, ondelete="restrict")
    form_code = fields.Char(string="Form code", required=True, readonly=True)
    part = fields.Char(required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    label = fields.Char(readonly=True)
    level = fields.Char(readonly=True)
    column = fields.Char(required=True, readonly=True)
    column_label = fields.Char(string="Column title", readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, default="amount")
    unit = fields.Integer(string="Francs per unit", required=True, readonly=True, default=1)
    value = fields.Float(readonly=True, aggregator=None)
    no_data = fields.Boolean(readonly=True)
    manual = fields.Boolean(string="Typed", readonly=True)
    text = fields.Char(readonly=True)
    display = fields.Char(string="Shown", compute="_compute_display")
    previous = fields.Float(string="Period before", readonly=True, aggregator=None)
    previous_known = fields.Boolean(readonly=True)
    previous_display = fields.Char(string="Before", compute="_compute_display")
    change = fields.Float(string="Change (%)", readonly=True, aggregator=None)
    flagged = fields.Boolean(string="To explain", readonly=True)
    formula = fields.Char(compute="_compute_formula")
    line_id = fields.Many2one("kondo.form.line", string="Line of the form", compute="_compute_line_id")

    _once = models.UniqueIndex('(return_id, form_id, part, code, "column")')

    def init(self):
        apply_rules(self.env, self._table, *part_rules(self._table))

    @api.depends("value", "no_data", "text", "previous", "previous_known")
    def _compute_display(self):
        for cell in self:
            cell.display = cell.text or ("" if cell.no_data else shown(cell.value, cell.kind, cell.unit))
            known = cell.previous_known and cell.kind not in ("text", "date")
            cell.previous_display = shown(cell.previous, cell.kind, cell.unit) if known else ""

    @api.depends("form_code", "code", "label", "column_label")
    def _compute_display_name(self):
        for cell in self:
            cell.display_name = f"{cell.form_code} · {cell.code} {cell.label} ({cell.column_label})"

    def _compute_formula(self):
        """The formula it was counted with, and the lines it adds up."""
        for cell in self:
            data = cell._laid_out()
            line = next((row for row in data["lines"] if (row["part"], row["code"]) == (cell.part, cell.code)), {})
            own = line.get(cell.column)
            if own is None:
                part = next((part for part in data["parts"] if part["code"] == cell.part), {"columns": []})
                own = next((column["formula"] for column in part["columns"] if column["key"] == cell.column), "")
                below = "" if own else line.get("sum_of", "")
            else:
                below = line.get("sum_of", "") if own != "?" else ""
            cell.formula = " + ".join(filter(None, [own, *(f"[{code}]" for code in below.split("+") if code)]))

    def _compute_line_id(self):
        """The line as the form has it today, which may be another than on the day of the return."""
        lines = self.env["kondo.form.line"].sudo().search([("form_id", "in", self.form_id.ids)])
        known = {(line.form_id.id, line.part, line.code): line.id for line in lines}
        for cell in self:
            cell.line_id = known.get((cell.form_id.id, cell.part, cell.code))

    @api.private
    def _laid_out(self):
        """The form as the return keeps it."""
        self.ensure_one()
        forms = self.return_id.sudo().layout or []
        return next((form for form in forms if form["code"] == self.form_code), {"lines": [], "parts": []})

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self._check_key()
        return super().create(vals_list)

    def write(self, vals):
        self._check_key()
        return super().write(vals)

    def unlink(self):
        self._check_key()
        return super().unlink()

    def copy(self, default=None):
        raise AccessError(self.env._("The cells of a return are computed, not typed."))

    def _check_key(self):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("The cells of a return are computed, not typed."))
