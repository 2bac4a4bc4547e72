"""A loan cut into its periods: what a franc earns in each, and what its instalment brings. Pure Python."""

from dataclasses import dataclass
from math import gcd, lcm

from .due_dates import due_periods, year_parts


@dataclass
class Grid:
    """A loan cut into its periods, ready to be amortised. One entry a period in every list.

    * rates: interest of a period on one franc, over `scale`
    * paid_out: the (francs, rate of the rest of the period) of the disbursements in it
    * amortises, pays: whether its instalment brings principal, and collects interest
    * growth: weight of its level instalment (1, or growing by steps)
    """

    terms: object
    periods: list
    rates: list
    scale: int
    paid_out: list
    amortises: list
    pays: list
    growth: list

    @property
    def last(self):
        return len(self.periods) - 1


def grid(terms):
    """The Grid of a loan.

    >>> from datetime import date
    >>> from .loan_terms import LoanTerms
    >>> made = grid(LoanTerms(1000000, 18, 4, date(2024, 1, 15), grace_principal=1, principal_every=2))
    >>> made.rates, made.scale, made.amortises
    ([3, 3, 3, 3], 200, [False, False, True, True])
    """
    periods = due_periods(terms)
    parts, base = year_parts(terms, periods)
    rate = terms.annual_rate
    rates = [number * rate.numerator for number in parts]
    scale = base * 100 * rate.denominator
    common = gcd(scale, *rates)
    rates, scale = [number // common for number in rates], scale // common
    free, last = terms.interest_free, len(periods) - 1
    if free:
        rates[:free] = [0] * free
    paid_out = [((terms.first_tranche, rates[0]),), *[()] * last]
    if terms.tranches:
        rates, scale, paid_out = _pay_out_tranches(terms, periods, rates, scale)
    grace, every = terms.grace_principal, terms.principal_every
    if terms.amortization == "in_fine":
        amortises = [False] * last + [True]
    elif grace or every > 1:
        amortises = [index >= grace and (index + 1 - grace) % every == 0 for index in range(last)] + [True]
    else:
        amortises = [True] * (last + 1)
    grace, every = terms.grace_interest, terms.interest_every
    if grace or every > 1:
        pays = [index >= grace and (index + 1 - grace) % every == 0 for index in range(last)] + [True]
    else:
        pays = [True] * (last + 1)
    return Grid(terms, periods, rates, scale, paid_out, amortises, pays, _growth(terms, amortises))


def _pay_out_tranches(terms, periods, rates, scale):
    """Each tranche earns from its day: the part of the period's rate by the days that are left of it."""
    days = [(period.counts_to - period.counts_from).days for period in periods]
    widen = lcm(*(max(1, count) for count in days))
    rates, scale = [number * widen for number in rates], scale * widen
    paid_out = [[] for _period in periods]
    paid_out[0].append((terms.first_tranche, rates[0]))
    for tranche in terms.tranches:
        index = next((i for i, period in enumerate(periods) if tranche.on < period.due), None)
        if index is None:
            raise ValueError(f"the tranche of {tranche.on} comes after the last due date")
        left = min(days[index], max(0, (periods[index].counts_to - tranche.on).days))
        part = rates[index] * left // days[index] if days[index] else 0
        paid_out[index].append((tranche.amount, part))
    return rates, scale, paid_out


def _growth(terms, amortises):
    if terms.amortization != "step_up":
        return [1] * len(amortises)
    grows, below = (100 + terms.step_percent).as_integer_ratio()
    below *= 100
    steps = [index // terms.step_every for index in range(sum(amortises))]
    weights = iter([grows**step * below ** (steps[-1] - step) for step in steps])
    return [next(weights) if does else 0 for does in amortises]
