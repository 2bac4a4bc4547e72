"""The schedule of a loan: what is due when, and what it costs beside. Pure Python.

Invariants, whatever the terms: the principal of the rows sums to the amount, the balance ends at 0, nothing is below 0,
and the same terms give the same schedule.
"""

from datetime import date
from typing import NamedTuple

from .amortisation import amortise
from .loan_grid import grid
from .rounding import round_div


class LoanRow(NamedTuple):
    """One instalment, in francs.

    `days` since the one before; `balance` of principal after it; `accrues` is the interest its period earns, whenever
    that is collected.
    """

    number: int
    start: date
    due: date
    days: int
    principal: int
    interest: int
    fees: int
    insurance: int
    guarantee: int
    balance: int
    accrues: int

    @property
    def total(self):
        """What the member brings to the counter."""
        return self.principal + self.interest + self.fees + self.insurance + self.guarantee


class ChargeRow(NamedTuple):
    """A charge outside the instalments: at a disbursement or on a date of its own."""

    due: date
    kind: str
    amount: int
    name: str


class LoanSchedule(NamedTuple):
    """`rows` of instalments; `charges` apart; `disbursements` as (day, francs); interest kept at the disbursement."""

    rows: tuple[LoanRow, ...]
    charges: tuple[ChargeRow, ...]
    disbursements: tuple[tuple[date, int], ...]
    interest_up_front: int = 0

    def total(self, component):
        """Francs over the whole loan of ``principal``, ``interest``, ``fees``, ``insurance`` or ``guarantee``."""
        kind = "fee" if component == "fees" else component
        total = sum(getattr(row, component) for row in self.rows)
        total += sum(charge.amount for charge in self.charges if charge.kind == kind)
        return total + (self.interest_up_front if component == "interest" else 0)

    @property
    def to_pay(self):
        """All that the member pays for the loan and on it, savings of guarantee included."""
        apart = sum(charge.amount for charge in self.charges)
        return sum(row.total for row in self.rows) + apart + self.interest_up_front


def loan_schedule(terms):
    """The LoanSchedule of terms. ValueError when a tranche comes after the last due date.

    1 000 000 F at 18 % in 12 months: 12 instalments of 91 680, the last 91 681 (`domain/regulation.md` 5, case A).

    >>> from .loan_terms import CONVENTIONS, Charge, LoanTerms
    >>> schedule = loan_schedule(LoanTerms(1000000, 18, 12, date(2024, 1, 15)))
    >>> {row.total for row in schedule.rows[:-1]}, schedule.rows[-1].total, schedule.total("interest")
    ({91680}, 91681, 100161)
    >>> [row.due.isoformat() for row in schedule.rows[:2]], schedule.rows[-1].balance
    (['2024-02-15', '2024-03-15'], 0)

    A campaign loan in fine: 500 000 F for 8 months at 12 %, 40 000 F of interest with the principal, 1.5 % of fees.

    >>> fees = Charge(value="1.5", base="principal", name="frais de dossier")
    >>> campaign = LoanTerms(500000, 12, 1, date(2024, 6, 1), every=8, amortization="in_fine", charges=(fees,))
    >>> schedule = loan_schedule(campaign)
    >>> schedule.rows[0].total, str(schedule.rows[0].due), schedule.charges[0].amount
    (540000, '2025-02-01', 7500)

    Interest by the days of the year, fees and savings of guarantee inside each instalment:

    >>> charges = (Charge(500, when="instalment"), Charge(5, "instalment_principal", "instalment", "guarantee"))
    >>> terms = LoanTerms(120000, 24, 3, date(2024, 1, 31), method="flat", interest_by="days", days_in_year="365",
    ...                   charges=charges, **CONVENTIONS["theoretical"])
    >>> [(row.principal, row.interest, row.fees, row.guarantee, row.total) for row in loan_schedule(terms).rows]
    [(40000, 2367, 500, 2000, 44867), (40000, 2367, 500, 2000, 44867), (40000, 2367, 500, 2000, 44867)]
    """
    made = grid(terms)
    parts = amortise(made)
    interests, up_front = _collected(terms, [part.interest for part in parts])
    charged = bool(terms.charges) and any(charge.when == "instalment" for charge in terms.charges)
    total_interest = sum(interests) + up_front
    rows, before, owed = [], terms.start, 0
    for number, (period, paid_out, part, interest) in enumerate(
        zip(made.periods, made.paid_out, parts, interests, strict=True), 1
    ):
        due = period.due
        fees = insurance = guarantee = 0
        if charged:
            owed += sum(amount for amount, _part in paid_out)
            bases = (part.principal, interest, owed, total_interest)
            fees, insurance, guarantee = (_charges(terms, kind, bases) for kind in ("fee", "insurance", "guarantee"))
            owed = part.balance
        rows.append(
            LoanRow(
                number,
                before,
                due,
                (due - before).days,
                part.principal,
                interest,
                fees,
                insurance,
                guarantee,
                part.balance,
                part.earned,
            )
        )
        before = due
    while len(rows) > 1 and not (rows[-1].principal or rows[-1].interest or rows[-1].accrues):
        rows.pop()
    disbursements = ((terms.start, terms.first_tranche), *terms.tranches)
    apart = _apart(terms, disbursements, total_interest) if terms.charges else ()
    return LoanSchedule(tuple(rows), apart, disbursements, up_front)


def _collected(terms, interests):
    """Interest by instalment as it is collected, and what is kept at the disbursement."""
    when = terms.interest_collection
    if when == "instalment":
        return interests, 0
    total, none = sum(interests), [0] * (len(interests) - 1)
    if when == "disbursement":
        return [*none, 0], total
    return ([total, *none], 0) if when == "first" else ([*none, total], 0)


def charge_amount(charge, base, half_even=False):
    """Francs of a charge on a base.

    >>> from .loan_terms import Charge
    >>> charge_amount(Charge("1.5", "principal", minimum=5000), 500000)
    7500
    >>> charge_amount(Charge("1.5", "principal", minimum=5000), 100000), charge_amount(Charge(2500), 0)
    (5000, 2500)
    """
    value = charge.value if charge.base == "amount" else charge.value * base / 100
    francs = max(round_div(value.numerator, value.denominator, 1, half_even), charge.minimum)
    return francs if charge.maximum is None else min(francs, charge.maximum)


def _charges(terms, kind, bases):
    """Francs of one kind with an instalment."""
    principal, interest, owed, total_interest = bases
    base_of = {
        "amount": 0,
        "principal": terms.amount,
        "instalment_principal": principal,
        "instalment_interest": interest,
        "instalment": principal + interest,
        "balance": owed,
        "interest": total_interest,
    }
    even = terms.rounding == "half_even"
    return sum(
        charge_amount(charge, base_of[charge.base], even)
        for charge in terms.charges
        if charge.when == "instalment" and charge.kind == kind
    )


def _apart(terms, disbursements, total_interest):
    rows, even = [], terms.rounding == "half_even"
    for charge in terms.charges:
        if charge.when == "instalment":
            continue
        total = charge_amount(charge, total_interest if charge.base == "interest" else terms.amount, even)
        if charge.when == "date":
            rows.append(ChargeRow(charge.due_on, charge.kind, total, charge.name))
            continue
        left, lent = total, 0
        for day, amount in disbursements:  # each tranche bears its part, the last what is left
            lent += amount
            part = left if lent == terms.amount else min(left, round_div(total * amount, terms.amount, 1, even))
            rows.append(ChargeRow(day, charge.kind, part, charge.name))
            left -= part
    return tuple(sorted((row for row in rows if row.amount), key=lambda row: row.due))
