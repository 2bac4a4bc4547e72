from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ...engine.words import spaced

TERMS = (
    "product_id", "amount", "instalments", "annual_rate", "every", "unit", "start_on", "first_due", "grace_principal",
    "grace_interest", "interest_free", "planned_ids.due", "planned_ids.principal", "tranche_ids.on", "tranche_ids.amount",
)  # fmt: skip


class KondoLoan(models.Model):
    """The effective rate (TEG) of the file, and what the law allows on the day of the contract."""

    _inherit = "kondo.loan"

    teg_period = fields.Float(
        string="Rate of a period (%)", digits=(16, 4), compute="_compute_teg", store=True, help="Taux de période."
    )
    teg_proportional = fields.Float(string="TEG, proportional (%)", digits=(16, 4), compute="_compute_teg", store=True)
    teg_actuarial = fields.Float(string="TEG, actuarial (%)", digits=(16, 4), compute="_compute_teg", store=True)
    teg = fields.Float(
        string="TEG (%)", digits=(16, 4), compute="_compute_teg", store=True, help="By the method the network has set."
    )
    teg_ceiling = fields.Float(string="Ceiling (%)", digits=(16, 4), compute="_compute_teg", store=True)
    teg_over = fields.Boolean(string="Over the ceiling", compute="_compute_teg", store=True)
    total_interest = fields.Integer(compute="_compute_teg", store=True)
    total_charges = fields.Integer(string="Fees and insurance", compute="_compute_teg", store=True)
    instalment_amount = fields.Integer(
        string="Instalment", compute="_compute_teg", store=True, help="The largest of them, guarantee savings included."
    )

    plan = fields.Html(
        string="Planned schedule",
        compute="_compute_plan",
        sanitize=False,
        help="What the terms of the file would give.",
    )

    @api.depends(*TERMS)
    def _compute_teg(self):
        for loan in self:
            figures = dict.fromkeys(
                ("teg_period", "teg_proportional", "teg_actuarial", "teg", "total_interest", "total_charges"), 0
            )
            figures["instalment_amount"] = 0
            day = loan.start_on or loan._business_day()
            figures["teg_ceiling"] = float(loan.product_id.sudo()._teg_ceiling(day)) if loan.product_id else 0
            figures["teg_over"] = False
            if loan.product_id and loan.amount:
                try:
                    _terms, schedule, rate = loan._plan()
                except UserError:
                    loan.update(figures)
                    continue
                chosen = rate.actuarial if loan.product_id.sudo()._teg_method() == "actuarial" else rate.proportional
                figures.update(
                    teg_period=float(rate.period),
                    teg_proportional=float(rate.proportional),
                    teg_actuarial=float(rate.actuarial),
                    teg=float(chosen),
                    teg_over=round(chosen, 4) > loan.product_id.sudo()._teg_ceiling(day),
                    total_interest=schedule.total("interest"),
                    total_charges=schedule.total("fees") + schedule.total("insurance"),
                    instalment_amount=max(row.total for row in schedule.rows),
                )
            loan.update(figures)

    @api.depends(*TERMS)
    def _compute_plan(self):
        for loan in self:
            loan.plan = False
            if not loan.product_id or not loan.amount or loan.state not in ("draft", "review", "committee"):
                continue
            try:
                _terms, schedule, _rate = loan._plan()
            except UserError as fault:
                loan.plan = escape(str(fault))
                continue
            rows = [
                (row.principal, row.interest, row.fees + row.insurance + row.guarantee, row.total)
                for row in schedule.rows
            ]
            loan.plan = self.env["ir.qweb"]._render(
                "kondo_microfinance.loan_plan_table",
                {
                    "rows": [
                        {
                            "number": row.number,
                            "due": format_date(self.env, row.due, date_format="dd/MM/yyyy"),
                            "figures": [spaced(amount) for amount in figures],
                            "balance": spaced(row.balance),
                        }
                        for row, figures in zip(schedule.rows, rows, strict=True)
                    ],
                    "totals": [spaced(sum(column)) for column in zip(*rows, strict=True)],
                },
            )
