from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.kondo_microfinance.models.ledger.database_rules import apply_rules
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key

from .database_rules import part_rules


class KondoReturnCheck(models.Model):
    """The outcome of a control of a return: passed, failed by how much, or without data; it opens what differs."""

    _name = "kondo.return.check"
    _description = "Control of a return, its outcome"
    _order = "return_id, sequence, id"
    _rec_name = "label"

    return_id = fields.Many2one("kondo.return", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="return_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Control", required=True, readonly=True)
    level = fields.Selection([("blocking", "Blocking"), ("warning", "Warning")], required=True, readonly=True)
    state = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed"), ("no_data", "No data")], required=True, readonly=True
    )
    formula = fields.Char(readonly=True)
    left = fields.Float(readonly=True, aggregator=None)
    right = fields.Float(readonly=True, aggregator=None)
    difference = fields.Float(readonly=True, aggregator=None)
    message = fields.Char(string="What was found", readonly=True)
    legal_reference = fields.Char(readonly=True)
    opens = fields.Json(readonly=True)
    can_open = fields.Boolean(compute="_compute_can_open")

    def init(self):
        apply_rules(self.env, self._table, *part_rules(self._table))

    @api.depends("opens")
    def _compute_can_open(self):
        for check in self:
            opens = check.opens or {}
            check.can_open = bool(
                opens.get("lines") or opens.get("accounts") or opens.get("ids") or opens.get("domain")
            )

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
        raise AccessError(self.env._("The controls of a return are run, not typed."))

    def _check_key(self):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("The controls of a return are run, not typed."))

    # ------------------------------------------------------------------ actions
    def action_open(self):
        """The cells it compares, or the entries, months or inputs that are wrong."""
        self.ensure_one()
        self.check_access("read")
        opens = self.opens or {}
        if opens.get("model"):
            domain = opens.get("domain") or [("id", "in", opens.get("ids", ()))]
            return self._window(opens["model"], domain)
        if opens.get("lines"):
            lines = Domain.OR(
                [
                    [
                        ("code", "=", line),
                        *([("form_code", "=", form)] if form else ()),
                        *([("part", "=", part)] if part else ()),
                    ]
                    if line
                    else [("form_code", "=", form)]
                    for form, part, line in opens["lines"]
                ]
            )
            return self._window("kondo.return.cell", list(Domain("return_id", "=", self.return_id.id) & lines))
        if opens.get("accounts"):
            return self.return_id._open_accounts(opens["accounts"], bool(opens.get("exact")), self.label)
        raise UserError(self.env._("There is nothing behind this control to open."))

    def _window(self, model, domain):
        return {
            "type": "ir.actions.act_window",
            "name": self.label,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            "context": {"create": False},
        }
