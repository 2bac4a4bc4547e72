"""What the books and the portfolio say at the end of a day: the only thing that formulas read. Pure Python."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple


@dataclass(frozen=True)
class Balance:
    """Francs of an account, each holder on his own side.

    >>> Balance(debit=300, credit=1_000).net
    -700
    """

    debit: int = 0
    credit: int = 0

    @property
    def net(self):
        return self.debit - self.credit


class NoMeasure(NamedTuple):
    """Facts without a portfolio: every measure is "no data"."""

    def __call__(self, name, filters=()):
        return None


@dataclass
class Facts:
    """Balances by account number, and where to ask for the rest.

    :ivar start: first day of the financial year; `annual`: whether `date` is its last day
    :ivar closing, opening: {account: Balance} at the end of `date` and before `start`
    :ivar movement: {account: Balance} of the turnovers of the year to date
    :ivar bands: {account: {residual maturity in months or None: francs, debit positive}}, adding up to the closing balance
    :ivar measure: callable (name, ((key, value), …)) -> int, Fraction or None for "no data"
    :ivar previous, before: Facts one year earlier, and of the period before; None when there were no books
    """

    date: date
    start: date
    annual: bool
    closing: dict[str, Balance] = field(default_factory=dict)
    opening: dict[str, Balance] = field(default_factory=dict)
    movement: dict[str, Balance] = field(default_factory=dict)
    bands: dict[str, dict[int | None, int]] = field(default_factory=dict)
    measure: Callable[..., int | Fraction | None] = NoMeasure()
    previous: "Facts | None" = None
    before: "Facts | None" = None
