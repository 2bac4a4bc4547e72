"""The internal book of a savings group (AVEC, VSLA): meetings, loans, social fund, share-out. Pure Python.

Francs and shares are integers, rates are Fractions. The box holds the loan fund; the social fund lies in a bag of its own.
"""

from dataclasses import dataclass, field, replace
from fractions import Fraction


@dataclass(frozen=True)
class Terms:
    """What the group has agreed for a cycle.

    :param rate: Fraction of the loan, for each `period_days` days, or for each meeting when that is 0
    :param loan_multiple: a loan is at most so many times the member's shares; 0: no limit
    """

    share_value: int
    shares_min: int = 1
    shares_max: int = 5
    rate: Fraction = Fraction(0)
    period_days: int = 0
    loan_multiple: int = 3


@dataclass(frozen=True)
class Standing:
    """Where one person stands: shares bought, loan owed, interest owed of it."""

    shares: int = 0
    loan: int = 0
    interest: int = 0


@dataclass(frozen=True)
class Row:
    """What one person did at a meeting; of a correction any figure may be below zero."""

    person: object
    present: bool = True
    shares: int = 0
    social: int = 0
    aid: int = 0
    taken: int = 0
    principal: int = 0
    interest: int = 0
    fine: int = 0
    correction: bool = False


@dataclass(frozen=True)
class Book:
    """The box, the social fund and everybody's standing after a meeting."""

    box: int = 0
    social: int = 0
    people: dict = field(default_factory=dict)


def interest_of(terms, loan, days):
    """Francs of interest that a loan owes for `days` days since the last meeting, to the nearest franc.

    >>> interest_of(Terms(500, rate=Fraction(1, 10), period_days=28), 20_000, 7)
    500
    >>> interest_of(Terms(500, rate=Fraction(5, 100)), 20_001, 7)
    1000
    """
    exact = loan * terms.rate * (Fraction(days, terms.period_days) if terms.period_days else 1)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def cash_of(terms, row):
    """(francs into the box, francs into the social fund) that a row brings; below zero what it takes out.

    >>> cash_of(Terms(500), Row("Awa", shares=3, social=100, principal=2_000, interest=200, fine=50))
    (3750, 100)
    >>> cash_of(Terms(500), Row("Awa", taken=10_000, aid=5_000))
    (-10000, -5000)
    """
    box = row.shares * terms.share_value - row.taken + row.principal + row.interest + row.fine
    return box, row.social - row.aid


def open_meeting(terms, book, days):
    """The book as a meeting finds it, `days` days after the last one: interest has been added to what each one owes."""
    people = {
        person: replace(standing, interest=standing.interest + interest_of(terms, standing.loan, days))
        for person, standing in book.people.items()
    }
    return replace(book, people=people)


def close_meeting(terms, book, rows, other=0):
    """The book after the rows of a meeting.

    :param book: as `open_meeting` leaves it
    :param other: francs into the box from elsewhere (from the caisse), below zero out of it (expenses, to the caisse)

    >>> terms = Terms(500, rate=Fraction(1, 10))
    >>> book = close_meeting(terms, Book(), [Row("Awa", shares=4, social=100), Row("Fanta", shares=2, taken=1_500)])
    >>> book.box, book.social, book.people["Fanta"]
    (1500, 100, Standing(shares=2, loan=1500, interest=0))
    """
    people, box, social = dict(book.people), book.box + other, book.social
    for row in rows:
        into_box, into_social = cash_of(terms, row)
        box, social = box + into_box, social + into_social
        before = people.get(row.person, Standing())
        people[row.person] = Standing(
            before.shares + row.shares,
            before.loan + row.taken - row.principal,
            before.interest - row.interest,
        )
    return Book(box, social, people)


