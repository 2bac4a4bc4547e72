from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..fields import Francs
from .database_rules import OPERATION_RULES, apply_rules

KINDS = [
    ("deposit", "Deposit"),
    ("withdrawal", "Withdrawal"),
    ("transfer", "Transfer"),
    ("fee", "Fee"),
    ("interest", "Savings interest"),
    ("account_closing", "Closing of an account"),
    ("term_opening", "Opening of a term deposit"),
    ("term_interest", "Interest of a term deposit"),
    ("term_maturity", "Maturity of a term deposit"),
    ("term_break", "Early break of a term deposit"),
    ("bonus", "Savings bonus"),
    ("share_payment", "Payment of shares"),
    ("share_transfer", "Transfer of shares"),
    ("share_refund", "Refund of shares"),
    ("dividend", "Dividend"),
    ("standing_order", "Standing order"),
    ("collection", "Collection"),
    ("commission", "Collector's commission"),
    ("remote_deposit", "Deposit at another caisse"),
    ("remote_withdrawal", "Withdrawal at another caisse"),
    ("remote_transfer", "Transfer between caisses"),
    ("cash_sent", "Cash sent to another caisse"),
    ("cash_received", "Cash received from another caisse"),
    ("settlement", "Settlement between caisses"),
    ("loan_commitment", "Commitment to lend"),
    ("loan_disbursement", "Loan disbursement"),
    ("loan_repayment", "Loan repayment"),
    ("loan_reallocation", "Loan payments allocated anew"),
    ("loan_change", "Change of a loan"),
    ("loan_accrual", "Interest earned on loans"),
    ("accrual", "Accrued interest"),
    ("loan_class", "Classification of loans"),
    ("loan_provision", "Provisions on loans"),
    ("loan_guarantee_call", "Call of a guarantee"),
    ("loan_insurance", "Insurance of a loan"),
    ("loan_write_off", "Loan written off"),
    ("loan_recovery", "Recovery on a loan written off"),
    ("funding_receipt", "Money received from a donor"),
    ("funding_return", "Money given back to a donor"),
    ("funding_reassignment", "Loan handed over to another donor's line"),
    ("year_result", "Allocation of the result"),
    ("batch", "Batch entry"),
    ("slip", "Cash slip"),
    ("till_difference", "Till difference"),
    ("reversal", "Reversal"),
]


class KondoOperation(models.Model):
    """One movement of money, of a member or of the house. The only thing that moves any.

    Rows are written by `submission.py` through SQL, in a transaction of their own, and never again: a mistake is
    undone by another operation. There is no write date because there is no write.
    """

    _name = "kondo.operation"
    _description = "Operation"
    _order = "id desc"
    _rec_name = "receipt_number"
    _log_access = False
    _check_company_auto = True

    uuid = fields.Char(string="Identifier", required=True, readonly=True, help="Made by the sender before sending.")
    kind = fields.Selection(
        KINDS,
        required=True,
        readonly=True,
    )
    state = fields.Selection([("new", "New"), ("posted", "Posted")], required=True, readonly=True)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    business_date = fields.Date(required=True, readonly=True, index=True)
    posted_at = fields.Datetime(readonly=True)
    user_id = fields.Many2one("res.users", string="Made by", required=True, readonly=True)
    approver_id = fields.Many2one("res.users", string="Approved by", readonly=True)
    amount = Francs(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True, index="btree_not_null")
    savings_account_id = fields.Many2one(
        "kondo.savings.account", string="Account", readonly=True, index="btree_not_null", check_company=True
    )
    counter_account_id = fields.Many2one(
        "kondo.savings.account", string="Other account", readonly=True, index="btree_not_null", check_company=True
    )
    till_id = fields.Many2one("kondo.till", readonly=True, check_company=True)
    session_id = fields.Many2one(
        "kondo.till.session", string="Till session", readonly=True, index="btree_not_null", check_company=True
    )
    receipt_number = fields.Char(readonly=True, index="btree_not_null")
    bearer = fields.Char(string="Person at the counter", readonly=True)
    note = fields.Char(readonly=True)
    reversal_of_id = fields.Many2one("kondo.operation", string="Reverses", readonly=True, check_company=True)
    reversed_by_id = fields.Many2one("kondo.operation", string="Reversed by", compute="_compute_reversed_by_id")
    move_id = fields.Many2one(
        "account.move", string="Journal entry", readonly=True, index="btree_not_null", check_company=True
    )
    line_ids = fields.One2many("kondo.operation.line", "operation_id", string="Legs", readonly=True)
    fingerprint = fields.Char(readonly=True, groups="base.group_system")
    answer = fields.Text(readonly=True, groups="base.group_system")

    _uuid_unique = models.UniqueIndex("(company_id, uuid)")
    _receipt_unique = models.UniqueIndex("(company_id, receipt_number) WHERE receipt_number IS NOT NULL")
    _reversal_unique = models.UniqueIndex("(reversal_of_id) WHERE reversal_of_id IS NOT NULL")
    _session_index = models.Index("(session_id, id) WHERE session_id IS NOT NULL")
    _amount_positive = models.Constraint("CHECK (amount >= 0)", "An amount is never negative.")

    def init(self):
        apply_rules(
            self.env, self._table, OPERATION_RULES, ("kondo_operation_immutable", "kondo_operation_no_truncate")
        )

    @api.depends("receipt_number", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for operation in self:
            operation.display_name = f"{kinds.get(operation.kind, '')} {operation.receipt_number or ''}".strip()

    def _compute_reversed_by_id(self):
        reversals = {
            reversal.reversal_of_id.id: reversal for reversal in self.search([("reversal_of_id", "in", self.ids)])
        }
        for operation in self:
            operation.reversed_by_id = reversals.get(operation.id, False)

    # ------------------------------------------------------------------ never by hand
    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._("An operation is made at the counter, never typed in as a record."))

    def write(self, vals):
        raise AccessError(self.env._("A posted operation is never changed. Reverse it."))

    def unlink(self):
        raise AccessError(self.env._("A posted operation is never deleted. Reverse it."))

    def copy(self, default=None):
        raise AccessError(self.env._("An operation is never duplicated."))

    # ------------------------------------------------------------------ actions
    def action_open_move(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }
