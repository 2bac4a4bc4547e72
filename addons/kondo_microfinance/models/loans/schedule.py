from odoo import fields, models
from odoo.exceptions import AccessError

from ..ledger.key import has_ledger_key

REASONS = [
    ("initial", "As granted"),
    ("disbursed", "At the disbursement"),
    ("tranche", "After a tranche"),
    ("early", "After an early repayment"),
    ("rescheduled", "Rescheduled"),
    ("postponed", "Postponed"),
    ("consolidated", "Consolidated"),
    ("topped_up", "Topped up"),
    ("settled", "Settled"),
]


class KondoLoanOwn(models.AbstractModel):
    """Rows that only the loan's own steps write: its schedules and their instalments."""

    _name = "kondo.loan.own"
    _description = "Written by the loan only"

    def create(self, vals_list):
        self._check_key()
        return super().create(vals_list)

    def write(self, vals):
        self._check_key()
        return super().write(vals)

    def unlink(self):
        self._check_key()
        return super().unlink()

    def _check_key(self):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("A schedule is written by the loan's own steps, never by hand."))


class KondoLoanSchedule(models.Model):
    """A schedule a loan has had. A later one stands beside it and never rewrites it."""

    _name = "kondo.loan.schedule"
    _description = "Schedule of a loan"
    _inherit = ["kondo.loan.own"]
    _order = "loan_id, number desc"
    _check_company_auto = True

    loan_id = fields.Many2one(
        "kondo.loan", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    number = fields.Integer(required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    from_on = fields.Date(string="From", required=True, readonly=True)
    current = fields.Boolean(string="In force", readonly=True)
    terms = fields.Json(readonly=True, help="All settings of the engine that this schedule follows from.")
    interest_up_front = fields.Integer(string="Interest kept at the disbursement", readonly=True)
    note = fields.Char(readonly=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, check_company=True)
    instalment_ids = fields.One2many("kondo.loan.instalment", "schedule_id", string="Instalments", readonly=True)

    _number_unique = models.UniqueIndex("(loan_id, number)")
    _one_current = models.UniqueIndex("(loan_id) WHERE current")

    def _compute_display_name(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for schedule in self:
            schedule.display_name = f"{schedule.number}. {reasons.get(schedule.reason, '')}"
