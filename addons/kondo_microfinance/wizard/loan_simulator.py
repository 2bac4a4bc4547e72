from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.fields import Francs
from ..models.loans.product_settings import UNITS

GRACES = ("grace_principal", "grace_interest", "interest_free")


class KondoLoanSimulator(models.TransientModel):
    """What a loan would cost, for whoever asks at the window or in the village; nothing of it is kept."""

    _name = "kondo.loan.simulator"
    _description = "Loan simulation"

    company_id = fields.Many2one("res.company", string="Caisse", required=True, default=lambda self: self.env.company)
    product_id = fields.Many2one(
        "kondo.loan.product", string="Product", default=lambda self: self.env["kondo.loan.product"].search([], limit=1)
    )
    partner_name = fields.Char(string="In the name of", help="Stands on the print only.")
    amount = Francs(default=lambda self: 500_000)
    start = fields.Date(
        required=True,
        default=lambda self: self.env.company.sudo().business_date or fields.Date.context_today(self),
    )
    first_due = fields.Date(string="First due date")
    instalments = fields.Integer(compute="_compute_terms", store=True, readonly=False)
    every = fields.Integer(compute="_compute_terms", store=True, readonly=False)
    unit = fields.Selection(UNITS, compute="_compute_terms", store=True, readonly=False)
    annual_rate = fields.Float(
        string="Rate a year (%)", digits=(16, 6), compute="_compute_terms", store=True, readonly=False
    )
    grace_principal = fields.Integer(
        string="Instalments without principal", compute="_compute_terms", store=True, readonly=False
    )
    grace_interest = fields.Integer(
        string="Instalments without payment of interest", compute="_compute_terms", store=True, readonly=False
    )
    interest_free = fields.Integer(
        string="Instalments free of interest", compute="_compute_terms", store=True, readonly=False
    )
    problem = fields.Text(compute="_compute_schedule")
    has_schedule = fields.Boolean(compute="_compute_schedule")
    instalment = Francs(string="Largest instalment", compute="_compute_schedule")
    interest = Francs(compute="_compute_schedule")
    charges = Francs(string="Fees and insurance", compute="_compute_schedule")
    savings = Francs(string="Guarantee savings", compute="_compute_schedule")
    to_pay = Francs(string="To pay in all", compute="_compute_schedule")
    received = Francs(string="Received on the first day", compute="_compute_schedule")
    teg_proportional = fields.Float(string="TEG, proportional (%)", digits=(16, 2), compute="_compute_schedule")
    teg_actuarial = fields.Float(string="TEG, actuarial (%)", digits=(16, 2), compute="_compute_schedule")
    teg_ceiling = fields.Float(string="Ceiling (%)", digits=(16, 2), compute="_compute_schedule")
    teg_over = fields.Boolean(compute="_compute_schedule")
    teg_method = fields.Selection(related="product_id.teg_method")
    line_ids = fields.One2many(
        "kondo.loan.simulator.line", "simulator_id", compute="_compute_schedule", string="Schedule"
    )

    # ------------------------------------------------------------------ create, computes
    @api.model_create_multi
    def create(self, vals_list):
        """What is not typed is the product's, also when only some of the terms are."""
        prepared = []
        for vals in vals_list:
            product = vals.get("product_id") or self.default_get(["product_id"]).get("product_id")
            terms = self._product_terms(self.env["kondo.loan.product"].browse(product))
            prepared.append({**terms, **vals})
        return super().create(prepared)

    @api.depends("product_id")
    def _compute_terms(self):
        for simulator in self:
            simulator.update(self._product_terms(simulator.product_id))

    def _compute_display_name(self):
        self.display_name = self.env._("Loan simulation")

    @api.model
    def _product_terms(self, product):
        defaults = product.sudo()._loan_defaults() if product else {}
        terms = {"instalments": 1, "every": 1, "unit": "months", "annual_rate": 0, **dict.fromkeys(GRACES, 0)}
        return {name: defaults.get(name, value) for name, value in terms.items()}

    def _loan(self):
        """A file in memory only, which counts as a real one does."""
        return self.env["kondo.loan"].new(
            {
                "company_id": self.company_id.id,
                "product_id": self.product_id.id,
                "amount": self.amount,
                "instalments": self.instalments,
                "every": self.every,
                "unit": self.unit,
                "annual_rate": self.annual_rate,
                "start_on": self.start,
                "first_due": self.first_due,
                **{name: self[name] for name in GRACES},
                "cycle": 1,
            }
        )

    @api.depends("product_id", "amount", "instalments", "every", "unit", "annual_rate", "start", "first_due", *GRACES)
    def _compute_schedule(self):
        for simulator in self:
            figures = dict.fromkeys(
                (
                    "instalment",
                    "interest",
                    "charges",
                    "savings",
                    "to_pay",
                    "received",
                    "teg_proportional",
                    "teg_actuarial",
                ),
                0,
            )
            figures.update(problem=False, has_schedule=False, teg_over=False, teg_ceiling=0, line_ids=[(5, 0, 0)])
            if not simulator.product_id or simulator.amount <= 0:
                simulator.update({**figures, "problem": self.env._("Choose a product and enter an amount.")})
                continue
            try:
                loan = simulator._loan()
                _terms, schedule, rate = loan._plan()
            except UserError as fault:
                simulator.update({**figures, "problem": str(fault)})
                continue
            ceiling = simulator.product_id._teg_ceiling(simulator.start)
            chosen = rate.actuarial if simulator.product_id._teg_method() == "actuarial" else rate.proportional
            first = sum(charge.amount for charge in schedule.charges if charge.due == simulator.start)
            figures.update(
                has_schedule=True,
                instalment=max(row.total for row in schedule.rows),
                interest=schedule.total("interest"),
                charges=schedule.total("fees") + schedule.total("insurance"),
                savings=schedule.total("guarantee"),
                to_pay=schedule.to_pay,
                received=schedule.disbursements[0][1] - first - schedule.interest_up_front,
                teg_proportional=float(rate.proportional),
                teg_actuarial=float(rate.actuarial),
                teg_ceiling=float(ceiling),
                teg_over=round(chosen, 4) > ceiling,
                problem="\n".join(loan._rate_faults() + loan._limit_faults()) or False,
                line_ids=[(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "number": row.number,
                            "due": row.due,
                            "principal": row.principal,
                            "interest": row.interest,
                            "other": row.fees + row.insurance + row.guarantee,
                            "total": row.total,
                            "balance": row.balance,
                        },
                    )
                    for row in schedule.rows
                ],
            )
            simulator.update(figures)

    # ------------------------------------------------------------------ actions
    def action_print(self):
        self.ensure_one()
        if self.problem:
            raise UserError(self.problem)
        return self.env.ref("kondo_microfinance.action_report_loan_simulation").report_action(self)

    def action_apply(self):
        """Begin a file with these terms; the officer chooses the member."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        if self.problem:
            raise UserError(self.problem)
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.loan",
            "view_mode": "form",
            "context": {
                "kondo_simulated": self.product_id.id,  # the terms of the simulation, not those of the product
                "default_product_id": self.product_id.id,
                **{
                    f"default_{name}": self[name]
                    for name in ("amount", "instalments", "every", "unit", "annual_rate", *GRACES)
                },
                "default_first_due": self.first_due,
                "default_start_on": self.start,
            },
        }


class KondoLoanSimulatorLine(models.TransientModel):
    _name = "kondo.loan.simulator.line"
    _description = "Instalment of a simulation"
    _order = "number"

    simulator_id = fields.Many2one("kondo.loan.simulator", ondelete="cascade")
    number = fields.Integer(string="No.")
    due = fields.Date(string="Due on")
    principal = Francs()
    interest = Francs()
    other = Francs(string="Fees and savings")
    total = Francs(string="Instalment")
    balance = Francs(string="Principal left")
