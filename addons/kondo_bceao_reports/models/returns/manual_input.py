from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kondo_microfinance.models.ledger.database_rules import apply_rules
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key

from .cell import KINDS
from .database_rules import part_rules
from .kondo_return import FINAL, PREPARERS
from .return_tables import shown

ANSWER = {"value", "text", "nil", "document_ids"}


class KondoReturnInput(models.Model):
    """A value that no ledger knows: who typed it, when, and from which document."""

    _name = "kondo.return.input"
    _description = "Value typed into a return"
    _inherit = ["kondo.guarded"]
    _order = "return_id, sequence, id"
    _rec_name = "label"

    _guarded_fields = frozenset(
        {
            "return_id", "sequence", "form_id", "form_code", "part", "code", "label", "column", "column_label", "kind",
            "unit", "author_id", "written_at",
        }
    )  # fmt: skip

    return_id = fields.Many2one("kondo.return", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="return_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    state = fields.Selection(related="return_id.state")
    sequence = fields.Integer(readonly=True)
    form_id = fields.Many2one("kondo.form", required=True, readonly=True, ondelete="restrict")
    form_code = fields.Char(string="Form code", required=True, readonly=True)
    part = fields.Char(required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    label = fields.Char(readonly=True)
    column = fields.Char(required=True, readonly=True)
    column_label = fields.Char(string="Column title", readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, default="amount")
    unit = fields.Integer(string="Francs per unit", readonly=True, default=1)
    value = fields.Float(aggregator=None, help="In francs, or as counted, whatever the unit of the form.")
    text = fields.Char()
    nil = fields.Boolean(string="Nil", help="There is nothing to declare here: no document is asked for.")
    document_ids = fields.Many2many(
        "ir.attachment", "kondo_return_input_document_rel", "input_id", "attachment_id", string="Documents"
    )
    author_id = fields.Many2one("res.users", string="Typed by", readonly=True, ondelete="restrict")
    written_at = fields.Datetime(string="Typed at", readonly=True)
    complete = fields.Boolean(compute="_compute_complete")
    display = fields.Char(string="Shown", compute="_compute_complete")
    last_display = fields.Char(string="Last time", compute="_compute_last_display")

    _once = models.UniqueIndex('(return_id, form_code, part, code, "column")')

    def init(self):
        apply_rules(self.env, self._table, *part_rules(self._table))

    @api.depends("value", "text", "nil", "document_ids", "author_id", "kind", "unit")
    def _compute_complete(self):
        for one in self:
            textual = one.kind in ("text", "date")
            answered = bool(one.text) if textual else bool(one.value)
            one.complete = bool(one.author_id and (one.nil or (answered and one.document_ids)))
            one.display = (one.text or "") if textual else shown(one.value, one.kind, one.unit) if one.author_id else ""

    def _compute_last_display(self):
        """What stood there in the last return of the same kind that was filed."""
        for one in self:
            known = self.sudo().search(
                [
                    ("return_id.company_id", "=", one.return_id.company_id.id),
                    ("return_id.type_id", "=", one.return_id.type_id.id),
                    ("return_id.scope", "=", one.return_id.scope),
                    ("return_id.date", "<", one.return_id.date),
                    ("return_id.state", "=", "filed"),
                    *((name, "=", one[name]) for name in ("form_code", "part", "code", "column")),
                ],
                order="id desc",
                limit=1,
            )
            one.last_display = known.display if known else ""

    @api.private
    def _key(self):
        self.ensure_one()
        return (self.form_code, self.part, self.code, self.column)

    @api.private
    def _engine_value(self):
        """What the engine counts with: a number, None for a text."""
        if self.kind in ("text", "date"):
            return None
        return int(self.value) if self.value == int(self.value) else Fraction(str(self.value))

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("The forms say what is typed in: fill in the rows that stand there."))
        return super().create(vals_list)

    def write(self, vals):
        if has_ledger_key(self.env) or not ANSWER.intersection(vals):
            return super().write(vals)
        self.env["kondo.four.eyes"]._check_group(*PREPARERS)
        if any(one.return_id.state in FINAL for one in self):
            raise AccessError(self.env._("A return that was filed never changes: a correction replaces it."))
        if any(one.return_id.state == "validated" for one in self):
            raise UserError(self.env._("The return is validated: take it back to change it."))
        done = super().write(vals)
        self.sudo().with_context(kondo_ledger=LEDGER).write(
            {"author_id": self.env.uid, "written_at": fields.Datetime.now()}
        )
        for one in self.sudo():
            fresh = one.document_ids.filtered(lambda paper: paper.res_model != self._name or not paper.res_id)
            fresh.write({"res_model": self._name, "res_id": one.id})
        self.return_id.filtered(lambda record: record.state != "draft")._set(state="draft")
        return done

    def unlink(self):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("The forms say what is typed in: fill in the rows that stand there."))
        return super().unlink()

    # ------------------------------------------------------------------ actions
    def action_same_documents(self):
        """These documents hold for the other rows of the same form that have none."""
        self.ensure_one()
        if not self.document_ids:
            raise UserError(self.env._("Attach the document first."))
        others = self.return_id.input_ids.filtered(
            lambda one: one.form_code == self.form_code and not one.document_ids and not one.nil
        )
        for one in others:
            one.write({"document_ids": [(6, 0, self.document_ids.ids)]})

    def action_nil(self):
        """Nothing to declare in these rows."""
        self.filtered(lambda one: not one.complete).write({"nil": True, "value": 0, "text": False})

    @api.model
    @api.private
    def _ask(self, record, asked):
        """The rows of a return for these cells [(form, part, line, column)]; rows no longer asked for go."""
        keyed = self.with_context(kondo_ledger=LEDGER)
        known = {one._key(): one for one in record.sudo().input_ids}
        wanted = {
            (form.code, part.code, line.code, column.key): {
                "return_id": record.id,
                "sequence": number,
                "form_id": form.id,
                "form_code": form.code,
                "part": part.code,
                "code": line.code,
                "label": line.label,
                "column": column.key,
                "column_label": column.label or column.key,
                "kind": column.kind,
                "unit": part.unit,
            }
            for number, (form, part, line, column) in enumerate(asked, 1)
        }
        keyed.create([values for key, values in wanted.items() if key not in known])
        gone = keyed.browse(one.id for key, one in known.items() if key not in wanted)
        gone.unlink()
        record.invalidate_recordset(["input_ids"])
