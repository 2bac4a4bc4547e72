from dataclasses import replace
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.arrears import arrears
from ...engine.effective_rate import loan_effective_rate
from ...engine.loan_json import terms_from_json, terms_to_json
from ...engine.loan_schedule import LoanRow, LoanSchedule, loan_schedule
from ...engine.loan_terms import LoanTerms, Tranche
from ..ledger.key import LEDGER
from .product_settings import exact_rate


class KondoLoan(models.Model):
    """What the engine says of a loan: its schedule, its effective rate, what is unpaid of it."""

    _inherit = "kondo.loan"

    # ------------------------------------------------------------------ terms and schedule
    def _holidays(self, values, planned):
        """Public holidays while the loan runs, with room for graces and shifts."""
        days = {"days": 1, "weeks": 7, "months": 31, "quarters": 92, "years": 366}[values["unit"]] * values["every"]
        last = values["start"] + timedelta(days=days * (values["instalments"] + values["grace_principal"] + 1))
        last = max([last, *([values["first_due"]] if values["first_due"] else []), *planned.mapped("due")])
        return self.company_id._closed_days(values["start"], last)

    def _terms(self):
        """The `LoanTerms` of the file as it stands.

        :raises UserError: the settings do not go together, in the user's words
        """
        self.ensure_one()
        product = self.product_id.sudo()
        planned = self.planned_ids.sorted("due")
        principals = tuple(planned.mapped("principal"))
        values = {
            **product._engine_settings(),
            "amount": self.amount,
            "annual_rate": exact_rate(self.annual_rate),
            "instalments": self.instalments,
            "start": self.start_on or self._business_day(),
            "every": self.every,
            "unit": self.unit,
            "first_due": self.first_due or None,
            "grace_principal": self.grace_principal,
            "grace_interest": self.grace_interest,
            "interest_free": self.interest_free,
            "tranches": self._tranches(),
            "charges": tuple(charge for _record, charge in product._charges()),
        }
        if product.closed_holidays and product.shift != "none":
            values["closed_days"] = self._holidays(values, planned)
        if planned:
            values.update(
                due_dates=tuple(planned.mapped("due")), instalments=len(planned), first_due=None, due_day=None
            )
            if any(principals):
                values.update(amortization="irregular", principals=principals)
        try:
            return LoanTerms(**values)
        except ValueError as fault:
            raise UserError(
                self.env._("These terms do not go together: %(fault)s. Look at dates, grace and amounts.", fault=fault)
            ) from None

    def _tranches(self):
        """The engine's tranches of the file as it stands."""
        return tuple(Tranche(tranche.on, tranche.amount) for tranche in self.tranche_ids.sorted("on"))

    def _plan(self, terms=None):
        """(LoanTerms, LoanSchedule, EffectiveRate): what this loan would be; taxes are left out of the rate."""
        terms = terms or self._terms()
        try:
            schedule = loan_schedule(terms)
            untaxed = replace(terms, charges=self._untaxed(terms))
            savings = self.product_id.sudo()._teg_counts_savings()
            rate = loan_effective_rate(untaxed, loan_schedule(untaxed), savings)
        except ValueError as fault:
            raise UserError(self.env._("No schedule can be made of these terms: %(fault)s.", fault=fault)) from None
        return terms, schedule, rate

    def _untaxed(self, terms):
        """The charges of terms without the taxes among them; names tell them apart, see `kondo.loan.charge`."""
        taxes = {charge.name for record, charge in self.product_id.sudo()._charges() if record.is_tax}
        return tuple(charge for charge in terms.charges if charge.name not in taxes)

    def _store_schedule(self, reason, terms=None, schedule=None, note=None, operation_id=None, from_on=None):
        """Put a schedule in force; the one before stays beside it. Returns the kondo.loan.schedule."""
        self.ensure_one()
        terms = terms or self._terms()
        schedule = schedule or loan_schedule(terms)
        taxes = self._taxes(terms, schedule)
        dated = self._dated_charges(schedule)
        loan = self.sudo().with_context(kondo_ledger=LEDGER)
        before = loan.schedule_id
        if before:
            before.instalment_ids.current = False
            before.current = False
            before.flush_recordset()
        record = loan.env["kondo.loan.schedule"].create(
            {
                "loan_id": loan.id,
                "company_id": loan.company_id.id,
                "number": max(loan.schedule_ids.mapped("number"), default=0) + 1,
                "reason": reason,
                "from_on": from_on or terms.start,
                "current": True,
                "terms": terms_to_json(terms),
                "interest_up_front": schedule.interest_up_front,
                "note": note,
                "operation_id": operation_id,
            }
        )
        loan.env["kondo.loan.instalment"].create(
            [
                {
                    "schedule_id": record.id,
                    "loan_id": loan.id,
                    "company_id": loan.company_id.id,
                    "current": True,
                    "number": row.number,
                    "start": row.start,
                    "due": row.due,
                    "days": row.days,
                    "principal": row.principal,
                    "interest": row.interest,
                    "fee": row.fees - tax + dated[row.number].get("fee", 0),
                    "tax": tax + dated[row.number].get("tax", 0),
                    "insurance": row.insurance + dated[row.number].get("insurance", 0),
                    "guarantee": row.guarantee + dated[row.number].get("guarantee", 0),
                    "balance": row.balance,
                    "accrues": row.accrues,
                }
                for row, tax in zip(schedule.rows, taxes, strict=True)
            ]
        )
        loan.write({"schedule_id": record.id})
        loan.invalidate_recordset(["instalment_ids", "schedule_ids"])
        loan._refresh_position()
        return record.sudo(False)

    def _taxes(self, terms, schedule):
        """What of the fees of each row is tax."""
        untaxed = self._untaxed(terms)
        if len(untaxed) == len(terms.charges):
            return [0] * len(schedule.rows)
        bare = loan_schedule(replace(terms, charges=untaxed))
        return [row.fees - other.fees for row, other in zip(schedule.rows, bare.rows, strict=True)]

    def _dated_charges(self, schedule):
        """{instalment: {component: francs}} of charges with a date of their own: they come with the next instalment."""
        product = self.product_id.sudo()
        result = {row.number: {} for row in schedule.rows}
        for charge in schedule.charges:
            record = product._charge_record(charge.name)
            if record.when == "date":
                number = next((row.number for row in schedule.rows if row.due >= charge.due), schedule.rows[-1].number)
                component = "tax" if record.is_tax else charge.kind
                result[number][component] = result[number].get(component, 0) + charge.amount
        return result

    def _schedule(self):
        """The engine's `LoanSchedule` in force, as it was stored."""
        self.ensure_one()
        record = self.schedule_id.sudo()
        terms = terms_from_json(record.terms)
        rows = tuple(
            LoanRow(
                row.number,
                row.start,
                row.due,
                row.days,
                row.principal,
                row.interest,
                row.fee + row.tax,
                row.insurance,
                row.guarantee,
                row.balance,
                row.accrues,
            )
            for row in record.instalment_ids.sorted("number")
        )
        return LoanSchedule(rows, (), ((terms.start, terms.first_tranche), *terms.tranches), record.interest_up_front)

    # ------------------------------------------------------------------ what is unpaid
    def _dues(self):
        """`Due`s of the schedule in force that are not wholly paid, oldest first."""
        self.ensure_one()
        rows = self.schedule_id.sudo().instalment_ids.filtered("current")
        dues = [row._due() for row in rows.sorted("number")]
        return [due for due in dues if due.total]

    def _refresh_position(self, date=None):
        """Write where each loan stands at the opening of `date` (default: the business day): late, next due."""
        for loan in self:
            day = date or loan.company_id.sudo().business_date or fields.Date.context_today(self)
            if loan.state != "active":
                loan._set(
                    days_late=0, late_since=False, instalments_late=0, amount_late=0, next_due=False, next_amount=0
                )
                continue
            dues = loan._dues()
            late = arrears(dues, day, tolerance=loan.product_id.sudo().arrears_tolerance)
            coming = [due for due in dues if due.due >= day]
            since = late.since
            if since and loan.late_from_kept:
                since = min(since, loan.late_from_kept)
            loan._set(
                days_late=(day - since).days if since else 0,
                late_since=since,
                instalments_late=late.instalments,
                amount_late=late.total,
                next_due=coming[0].due if coming else False,
                next_amount=coming[0].total if coming else 0,
            )
