from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.allocation import COMPONENTS, AllocationRule
from ...engine.arrears import PenaltyRule
from ...engine.early_repayment import EarlyRule
from ..fields import Francs
from .product_settings import exact_rate

ORDERS = {
    "penalty_first": ("penalty", "fee", "insurance", "interest", "principal", "guarantee"),
    "interest_first": ("fee", "insurance", "interest", "principal", "penalty", "guarantee"),
    "principal_first": ("principal", "interest", "fee", "insurance", "penalty", "guarantee"),
}


class KondoLoanProduct(models.Model):
    """How payments are shared out, what lateness costs, what an early repayment costs, and how the TEG is judged."""

    _inherit = "kondo.loan.product"

    # Payments
    allocation_order = fields.Selection(
        [
            ("penalty_first", "Penalties, fees, insurance, interest, principal"),
            ("interest_first", "Fees, insurance, interest, principal, penalties"),
            ("principal_first", "Principal, interest, fees, insurance, penalties"),
            ("free", "An order of its own"),
        ],
        string="A payment goes to",
        required=True,
        default="penalty_first",
    )
    allocation_free = fields.Char(
        string="Order",
        help="The six words penalty, fee, insurance, interest, principal and guarantee in the order they are paid,"
        " separated by commas.",
    )
    allocation_by = fields.Selection(
        [("instalment", "The oldest instalment first"), ("component", "One component after the other")],
        string="Over the instalments",
        required=True,
        default="instalment",
    )
    pays_ahead = fields.Boolean(
        string="May be paid ahead",
        default=True,
        help="What is brought beyond what is due goes to the next instalments.",
    )
    payment_tolerance = Francs(help="An instalment that lacks no more francs counts as settled; they stay due.")
    arrears_tolerance = Francs(help="So many unpaid francs do not make a loan late.")

    # Lateness
    penalty_rate = fields.Float(string="Penalty (%)", digits=(16, 6), tracking=True)
    penalty_per = fields.Selection(
        [("year", "A year, by days"), ("month", "A month begun"), ("day", "A day"), ("once", "Once")],
        required=True,
        default="year",
    )
    penalty_fixed = Francs(string="Fixed penalty", help="Per day or month begun; once for a rate a year.")
    penalty_base = fields.Selection(
        [
            ("principal", "Late principal"),
            ("interest", "Late interest"),
            ("principal_interest", "Late principal and interest"),
            ("instalment", "All that is late of the instalment"),
            ("balance", "All principal outstanding"),
        ],
        required=True,
        default="principal_interest",
    )
    penalty_grace = fields.Integer(string="Days of grace", help="An instalment paid by then costs nothing.")
    penalty_from_due = fields.Boolean(string="Then from the due date on", default=True)
    penalty_cap_percent = fields.Float(string="At most (%)", digits=(16, 6), help="Of the base; 0: no limit.")
    penalty_cap = Francs(string="At most (F)", help="0: no limit.")

    # Early repayment
    early_interest = fields.Selection(
        [("date", "To the day"), ("instalment", "To the next due date"), ("term", "Of the whole term")],
        string="Interest of an early repayment",
        required=True,
        default="date",
    )
    early_fee_percent = fields.Float(string="Fee of early repayment (%)", digits=(16, 6))
    early_fee_fixed = Francs(string="Fee of early repayment (F)")

    # Effective rate
    teg_method = fields.Selection(
        [("proportional", "Proportional"), ("actuarial", "Actuarial")],
        string="TEG compared to the ceiling",
        required=True,
        default="proportional",
        help="The texts of the UMOA only say that the rate takes the repayment into account. Practice in the UMOA is"
        " proportional (rate of the period times periods a year); both are shown on every loan. To be confirmed by the"
        " network's lawyer.",
    )
    teg_savings = fields.Boolean(
        string="Compulsory savings count in the TEG",
        help="Left out in the practice of the UMOA since 1998; others count them as a cost. To be decided by the network.",
    )

    _rules_sane = models.Constraint(
        "CHECK (penalty_rate >= 0 AND penalty_fixed >= 0 AND penalty_grace >= 0 AND penalty_cap_percent >= 0"
        " AND penalty_cap >= 0 AND early_fee_percent >= 0 AND early_fee_fixed >= 0 AND payment_tolerance >= 0"
        " AND arrears_tolerance >= 0)",
        "Penalties, fees and tolerances are not negative.",
    )

    # ------------------------------------------------------------------ constraints
    @api.constrains("allocation_order", "allocation_free")
    def _check_allocation(self):
        for product in self:
            if product.allocation_order == "free" and sorted(product._free_order()) != sorted(COMPONENTS):
                raise ValidationError(
                    self.env._("Name each of these once, separated by commas: %(names)s.", names=", ".join(COMPONENTS))
                )

    def _free_order(self):
        return tuple(name.strip() for name in (self.allocation_free or "").split(","))

    # ------------------------------------------------------------------ rules of the engine
    def _allocation_rule(self):
        order = self._free_order() if self.allocation_order == "free" else ORDERS[self.allocation_order]
        return AllocationRule(
            order=order,
            by=self.allocation_by,
            ahead_days=None if self.pays_ahead else 0,
            tolerance=self.payment_tolerance,
        )

    def _penalty_rule(self):
        return PenaltyRule(
            rate=exact_rate(self.penalty_rate),
            per=self.penalty_per,
            fixed=self.penalty_fixed,
            base=self.penalty_base,
            grace_days=self.penalty_grace,
            from_due=self.penalty_from_due,
            cap_percent=exact_rate(self.penalty_cap_percent) if self.penalty_cap_percent else None,
            cap=self.penalty_cap or None,
            days_in_year=self.days_in_year,
        )

    def _early_rule(self):
        return EarlyRule(
            interest=self.early_interest,
            fee_percent=exact_rate(self.early_fee_percent),
            fee_fixed=self.early_fee_fixed,
        )

    def _charges(self):
        """((kondo.loan.charge, engine Charge), …) in the product's order."""
        self.ensure_one()
        return tuple((charge, charge._charge()) for charge in self.charge_ids.sorted("sequence"))

    # ------------------------------------------------------------------ effective rate
    def _teg_method(self):
        return self.teg_method

    def _teg_counts_savings(self):
        return self.teg_savings

    def _teg_ceiling(self, day: date):
        """Percent a year that the law allows on a day (Decimal)."""
        return Decimal(self.env["kondo.parameter"]._get("usury_ceiling", day))
