import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.loan_terms import LoanTerms
from ..fields import Francs
from .product_settings import ENGINE_SETTINGS, UNITS, exact_rate


class KondoLoanProduct(models.Model):
    """What the network lends: how it is repaid, what it costs and to whom it may go; the same in every caisse."""

    _name = "kondo.loan.product"
    _description = "Loan product"
    _inherit = ["mail.thread"]
    _order = "sequence, code"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, help="Three capital letters: CAM for crédit de campagne.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Union",
        required=True,
        index=True,
        default=lambda self: self.env.company.sudo().root_id,
        help="Products belong to the union; its caisses share them.",
    )
    description = fields.Text(translate=True, help="For the officer: what it is for and to whom it is offered.")

    # How it is repaid
    method = fields.Selection(
        [("declining", "On what is still owed"), ("flat", "On the amount lent (flat)")],
        string="Interest",
        required=True,
        default="declining",
        tracking=True,
    )
    amortization = fields.Selection(
        [
            ("equal_installments", "Level instalments"),
            ("equal_principal", "Equal principal"),
            ("in_fine", "Principal at the end (in fine)"),
            ("step_up", "Instalments that grow"),
            ("irregular", "Typed by the officer"),
        ],
        string="Repayment",
        required=True,
        default="equal_installments",
        tracking=True,
    )
    annual_rate = fields.Float(string="Rate a year (%)", digits=(16, 6), required=True, default=0, tracking=True)
    every = fields.Integer(required=True, default=1, help="An instalment every so many days, weeks, months…")
    unit = fields.Selection(UNITS, required=True, default="months")
    instalments = fields.Integer(required=True, default=12, help="Proposed to the officer.")
    due_day = fields.Integer(string="Day of the month", help="1 to 31, the same for all due dates; 0: none is fixed.")
    month_end = fields.Selection(
        [("clamp", "Its last day"), ("roll", "The first day of the next")],
        string="In a month that has no such day",
        required=True,
        default="clamp",
    )
    principal_every = fields.Integer(
        required=True, default=1, help="Principal with every so many instalments only: 3 for every third."
    )
    interest_every = fields.Integer(required=True, default=1, help="Interest with every so many instalments only.")
    step_percent = fields.Float(string="Growth (%)", digits=(16, 6), help="Of instalments that grow.")
    step_every = fields.Integer(string="Grows every", required=True, default=1, help="Every so many instalments.")
    grace_principal = fields.Integer(string="Instalments without principal")
    grace_interest = fields.Integer(string="Instalments without payment of interest")
    interest_free = fields.Integer(string="Instalments free of interest")
    grace_adds = fields.Boolean(string="Grace comes on top", help="Instalments without principal lengthen the term.")

    # How interest is counted
    interest_by = fields.Selection(
        [("periods", "By whole periods"), ("days", "By days")], required=True, default="periods", tracking=True
    )
    days_in_year = fields.Selection(
        [("360", "360 days"), ("364", "364 days"), ("365", "365 days"), ("actual", "Of the calendar")],
        required=True,
        default="360",
    )
    days_in_month = fields.Selection(
        [("actual", "Of the calendar"), ("30", "30 days")], required=True, default="actual"
    )
    leap_rule = fields.Selection(
        [
            ("split", "Each year's days by that year"),
            ("feb29", "366 when the period holds 29 February"),
            ("start_year", "By the year of the disbursement"),
        ],
        string="Leap years",
        required=True,
        default="split",
    )
    interest_collection = fields.Selection(
        [
            ("instalment", "With each instalment"),
            ("first", "All with the first instalment"),
            ("last", "All with the last instalment"),
            ("disbursement", "Kept at the disbursement"),
        ],
        string="Interest is paid",
        required=True,
        default="instalment",
    )

    # Rounding and working days
    rounding = fields.Selection(
        [("half_up", "To the nearest franc"), ("half_even", "To the nearest even franc")],
        required=True,
        default="half_up",
    )
    multiple = fields.Selection(
        [("1", "1 F"), ("5", "5 F"), ("25", "25 F"), ("100", "100 F")],
        string="Instalments are multiples of",
        required=True,
        default="1",
    )
    absorbs = fields.Selection(
        [("last", "The last instalment"), ("first", "The first instalment")],
        string="Takes the rounding",
        required=True,
        default="last",
    )
    shift = fields.Selection(
        [
            ("none", "Stays"),
            ("next", "Moves to the next working day"),
            ("previous", "Moves to the working day before"),
            ("next_in_month", "Next working day of the month, or the one before"),
        ],
        string="A due date on a closed day",
        required=True,
        default="none",
    )
    closed_saturday = fields.Boolean(string="Saturday is closed")
    closed_sunday = fields.Boolean(string="Sunday is closed", default=True)
    closed_holidays = fields.Boolean(
        string="Public holidays are closed", default=True, help="Those of the network's list."
    )
    shifted_days_count = fields.Boolean(string="Interest runs to the day as moved", default=True)

    # Limits
    minimum_amount = Francs(tracking=True)
    maximum_amount = Francs(tracking=True, help="0: no limit.")
    minimum_instalments = fields.Integer(required=True, default=1)
    maximum_instalments = fields.Integer(required=True, default=60)
    minimum_rate = fields.Float(string="Lowest rate (%)", digits=(16, 6))
    maximum_rate = fields.Float(string="Highest rate (%)", digits=(16, 6), help="0: the product's rate only.")
    tranches_allowed = fields.Boolean(string="May be paid out in tranches")
    guarantee_percent = fields.Float(
        string="Guarantee savings (%)",
        digits=(16, 4),
        tracking=True,
        help="Of the amount, held from the disbursement on.",
    )
    guarantor_count = fields.Integer(string="Guarantors needed", default=0)
    collateral_percent = fields.Float(
        string="Collateral (%)", digits=(16, 4), help="Value after haircut, of the amount; 0: none is needed."
    )
    shares_needed = fields.Boolean(string="Shares fully paid up", default=True)
    membership_months = fields.Integer(string="Months of membership", default=0)
    loan_count = fields.Integer(compute="_compute_loan_count")

    _code_unique = models.UniqueIndex("(company_id, code)", "Another loan product already has this code.")
    _sane = models.Constraint(
        "CHECK (annual_rate >= 0 AND every >= 1 AND instalments >= 1 AND principal_every >= 1 AND interest_every >= 1"
        " AND step_every >= 1 AND grace_principal >= 0 AND grace_interest >= 0 AND interest_free >= 0"
        " AND minimum_amount >= 0 AND maximum_amount >= 0 AND minimum_instalments >= 1"
        " AND maximum_instalments >= minimum_instalments AND guarantee_percent >= 0 AND collateral_percent >= 0"
        " AND guarantor_count >= 0 AND membership_months >= 0 AND due_day BETWEEN 0 AND 31)",
        "Rates, amounts and numbers of instalments are not negative, and a maximum is not below its minimum.",
    )

    # ------------------------------------------------------------------ constraints, computes
    @api.constrains("code")
    def _check_code(self):
        for product in self:
            if not re.fullmatch(r"[A-Z]{3}", product.code or ""):
                raise ValidationError(self.env._("A product code is three capital letters, such as CAM."))

    @api.constrains(
        *ENGINE_SETTINGS, "annual_rate", "every", "unit", "instalments", "grace_principal", "grace_interest"
    )
    def _check_settings(self):
        """Settings that cannot go together are refused where they are made, by the engine that will use them."""
        for product in self:
            if product.amortization == "irregular":
                continue
            try:
                LoanTerms(
                    amount=1_000_000,
                    start=fields.Date.today(),
                    **product._engine_settings(),
                    **{name: product[name] for name in ("every", "unit", "instalments", "grace_principal")},
                    grace_interest=product.grace_interest,
                    interest_free=product.interest_free,
                    annual_rate=exact_rate(product.annual_rate),
                )
            except ValueError as fault:
                raise ValidationError(
                    self.env._("These settings do not go together: %(fault)s.", fault=fault)
                ) from None

    def _compute_loan_count(self):
        counts = dict(self.env["kondo.loan"]._read_group([("product_id", "in", self.ids)], ["product_id"], ["__count"]))
        for product in self:
            product.loan_count = counts.get(product, 0)

    # ------------------------------------------------------------------ create, write
    def write(self, vals):
        if "company_id" in vals and self.sudo().with_context(active_test=False).loan_count:
            raise UserError(self.env._("This product already has loans: its union no longer changes."))
        return super().write(vals)

    # ------------------------------------------------------------------ actions
    def action_open_loans(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kondo.loan",
            "view_mode": "list,form",
            "domain": [("product_id", "=", self.id)],
        }

    # ------------------------------------------------------------------ for the loan and the engine
    def _engine_settings(self):
        """The settings of `LoanTerms` that a product fixes for all its loans."""
        self.ensure_one()
        values = {name: self[name] for name in ENGINE_SETTINGS}
        values["step_percent"] = exact_rate(self.step_percent)
        values["due_day"] = self.due_day if self.due_day and self.unit in ("months", "quarters", "years") else None
        values["multiple"] = int(self.multiple)
        values["closed_weekdays"] = frozenset(
            weekday for weekday, closed in ((5, self.closed_saturday), (6, self.closed_sunday)) if closed
        )
        return values

    def _loan_defaults(self):
        """What a new loan takes over from its product; the officer may change it within the limits."""
        self.ensure_one()
        return {
            name: self[name]
            for name in (
                "annual_rate", "every", "unit", "instalments", "grace_principal", "grace_interest", "interest_free",
            )
        }  # fmt: skip
