from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kondo_microfinance.models.ledger.database_rules import apply_rules
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key

from .database_rules import part_rules
from .kondo_return import FINAL, PREPARERS


class KondoReturnExplanation(models.Model):
    """Why a line changed much since the period before, in the words of who prepares the return."""

    _name = "kondo.return.explanation"
    _description = "Explanation of a change"
    _inherit = ["kondo.guarded"]
    _order = "return_id, sequence, id"
    _rec_name = "label"

    _guarded_fields = frozenset(
        {
            "return_id", "sequence", "form_code", "part", "code", "label", "column", "value", "previous", "change",
            "author_id", "written_at",
        }
    )  # fmt: skip

    return_id = fields.Many2one("kondo.return", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="return_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    sequence = fields.Integer(readonly=True)
    form_code = fields.Char(string="Form code", required=True, readonly=True)
    part = fields.Char(required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    label = fields.Char(readonly=True)
    column = fields.Char(required=True, readonly=True)
    value = fields.Float(readonly=True, aggregator=None)
    previous = fields.Float(string="Period before", readonly=True, aggregator=None)
    change = fields.Float(string="Change (%)", readonly=True, aggregator=None)
    text = fields.Text(string="Explanation")
    author_id = fields.Many2one("res.users", string="Written by", readonly=True, ondelete="restrict")
    written_at = fields.Datetime(readonly=True)
    complete = fields.Boolean(compute="_compute_complete")

    _once = models.UniqueIndex('(return_id, form_code, part, code, "column")')

    def init(self):
        apply_rules(self.env, self._table, *part_rules(self._table))

    @api.depends("text")
    def _compute_complete(self):
        for one in self:
            one.complete = bool((one.text or "").strip())

    @api.private
    def _key(self):
        self.ensure_one()
        return (self.form_code, self.part, self.code, self.column)

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("The computation says what is to be explained."))
        return super().create(vals_list)

    def write(self, vals):
        if has_ledger_key(self.env) or "text" not in vals:
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
        return done

    def unlink(self):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("The computation says what is to be explained."))
        return super().unlink()

    # ------------------------------------------------------------------ actions
    def action_open(self):
        """What is behind the line that changed."""
        self.ensure_one()
        cell = self.return_id.cell_ids.filtered(
            lambda cell: (cell.form_code, cell.part, cell.code, cell.column) == self._key()
        )
        if not cell:
            raise UserError(self.env._("Compute the return first."))
        return cell.action_open()

    @api.model
    @api.private
    def _ask(self, record, cells):
        """Ask for the flagged cells (dicts of values); an answer that was given is kept as long as it is asked for."""
        keyed = self.with_context(kondo_ledger=LEDGER)
        known = {one._key(): one for one in record.sudo().explanation_ids}
        wanted = {
            (cell["form_code"], cell["part"], cell["code"], cell["column"]): {
                **{name: cell[name] for name in ("form_code", "part", "code", "label", "column", "value", "previous")},
                "change": cell["change"],
                "return_id": record.id,
                "sequence": number,
            }
            for number, cell in enumerate(cells, 1)
        }
        keyed.create([values for key, values in wanted.items() if key not in known])
        for key, one in known.items():
            one = keyed.browse(one.id)
            if key not in wanted:
                one.unlink()
            elif one.value != wanted[key]["value"] or one.previous != wanted[key]["previous"]:
                one.write({**wanted[key], "text": False, "author_id": False, "written_at": False})
        record.invalidate_recordset(["explanation_ids"])
