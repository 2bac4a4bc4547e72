from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ....engine.charts import rate_text
from ....engine.loan_change import CARRIED, carry_over, postponed
from ....engine.loan_schedule import LoanSchedule, loan_schedule
from ....engine.loan_terms import Charge, LoanTerms
from ....engine.rounding import half_up
from ....engine.words import spaced
from ..product_settings import exact_rate


class Plan(NamedTuple):
    """What a change leads to.

    `schedule` is the engine's; `more` [{component: francs}] is carried into its rows; `capitalised` {component: francs}
    joins the principal; `charges` [(kondo.loan.charge, francs)] are taken from the added amount; `teg` is the rate of
    the method compared to the ceiling.
    """

    terms: LoanTerms
    schedule: LoanSchedule
    more: list
    capitalised: dict
    charges: list
    teg: object


class KondoLoanChange(models.Model):
    """The schedule a change leads to, beside the one in force."""

    _inherit = "kondo.loan.change"

    preview = fields.Html(string="Before and after", compute="_compute_preview", sanitize=False)
    teg = fields.Float(string="New TEG (%)", digits=(16, 4), compute="_compute_preview")
    teg_ceiling = fields.Float(string="Ceiling (%)", digits=(16, 4), compute="_compute_preview")

    @api.depends_context("uid", "lang")
    @api.depends(
        "kind", "months", "instalments", "every", "unit", "annual_rate", "first_due", "grace_principal", "extra",
        "with_fees", "other_ids", "state", "loan_id",
    )  # fmt: skip
    def _compute_preview(self):
        for change in self:
            change.preview, change.teg, change.teg_ceiling = False, 0, 0
            if change.state != "draft" or not change.loan_id or change.loan_id.state != "active":
                continue
            values = {"fault": False, "before": change._rows_before(), "after": None}
            change.teg_ceiling = float(change._ceiling())
            try:
                change._check_request()
                plan = change._plan()
                change._check_teg(plan)
            except UserError as fault:
                values["fault"] = str(fault)
            else:
                change.teg = float(plan.teg)
                values["after"] = change._rows_after(plan)
                values["facts"] = change._facts(plan)
            change.preview = self.env["ir.qweb"]._render("kondo_microfinance.loan_change_preview", values)

    # ------------------------------------------------------------------ the plan
    def _plan(self):
        """The `Plan` of this change on the business day.

        :raises UserError: no schedule can be made of it
        """
        loan, others = self.loan_id.sudo(), self.other_ids.sudo()
        loan, others = loan._origin or loan, others._origin or others
        day = loan.company_id.business_date
        carried = {part: sum(one._carried(day)[part] for one in loan | others) for part in CARRIED}
        capitalised = {}
        if self.capitalise:
            capitalised = {part: carried[part] for part in CARRIED if part != "guarantee" and carried[part] > 0}
            carried.update(dict.fromkeys(capitalised, 0))
        owed = loan.principal + sum(others.mapped("principal"))
        try:
            charges = self._charges_of_extra(loan, day) if self.extra else []
            terms = self._terms(loan, day, owed + self.extra, sum(capitalised.values()), charges)
            _terms, schedule, rate = loan._plan(terms)
        except ValueError as fault:
            raise UserError(self.env._("No schedule can be made of these terms: %(fault)s.", fault=fault)) from None
        taxes = loan._taxes(terms, schedule)
        rows = [
            {
                "interest": row.interest,
                "fee": row.fees - tax,
                "tax": tax,
                "insurance": row.insurance,
                "guarantee": row.guarantee,
            }
            for row, tax in zip(schedule.rows, taxes, strict=True)
        ]
        more = carry_over(rows, carried)
        # Interest owed from before counts as earned on the first day: the engine reads it as paid beforehand, below 0.
        before = sum(change.get("interest", 0) for change in more)
        teg = rate.actuarial if loan.product_id._teg_method() == "actuarial" else rate.proportional
        return Plan(terms, schedule._replace(interest_up_front=-before), more, capitalised, charges, teg)

    def _terms(self, loan, day, principal, capitalised, charges):
        """The LoanTerms from `day` on. ValueError when they do not go together."""
        old = loan._stored_terms()
        periodic = tuple(
            charge for charge in old.charges if charge.when == "instalment" or (charge.due_on and charge.due_on > day)
        )
        taken = tuple(
            Charge(value=amount, kind=charge._charge().kind, name=charge._charge().name) for charge, amount in charges
        )
        common = {
            "amount": principal + capitalised,
            "start": day,
            "tranches": (),
            "charges": (*taken, *periodic),
            "anchor": None,
            "passed": 0,
            "level_amount": None,
            "grace_adds": False,
            "grace_interest": 0,
            "interest_free": 0,
            "due_dates": (),
            "principals": (),
        }
        if old.interest_collection in ("first", "disbursement"):
            common["interest_collection"] = "instalment"
        if self.kind == "postponed":
            rows = postponed(loan._dues(), day, self.months)
            principals = [francs for _due, francs in rows]
            principals[-1] += capitalised
            return replace(
                old,
                **{
                    **common,
                    "amortization": "irregular",
                    "principals": tuple(principals),
                    "due_dates": tuple(due for due, _francs in rows),
                    "instalments": len(rows),
                    "first_due": None,
                    "due_day": None,
                    "grace_principal": 0,
                    "principal_every": 1,
                    "multiple": 1,
                },
            )
        return replace(
            old,
            **{
                **common,
                "amortization": "equal_installments" if old.amortization == "irregular" else old.amortization,
                "instalments": self.instalments,
                "every": self.every,
                "unit": self.unit,
                "due_day": old.due_day if self.unit in ("months", "quarters", "years") else None,
                "first_due": self.first_due or None,
                "annual_rate": exact_rate(self.annual_rate),
                "grace_principal": self.grace_principal,
            },
        )

    def _charges_of_extra(self, loan, day):
        """[(kondo.loan.charge, francs)] that the product takes at a disbursement, of the added amount."""
        product = loan.product_id
        asked = tuple(charge for _record, charge in product._charges() if charge.when == "disbursement")
        if not asked or not self.with_fees:
            return []
        terms = LoanTerms(
            amount=self.extra,
            annual_rate=exact_rate(self.annual_rate),
            instalments=self.instalments,
            start=day,
            every=self.every,
            unit=self.unit,
            charges=asked,
        )
        return [
            (product._charge_record(charge.name), charge.amount)
            for charge in loan_schedule(terms).charges
            if charge.amount
        ]

    # ------------------------------------------------------------------ the rate
    def _ceiling(self):
        loan = self.loan_id.sudo()
        return loan.product_id._teg_ceiling(loan.company_id.business_date)

    def _check_teg(self, plan):
        ceiling = self._ceiling()
        if round(plan.teg, 4) > ceiling:
            raise UserError(
                self.env._(
                    "The TEG would be %(teg)s %%, above the ceiling of %(ceiling)s %%: lower the rate or the fees.",
                    teg=rate_text(half_up(Fraction(plan.teg), 2)),
                    ceiling=rate_text(Fraction(ceiling)),
                )
            )

    # ------------------------------------------------------------------ what is shown
    def _rows_before(self):
        """[[number, due, principal, interest, other, total]] still unpaid by the schedule in force, as text."""
        loan = self.loan_id.sudo()
        rows = []
        for due in (loan._origin or loan)._dues():
            other = due.fee + due.insurance + due.guarantee + due.penalty
            rows.append((due.number, due.due, due.principal, due.interest, other))
        return self._shown(rows)

    def _rows_after(self, plan):
        loans = (self.loan_id | self.other_ids).sudo()
        penalties = sum(due.penalty for loan in (loans._origin or loans) for due in loan._dues())
        rows = []
        for row, more in zip(plan.schedule.rows, plan.more, strict=True):
            other = row.fees + row.insurance + row.guarantee + (0 if rows else penalties)
            other += sum(francs for part, francs in more.items() if part != "interest")
            rows.append((row.number, row.due, row.principal, row.interest + more.get("interest", 0), other))
        return self._shown(rows)

    def _shown(self, rows):
        """Rows and their totals as text."""
        shown = [
            [
                str(number),
                format_date(self.env, due),
                *map(spaced, (principal, interest, other, principal + interest + other)),
            ]
            for number, due, principal, interest, other in rows
        ]
        sums = [sum(row[column] for row in rows) for column in (2, 3, 4)]
        return {"rows": shown, "totals": [spaced(amount) for amount in (*sums, sum(sums))]}

    def _facts(self, plan):
        """[(label, text)] under the schedules."""
        _ = self.env._
        loan = self.loan_id.sudo()
        facts = [
            (
                _("TEG"),
                _(
                    "%(old)s %% → %(new)s %% (ceiling %(ceiling)s %%)",
                    old=rate_text(half_up(Fraction(str(round(loan.teg, 4))), 2)),
                    new=rate_text(half_up(Fraction(plan.teg), 2)),
                    ceiling=rate_text(Fraction(self._ceiling())),
                ),
            )
        ]
        joined = sum(plan.capitalised.values())
        carried = sum(sum(more.values()) for more in plan.more)
        if joined:
            facts.append((_("Joins the principal"), f"{spaced(joined)} F"))
        if carried:
            facts.append((_("Interest and fees carried into the new schedule"), f"{spaced(carried)} F"))
        for charge, amount in plan.charges:
            facts.append((charge.name, f"{spaced(amount)} F"))
        if self.extra:
            paid = self.extra - sum(amount for _charge, amount in plan.charges)
            facts.append((_("Paid to the member's account"), f"{spaced(paid)} F"))
        return facts
