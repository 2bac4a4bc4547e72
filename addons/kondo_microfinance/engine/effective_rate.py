"""The effective rate of a loan (taux effectif global): what the member's money costs, all charges counted. Pure Python.

The rate of a period is the one at which what the member pays is worth what he receives, each franc on its day:
sum(amount / (1 + i)^t) = 0, where t counts periods from the first flow. The rate of a year is then *proportional*
(i x periods a year) or *actuarial* ((1 + i)^periods - 1); the texts of the UMOA do not say which, so both are given
(`domain/regulation.md` 5). Interest, fees, insurance and charges of guarantees count whatever they are called; taxes and
penalties do not, so the caller leaves them out; compulsory savings count or not by a setting.

Francs are integers, rates Decimals of 40 digits; the rate of a period is within 10^-12 of the true one: the value of
the flows has opposite signs on either side of it.
"""

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from .due_dates import due_periods, months_and_days
from .loan_terms import MONTHS, periods_a_year
from .rounding import NotExact, exact, half_up

DIGITS = 40
PRECISION = Decimal("1e-12")
HIGHEST = Decimal(10**6)


class ImpossibleFlows(ValueError):
    """Flows that no rate explains: the text says why."""


class Flow(NamedTuple):
    """Francs on a day, or after so many periods: above 0 received by the member, below 0 paid by him."""

    when: date | Fraction
    amount: int


class EffectiveRate(NamedTuple):
    """Percent: of one period, of a year proportional and actuarial. Decimals, unrounded; `rounded` gives two digits."""

    period: Decimal
    proportional: Decimal
    actuarial: Decimal

    def rounded(self, decimals=2):
        """The three in percent, half up; the period's rate with two digits more.

        >>> EffectiveRate(Decimal("1.99235"), Decimal("23.908"), Decimal("26.705")).rounded()
        (Fraction(4981, 2500), Fraction(2391, 100), Fraction(2671, 100))
        """
        return tuple(half_up(Fraction(rate), decimals + 2 * (rate is self.period)) for rate in self)


def effective_rate(flows, periods_year):
    """The EffectiveRate of flows after counted periods.

    :param flows: `Flow`s or (periods from the first, francs), in any order; periods may be Fractions
    :param periods_year: how many periods make a year
    :raises ImpossibleFlows: nothing received or nothing paid, paid before received, or less paid than received
    :raises NotExact: a float

    1 000 000 F at 18 %, 12 x 91 680 F (the last 91 681): 1.5 % a month. With 30 000 F of fees kept: 1.9924 %.

    >>> payments = [(n, -91680) for n in range(1, 12)] + [(12, -91681)]
    >>> [f"{rate:.2f}" for rate in effective_rate([(0, 1000000), *payments], 12)]
    ['1.50', '18.00', '19.56']
    >>> rate = effective_rate([(0, 970000), *payments], 12)
    >>> f"{rate.period:.4f} {rate.proportional:.2f} {rate.actuarial:.2f}"
    '1.9924 23.91 26.71'

    Fees and 10 % of blocked savings, given back with the last instalment:

    >>> [f"{rate:.2f}" for rate in effective_rate([(0, 870000), *payments, (12, 100000)], 12)]
    ['2.42', '29.03', '33.22']

    Flat at 1.5 % and at 1 % a month; in fine, 500 000 F for 8 months:

    >>> flat = [(n, -98333) for n in range(1, 12)] + [(12, -98337)]
    >>> [f"{rate:.2f}" for rate in effective_rate([(0, 970000), *flat], 12)]
    ['3.15', '37.82', '45.12']
    >>> flat = [(n, -93333) for n in range(1, 12)] + [(12, -93337)]
    >>> [f"{rate:.2f}" for rate in effective_rate([(0, 980000), *flat], 12)]
    ['2.12', '25.40', '28.57']
    >>> [f"{rate:.2f}" for rate in effective_rate([(0, 492500), (1, -540000)], Fraction(12, 8))]
    ['9.64', '14.47', '14.81']
    >>> effective_rate([(0, 100000), (1, -90000)], 12)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    ImpossibleFlows: the member pays 90000 and receives 100000: no rate above zero explains it
    """
    summed = _checked(flows)
    periods_year = exact(periods_year)
    with localcontext() as context:
        context.prec = DIGITS
        rate = _solve([(_decimal(when), amount) for when, amount in summed])
        a_year = _decimal(periods_year)
        return EffectiveRate(rate * 100, rate * a_year * 100, ((1 + rate) ** a_year - 1) * 100)


def _decimal(number):
    return Decimal(number.numerator) / Decimal(number.denominator)


def _checked(flows):
    """{periods: francs} in order, from the first flow; ImpossibleFlows when they are no loan."""
    summed = {}
    for when, amount in flows:
        if type(amount) is not int:
            raise NotExact(f"francs are whole numbers: {amount!r}")
        when = exact(when)
        summed[when] = summed.get(when, 0) + amount
    summed = sorted((when, amount) for when, amount in summed.items() if amount)
    received = sum(amount for _when, amount in summed if amount > 0)
    paid = -sum(amount for _when, amount in summed if amount < 0)
    if not received:
        raise ImpossibleFlows("the member receives nothing: what is kept at the disbursement takes all of it")
    if not paid:
        raise ImpossibleFlows("the member pays nothing back")
    if summed[0][1] < 0:
        raise ImpossibleFlows("the member pays before he receives anything")
    if paid < received:
        raise ImpossibleFlows(f"the member pays {paid} and receives {received}: no rate above zero explains it")
    first = summed[0][0]
    return [(when - first, amount) for when, amount in summed]


