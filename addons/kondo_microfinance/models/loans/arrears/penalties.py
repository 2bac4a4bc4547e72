from odoo import api, models

from ....engine.arrears import penalty
from ...ledger.key import LEDGER


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [
            *super()._day_end_steps(),
            (35, "loan_penalties", "kondo.loan", "_day_end_penalties"),
            (36, "loan_positions", "kondo.loan", "_day_end_positions"),
        ]


class KondoLoan(models.Model):
    """Penalties are counted each evening for the days to the next opening; they are income when they are paid."""

    _inherit = "kondo.loan"

    @api.model
    @api.private
    def _day_end_penalties(self, company, date, next_date):
        """Count the penalties of a caisse up to `next_date`; safe to run again: each instalment knows how far it is counted."""
        with self.env["kondo.operation"]._posting_env() as env:
            late = (
                env["kondo.loan.instalment"]
                .sudo()
                .search(
                    [
                        ("company_id", "=", company.id),
                        ("current", "=", True),
                        ("due", "<", next_date),
                        ("loan_id.state", "=", "active"),
                        ("loan_id.deceased_on", "=", False),
                    ],
                    order="loan_id, number",
                )
            )
            late.loan_id._lock()
            for row in late.filtered("rest"):
                row._count_penalty(next_date)


class KondoLoanInstalment(models.Model):
    _inherit = "kondo.loan.instalment"

    def _count_penalty(self, day):
        """Add what lateness costs up to `day`, counted on what is unpaid now."""
        rule = self.loan_id.product_id.sudo()._penalty_rule()
        if not rule.rate and not rule.fixed:
            return
        amount = penalty(rule, self._due(), day, self.penalty_until or None, self.penalty, self.loan_id.principal)
        self.with_context(kondo_ledger=LEDGER).write({"penalty": self.penalty + amount, "penalty_until": day})
