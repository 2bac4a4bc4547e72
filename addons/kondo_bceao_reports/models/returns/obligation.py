from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .return_type import FREQUENCIES

SCOPES = [("caisse", "The institution"), ("network", "Network, consolidated")]


class KondoReturnObligation(models.Model):
    """A return that is owed for a period, and the day by which it is filed. The calendar makes the rows."""

    _name = "kondo.return.obligation"
    _description = "Return owed"
    _inherit = ["kondo.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "due_date, company_id, type_id"

    _guarded_fields = frozenset(
        {
            "company_id", "type_id", "scope", "frequency", "date_from", "date", "due_date", "return_id", "filed_on",
            "reminded_on",
        }
    )  # fmt: skip

    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    type_id = fields.Many2one("kondo.return.type", string="Return", required=True, readonly=True, ondelete="restrict")
    scope = fields.Selection(SCOPES, required=True, readonly=True)
    frequency = fields.Selection(FREQUENCIES, required=True, readonly=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date = fields.Date(string="Period ends on", required=True, readonly=True)
    due_date = fields.Date(string="File by", required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Prepared by",
        tracking=True,
        domain="[('company_ids', 'in', company_id), ('share', '=', False)]",
    )
    return_id = fields.Many2one("kondo.return", string="Prepared return", readonly=True, ondelete="set null")
    return_state = fields.Selection(related="return_id.state", string="Preparation")
    filed_on = fields.Date(readonly=True)
    reminded_on = fields.Date(readonly=True)
    state = fields.Selection(
        [("todo", "To do"), ("late", "Late"), ("filed", "Filed")],
        compute="_compute_state",
        search="_search_state",
    )
    days_left = fields.Integer(compute="_compute_state", aggregator=None)
    filed_late = fields.Boolean(compute="_compute_state")

    _once = models.UniqueIndex("(company_id, type_id, scope, frequency, date)")

    @api.depends("company_id", "type_id", "date")
    def _compute_display_name(self):
        for record in self:
            ends = format_date(self.env, record.date) if record.date else ""
            record.display_name = f"{record.type_id.name} · {ends} · {record.company_id.sudo().name}"

    @api.depends("due_date", "filed_on")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for record in self:
            late = not record.filed_on and record.due_date and record.due_date < today
            record.state = "filed" if record.filed_on else "late" if late else "todo"
            record.days_left = 0 if record.filed_on or not record.due_date else (record.due_date - today).days
            record.filed_late = bool(record.filed_on and record.due_date and record.filed_on > record.due_date)

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domains = {
            "filed": Domain("filed_on", "!=", False),
            "late": Domain("filed_on", "=", False) & Domain("due_date", "<", today),
            "todo": Domain("filed_on", "=", False) & Domain("due_date", ">=", today),
        }
        return Domain.OR([domains[state] for state in value if state in domains])

    def unlink(self):
        if any(record.return_id or record.filed_on for record in self):
            raise AccessError(self.env._("A return that was begun keeps its place in the calendar."))
        return super().unlink()

    # ------------------------------------------------------------------ actions
    def action_prepare(self):
        """Open the return of this period; begin it when nobody has."""
        self.ensure_one()
        self.check_access("read")
        known = self.sudo().return_id
        if not known or known.state == "replaced":
            if self.date > fields.Date.context_today(self):
                raise UserError(self.env._("The period is not over yet."))
            known = self.env["kondo.return"].create(
                {
                    "company_id": self.company_id.id,
                    "type_id": self.type_id.id,
                    "scope": self.scope,
                    "frequency": self.frequency,
                    "date": self.date,
                }
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.return",
            "res_id": known.id,
            "views": [(False, "form")],
        }

    @api.private
    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)
