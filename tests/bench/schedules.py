"""How many schedules of twelve instalments a second one core makes.

    python -m tests.bench.schedules

Every schedule has an amount, a rate and a first day of its own, and is made from its terms: dates, interest, principal
and balances. Several products in turn, then the effective rate of a loan. Aim: at least 5 000 schedules a second of
the level instalment by months, the loan a caisse makes most.
"""

import sys
from datetime import date, timedelta
from fractions import Fraction
from time import process_time

import tests.oracles  # noqa: F401  makes the engine importable without Odoo

# isort: split

from kondo_microfinance.engine.effective_rate import loan_effective_rate
from kondo_microfinance.engine.loan_schedule import loan_schedule
from kondo_microfinance.engine.loan_terms import CONVENTIONS, Charge, LoanTerms

AIM = 5000
PRODUCTS = {
    "level instalment, by months": {},
    "level instalment, ADbanking's way": CONVENTIONS["theoretical"],
    "level instalment, by real days, corrected": {
        "interest_by": "days",
        "days_in_year": "actual",
        **CONVENTIONS["progressive"],
    },
    "equal principal, multiples of 25 F": {"amortization": "equal_principal", "multiple": 25},
    "flat, by weeks": {"method": "flat", "unit": "weeks", **CONVENTIONS["cumulative"]},
    "in fine, interest every month": {"amortization": "in_fine"},
    "grace, fees, savings, no Sundays": {
        "grace_principal": 2,
        "closed_weekdays": frozenset({6}),
        "shift": "next",
        "charges": (
            Charge(2, "principal"),
            Charge(250, when="instalment"),
            Charge(5, "instalment_principal", "instalment", "guarantee"),
        ),
    },
}


def terms(number, settings):
    """The terms of the loan of that number: no two alike within some thousands."""
    return LoanTerms(
        amount=50000 + 1237 * number % 4000000,
        annual_rate=Fraction(800 + number % 1600, 100),
        instalments=12,
        start=date(2024, 1, 1) + timedelta(days=number % 700),
        **settings,
    )


def measure(work, seconds=2.0):
    """Calls of `work(number)` a second of processor time."""
    for number in range(50):
        work(number)
    started, done = process_time(), 0
    while process_time() - started < seconds:
        for number in range(done, done + 100):
            work(number)
        done += 100
    return done / (process_time() - started)


def main(out=print, seconds=2.0):
    """Print the table; whether the aim is met."""
    out(f"{'schedules of 12 instalments a second, one core':<52}")
    rates = {}
    for name, settings in PRODUCTS.items():
        rates[name] = measure(lambda number, settings=settings: loan_schedule(terms(number, settings)), seconds)
        out(f"  {name:<44} {rates[name]:>8,.0f}")

    def rate(number):
        loan = terms(number, PRODUCTS["grace, fees, savings, no Sundays"])
        return loan_effective_rate(loan, loan_schedule(loan))

    out(f"  {'schedule and effective rate':<44} {measure(rate, seconds):>8,.0f}")
    reached = rates["level instalment, by months"]
    met = reached >= AIM
    out(f"Aim {AIM:,}: {'met' if met else 'NOT met'} with {reached:,.0f}")
    return met


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