def faults(terms, book, rows, other=0):
    """What forbids closing a meeting: [(person or None, code, figure)], in the order of the rows; empty when nothing does.

    :param book: as `open_meeting` leaves it

    >>> terms = Terms(500, shares_max=5)
    >>> faults(terms, Book(), [Row("Awa", shares=6), Row("Fanta"), Row("Sira", present=False)])
    [('Awa', 'shares_max', 5), ('Fanta', 'shares_min', 1)]
    >>> faults(terms, Book(), [Row("Awa", shares=1, taken=1_501)])
    [('Awa', 'loan_limit', 1500), (None, 'box', -1001)]
    """
    found = []
    after = close_meeting(terms, book, rows, other)
    for row in rows:
        if row.correction:
            continue
        before = book.people.get(row.person, Standing())
        if min(row.shares, row.social, row.aid, row.taken, row.principal, row.interest, row.fine) < 0:
            found.append((row.person, "negative", 0))
        if row.shares > terms.shares_max:
            found.append((row.person, "shares_max", terms.shares_max))
        if row.present and row.shares < terms.shares_min:
            found.append((row.person, "shares_min", terms.shares_min))
        if row.taken and not row.present:
            found.append((row.person, "absent", 0))
        if row.principal > before.loan:
            found.append((row.person, "principal", before.loan))
        if row.interest > before.interest:
            found.append((row.person, "interest", before.interest))
        standing = after.people[row.person]
        limit = terms.loan_multiple * standing.shares * terms.share_value
        if row.taken > 0 and terms.loan_multiple and standing.loan > limit:
            found.append((row.person, "loan_limit", limit))
    # a correction may do anything but leave somebody with less than nothing
    for person, standing in after.people.items():
        if min(standing.shares, standing.loan, standing.interest) < 0 and not any(
            known == person and code in ("principal", "interest", "negative") for known, code, _figure in found
        ):
            found.append((person, "below_zero", 0))
    if after.box < 0:
        found.append((None, "box", after.box))
    if after.social < 0:
        found.append((None, "social", after.social))
    return found


@dataclass(frozen=True)
class Part:
    """What one person gets at the end of a cycle.

    `gross` is the worth of the shares, to the nearest franc below; `deducted` what is kept of it for the loan; `paid` the
    cash handed over; `unpaid` what the loan still owes beyond the shares.
    """

    gross: int
    deducted: int
    paid: int
    unpaid: int


def share_out(box, people, unit=1):
    """Share the box among the shares, what each one owes taken off his part. Exact: paid parts and rest make the box.

    A debt beyond the worth of its shares leaves that person nothing, and its loss is borne by all other shares; the worth
    of a share is then found again, until nobody else falls below zero. Cash is handed out in multiples of `unit` francs,
    the largest remainders first, then those with most shares, then in the order of `people`.

    :param box: francs in the box, the social fund not among them
    :param people: {person: Standing}
    :return: ({person: Part}, francs that stay in the box)
    :raises ValueError: an empty unit or a box below zero

    A third of 1 000 F each; then Awa owes 400 F, which are part of the fund.

    >>> parts, rest = share_out(1_000, {"Awa": Standing(1), "Fanta": Standing(1), "Sira": Standing(1)})
    >>> [part.paid for part in parts.values()], rest
    ([334, 333, 333], 0)
    >>> parts, rest = share_out(800, {"Awa": Standing(1, loan=400), "Fanta": Standing(2)})
    >>> parts["Awa"], parts["Fanta"].paid, rest
    (Part(gross=400, deducted=400, paid=0, unpaid=0), 800, 0)
    >>> parts, rest = share_out(800, {"Awa": Standing(1, loan=1_000), "Fanta": Standing(2)}, unit=25)
    >>> parts["Awa"].unpaid, parts["Fanta"].paid, rest
    (600, 800, 0)
    """
    if unit < 1 or box < 0:
        raise ValueError("nothing to share out")
    debts = {person: standing.loan + standing.interest for person, standing in people.items()}
    worth, payers = _worth_of_a_share(box, people, debts)
    exact = {person: people[person].shares * worth - debts[person] for person in payers}
    paid = dict.fromkeys(people, 0)
    for person in payers:
        paid[person] = int(exact[person] // unit) * unit
    places = {person: index for index, person in enumerate(people)}
    by_remainder = sorted(payers, key=lambda one: (paid[one] - exact[one], -people[one].shares, places[one]))
    left = (box - sum(paid.values())) // unit if payers else 0
    for person in by_remainder[:left]:
        paid[person] += unit
    parts = {}
    for person, standing in people.items():
        gross = int(standing.shares * worth)
        deducted = debts[person] if person in exact else min(gross, debts[person])
        parts[person] = Part(gross, deducted, paid[person], debts[person] - deducted)
    return parts, box - sum(paid.values())


def _worth_of_a_share(box, people, debts):
    """(francs a share is worth, as a Fraction; persons whose shares are worth what they owe, or more)."""
    payers = [person for person, standing in people.items() if standing.shares > 0]
    while True:
        shares = sum(people[person].shares for person in payers)
        if not shares:
            return Fraction(0), []
        worth = Fraction(box + sum(debts[person] for person in payers), shares)
        kept = [person for person in payers if people[person].shares * worth >= debts[person]]
        if kept == payers:
            return worth, payers
        payers = kept
