from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..fields import Francs
from .database_rules import LINE_RULES, apply_rules


class KondoOperationLine(models.Model):
    """One leg: signed francs on a general-ledger account and on the sub-account it moves."""

    _name = "kondo.operation.line"
    _description = "Leg of an operation"
    _order = "id"
    _log_access = False
    _check_company_auto = True

    operation_id = fields.Many2one("kondo.operation", required=True, readonly=True, index=True, ondelete="restrict")
    sequence = fields.Integer(required=True, readonly=True)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    business_date = fields.Date(required=True, readonly=True)
    account_id = fields.Many2one(
        "account.account", string="General ledger account", required=True, readonly=True, ondelete="restrict"
    )
    amount = Francs(readonly=True, help="Debit positive, credit negative.")
    savings_account_id = fields.Many2one("kondo.savings.account", readonly=True, ondelete="restrict")
    till_id = fields.Many2one("kondo.till", readonly=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True, ondelete="restrict")
    balance_after = Francs(readonly=True, help="Balance of the sub-account after this leg, in its own natural sign.")
    label = fields.Char(readonly=True)
    receipt_number = fields.Char(related="operation_id.receipt_number")
    kind = fields.Selection(related="operation_id.kind")
    posted_at = fields.Datetime(related="operation_id.posted_at")
    movement = fields.Integer(
        compute="_compute_movement", help="What the sub-account gained (positive) or lost, in its own natural sign."
    )

    _book_order = models.Index("(company_id, business_date, account_id)")
    _savings_history = models.Index("(savings_account_id, id) WHERE savings_account_id IS NOT NULL")
    _till_history = models.Index("(till_id, id) WHERE till_id IS NOT NULL")
    _not_zero = models.Constraint("CHECK (amount <> 0)", "A leg of nothing is no leg.")

    def init(self):
        apply_rules(self.env, self._table, LINE_RULES, ("kondo_line_immutable", "kondo_line_no_truncate"))

    @api.depends("amount", "savings_account_id")
    def _compute_movement(self):
        for line in self:
            line.movement = -line.amount if line.savings_account_id else line.amount

    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._("An operation is made at the counter, never typed in as a record."))

    def write(self, vals):
        raise AccessError(self.env._("A posted operation is never changed. Reverse it."))

    def unlink(self):
        raise AccessError(self.env._("A posted operation is never deleted. Reverse it."))

    def copy(self, default=None):
        raise AccessError(self.env._("An operation is never duplicated."))
