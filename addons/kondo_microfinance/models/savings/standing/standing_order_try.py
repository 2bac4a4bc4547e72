from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...fields import Francs
from ...ledger.key import has_ledger_key


class KondoStandingOrderTry(models.Model):
    """One try of what was due: paid, or why not. Written by the end of the day only."""

    _name = "kondo.standing.order.try"
    _description = "Try of a standing order"
    _order = "date desc, id desc"
    _check_company_auto = True

    order_id = fields.Many2one(
        "kondo.standing.order", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True, index="btree_not_null")
    date = fields.Date(string="Closing of", required=True, readonly=True, index=True)
    due = fields.Date(required=True, readonly=True)
    number = fields.Integer(string="Try", readonly=True, required=True, default=1)
    result = fields.Selection(
        [("done", "Paid"), ("nothing", "Nothing to pay"), ("failed", "Failed"), ("skipped", "Given up")],
        required=True,
        readonly=True,
    )
    amount = Francs(readonly=True, help="What was paid, or what should have been.")
    reason = fields.Char(readonly=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, check_company=True, ondelete="restrict")
    phone = fields.Char(related="partner_id.phone")
    order_state = fields.Selection(related="order_id.state", string="State of the order")

    _once = models.UniqueIndex("(order_id, due, date)", "This payment was already tried at this closing.")
    _paid_by = models.Constraint(
        "CHECK ((result = 'done') = (operation_id IS NOT NULL))", "A payment has its operation."
    )

    @api.depends("order_id", "due")
    def _compute_display_name(self):
        for attempt in self:
            attempt.display_name = f"{attempt.order_id.name} · {attempt.due:%d/%m/%Y}"

    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("Only the end of the day writes this."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("What was tried stays as it was."))

    def unlink(self):
        raise AccessError(self.env._("What was tried stays as it was."))

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.standing.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }
