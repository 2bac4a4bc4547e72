"""Cases of loan schedules: the terms of a loan and the instalments they make.

Amounts are scaled to whole numbers of the smallest unit of the case's currency (`decimals`), so that the engine sees
integers, and the results are scaled back. A field that says something the engine has no meaning for is never passed
over.
"""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

from kondo_microfinance.engine.loan_schedule import loan_schedule
from kondo_microfinance.engine.loan_terms import CONVENTIONS, Charge, LoanTerms, Tranche

from .cases import Fault, NotServed

ENGINES = {
    "progressive": "progressive",
    "cumulative": "cumulative",
    "adbanking_theoretical": "theoretical", "theoretical": "theoretical",
}  # fmt: skip
METHODS = {"declining": "declining", "declining_balance": "declining", "flat": "flat"}
AMORTIZATIONS = {
    "equal_installments": "equal_installments", "equal_instalments": "equal_installments",
    "equal_principal": "equal_principal", "equal_principal_payments": "equal_principal",
    "in_fine": "in_fine", "bullet": "in_fine", "step_up": "step_up", "irregular": "irregular",
}  # fmt: skip
UNITS = {
    "day": "days", "days": "days", "week": "weeks", "weeks": "weeks", "month": "months", "months": "months",
    "quarter": "quarters", "quarters": "quarters", "year": "years", "years": "years",
}  # fmt: skip
INTEREST_BY = {
    "daily": "days", "days": "days",
    "same_as_repayment": "periods", "same_as_repayment_period": "periods", "periods": "periods",
}  # fmt: skip
COLLECTIONS = {
    "with_each_instalment": "instalment", "with_each_installment": "instalment",
    "upfront_in_first_instalment": "first", "upfront_in_first_installment": "first", "in_first_instalment": "first",
    "all_in_last_instalment": "last", "all_in_last_installment": "last", "in_last_instalment": "last",
    "at_disbursement": "disbursement", "upfront_at_disbursement": "disbursement",
}  # fmt: skip
MONTH_ENDS = {
    "last_day_of_month": "clamp", "clamp": "clamp",
    "first_day_of_next_month": "roll", "roll": "roll",
}  # fmt: skip
CHARGE_BASES = {
    "flat": "amount", "fixed": "amount", "amount": "amount", "flat_amount": "amount", "fixed_amount": "amount",
    "percent_of_principal": "principal", "percent_of_amount": "principal", "percent_of_loan": "principal",
    "percent_of_disbursement": "principal", "percent_of_disbursed_amount": "principal",
    "percent_of_installment_principal": "instalment_principal",
    "percent_of_instalment_principal": "instalment_principal",
    "percent_of_installment_interest": "instalment_interest",
    "percent_of_instalment_interest": "instalment_interest",
    "percent_of_installment": "instalment", "percent_of_instalment": "instalment",
    "percent_of_installment_principal_and_interest": "instalment",
    "percent_of_balance": "balance", "percent_of_outstanding_balance": "balance",
    "percent_of_outstanding_principal": "balance",
    "percent_of_interest": "interest", "percent_of_total_interest": "interest",
}  # fmt: skip
CHARGE_MOMENTS = {
    "at_disbursement": "disbursement", "disbursement": "disbursement",
    "per_installment": "instalment", "per_instalment": "instalment",
    "on_date": "date", "at_date": "date",
}  # fmt: skip
# What an input says in the engine's terms, taken as it stands; amounts are scaled; words are looked up.
AS_IT_STANDS = {
    "grace_principal": "grace_principal",
    "grace_interest": "grace_interest",
    "interest_free_periods": "interest_free",
    "principal_every_k_instalments": "principal_every",
    "principal_every_k_installments": "principal_every",
    "interest_every_k_instalments": "interest_every",
    "step_percent": "step_percent",
    "step_every": "step_every",
    "due_day": "due_day",
    "rounding_difference_on": "absorbs",
    "rounding": "rounding",
}
WORDS = {
    "method": ("method", METHODS),
    "amortization": ("amortization", AMORTIZATIONS),
    "interest_calculation_period": ("interest_by", INTEREST_BY),
    "interest_collection": ("interest_collection", COLLECTIONS),
    "month_end_strategy": ("month_end", MONTH_ENDS),
}
# Read by name below, or no part of the schedule.
READ = {
    "principal", "currency", "decimals", "annual_rate_pct", "n", "frequency", "disbursed_on", "first_due_on", "fees",
    "fees_at_disbursement", "schedule_engine", "days_in_year", "days_in_month", "installment_multiple_of",
    "instalment_multiple_of", "leap_year_strategy", "grace_is_added_to_term", "tranches", "due_dates", "principals",
    "holidays", "closed_weekdays", "shift",
}  # fmt: skip
KINDS = {"fees": ("fees", "insurance"), "guarantee": ("guarantee",)}


