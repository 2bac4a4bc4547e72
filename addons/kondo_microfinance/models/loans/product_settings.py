"""The settings that a product, a loan and the engine share, with what people read of them."""

from decimal import Decimal
from fractions import Fraction

UNITS = [
    ("days", "Days"),
    ("weeks", "Weeks"),
    ("months", "Months"),
    ("quarters", "Quarters"),
    ("years", "Years"),
]
# Fields of `kondo.loan.product` that are settings of `LoanTerms` under the same name.
ENGINE_SETTINGS = (
    "method", "amortization", "due_day", "month_end", "step_percent", "step_every", "principal_every", "grace_adds",
    "interest_by", "days_in_year", "days_in_month", "leap_rule", "interest_collection", "interest_every", "rounding",
    "multiple", "absorbs", "shift", "shifted_days_count",
)  # fmt: skip


def exact_rate(value):
    """The exact rate behind a float of a field, which has six decimals.

    >>> exact_rate(17.1), exact_rate(0.1 + 0.2)
    (Fraction(171, 10), Fraction(3, 10))
    """
    return Fraction(Decimal(str(round(value or 0, 6))))
