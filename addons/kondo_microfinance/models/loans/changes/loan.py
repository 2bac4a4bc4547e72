from odoo import fields, models

from ....engine.early_repayment import EarlyRule, payoff
from ...ledger.key import LEDGER

# Changes that make a loan a restructured one; an added amount does not.
RESTRUCTURING = ("rescheduled", "postponed", "consolidated")


class KondoLoan(models.Model):
    """What a running loan takes into a new schedule, and what the returns ask of it afterwards."""

    _inherit = "kondo.loan"

    change_ids = fields.One2many("kondo.loan.change", "loan_id", string="Changes", readonly=True)
    change_count = fields.Integer(string="Number of changes", compute="_compute_change_count")
    restructured = fields.Boolean(
        readonly=True, copy=False, index="btree_not_null", help="Its schedule was changed for the member's sake."
    )
    rescheduled_count = fields.Integer(string="Times rescheduled", readonly=True, copy=False)
    rescheduled_on = fields.Date(string="Last rescheduled on", readonly=True, copy=False)
    consolidated_into_id = fields.Many2one(
        "kondo.loan", string="Taken over by", readonly=True, copy=False, check_company=True, index="btree_not_null"
    )
    consolidated_ids = fields.One2many("kondo.loan", "consolidated_into_id", string="Has taken over", readonly=True)

    def _compute_change_count(self):
        counts = dict(
            self.env["kondo.loan.change"]._read_group([("loan_id", "in", self.ids)], ["loan_id"], ["__count"])
        )
        for loan in self:
            loan.change_count = counts.get(loan._origin, 0)

    def _refuse_guarded(self, names):
        super()._refuse_guarded(names)
        mine = {"restructured", "rescheduled_count", "rescheduled_on", "consolidated_into_id"}
        if mine & set(names):
            super()._refuse_guarded({"schedule_id"})

    # ------------------------------------------------------------------ for a change
    def _carried(self, day):
        """{component: francs} left open on a day beside principal and penalties; below 0: paid beforehand."""
        self.ensure_one()
        quote = payoff(self._schedule(), self._dues(), day, EarlyRule("date"))
        carried = {"interest": quote.interest - quote.unearned}
        rows = self.schedule_id.sudo().instalment_ids.filtered("current")
        for part in ("fee", "tax", "insurance", "guarantee"):
            carried[part] = sum(row[part] - row[f"paid_{part}"] for row in rows if row.due <= day)
            carried[part] -= sum(row[f"paid_{part}"] for row in rows if row.due > day)
        return carried

    def _ask_more(self, schedule, more, penalties):
        """Add to the instalments of a schedule just stored what is carried into it."""
        rows = schedule.sudo().instalment_ids.sorted("number").with_context(kondo_ledger=LEDGER)
        for row, change in zip(rows, more, strict=True):
            if change:
                row.write({part: row[part] + francs for part, francs in change.items()})
        if penalties:
            rows[0].penalty = penalties

    def _worst(self):
        """The stage of the loan among these that is furthest in arrears."""
        stages = [name for name, _label in self._fields["stage"].selection]
        return max(self.mapped("stage"), key=stages.index)

    # ------------------------------------------------------------------ actions
    def action_open_changes(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Changes of the loan %(number)s", number=self.name),
            "res_model": "kondo.loan.change",
            "view_mode": "list,form",
            "domain": [("loan_id", "=", self.id)],
            "context": {"default_loan_id": self.id},
        }