def _solve(flows):
    """The rate of a period as a part of 1: Newton's steps inside a bracket that bisection keeps halving."""
    if not sum(amount for _when, amount in flows):
        return Decimal(0)
    low, high = Decimal(0), Decimal(1)
    while _value(flows, high)[0] < 0:
        low, high = high, high * 10
        if high > HIGHEST:
            raise ImpossibleFlows("the rate of a period is above 100 000 000 %")
    rate = (low + high) / 2 if low else _guess(flows, high)
    while high - low > PRECISION:
        value, slope = _value(flows, rate)
        if not value:
            return rate
        if value < 0:
            low = rate
        else:
            high = rate
        step = rate - value / slope if slope else low
        if not low < step < high:
            step = (low + high) / 2
        elif abs(step - rate) < PRECISION / 4:  # certify: the root lies within the precision on either side
            below, above = max(step - PRECISION / 2, low), min(step + PRECISION / 2, high)
            if _value(flows, below)[0] <= 0 <= _value(flows, above)[0]:
                return step
            step = (low + high) / 2
        rate = step
    return (low + high) / 2


def _guess(flows, high):
    """Interest over the mean balance and time: near enough for Newton to need few steps."""
    received = sum(amount for _when, amount in flows if amount > 0)
    interest = -sum(amount for _when, amount in flows)
    weight = -sum(amount * when for when, amount in flows)
    return min(interest / max(weight - interest * flows[-1][0] / 2, Decimal(received) / 100), high / 2)


def _value(flows, rate):
    """What flows are worth on the first day at a rate of a period, and its slope. Received less paid."""
    value = slope = Decimal(0)
    factor = 1 + rate
    for when, amount in flows:
        worth = amount / factor**when if when else Decimal(amount)
        value += worth
        slope -= when * worth
    return value, slope / factor


# --- from a loan


def loan_flows(schedule, savings_count=False, extra=()):
    """The dated Flows of a loan as the member sees them: received, then paid.

    Savings of guarantee are the member's own: left out, or (`savings_count`) paid in with each instalment and at the
    disbursement and given back with the last instalment.

    :param extra: further `Flow`s, for instance the fee of a notary: francs below 0 on their day

    >>> from .loan_schedule import loan_schedule
    >>> from .loan_terms import Charge, LoanTerms
    >>> charges = (Charge(3, "principal"), Charge(10, "principal", kind="guarantee"))
    >>> schedule = loan_schedule(LoanTerms(100000, 12, 2, date(2024, 1, 1), charges=charges))
    >>> [(str(flow.when), flow.amount) for flow in loan_flows(schedule)]
    [('2024-01-01', 97000), ('2024-02-01', -50751), ('2024-03-01', -50751)]
    >>> [flow.amount for flow in loan_flows(schedule, savings_count=True)]
    [87000, -50751, -40751]
    """
    flows, saved = {}, 0

    def add(day, amount):
        flows[day] = flows.get(day, 0) + amount

    for day, amount in schedule.disbursements:
        add(day, amount)
    if schedule.interest_up_front:
        add(schedule.disbursements[0][0], -schedule.interest_up_front)
    for charge in schedule.charges:
        if charge.kind != "guarantee":
            add(charge.due, -charge.amount)
        elif savings_count:
            add(charge.due, -charge.amount)
            saved += charge.amount
    for row in schedule.rows:
        add(row.due, row.guarantee - row.total - (row.guarantee if savings_count else 0))
        saved += row.guarantee if savings_count else 0
    if saved:
        add(max(schedule.rows[-1].due, *flows), saved)
    for flow in extra:
        add(flow.when, flow.amount)
    return [Flow(day, amount) for day, amount in sorted(flows.items())]


def loan_effective_rate(terms, schedule, savings_count=False, extra=()):
    """The EffectiveRate of a loan from its real dated flows. ImpossibleFlows as `effective_rate`.

    Time between two days is counted in the loan's own periods: whole months and the days left over of a loan by
    months; of one by weeks or days, days. A month-end or a holiday that moves a due date does not change the count.

    >>> from .loan_schedule import loan_schedule
    >>> from .loan_terms import Charge, LoanTerms
    >>> terms = LoanTerms(1000000, 18, 12, date(2024, 1, 31), charges=(Charge(3, "principal"),))
    >>> [f"{rate:.2f}" for rate in loan_effective_rate(terms, loan_schedule(terms))]
    ['1.99', '23.91', '26.71']
    >>> weekly = LoanTerms(100000, 24, 20, date(2024, 1, 5), unit="weeks")
    >>> [f"{rate:.2f}" for rate in loan_effective_rate(weekly, loan_schedule(weekly))]
    ['0.46', '24.00', '27.06']
    """
    start = terms.start
    nominal = {row.due: day for row, day in zip(schedule.rows, _nominal_times(terms, schedule), strict=True)}
    flows = []
    for day, amount in loan_flows(schedule, savings_count, extra):
        flows.append((nominal[day] if day in nominal else _time(terms, start, day), amount))
    return effective_rate(flows, periods_a_year(terms))


def _nominal_times(terms, schedule):
    time, times = Fraction(0), []
    for period in due_periods(terms)[: len(schedule.rows)]:
        if period.months is None:
            times.append(_time(terms, terms.start, period.due))
        else:
            time += Fraction(period.months) / (MONTHS[terms.unit] * terms.every)
            times.append(time)
    return times


def _time(terms, start, day):
    """Periods from the start to a day, exact; below 0 before it."""
    if terms.unit not in MONTHS:
        return Fraction((day - start).days, terms.every * (7 if terms.unit == "weeks" else 1))
    if day < start:
        return -_time(terms, day, start)
    return Fraction(months_and_days(start, day)) / (MONTHS[terms.unit] * terms.every)