def serves(case):
    """Whether a case is a loan schedule.

    >>> serves({"inputs": {"method": "flat", "amortization": "equal_principal"}}), serves({"inputs": {}})
    (True, False)
    """
    inputs = case.get("inputs", {})
    return "amortization" in inputs or "schedule_engine" in inputs


def check(case):
    """Run a case; the list of Faults, empty when all that is expected is met. NotServed on a word unknown here."""
    inputs = case["inputs"]
    unit = 10 ** inputs.get("decimals", 0)
    schedule = loan_schedule(terms_of(inputs))
    got = [_values(row, unit) for row in schedule.rows]
    faults = []
    for number, row in enumerate(case["expected"], 1):
        values = got[number - 1] if number <= len(got) else {}
        for field, expected in row.items():
            if values and field not in values:
                raise NotServed(f"expected field {field!r} has no meaning here")
            value = values.get(field)
            if value is None or value != (expected if isinstance(expected, str) else Fraction(expected)):
                faults.append(Fault(number, field, expected, value))
    if len(got) > len(case["expected"]):
        faults.append(Fault(len(case["expected"]) + 1, "instalment", None, got[len(case["expected"])]["due"]))
    totals = _totals(schedule, unit)
    for field, expected in case.get("expected_totals", {}).items():
        if field not in totals:
            raise NotServed(f"expected total {field!r} has no meaning here")
        if totals[field] != Fraction(expected):
            faults.append(Fault(len(case["expected"]), f"total of {field}", expected, totals[field]))
    return faults


def _values(row, unit):
    amounts = {
        "principal": row.principal,
        "interest": row.interest,
        "fees": row.fees + row.insurance,
        "insurance": row.insurance,
        "guarantee": row.guarantee,
        "penalties": 0,
        "total": row.total,
        "balance": row.balance,
    }
    return {
        "number": row.number,
        "due": str(row.due),
        "days": row.days,
        **{name: Fraction(amount, unit) for name, amount in amounts.items()},
    }


def _totals(schedule, unit):
    totals = {name: schedule.total(name) for name in ("principal", "interest", "insurance", "guarantee")}
    totals["fees"] = schedule.total("fees") + totals["insurance"]
    totals["penalties"] = 0
    totals["total"] = schedule.to_pay
    return {name: Fraction(amount, unit) for name, amount in totals.items()}


