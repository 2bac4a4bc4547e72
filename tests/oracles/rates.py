"""Cases of effective rates: what a member receives and pays, and the rates that follow."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from kondo_microfinance.engine.due_dates import months_and_days
from kondo_microfinance.engine.effective_rate import effective_rate
from kondo_microfinance.engine.rounding import half_up

from .cases import Fault, NotServed, decimals_of

# The rates expected, where they stand in an EffectiveRate, and their digits: a file drops the zeros at the end.
RATES = {"period_rate_pct": (0, 4), "teg_proportional_pct": (1, 2), "teg_actuarial_pct": (2, 2)}
# How long a period is, and how many of these lengths make a year.
LENGTHS = {"period_months": 12, "period_weeks": 52, "period_days": 365, "period_quarters": 4, "period_years": 1}
READ = {
    "name", "note", "source", "kind", "currency", "decimals", "disbursed", "disbursed_on", "fees_deducted",
    "interest_deducted", "insurance_deducted", "compulsory_savings", "savings_returned", "taxes_deducted", "payments",
    "expected",
}  # fmt: skip


def serves(case):
    """Whether a case is one of effective rates.

    >>> serves({"disbursed": 1, "payments": []}), serves({"inputs": {}})
    (True, False)
    """
    return "disbursed" in case and "payments" in case


def check(case):
    """Run a case; the list of Faults, empty when all that is expected is met. NotServed on a word unknown here."""
    unknown = set(case) - READ - set(LENGTHS)
    if unknown:
        raise NotServed(f"input {', '.join(sorted(unknown))}")
    expected = case["expected"]
    faults = []
    for number, row in enumerate(expected if isinstance(expected, list) else [expected], 1):
        if set(row) - set(RATES):
            raise NotServed(f"expected field {', '.join(sorted(set(row) - set(RATES)))} has no meaning here")
        rates = effective_rate(*flows_of(case))
        for field, value in row.items():
            place, digits = RATES[field]
            got = half_up(Fraction(rates[place]), max(digits, decimals_of(value)))
            if got != Fraction(value):
                faults.append(Fault(number, field, value, got))
    return faults


def flows_of(case):
    """(flows after periods, periods a year) of a case; amounts in the smallest unit of its currency.

    Taxes do not count; compulsory savings are kept at the disbursement and given back with the last payment.

    >>> case = {"disbursed": 1000, "fees_deducted": 10, "compulsory_savings": 100, "period_months": 2,
    ...         "payments": [{"period": 1, "amount": 500}, {"period": 2, "amount": 520}]}
    >>> flows_of(case)
    ([(0, 890), (1, -500), (2, -520), (2, 100)], Fraction(6, 1))
    """
    unit = 10 ** case.get("decimals", 0)
    length, periods_year = _period(case)
    savings = _units(case.get("compulsory_savings", 0), unit)
    kept = [_units(case.get(field, 0), unit) for field in ("fees_deducted", "interest_deducted", "insurance_deducted")]
    payments = [(_when(case, payment, length), _units(payment["amount"], unit)) for payment in case["payments"]]
    if not payments:
        raise NotServed("no payment")
    flows = [(0, _units(case["disbursed"], unit) - sum(kept) - savings), *((when, -paid) for when, paid in payments)]
    if savings and case.get("savings_returned", True):
        flows.append((max(when for when, _paid in payments), savings))
    return flows, periods_year


def _period(case):
    given = [field for field in LENGTHS if field in case]
    if len(given) != 1:
        raise NotServed("the length of a period is not given, or twice")
    return (given[0], Fraction(case[given[0]])), Fraction(LENGTHS[given[0]]) / Fraction(case[given[0]])


def _when(case, payment, length):
    if "period" in payment:
        number = Fraction(payment["period"])
        return int(number) if number.denominator == 1 else number
    if "date" not in payment or "disbursed_on" not in case:
        raise NotServed("a payment has neither a period nor a date")
    start, day = date.fromisoformat(case["disbursed_on"]), date.fromisoformat(payment["date"])
    unit, every = length
    if unit in ("period_weeks", "period_days"):
        return Fraction((day - start).days, 7 if unit == "period_weeks" else 1) / every
    months = {"period_months": 1, "period_quarters": 3, "period_years": 12}[unit]
    return Fraction(months_and_days(start, day)) / (months * every)


def _units(amount, unit):
    units = Fraction(Decimal(amount)) * unit
    if units.denominator != 1:
        raise NotServed(f"amount {amount} has more decimals than its currency")
    return int(units)
