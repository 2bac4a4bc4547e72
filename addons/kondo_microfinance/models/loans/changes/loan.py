from dataclasses import replace

from odoo import fields, models
from odoo.exceptions import UserError

from ....engine.early_repayment import EarlyRule, payoff
from ....engine.loan_schedule import loan_schedule


class KondoLoan(models.Model):
    """What a running loan carries into a new schedule, and what the returns ask of it afterwards."""

    _inherit = "kondo.loan"

    change_ids = fields.One2many("kondo.loan.change", "loan_id", string="Changes")
    rescheduled_count = fields.Integer(string="Times rescheduled", readonly=True, copy=False)
    rescheduled_on = fields.Date(string="Last rescheduled on", readonly=True, copy=False)
    consolidated_into_id = fields.Many2one("kondo.loan", string="Taken over by", readonly=True, copy=False)
    officer_change_ids = fields.One2many("kondo.loan.officer.change", "loan_id", string="Officers", readonly=True)

    def _refuse_guarded(self, names):
        super()._refuse_guarded(names)
        if {"rescheduled_count", "rescheduled_on", "consolidated_into_id"} & set(names):
            super()._refuse_guarded({"state"})

    def _carried(self, day):
        """(interest, fee, insurance, penalty) owed on a day beside principal: what a new schedule takes over."""
        quote = payoff(self._schedule(), self._dues(), day, EarlyRule("date"))
        return quote.interest, quote.fees, quote.insurance, quote.penalties

    def _left_rows(self, day, months=0):
        """[(due date, principal)] of what is unpaid, moved by so many months; nothing lies before tomorrow."""
        rows = []
        for due in self._dues():
            if due.principal:
                moved = fields.Date.add(due.due, months=months)
                rows.append((max(moved, fields.Date.add(day, days=1)), due.principal))
        merged = {}
        for due, principal in rows:
            merged[due] = merged.get(due, 0) + principal
        return sorted(merged.items())

    def _with_carried(self, schedule, carried):
        """The schedule whose first instalment also asks for what is carried over; no interest runs on it."""
        interest, fee, insurance, _penalty = carried
        first = schedule.rows[0]
        first = first._replace(
            interest=first.interest + interest, fees=first.fees + fee, insurance=first.insurance + insurance
        )
        return schedule._replace(rows=(first, *schedule.rows[1:]))

    def _changed_plan(self, change, principal, carried):
        """(LoanTerms, LoanSchedule) from today on for `principal` francs, as a `kondo.loan.change` asks."""
        day = self.company_id.sudo().business_date
        old = self._stored_terms()
        charges = tuple(charge for charge in old.charges if charge.when == "instalment")
        base = {
            "amount": principal,
            "start": day,
            "tranches": (),
            "charges": charges,
            "anchor": None,
            "passed": 0,
            "level_amount": None,
            "grace_adds": False,
            "due_dates": (),
            "principals": (),
            "interest_collection": "instalment"
            if old.interest_collection in ("first", "disbursement")
            else old.interest_collection,
        }
        if change.kind == "postponed":
            rows = self._left_rows(day, change.months)
            terms = replace(
                old,
                **{
                    **base,
                    "amortization": "irregular",
                    "principals": tuple(part for _due, part in rows),
                    "due_dates": tuple(due for due, _part in rows),
                    "instalments": len(rows),
                    "first_due": None,
                    "due_day": None,
                    "grace_principal": 0,
                    "grace_interest": 0,
                    "interest_free": 0,
                    "principal_every": 1,
                    "multiple": 1,
                },
            )
        else:
            terms = replace(
                old,
                **{
                    **base,
                    "amortization": "equal_installments" if old.amortization == "irregular" else old.amortization,
                    "instalments": change.instalments,
                    "every": change.every,
                    "unit": change.unit,
                    "due_day": old.due_day if change.unit in ("months", "quarters", "years") else None,
                    "first_due": change.first_due or None,
                    "annual_rate": change._rate(),
                    "grace_principal": change.grace_principal,
                    "grace_interest": 0,
                    "interest_free": 0,
                },
            )
        try:
            schedule = loan_schedule(terms)
        except ValueError as fault:
            raise UserError(self.env._("No schedule can be made of these terms: %(fault)s.", fault=fault)) from None
        return terms, self._with_carried(schedule, carried)