def terms_of(inputs):
    """The LoanTerms a case describes; `n` counts all instalments, those of a grace that is added to the term too."""
    unknown = set(inputs) - READ - set(AS_IT_STANDS) - set(WORDS)
    if unknown:
        raise NotServed(f"input {', '.join(sorted(unknown))}")
    unit = 10 ** inputs.get("decimals", 0)
    engine = _word(inputs, "schedule_engine", ENGINES, "progressive")
    settings = {name: inputs[field] for field, name in AS_IT_STANDS.items() if inputs.get(field) is not None}
    settings |= {name: _word(inputs, field, words) for field, (name, words) in WORDS.items() if field in inputs}
    frequency = inputs.get("frequency", {"every": 1, "unit": "months"})
    leap_rule = "start_year" if engine == "cumulative" else "split"
    if inputs.get("leap_year_strategy"):
        leap_rule = _leap_rule(inputs["leap_year_strategy"])
    terms = LoanTerms(
        amount=_units(inputs["principal"], unit),
        annual_rate=inputs["annual_rate_pct"],
        instalments=inputs["n"],
        start=_day(inputs["disbursed_on"]),
        every=frequency.get("every", 1),
        unit=_word(frequency, "unit", UNITS),
        days_in_year=str(inputs.get("days_in_year", 365)),
        days_in_month=str(inputs.get("days_in_month", "actual")),
        leap_rule=leap_rule,
        first_due=_day(inputs["first_due_on"]) if inputs.get("first_due_on") else None,
        due_dates=tuple(map(_day, inputs.get("due_dates", ()))),
        principals=tuple(_units(amount, unit) for amount in inputs.get("principals", ())),
        tranches=_tranches(inputs, unit),
        closed_days=frozenset(map(_day, inputs.get("holidays", ()))),
        closed_weekdays=frozenset(inputs.get("closed_weekdays", ())),
        shift=inputs.get("shift", "none"),
        charges=tuple(_charges(inputs, unit)),
        **CONVENTIONS[engine] | settings,
    )
    return _by_engine(terms, engine, inputs, unit)


def _by_engine(terms, engine, inputs, unit):
    """What the families read in the same inputs differently.

    Fineract's equal principal is not brought to a multiple, and it corrects instalments by hundredths of the currency.
    """
    multiple = inputs.get("installment_multiple_of") or inputs.get("instalment_multiple_of") or 0
    multiple = max(1, _units(multiple, unit))
    if engine == "cumulative" and terms.amortization == "equal_principal":
        multiple = 1
    return replace(terms, multiple=multiple, refine=100 // unit if terms.refine and unit <= 100 else terms.refine)


def _charges(inputs, unit):
    for moment, charge in (inputs.get("fees") or {}).items():
        when = _word({"fee": moment}, "fee", CHARGE_MOMENTS)
        for one in charge if isinstance(charge, list) else [charge]:
            base = _word(one, "type", CHARGE_BASES)
            value = Fraction(one["value"]) * (unit if base == "amount" else 1)
            due_on = _day(one["date"]) if when == "date" else None
            yield Charge(value, base, when, one.get("kind", "fee"), due_on)
    if not any(key in CHARGE_MOMENTS and CHARGE_MOMENTS[key] == "disbursement" for key in inputs.get("fees") or {}):
        at_disbursement = Fraction(inputs.get("fees_at_disbursement") or 0)
        if at_disbursement:
            yield Charge(at_disbursement * unit)


def _tranches(inputs, unit):
    tranches = [Tranche(_day(one["date"]), _units(one["amount"], unit)) for one in inputs.get("tranches", ())]
    return tuple(tranche for tranche in tranches if tranche.on > _day(inputs["disbursed_on"]))


def _leap_rule(words):
    """
    >>> _leap_rule("366 only for the period containing Feb 29"), _leap_rule("FULL_LEAP_YEAR")
    ('feb29', 'split')
    """
    text = re.sub("[^a-z0-9]+", "_", str(words).lower())
    if "feb_29" in text or "feb29" in text:
        return "feb29"
    if "full_leap_year" in text or text in ("split", "actual"):
        return "split"
    if text == "start_year":
        return text
    raise NotServed(f"leap_year_strategy {words!r}")


def _word(inputs, field, words, default=None):
    value = inputs.get(field, default)
    name = re.sub("[^a-z0-9]+", "_", str(value).lower())
    if name not in words:
        raise NotServed(f"{field} {value!r}")
    return words[name]


def _day(text):
    return date.fromisoformat(text)


def _units(amount, unit):
    """An amount as a whole number of the smallest unit.

    >>> _units("100.25", 100)
    10025
    """
    units = Fraction(amount) * unit
    if units.denominator != 1:
        raise NotServed(f"amount {amount} has more decimals than its currency")
    return int(units)
