from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.loan_terms import Tranche
from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from ...engine.campaign import merged_tranches

# In this context a payout of a loan partly in kind has been measured, see `payout.py`.
MEASURED = "kondo_measured_payout"


class KondoLoan(models.Model):
    """A loan of a campaign: a part of it may be paid out in kind, delivery by delivery, the supplier being owed for it."""

    _inherit = "kondo.loan"

    campaign_id = fields.Many2one("kondo.campaign", index="btree_not_null", ondelete="restrict")
    crop_id = fields.Many2one(related="campaign_id.crop_id", store=True, index="btree_not_null")
    in_kind_amount = Francs(
        string="Of which in kind",
        tracking=True,
        help="Paid out by delivery notes of inputs, which are owed to the supplier. The rest is paid out in cash.",
    )
    in_kind_delivered = Francs(string="Delivered in kind", readonly=True, copy=False)
    in_kind_left = fields.Integer(string="Left to be delivered", compute="_compute_in_kind_left")
    cash_left = fields.Integer(string="Cash left to be paid out", compute="_compute_in_kind_left")
    delivery_ids = fields.One2many("kondo.input.delivery", "loan_id", string="Deliveries", readonly=True)

    _in_kind_sane = models.Constraint(
        "CHECK (in_kind_amount >= 0 AND in_kind_delivered >= 0 AND in_kind_delivered <= in_kind_amount)",
        "What is delivered in kind is not more than the loan's part in kind.",
    )

    @api.depends("amount", "in_kind_amount", "in_kind_delivered", "disbursed")
    def _compute_in_kind_left(self):
        for loan in self:
            in_kind = min(loan.in_kind_amount, loan.amount)
            loan.in_kind_left = max(0, in_kind - loan.in_kind_delivered) if in_kind else 0
            loan.cash_left = loan.amount - in_kind - (loan.disbursed - loan.in_kind_delivered) if in_kind else 0

    def write(self, vals):
        if "in_kind_amount" in vals and any(loan.in_kind_amount != vals["in_kind_amount"] for loan in self):
            self._check_editable()
        return super().write(vals)

    def _refuse_guarded(self, names):
        super()._refuse_guarded(names)
        if "in_kind_delivered" in set(names):
            raise UserError(self.env._("Only a delivery note changes what was delivered in kind."))

    # ------------------------------------------------------------------ parts
    def _may_be_parted(self):
        return bool(self.in_kind_amount) or super()._may_be_parted()

    def _next_payout(self):
        """At the window only the cash of a loan partly in kind is paid out; the rest goes by delivery notes."""
        if self.in_kind_amount and not self.env.context.get(MEASURED):
            return max(0, self.cash_left) if self.state in ("approved", "active") else 0
        return super()._next_payout()

    def _tranches(self):
        if not self.in_kind_amount:
            return super()._tranches()
        parts = [(tranche.on, tranche.amount) for tranche in self.tranche_ids]
        return tuple(Tranche(*part) for part in merged_tranches(self.start_on or self._business_day(), parts))

    def _tranches_paid_on(self, day, paid, terms):
        if not self.in_kind_amount:
            return super()._tranches_paid_on(day, paid, terms)
        parts = [(day if tranche == paid else tranche.on, tranche.amount) for tranche in self.sudo().tranche_ids]
        return tuple(Tranche(*part) for part in merged_tranches(terms.start, parts))

    @api.private
    def _measure_payout(self, amount, day):
        """Part what is not paid out yet of a locked loan into `amount` francs now and a rest.

        Nobody knows on which day the rest will be delivered: until then the schedule takes it as late as possible, so
        that no interest is asked for on what has not been delivered.

        :raises UserError: more than is left, or the harvest is about to be paid for
        """
        self.ensure_one()
        loan = self.sudo().with_context(kondo_ledger=LEDGER)
        waiting = loan.tranche_ids.filtered(lambda tranche: not tranche.disbursed)
        paid_first = loan.state == "active"
        left = sum(waiting.mapped("amount")) if paid_first else loan.amount
        if not 0 < amount <= left:
            raise UserError(
                self.env._(
                    "%(left)s F are left to be paid out on the loan %(number)s.", left=spaced(left), number=loan.name
                )
            )
        rows = loan.schedule_id.instalment_ids if paid_first else loan._plan()[1].rows
        latest = max(row.due for row in rows) - timedelta(days=1)
        if amount < left and latest <= day:
            raise UserError(
                self.env._(
                    "The loan %(number)s is about to fall due: all of it or nothing is paid out.", number=loan.name
                )
            )
        waiting.unlink()
        rows = [(latest, left - amount)] if amount < left else []
        if paid_first:
            rows.append((day, amount))
        loan.env["kondo.loan.tranche"].create([{"loan_id": loan.id, "on": on, "amount": part} for on, part in rows])
        loan.invalidate_recordset(["tranche_ids"])
        self.env.flush_all()
